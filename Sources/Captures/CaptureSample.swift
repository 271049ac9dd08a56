/// What a leak shows of the act of recording at one moment of the film.
public struct CaptureSample: Sendable, Hashable {
  /// Number of the moment: seconds of the film, times ``CaptureSignature/rate``.
  public var index: Int
  /// Where the corners of the film's picture lie in the leak's frame, in fractions of it; clockwise
  /// from the film's upper left one.
  public var corners: [SIMD2<Double>]
  /// Contrast of the leak as a multiple of the film's.
  public var gain: Double
  /// Cells of 8x4 of the film's picture, row by row from the lowest bit, that something hides.
  public var hidden: UInt32

  /// Creates a sample.
  public init(
    index: Int,
    corners: [SIMD2<Double>],
    gain: Double,
    hidden: UInt32
  ) {
    precondition(corners.count == 4, "a picture has four corners")
    (self.index, self.corners, self.gain, self.hidden) = (index, corners, gain, hidden)
  }
}
