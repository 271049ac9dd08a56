/// Aligns a leak with the reference that it shows, stretch by stretch and to fractions of a frame.
///
/// The leak's frames are rectified with the anchors' geometry and compared with the reference's
/// frames as small pictures of one local contrast. A similarity matrix for each minute of the leak
/// gives the diagonals; a Viterbi path over them, or over none, gives the segments. What moves
/// within windows of four seconds then gives the time to fractions of a frame, and the single
/// frames' similarity gives the ends.
///
/// - Complexity: O(leak seconds); vectors of about two and a half minutes of film are held at once.
public struct SegmentAligner {
  /// Frames each second that the search for diagonals looks at.
  static let sampleRate = 8.0
  /// Seconds of the leak that are searched at once.
  static let chunkSeconds = 60.0
  /// Seconds of the reference searched before and after what the anchors of a chunk show.
  static let searchSeconds = 45.0
  /// Shorter segments are no evidence.
  static let leastSeconds = 0.7
  /// Diagonals whose offsets differ by less are one.
  static let sameDiagonalSeconds = 0.12
  /// Seconds that the line of a chunk may be off for each second that nobody looked at.
  private static let drift = 0.0015

  /// Creates an aligner.
  public init() {}

  /// The stretches of the leak that show the reference, in order of leak time, without overlap.
  ///
  /// - Parameters:
  ///   - anchors: confirmed guesses, all of one reference and one mirror state, in any order; their
  ///     rate may be off by some hundredths, their offset by 0.3 s.
  ///   - leak: the leak's frames.
  ///   - reference: the reference's frames.
  ///   - geometry: how the film lies in the leak's frames, in order of time, where that is known
  ///     better than the anchors know it.
  ///   - rate: reference seconds for each leak second, where that is known.
  ///   - isRateCertain: whether the segments have that rate whatever is measured.
  /// - Returns: the segments; none where the leak does not show the reference.
  /// - Throws: what the sources throw.
  public func align(
    anchors: [Anchor],
    leak: any FrameSource,
    reference: any FrameSource,
    geometry: [GeometrySample] = [],
    rate: Double? = nil,
    isRateCertain: Bool = false
  ) throws -> [AlignedSegment] {
    try align(
      anchors: anchors,
      leak: leak,
      reference: VectorTrack(source: reference),
      geometry: geometry,
      rate: rate,
      isRateCertain: isRateCertain
    )
  }

  /// The same for a film that is read as vectors again and again.
  ///
  /// `seen` are the stretches of the leak that have frames, in order of time; nil for all of it.
  func align(
    anchors: [Anchor],
    leak: any FrameSource,
    reference referenceTrack: VectorTrack,
    seen: [Range<Double>]? = nil,
    geometry: [GeometrySample] = [],
    rate: Double? = nil,
    isRateCertain: Bool = false
  ) throws -> [AlignedSegment] {
    let anchors = Self.usable(anchors)
    guard !anchors.isEmpty, leak.durationSeconds > 0, referenceTrack.durationSeconds > 0 else {
      return []
    }
    let ofAnchors = anchors.map {
      GeometrySample(leakTime: Self.middle($0), homography: $0.homography)
    }
    let geometry = geometry.isEmpty ? ofAnchors : geometry
    let leakTrack = VectorTrack(source: leak, geometries: geometry)
    let pace = try pace(of: anchors, known: rate, leak: leakTrack, reference: referenceTrack)
    var coarse: [CoarseSegment] = []
    for part in Self.parts(of: leak.durationSeconds, seen: seen) {
      let chunk = try Chunk(
        part,
        anchors: anchors,
        pace: pace,
        leak: leakTrack,
        reference: referenceTrack
      )
      if let chunk { try Self.join(chunk.segments(), to: &coarse, leak: leak) }
    }
    coarse.removeAll { $0.leakEnd - $0.leakStart < Self.leastSeconds }
    var refined = try refine(
      coarse,
      pace: pace,
      isRateCertain: isRateCertain,
      leak: leakTrack,
      reference: referenceTrack
    )
    try settleBoundaries(of: &refined, leak: leakTrack, reference: referenceTrack)
    return refined.compactMap { segment in
      let (start, end) = (segment.leakStart, segment.leakEnd)
      guard end - start >= Self.leastSeconds else { return nil }
      return AlignedSegment(
        leakStart: start,
        leakEnd: end,
        referenceStart: segment.map.referenceTime(at: start),
        referenceEnd: segment.map.referenceTime(at: end),
        rate: segment.map.rate,
        correlation: segment.correlation,
        errorMilliseconds: segment.errorMilliseconds,
        geometry: Self.samples(of: geometry, from: start, to: end)
      )
    }
  }

  /// The leak, or what was seen of it, in pieces that are searched at once.
  private static func parts(of leakSeconds: Double, seen: [Range<Double>]?) -> [Chunk.Part] {
    var result: [Chunk.Part] = []
    for stretch in seen ?? [0..<leakSeconds] {
      var start = stretch.lowerBound
      while start < stretch.upperBound {
        let end = min(start + chunkSeconds, stretch.upperBound + 0.001)
        result.append(
          Chunk.Part(
            start: start,
            end: end,
            isFirst: seen != nil && start == stretch.lowerBound,
            isLast: seen != nil && start + chunkSeconds >= stretch.upperBound
          )
        )
        start += chunkSeconds
      }
    }
    return result
  }

  static func middle(_ anchor: Anchor) -> Double {
    (anchor.candidate.leakStart + anchor.candidate.leakEnd) / 2
  }

  /// Anchors with numbers that can be worked with, by the middle of their stretch.
  private static func usable(_ anchors: [Anchor]) -> [Anchor] {
    let finite = anchors.filter { anchor in
      let guess = anchor.candidate
      let numbers = [guess.leakStart, guess.leakEnd, guess.referenceStart, guess.rate]
      return (numbers + anchor.homography.elements).allSatisfy { $0.isFinite && abs($0) < 1e7 }
        && guess.leakEnd > guess.leakStart && guess.rate > 0.5 && guess.rate < 2
    }
    return finite.sorted {
      (middle($0), $0.candidate.referenceStart) < (middle($1), $1.candidate.referenceStart)
    }
  }

  /// Appends a chunk's segments; one that goes on across the chunk's start, or across a part of the
  /// leak that nobody looked at, prolongs the last.
  private static func join(
    _ segments: [CoarseSegment],
    to coarse: inout [CoarseSegment],
    leak: any FrameSource
  ) throws {
    for segment in segments {
      if let last = coarse.last, let map = last.maps.last,
        abs(
          map.map.referenceTime(at: segment.leakStart)
            - segment.map(at: segment.leakStart).referenceTime(at: segment.leakStart)
        ) < 2 * sameDiagonalSeconds + drift * max(0, segment.leakStart - last.leakEnd),
        try isUnseen(from: last.leakEnd, to: segment.leakStart, in: leak)
      {
        coarse[coarse.count - 1].append(segment)
      } else {
        coarse.append(segment)
      }
    }
  }

  /// Whether less than half a second of the leak's frames lies between two moments.
  private static func isUnseen(
    from start: Double,
    to end: Double,
    in leak: any FrameSource
  ) throws -> Bool {
    if end - start < 0.5 { return true }
    let (low, high) = (start + 0.25, end - 0.25)
    return try leak.frames(from: low, to: high).isEmpty
  }

  private static func samples(
    of geometry: [GeometrySample],
    from start: Double,
    to end: Double
  ) -> [GeometrySample] {
    let within = geometry.filter { $0.leakTime >= start && $0.leakTime < end }
    if !within.isEmpty { return within }
    let middle = (start + end) / 2
    let nearest = geometry.min { abs($0.leakTime - middle) < abs($1.leakTime - middle) }
    return nearest.map { [$0] } ?? []
  }
}

/// A line that gives the reference's time for a leak's time.
struct TimeMap {
  var leakOrigin: Double
  var referenceOrigin: Double
  var rate: Double

  func referenceTime(at leakTime: Double) -> Double {
    referenceOrigin + (leakTime - leakOrigin) * rate
  }
}

/// A segment as the search found it: known to a sampling interval.
struct CoarseSegment {
  var leakStart: Double
  var leakEnd: Double
  /// The line of each chunk, with the leak's second up to which it holds.
  var maps: [(end: Double, map: TimeMap)]
  var correlationSum: Double
  var samples: Int

  func map(at time: Double) -> TimeMap {
    (maps.first { time < $0.end } ?? maps[maps.count - 1]).map
  }

  mutating func append(_ next: CoarseSegment) {
    leakEnd = next.leakEnd
    maps += next.maps
    correlationSum += next.correlationSum
    samples += next.samples
  }
}
