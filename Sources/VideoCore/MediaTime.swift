/// A presentation time or a span of time as an exact rational number of seconds.
///
/// Time stays rational from the container to the report, so that a film of 24000/1001 frames per
/// second does not drift; `seconds` is for arithmetic whose result is not stored back.
public struct MediaTime: Sendable, Hashable {
  /// Number of ticks; negative before the origin.
  public var ticks: Int64
  /// Length of one tick in seconds, as numerator over denominator; both positive.
  public var timeBase: Rational

  /// Creates a time of `ticks` units of `timeBase` seconds.
  public init(ticks: Int64, timeBase: Rational) {
    self.ticks = ticks
    self.timeBase = timeBase
  }

  /// The time in seconds, rounded to the nearest representable value.
  public var seconds: Double {
    Double(ticks) * Double(timeBase.numerator) / Double(timeBase.denominator)
  }

  /// The origin of the time line.
  public static let zero = MediaTime(ticks: 0, timeBase: Rational(1, 1))
}

/// A ratio of two positive integers: a time base, a frame rate or a pixel aspect ratio.
public struct Rational: Sendable, Hashable, CustomStringConvertible {
  /// The number above the line.
  public var numerator: Int32
  /// The number below the line; never zero.
  public var denominator: Int32

  /// Creates `numerator / denominator`.
  public init(_ numerator: Int32, _ denominator: Int32) {
    precondition(denominator != 0, "a rational number needs a non-zero denominator")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The ratio as a floating-point number.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The ratio as it is written, for example `24000/1001`.
  public var description: String { "\(numerator)/\(denominator)" }
}
