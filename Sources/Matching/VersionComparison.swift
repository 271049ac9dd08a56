#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether a leak shows a release rather than others that explain the same part of it.
public struct VersionVerdict: Sendable, Hashable {
  /// What the comparison says.
  public enum Answer: Sendable, Hashable {
    /// The leak shows this release and not the others.
    case shown
    /// It shows another one.
    case notShown
    /// Nothing in the leak decides.
    case cannotBeTold
  }

  /// A part of the leak that decides.
  public struct Passage: Sendable, Hashable {
    /// First second in the leak.
    public var leakStart: Double
    /// End in the leak.
    public var leakEnd: Double
    /// Number of the reference that it speaks for.
    public var favours: Int
    /// Log10 of the odds for that reference.
    public var log10Odds: Double
  }

  /// What the comparison says.
  public var answer: Answer
  /// Log10 of the odds of this release against its strongest rival; negative speaks against it.
  public var log10Odds: Double
  /// What decides between them, in order of time.
  public var passages: [Passage]
}

/// Tells the releases of one film apart by the parts of a leak that they explain differently.
///
/// Cuts, distributors' cards and translated credits differ in some passages and nowhere else. Each
/// quarter of a second the leak's picture is compared with that of each release at its own time and
/// through its own geometry; a release that has no segment there explains nothing. If a picture is
/// the sum of what a release predicts and noise, the likelihood ratio of two releases is the ratio
/// of the unexplained energies, 1 - r² with the correlation r, to the power of half the number of
/// independent values (Gaussian errors, as in comparing linear models). Titles and credits in another
/// language change a small part of the picture: there only the places count in which the releases
/// differ from each other, whatever the leak shows (``LocalDifference``).
package struct VersionComparison {
  /// A release with the segments that the leak shows of it.
  package struct Entry {
    let reference: Int
    package let segments: [AlignedSegment]
    let frames: any FrameSource

    package init(reference: Int, segments: [AlignedSegment], frames: any FrameSource) {
      (self.reference, self.segments, self.frames) = (reference, segments, frames)
    }
  }

  private let leak: any FrameSource

  package init(leak: any FrameSource) { self.leak = leak }

  /// The verdict on each entry.
  ///
  /// - Returns: nil for entries that no other one rivals.
  package func verdicts(_ entries: [Entry]) throws -> [VersionVerdict?] {
    let rivals = entries.indices.map { own in
      entries.indices.filter { $0 != own && Self.overlap(entries[own], entries[$0]) }
    }
    guard rivals.contains(where: { !$0.isEmpty }) else { return entries.map { _ in nil } }
    let times = Self.times(entries)
    let looks = try VersionLooks(
      leak: leak,
      entries: entries,
      rivals: rivals,
      at: times,
      reach: Self.reach
    )
    return entries.indices.map { own in
      guard !rivals[own].isEmpty else { return nil }
      let against = rivals[own].map { other in
        Self.passages(
          times,
          looks.fits[own],
          looks.fits[other],
          looks.details(own, other),
          entries[own].reference,
          entries[other].reference
        ) + Self.jumps(entries[own], entries[other]) + Self.jumps(entries[other], entries[own])
      }
      return Self.verdict(entries[own].reference, against.map { $0.sorted(by: Self.isEarlier) })
    }
  }

  /// Whether two entries explain mostly the same part of the leak.
  private static func overlap(_ a: Entry, _ b: Entry) -> Bool {
    func length(_ entry: Entry) -> Double {
      entry.segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    }
    var common = 0.0
    for x in a.segments {
      for y in b.segments {
        common += max(0, min(x.leakEnd, y.leakEnd) - max(x.leakStart, y.leakStart))
      }
    }
    return common > 0.5 * min(length(a), length(b))
  }

  /// Moments to compare, in order of time.
  private static func times(_ entries: [Entry]) -> [Double] {
    let segments = entries.flatMap(\.segments)
    guard let first = segments.map(\.leakStart).min(), let last = segments.map(\.leakEnd).max()
    else { return [] }
    let step = max(leastStep, (last - first) / Double(mostMoments))
    return (0..<Int((last - first) / step)).map { first + (Double($0) + 0.5) * step }
  }

  /// The passages in which two releases fit differently.
  private static func passages(
    _ times: [Double],
    _ a: [Double?],
    _ b: [Double?],
    _ details: [Double],
    _ first: Int,
    _ second: Int
  ) -> [VersionVerdict.Passage] {
    guard times.count > 1 else { return [] }
    let step = times[1] - times[0]
    var passages: [VersionVerdict.Passage] = []
    var start: Int?
    func end(_ stop: Int) {
      guard let from = start else { return }
      start = nil
      guard Double(stop - from) * step >= leastSeconds else { return }
      let odds = (from..<stop).reduce(0.0) { sum, index in
        let isPlain = abs(difference(a[index], b[index])) >= leastDifference
        return sum
          + (isPlain
            ? oddsOfMoment(a[index], b[index], step: step) : details[index] * min(1, step))
      }
      guard abs(odds) >= decidingOdds else { return }
      passages.append(
        VersionVerdict.Passage(
          leakStart: times[from] - step / 2,
          leakEnd: times[stop - 1] + step / 2,
          favours: odds > 0 ? first : second,
          log10Odds: abs(odds)
        )
      )
    }
    var side = 0.0
    for index in times.indices {
      let plain = difference(a[index], b[index])
      let detail = abs(details[index]) < leastDetail ? 0 : details[index]
      let value = abs(plain) >= leastDifference ? plain : detail
      let now = value == 0 ? 0 : value > 0 ? 1.0 : -1
      if now != side {
        end(index)
        side = now
        start = now == 0 ? nil : index
      }
    }
    end(times.count)
    return passages
  }

  private static func difference(_ a: Double?, _ b: Double?) -> Double {
    a.flatMap { x in b.map { x - $0 } } ?? 0
  }

  /// Moments at which the leak goes on in `whole` but skips a part of `other`, or goes back in it.
  ///
  /// Each picture is in both releases there. But somebody who cuts a copy of `other` would have had
  /// to cut it to a tenth of a second where `whole` was, and as much: with a cut each minute at the
  /// most, of up to ten seconds, that is once in 60,000.
  private static func jumps(_ whole: Entry, _ other: Entry) -> [VersionVerdict.Passage] {
    zip(other.segments, other.segments.dropFirst()).compactMap { before, after in
      let moment = (before.leakEnd + after.leakStart) / 2
      let jump = after.referenceStart - before.referenceTime(at: after.leakStart)
      guard after.leakStart - before.leakEnd < leastSeconds, abs(jump) > leastJump else {
        return nil
      }
      let goesOn = whole.segments.contains {
        $0.leakStart <= moment - continuedSeconds && $0.leakEnd >= moment + continuedSeconds
      }
      guard goesOn else { return nil }
      return VersionVerdict.Passage(
        leakStart: moment - continuedSeconds,
        leakEnd: moment + continuedSeconds,
        favours: whole.reference,
        log10Odds: jumpOdds
      )
    }
  }

  private static func isEarlier(_ a: VersionVerdict.Passage, _ b: VersionVerdict.Passage) -> Bool {
    (a.leakStart, a.leakEnd) < (b.leakStart, b.leakEnd)
  }

  /// Log10 of the likelihood ratio of one moment.
  private static func oddsOfMoment(_ a: Double?, _ b: Double?, step: Double) -> Double {
    guard let a, let b else { return 0 }
    let (x, y) = (max(0, min(a, 0.99)), max(0, min(b, 0.99)))
    return independentValues / 2 * min(1, step) * log10((1 - y * y) / (1 - x * x))
  }

  /// Weighs the passages against each rival; the strongest rival counts.
  private static func verdict(
    _ own: Int,
    _ against: [[VersionVerdict.Passage]]
  ) -> VersionVerdict {
    var worst = VersionVerdict(answer: .cannotBeTold, log10Odds: .infinity, passages: [])
    for passages in against {
      let odds = passages.reduce(0) { $0 + ($1.favours == own ? $1.log10Odds : -$1.log10Odds) }
      let contrary = passages.filter { ($0.favours == own) != (odds > 0) }
      let against = contrary.reduce(0) { $0 + $1.log10Odds }
      // Passages that contradict each other show a leak of two sources, or neither release.
      let isClear = abs(odds) >= decidingOdds && against <= Self.contraryShare * abs(odds)
      let answer: VersionVerdict.Answer = isClear ? (odds > 0 ? .shown : .notShown) : .cannotBeTold
      if odds < worst.log10Odds {
        worst = VersionVerdict(answer: answer, log10Odds: odds, passages: passages)
      }
    }
    return worst
  }

  private static let leastStep = 0.25
  private static let mostMoments = 2000
  /// Frames are looked for this near to a moment, in seconds.
  private static let reach = 0.06
  /// Shorter differences are flicker, and smaller ones the noise of two encodings of one picture.
  private static let leastSeconds = 0.75
  private static let leastDifference = 0.25
  /// Log10 of the odds of a second below which what differs in places only says nothing.
  private static let leastDetail = 0.2
  /// Independent values of a small picture that moves for a second; it has 2304 that resemble their
  /// neighbours in place and time, so this is low.
  static let independentValues = 20.0
  /// A jump, in seconds, that is no error of alignment, and what must be seen on both sides of it.
  private static let leastJump = 0.3
  private static let continuedSeconds = 1.0
  /// Rather less than what the chance of such a cut is.
  private static let jumpOdds = 4.0
  /// A thousand to one.
  private static let decidingOdds = 3.0
  private static let contraryShare = 0.1
}
