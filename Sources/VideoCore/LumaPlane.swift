/// Width and height of a picture in pixels.
public struct FrameSize: Sendable, Hashable, CustomStringConvertible {
  /// Pixels per row.
  public var width: Int
  /// Number of rows.
  public var height: Int

  /// Creates a size of `width` by `height` pixels.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Pixels in the picture.
  public var area: Int { width * height }

  /// The size as it is written, for example `1920x1080`.
  public var description: String { "\(width)x\(height)" }
}

/// A small grey picture that owns its pixels: 8-bit full-range luma, row-major, without row padding.
public struct LumaPlane: Sendable, Hashable {
  /// Width and height in pixels.
  public let size: FrameSize
  /// `size.area` samples, 0 black to 255 white.
  public var pixels: [UInt8]

  /// Creates a plane from `pixels`, which must hold exactly `size.area` samples.
  public init(size: FrameSize, pixels: [UInt8]) {
    precondition(pixels.count == size.area, "a plane of \(size) needs \(size.area) samples")
    self.size = size
    self.pixels = pixels
  }

  /// Creates a plane filled with one value.
  public init(size: FrameSize, fill: UInt8 = 0) {
    self.size = size
    self.pixels = Array(repeating: fill, count: size.area)
  }

  /// The part of `size` pixels, which must lie inside, whose first pixel has these distances from the
  /// plane's left and upper edge.
  public func part(left: Int, top: Int, size part: FrameSize) -> LumaPlane {
    guard part != size else { return self }
    var cut: [UInt8] = []
    cut.reserveCapacity(part.area)
    for y in top..<(top + part.height) {
      let row = y * size.width + left
      cut += pixels[row..<(row + part.width)]
    }
    return LumaPlane(size: part, pixels: cut)
  }
}
