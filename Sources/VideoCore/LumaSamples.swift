/// The luma of one picture as a film stores it: samples of up to 16 bits, not reduced.
public struct LumaSamples: Sendable, Hashable {
  /// Width and height.
  public var size: FrameSize
  /// Bits of a sample, at least 8.
  public var bitDepth: Int
  /// Whether black is 0 and white the greatest number, or 16 and 235 of 8 bits.
  public var isFullRange: Bool
  /// `size.area` samples, row-major without padding.
  public var samples: [UInt16]

  /// Creates a picture.
  public init(size: FrameSize, bitDepth: Int, isFullRange: Bool, samples: [UInt16]) {
    precondition(samples.count == size.area, "a picture of \(size) needs \(size.area) samples")
    precondition((8...16).contains(bitDepth), "samples have 8 to 16 bits")
    self.size = size
    self.bitDepth = bitDepth
    self.isFullRange = isFullRange
    self.samples = samples
  }

  /// The sample of black.
  public var black: Float { isFullRange ? 0 : Float(16 << (bitDepth - 8)) }
}
