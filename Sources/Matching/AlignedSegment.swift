public import VideoCore

/// How a reference lies in a leak's frame at one moment of the leak.
public struct GeometrySample: Sendable, Hashable {
  /// Second of the leak.
  public var leakTime: Double
  /// Reference's unit square to leak's unit square, mirror included.
  public var homography: Homography

  /// Creates a sample.
  public init(leakTime: Double, homography: Homography) {
    self.leakTime = leakTime
    self.homography = homography
  }
}

extension GeometrySample {
  /// A sample of a window of the frame as one of the whole frame.
  public func placed(in window: PictureWindow) -> GeometrySample {
    let frame = Homography([
      window.width, 0, window.left, 0, window.height, window.top, 0, 0, 1,
    ])
    return GeometrySample(leakTime: leakTime, homography: frame.after(homography))
  }
}

/// A stretch of a leak that shows a stretch of a reference without a break.
public struct AlignedSegment: Sendable, Hashable {
  /// First second of the stretch in the leak.
  public var leakStart: Double
  /// End of the stretch in the leak.
  public var leakEnd: Double
  /// Second of the reference that `leakStart` shows.
  public var referenceStart: Double
  /// Second of the reference that `leakEnd` shows.
  public var referenceEnd: Double
  /// Reference seconds for each leak second.
  public var rate: Double
  /// Mean correlation, -1...1, of the registered pictures along the stretch.
  public var correlation: Double
  /// Spread of the measured times about the segment's line, in milliseconds; nil where too little
  /// moves to measure it.
  public var errorMilliseconds: Double?
  /// Where the film lies in the leak's frame, in order of time; at least one sample.
  public var geometry: [GeometrySample]

  /// Creates a segment.
  public init(
    leakStart: Double,
    leakEnd: Double,
    referenceStart: Double,
    referenceEnd: Double,
    rate: Double,
    correlation: Double,
    errorMilliseconds: Double?,
    geometry: [GeometrySample]
  ) {
    self.leakStart = leakStart
    self.leakEnd = leakEnd
    self.referenceStart = referenceStart
    self.referenceEnd = referenceEnd
    self.rate = rate
    self.correlation = correlation
    self.errorMilliseconds = errorMilliseconds
    self.geometry = geometry
  }

  /// The reference's time that a leak's time shows.
  public func referenceTime(at leakTime: Double) -> Double {
    referenceStart + (leakTime - leakStart) * rate
  }
}
