/// How much of a long leak is decoded before anything is known of it.
public enum DecodeDensity: Sendable, Hashable {
  /// A few stretches of any leak of more than a minute, enough to name an easy one.
  case scant
  /// Some stretches, enough to name an easy leak and to align it; single frames say what lies between.
  case sparse
  /// Half of it, as is needed where the sparse stretches are not enough.
  case dense
}

/// Which parts of a leak are decoded, and how.
///
/// Decoding is nearly all of the cost of matching. A leak of up to three minutes is decoded frame
/// by frame. Of a longer one stretches are decoded, without the frames that no other frame refers to:
/// in the dense plan every other twenty seconds, in the sparse one ten seconds of two minutes, four
/// times at least. The scant plan has eight seconds of four minutes, four times at least, already of
/// leaks of more than a minute. Stretches begin at key frames, so that nothing is decoded only to be
/// thrown away.
public struct DecodePlan: Sendable, Hashable {
  /// Longest leak that is decoded in full, in seconds.
  public static let fullLimitSeconds = 180.0
  /// The same for a scant plan.
  public static let fullLimitOfScantSeconds = 60.0
  /// Length of a decoded stretch of a longer leak, and from the start of one to that of the next, in
  /// seconds.
  private static let (denseStretch, densePeriod) = (20.0, 40.0)
  private static let (sparseStretch, sparsePeriod) = (10.0, 120.0)
  private static let (scantStretch, scantPeriod) = (8.0, 240.0)
  /// Stretches of a sparse plan, at least.
  private static let fewestStretches = 4.0
  /// A key frame within so much of where a stretch would begin moves it, in seconds.
  private static let keyframeReach = 20.0

  /// The stretches to decode, in order of time; nil where the whole leak is decoded.
  public let stretches: [Range<Double>]?
  /// What is read in one go, in order of time.
  public let passes: [Pass]
  /// Whether more has to be decoded where this explains too little.
  public let isSparse: Bool

  /// Stretches that no key frame lies between, or the whole leak.
  ///
  /// To begin each of them anew would decode everything ahead of it again.
  public struct Pass: Sendable, Hashable {
    /// Its stretches; empty for the whole leak.
    fileprivate(set) var stretches: [Range<Double>] = []

    /// Where reading begins, in seconds; nil for the start of the leak.
    var begin: Double? { stretches.first?.lowerBound }
    /// Where reading ends, in seconds; nil for the end of the leak.
    var end: Double? { stretches.last?.upperBound }

    /// Whether a frame at this moment is wanted.
    func contains(_ seconds: Double) -> Bool {
      if stretches.isEmpty { return true }
      var (low, high) = (0, stretches.count)
      while low < high {
        let middle = (low + high) / 2
        if stretches[middle].upperBound <= seconds { low = middle + 1 } else { high = middle }
      }
      return low < stretches.count && stretches[low].contains(seconds)
    }
  }

  /// The parts of a leak of this length that are passed over, in order of time.
  func gaps(durationSeconds: Double) -> [Range<Double>] {
    guard let stretches else { return [] }
    let starts =
      stretches.map(\.lowerBound) + [max(durationSeconds, stretches.last?.upperBound ?? 0)]
    return zip([0] + stretches.map(\.upperBound), starts).compactMap { end, start in
      start > end ? end..<start : nil
    }
  }

  /// Decodes everything.
  public static let full = DecodePlan(stretches: nil)

  private init(stretches: [Range<Double>]?) {
    self.stretches = stretches
    passes = [Pass()]
    isSparse = false
  }

  /// Whether a leak of this length is decoded in part.
  public static func isPartial(
    durationSeconds: Double?,
    density: DecodeDensity = .dense
  ) -> Bool {
    let limit = density == .scant ? fullLimitOfScantSeconds : fullLimitSeconds
    return durationSeconds.map { $0 > limit } ?? false
  }

  /// Plans for a leak of a length and key frames that are known; `keyframes` is ascending.
  public init(
    durationSeconds: Double?,
    density: DecodeDensity = .dense,
    keyframes: () throws -> [Double]
  ) rethrows {
    guard let duration = durationSeconds,
      Self.isPartial(durationSeconds: duration, density: density)
    else {
      self = .full
      return
    }
    let keyframes = try keyframes()
    if density != .dense, let plan = Self(sparselyFor: duration, density, keyframes) {
      self = plan
      return
    }
    self.init(
      duration,
      length: Self.denseStretch,
      period: Self.densePeriod,
      isSparse: false,
      keyframes
    )
  }

  /// A sparse plan; nil where a stretch has no key frame of its own, for then all that lies ahead of it
  /// would be decoded each time that more is asked for.
  private init?(sparselyFor duration: Double, _ density: DecodeDensity, _ keyframes: [Double]) {
    let isScant = density == .scant
    let period = isScant ? Self.scantPeriod : Self.sparsePeriod
    self.init(
      duration,
      length: isScant ? Self.scantStretch : Self.sparseStretch,
      period: min(period, duration / Self.fewestStretches),
      isSparse: true,
      keyframes
    )
    guard passes.count == stretches?.count else { return nil }
  }

  private init(
    _ duration: Double,
    length: Double,
    period: Double,
    isSparse: Bool,
    _ keyframes: [Double]
  ) {
    var rest = keyframes[...]
    var result: [Range<Double>] = []
    var passes: [Pass] = []
    // Sparse ones in the middle of their period: films begin and end with logos and credits.
    var begin = isSparse ? (period - length) / 2 : 0
    while begin < duration {
      rest = rest.drop { $0 < begin }
      // Where key frames are far apart, the frames ahead of the stretch are decoded as well.
      let reach = min(Self.keyframeReach, period - length)
      let keyframe = rest.first.flatMap { $0 - begin <= reach ? $0 : nil }
      // Behind the last key frame there need not be another stretch.
      if isSparse, keyframe == nil, !result.isEmpty, begin + reach >= duration { break }
      if keyframe != nil || passes.isEmpty && !isSparse { passes.append(Pass()) }
      let start = keyframe ?? begin
      let part = start..<(start + length)
      result.append(part)
      if !passes.isEmpty { passes[passes.count - 1].stretches.append(part) }
      begin = (isSparse ? begin : start) + period
    }
    stretches = result
    self.passes = passes
    self.isSparse = isSparse
  }
}
