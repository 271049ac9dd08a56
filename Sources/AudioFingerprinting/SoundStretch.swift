/// A stretch of a leak that shows a stretch of a release, as the pictures say.
public struct SoundStretch: Sendable, Hashable {
  /// First second of the stretch in the leak.
  public var leakStart: Double
  /// End of the stretch in the leak.
  public var leakEnd: Double
  /// Second of the release that `leakStart` shows.
  public var referenceStart: Double
  /// Seconds of the release for each second of the leak.
  public var rate: Double

  /// Creates a stretch.
  public init(leakStart: Double, leakEnd: Double, referenceStart: Double, rate: Double) {
    self.leakStart = leakStart
    self.leakEnd = leakEnd
    self.referenceStart = referenceStart
    self.rate = rate
  }
}
