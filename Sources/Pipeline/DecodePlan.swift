/// Which parts of a leak are decoded, and how.
///
/// Decoding is nearly all of the cost of matching. A leak of up to three minutes is decoded frame
/// by frame. Of a longer one every other stretch of twenty seconds is decoded, without the frames
/// that no other frame refers to: about a third of the cost, and still more than ten times the
/// evidence that one release needs. Stretches begin at key frames, so that nothing is decoded only
/// to be thrown away.
public struct DecodePlan: Sendable, Hashable {
  /// Longest leak that is decoded in full, in seconds.
  public static let fullLimitSeconds = 180.0
  /// Length of a decoded stretch of a longer leak, in seconds.
  public static let stretchSeconds = 20.0
  /// From the start of one stretch to that of the next, in seconds.
  public static let periodSeconds = 40.0

  /// The stretches to decode, in order of time; nil where the whole leak is decoded.
  public let stretches: [Range<Double>]?

  /// Decodes everything.
  public static let full = DecodePlan(stretches: nil)

  private init(stretches: [Range<Double>]?) { self.stretches = stretches }

  /// Plans for a leak of a length and key frames that are known; `keyframes` is ascending.
  public init(durationSeconds: Double?, keyframes: () throws -> [Double]) rethrows {
    guard let duration = durationSeconds, duration > Self.fullLimitSeconds else {
      self = .full
      return
    }
    var rest = try keyframes()[...]
    var result: [Range<Double>] = []
    var begin = 0.0
    while begin < duration {
      rest = rest.drop { $0 < begin }
      // Where key frames are far apart, the frames ahead of the stretch are decoded as well.
      let gap = Self.periodSeconds - Self.stretchSeconds
      let start = rest.first.map { $0 - begin <= gap ? $0 : begin } ?? begin
      result.append(start..<(start + Self.stretchSeconds))
      begin = start + Self.periodSeconds
    }
    stretches = result
  }
}
