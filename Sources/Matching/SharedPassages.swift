import Fingerprinting

/// A part of a leak that several works hold: a studio's logo, a quotation, a trailer's excerpt.
///
/// It says which works the leak may be of, but names none of them.
public struct SharedPassage: Sendable, Hashable {
  /// Where a work holds it.
  public struct Showing: Sendable, Hashable {
    /// Number of the reference in its collection.
    public var reference: Int
    /// First second in the reference.
    public var referenceStart: Double
    /// End in the reference.
    public var referenceEnd: Double
  }

  /// First second in the leak.
  public var leakStart: Double
  /// End in the leak.
  public var leakEnd: Double
  /// The works that hold it, by number.
  public var showings: [Showing]
}

/// Takes back names that rest on passages which other works hold as well.
///
/// A match that another work's match explains along with more of the leak names nothing of its own.
/// And where a match is no longer than a logo or a quotation can be, its passage is looked for in the
/// rest of the library, as if it were a leak.
package struct SharedPassageJudge {
  let references: any ReferenceCollection

  package init(references: any ReferenceCollection) { self.references = references }

  /// The matches that have evidence of their own, and what the others are.
  package func judge(
    _ matches: [ReleaseMatch],
    trials: Int
  ) throws -> (named: [ReleaseMatch], shared: [SharedPassage]) {
    var named: [ReleaseMatch] = []
    var shared: [SharedPassage] = []
    for match in matches {
      let larger = matches.first { contains($0, match) }
      if let larger {
        shared += match.segments.map {
          Self.passage($0, of: match.reference, and: Self.showing($0, in: larger))
        }
        continue
      }
      guard Self.covered(match) < Self.longSeconds else {
        named.append(match)
        continue
      }
      let elsewhere = try elsewhere(match)
      let own = match.anchors.filter { anchor in
        let candidate = anchor.candidate
        let common = elsewhere.map { Self.overlap($0, candidate.leakStart, candidate.leakEnd) }
        let film = match.segments.reduce(0) {
          $0 + max(0, min($1.leakEnd, candidate.leakEnd) - max($1.leakStart, candidate.leakStart))
        }
        return (common.max() ?? 0) < Self.sharedShare * film
      }
      if elsewhere.isEmpty
        || NullModel().log10P(of: own, trials: trials) <= NullModel.namedLog10P
      {
        named.append(match)
      } else {
        shared += elsewhere
      }
    }
    return (named, Self.merged(shared))
  }

  /// Whether another work explains what `inner` does and clearly more.
  private func contains(_ outer: ReleaseMatch, _ inner: ReleaseMatch) -> Bool {
    guard references.work(of: outer.reference) != references.work(of: inner.reference),
      Self.covered(outer) >= Self.covered(inner) + Self.moreSeconds
    else { return false }
    let common = inner.segments.reduce(0) { sum, segment in
      sum
        + outer.segments.reduce(0) {
          $0 + max(0, min($1.leakEnd, segment.leakEnd) - max($1.leakStart, segment.leakStart))
        }
    }
    return common >= Self.containedShare * Self.covered(inner)
  }

  /// The parts of the leak whose passage other works hold, too.
  private func elsewhere(_ match: ReleaseMatch) throws -> [SharedPassage] {
    let film = try references.frames(of: match.reference)
    let verifier = PairVerifier()
    var result: [SharedPassage] = []
    for segment in match.segments {
      let excerpt = Excerpt(of: film, from: segment.referenceStart, to: segment.referenceEnd)
      var tracks = QueryTracks(windows: [references.pictureWindow(of: match.reference)])
      for frame in try excerpt.frames(from: 0, to: excerpt.durationSeconds) {
        tracks.append(frame.plane, at: frame.seconds)
      }
      let candidates = try CandidateSearch.search(tracks, in: references).filter {
        references.work(of: $0.reference) != references.work(of: match.reference)
      }
      var anchors: [Int: [Anchor]] = [:]
      for candidate in candidates.prefix(Self.mostTrials) {
        let anchor = try verifier.verify(
          candidate,
          leak: excerpt,
          reference: references.frames(of: candidate.reference)
        )
        if let anchor, anchor.inliers >= PairVerifier.acceptedInliers, !candidate.mirrored {
          anchors[candidate.reference, default: []].append(anchor)
        }
      }
      for (reference, own) in anchors.sorted(by: { $0.key < $1.key }) {
        let segments = try SegmentAligner().align(
          anchors: own,
          leak: excerpt,
          reference: references.frames(of: reference)
        )
        for common in segments {
          let start = segment.leakStart + common.leakStart / segment.rate
          let end = min(segment.leakEnd, segment.leakStart + common.leakEnd / segment.rate)
          let there = SharedPassage.Showing(
            reference: reference,
            referenceStart: common.referenceStart,
            referenceEnd: common.referenceEnd
          )
          var part = segment
          (part.leakStart, part.leakEnd) = (start, end)
          part.referenceStart = segment.referenceTime(at: start)
          part.referenceEnd = segment.referenceTime(at: end)
          result.append(Self.passage(part, of: match.reference, and: there))
        }
      }
    }
    return result
  }

  private static func passage(
    _ segment: AlignedSegment,
    of reference: Int,
    and other: SharedPassage.Showing?
  ) -> SharedPassage {
    let own = SharedPassage.Showing(
      reference: reference,
      referenceStart: segment.referenceStart,
      referenceEnd: segment.referenceEnd
    )
    return SharedPassage(
      leakStart: segment.leakStart,
      leakEnd: segment.leakEnd,
      showings: ([own] + (other.map { [$0] } ?? [])).sorted { $0.reference < $1.reference }
    )
  }

  /// What a match shows at the time of another work's segment.
  private static func showing(
    _ segment: AlignedSegment,
    in match: ReleaseMatch
  ) -> SharedPassage.Showing? {
    let middle = (segment.leakStart + segment.leakEnd) / 2
    let there = match.segments.first { $0.leakStart <= middle && middle < $0.leakEnd }
    guard let there else { return nil }
    return SharedPassage.Showing(
      reference: match.reference,
      referenceStart: there.referenceTime(at: segment.leakStart),
      referenceEnd: there.referenceTime(at: segment.leakEnd)
    )
  }

  /// Passages at about the same time are one.
  private static func merged(_ passages: [SharedPassage]) -> [SharedPassage] {
    var result: [SharedPassage] = []
    for passage in passages.sorted(by: { ($0.leakStart, $0.leakEnd) < ($1.leakStart, $1.leakEnd) })
    {
      let length = passage.leakEnd - passage.leakStart
      let same = result.firstIndex {
        overlap($0, passage.leakStart, passage.leakEnd)
          >= sharedShare * max(length, $0.leakEnd - $0.leakStart)
      }
      guard let same else {
        result.append(passage)
        continue
      }
      for showing in passage.showings
      where !result[same].showings.contains(where: { $0.reference == showing.reference }) {
        result[same].showings.append(showing)
      }
      result[same].showings.sort { $0.reference < $1.reference }
    }
    return result
  }

  private static func overlap(_ passage: SharedPassage, _ start: Double, _ end: Double) -> Double {
    max(0, min(passage.leakEnd, end) - max(passage.leakStart, start))
  }

  private static func covered(_ match: ReleaseMatch) -> Double {
    match.segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
  }

  /// Longer matches are no logo, card or leader.
  private static let longSeconds = 30.0
  /// What another work must explain beyond, and how much of the match.
  private static let moreSeconds = 5.0
  private static let containedShare = 0.9
  /// Part of an anchor's film that other works hold, from which it says nothing of its own.
  private static let sharedShare = 0.5
  private static let mostTrials = 16
}

/// A stretch of a film as a film of its own.
private final class Excerpt: FrameSource {
  private let source: any FrameSource
  private let start: Double
  let durationSeconds: Double

  init(of source: any FrameSource, from start: Double, to end: Double) {
    self.source = source
    self.start = max(0, start)
    durationSeconds = max(0, end - self.start)
  }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
    let (low, high) = (max(0, start), min(end, durationSeconds))
    guard high > low else { return [] }
    return try source.frames(from: low + self.start, to: high + self.start).map {
      TimedPlane(seconds: $0.seconds - self.start, plane: $0.plane)
    }
  }
}
