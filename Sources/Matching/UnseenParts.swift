/// The parts of a long leak that were not decoded at first, and how to get at them.
public protocol UnseenFrames: AnyObject {
  /// Some frames of parts of the leak that cost little, such as its key frames, in order of time.
  func peek(_ parts: [Range<Double>]) throws -> [TimedPlane]

  /// Makes the leak's source hold all frames of these parts.
  func fill(_ parts: [Range<Double>]) throws
}

/// Finds the parts of a leak that must be decoded to say where segments begin and end.
///
/// Of a long leak every other stretch is decoded. Where the film goes on behind an unseen part as it
/// stopped before, one look at its key frames tells whether something stands in its place; where it
/// does not, the part holds an end of the segment.
struct UnseenParts {
  let leak: any FrameSource
  let references: any ReferenceCollection
  /// Parts without frames, in order of time.
  let parts: [Range<Double>]

  init(_ tracks: QueryTracks, leak: any FrameSource, references: any ReferenceCollection) {
    self.leak = leak
    self.references = references
    var parts: [Range<Double>] = []
    var reached = 0.0
    for stretch in tracks.seenStretches + [leak.durationSeconds..<leak.durationSeconds] {
      if stretch.lowerBound - reached > Self.leastSeconds {
        parts.append(reached..<stretch.lowerBound)
      }
      reached = max(reached, stretch.upperBound)
    }
    self.parts = parts
  }

  /// The parts that hold an end of a segment, or something that is not the film.
  func doubtful(_ matches: [ReleaseMatch], _ frames: any UnseenFrames) throws -> [Range<Double>] {
    var doubtful: [Range<Double>] = []
    for match in matches {
      var covered: [(part: Range<Double>, segment: AlignedSegment)] = []
      for part in parts {
        let around = match.segments.first {
          $0.leakStart < part.lowerBound - Self.slack && $0.leakEnd > part.upperBound + Self.slack
        }
        if let around {
          covered.append((part, around))
        } else if match.segments.contains(where: { Self.touches($0, part) }) {
          doubtful.append(part)
        }
      }
      doubtful += try contradicted(covered, match, frames)
    }
    return Self.distinct(doubtful)
  }

  /// The parts of which a key frame does not show what the segment around says.
  private func contradicted(
    _ covered: [(part: Range<Double>, segment: AlignedSegment)],
    _ match: ReleaseMatch,
    _ frames: any UnseenFrames
  ) throws -> [Range<Double>] {
    guard !covered.isEmpty else { return [] }
    let film = VectorTrack(source: try references.frames(of: match.reference))
    let looks = try frames.peek(covered.map(\.part))
    return try covered.compactMap { part, segment in
      let own = looks.filter { part.contains($0.seconds) }
      let source = Looks(own, durationSeconds: leak.durationSeconds)
      let track = VectorTrack(source: source, geometries: segment.geometry)
      let vectors = try track.native(from: part.lowerBound, to: part.upperBound)
      for frame in 0..<vectors.count {
        let shown = segment.referenceTime(at: vectors.times[frame])
        let others = try film.native(from: shown - Self.reach, to: shown + Self.reach)
        let mask = track.mask(vectors.geometries[frame])
        let best = (0..<others.count).map {
          others.correlation($0, vectors, frame, under: mask)
        }.max()
        if (best ?? 0) < Self.leastShare * segment.correlation { return part }
      }
      return nil
    }
  }

  private static func touches(_ segment: AlignedSegment, _ part: Range<Double>) -> Bool {
    segment.leakStart < part.upperBound + slack && segment.leakEnd > part.lowerBound - slack
  }

  private static func distinct(_ parts: [Range<Double>]) -> [Range<Double>] {
    var result: [Range<Double>] = []
    for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) where result.last != part {
      result.append(part)
    }
    return result
  }

  /// Shorter parts hold nothing of their own.
  private static let leastSeconds = 1.5
  /// A segment that ends this near to a part may end somewhere in it.
  private static let slack = 1.5
  /// A frame of the film lies this near to its moment, in seconds.
  private static let reach = 0.1
  /// Part of a segment's correlation below which a key frame shows something else.
  private static let leastShare = 0.4
}

/// Some single frames of a leak.
private final class Looks: FrameSource {
  private let looks: [TimedPlane]
  let durationSeconds: Double

  init(_ looks: [TimedPlane], durationSeconds: Double) {
    (self.looks, self.durationSeconds) = (looks, durationSeconds)
  }

  func frames(from start: Double, to end: Double) -> [TimedPlane] {
    looks.filter { $0.seconds >= start && $0.seconds < end }
  }
}
