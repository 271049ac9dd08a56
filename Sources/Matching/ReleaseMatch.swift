public import Registration
public import VideoCore

/// A reference that a leak shows: what a report says about it.
public struct ReleaseMatch: Sendable, Hashable {
  /// Number of the reference in its collection.
  public var reference: Int
  /// Whether the leak shows it mirrored left to right.
  public var mirrored: Bool
  /// Log10 of the probability that unrelated content scores as high; ``NullModel/namedLog10P`` or
  /// less.
  public var log10P: Double
  /// Part of the leak that shows the reference, 0...1.
  public var leakCoverage: Double
  /// Part of the reference that the leak shows, 0...1.
  public var referenceCoverage: Double
  /// The stretches, in order of leak time; at least one.
  public var segments: [AlignedSegment]
  /// `log10P` of the anchors of each stretch alone, 0 where it has none of its own.
  public var segmentLog10P: [Double]
  /// How the film lies in the leak's frame, in order of leak time.
  public var geometry: [GeometrySample]
  /// Distortion of the camera's lens; nil where none can be seen.
  public internal(set) var lens: LensDistortion?
  /// Whether a camera took the picture; nil without geometry.
  public var origin: CopyOrigin?
  /// Whether the leak shows this release rather than others that explain the same part of it; nil
  /// where there are none.
  public internal(set) var version: VersionVerdict?
  /// What was confirmed, in order of leak time.
  public var anchors: [Anchor]
  /// The greatest score of its candidates.
  public var topScore: Double

  /// Sums up the anchors and segments of one reference.
  init(
    reference: Int,
    mirrored: Bool,
    anchors: [Anchor],
    segments: [AlignedSegment],
    trials: Int,
    leakSeconds: Double,
    referenceSeconds: Double
  ) {
    let model = NullModel()
    self.reference = reference
    self.mirrored = mirrored
    self.anchors = anchors
    self.segments = segments
    log10P = model.log10P(of: anchors, trials: trials)
    segmentLog10P = segments.map { segment in
      model.log10P(of: anchors.filter(segment.overlaps), trials: trials)
    }
    geometry = segments.flatMap(\.geometry)
    origin = CopyOrigin(segments)
    topScore = anchors.map(\.candidate.score).max() ?? 0
    leakCoverage = Self.covered(segments.map { ($0.leakStart, $0.leakEnd) }, of: leakSeconds)
    referenceCoverage = Self.covered(
      segments.map { ($0.referenceStart, $0.referenceEnd) },
      of: referenceSeconds
    )
  }

  /// A match that was found in a window of the frame with its geometry in the whole frame.
  public func placed(in window: PictureWindow) -> ReleaseMatch {
    guard window != .whole else { return self }
    var match = self
    match.geometry = geometry.map { $0.placed(in: window) }
    for index in segments.indices {
      match.segments[index].geometry = segments[index].geometry.map { $0.placed(in: window) }
    }
    return match
  }

  /// The match without parts of the leak that show another work; nil where too little is left.
  func without(
    _ passages: [VersionVerdict.Passage],
    trials: Int,
    leakSeconds: Double,
    referenceSeconds: Double
  ) -> ReleaseMatch? {
    var rest = segments
    for passage in passages {
      rest = rest.flatMap { $0.without(passage.leakStart, passage.leakEnd) }
    }
    rest.removeAll { $0.leakEnd - $0.leakStart < SegmentAligner.leastSeconds }
    let kept = anchors.filter { anchor in
      let (start, end) = (anchor.candidate.leakStart, anchor.candidate.leakEnd)
      let common = rest.reduce(0) {
        $0 + max(0, min($1.leakEnd, end) - max($1.leakStart, start))
      }
      return 2 * common > end - start
    }
    guard !rest.isEmpty, !kept.isEmpty else { return nil }
    var match = ReleaseMatch(
      reference: reference,
      mirrored: mirrored,
      anchors: kept,
      segments: rest,
      trials: trials,
      leakSeconds: leakSeconds,
      referenceSeconds: referenceSeconds
    )
    match.lens = lens
    return match
  }

  /// The part of `0...total` that the intervals cover together.
  package static func covered(_ intervals: [(start: Double, end: Double)], of total: Double)
    -> Double
  {
    guard total > 0 else { return 0 }
    var (sum, reached) = (0.0, 0.0)
    for interval in intervals.sorted(by: { $0.start < $1.start }) {
      let start = max(reached, interval.start)
      let end = min(total, interval.end)
      if end > start {
        sum += end - start
        reached = end
      }
    }
    return min(1, sum / total)
  }
}

extension AlignedSegment {
  /// Whether an anchor looked at a part of this stretch.
  func overlaps(_ anchor: Anchor) -> Bool {
    anchor.candidate.leakStart < leakEnd && leakStart < anchor.candidate.leakEnd
  }

  /// What is left before and after a part of the leak, with its own geometry.
  fileprivate func without(_ start: Double, _ end: Double) -> [AlignedSegment] {
    guard start < leakEnd, leakStart < end else { return [self] }
    return [(leakStart, start), (end, leakEnd)].compactMap { from, to in
      guard to > from else { return nil }
      var part = self
      part.referenceStart = referenceTime(at: from)
      part.referenceEnd = referenceTime(at: to)
      (part.leakStart, part.leakEnd) = (from, to)
      let own = geometry.filter { $0.leakTime >= from && $0.leakTime < to }
      if !own.isEmpty { part.geometry = own }
      return part
    }
  }
}
