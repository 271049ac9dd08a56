public import VideoCore

/// One colour picture in planar 4:2:0, 8 bits a sample.
///
/// A rendered film frame is limited range (16 to 235), BT.709. Rows have no padding.
public struct PictureFrame: Sendable, Hashable {
  /// Width and height of the luma plane; both even.
  public let size: FrameSize
  /// `size.area` luma samples, row-major.
  public var luma: [UInt8]
  /// Blue difference, half the width and half the height.
  public var cb: [UInt8]
  /// Red difference, half the width and half the height.
  public var cr: [UInt8]

  /// Creates a picture of one grey level.
  public init(size: FrameSize, luma level: UInt8 = 16) {
    precondition(
      size.width > 0 && size.height > 0 && size.width % 2 == 0 && size.height % 2 == 0,
      "4:2:0 needs an even size, not \(size)"
    )
    self.size = size
    luma = Array(repeating: level, count: size.area)
    cb = Array(repeating: 128, count: size.area / 4)
    cr = cb
  }

  /// Bytes of a picture of `size` as raw `yuv420p`.
  public static func byteCount(_ size: FrameSize) -> Int { size.area * 3 / 2 }

  /// Creates a picture from raw `yuv420p` bytes, exactly ``byteCount(_:)`` of them.
  public init(size: FrameSize, yuv420p bytes: [UInt8]) {
    self.init(size: size)
    precondition(bytes.count == PictureFrame.byteCount(size), "wrong number of bytes for \(size)")
    let quarter = size.area / 4
    luma = Array(bytes[0..<size.area])
    cb = Array(bytes[size.area..<size.area + quarter])
    cr = Array(bytes[(size.area + quarter)...])
  }

  /// The 64-bit FNV-1a hash of the luma, then both chroma planes.
  ///
  /// - Source: Fowler, Noll, Vo; IETF draft-eastlake-fnv, 64-bit FNV-1a.
  public var fnv64: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for plane in [luma, cb, cr] {
      for byte in plane { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return hash
  }

  /// Mixes in another picture of the same size: `weight` 0 leaves this one, 256 replaces it.
  mutating func blend(_ other: PictureFrame, weight: Int) {
    func mix(_ a: inout [UInt8], _ b: [UInt8]) {
      let keep = Int32(256 - weight)
      let take = Int32(weight)
      for i in a.indices {
        a[i] = UInt8(truncatingIfNeeded: (Int32(a[i]) &* keep &+ Int32(b[i]) &* take &+ 128) >> 8)
      }
    }
    mix(&luma, other.luma)
    mix(&cb, other.cb)
    mix(&cr, other.cr)
  }
}

/// A colour as it is painted: luma 0 to 255, chroma around 128.
struct Paint: Sendable, Hashable {
  var luma: Float
  var cb: Float
  var cr: Float

  init(_ luma: Float, cb: Float = 128, cr: Float = 128) {
    self.luma = luma
    self.cb = cb
    self.cr = cr
  }

  /// A colour of hue `turns` (0 blue, 0.25 red, 0.6 green) and a saturation in chroma steps.
  init(_ luma: Float, hue turns: Double, saturation: Float) {
    self.luma = luma
    cb = 128 + saturation * Float(ExactMath.cosTurns(turns))
    cr = 128 + saturation * Float(ExactMath.sinTurns(turns))
  }

  func lit(_ factor: Float) -> Paint { Paint(luma * factor, cb: cb, cr: cr) }

  func mixed(_ other: Paint, _ weight: Float) -> Paint {
    Paint(
      luma + (other.luma - luma) * weight,
      cb: cb + (other.cb - cb) * weight,
      cr: cr + (other.cr - cr) * weight
    )
  }
}
