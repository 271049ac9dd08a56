import VideoCore

/// A painted flat of the stage set: repeats in x, has opacity, is seen through a moving camera.
///
/// The flat is `LayerTexture.worldWidth` picture heights wide and `worldHeight` high, whatever the
/// resolution, so that one film looks the same at any size.
struct LayerTexture: Sendable {
  static let worldWidth = 1024.0 / 360
  static let worldHeight = 512.0 / 360

  /// A power of two, so that repeating is a mask.
  let width: Int
  let height: Int
  private(set) var luma: [UInt8]
  private(set) var alpha: [UInt8]
  /// Chroma and its opacity at half the width and height.
  private(set) var cb: [UInt8]
  private(set) var cr: [UInt8]
  private(set) var chromaAlpha: [UInt8]
  let isOpaque: Bool

  /// Texels across for pictures of `pictureHeight` rows.
  static func width(forPictureHeight pictureHeight: Int) -> Int {
    pictureHeight <= 200 ? 512 : (pictureHeight <= 400 ? 1024 : 2048)
  }

  /// Texels per picture height.
  var density: Double { Double(width) / LayerTexture.worldWidth }

  /// Paints each texel by `body(index, x, y)`, x and y in picture heights from the upper left corner,
  /// which returns the colour and the opacity from 0 to 1.
  init(width: Int, opaque: Bool, _ body: (Int, Float, Float) -> (Paint, Float)) {
    let height = width / 2
    self.width = width
    self.height = height
    isOpaque = opaque
    luma = Array(repeating: 0, count: width * height)
    alpha = opaque ? [] : luma
    cb = Array(repeating: 128, count: width * height / 4)
    cr = cb
    chromaAlpha = opaque ? [] : cb
    let step = Float(LayerTexture.worldWidth) / Float(width)
    for y in 0..<height {
      for x in 0..<width {
        let i = y * width + x
        let (paint, opacity) = body(i, Float(x) * step, Float(y) * step)
        luma[i] = PictureFrame.byte(paint.luma + 0.5)
        if !opaque { alpha[i] = PictureFrame.byte(opacity * 255 + 0.5) }
        guard x & 1 == 0, y & 1 == 0 else { continue }
        let c = (y >> 1) * (width >> 1) + (x >> 1)
        cb[c] = PictureFrame.byte(paint.cb + 0.5)
        cr[c] = PictureFrame.byte(paint.cr + 0.5)
        if !opaque { chromaAlpha[c] = alpha[i] }
      }
    }
  }

  /// Where one picture row lies in the flat: luma texels in 16.16 fixed point.
  struct RowMap {
    var x: Int
    var step: Int
    var y: Int
    /// 0 to 256.
    var opacity: Int
  }

  /// Draws the flat over `frame`; `row` gives the map of a luma row, or nil where there is nothing.
  func composite(into frame: inout PictureFrame, row: (Int) -> RowMap?) {
    let w = frame.size.width
    let h = frame.size.height
    LayerTexture.plane(
      &frame.luma,
      w,
      h,
      luma,
      isOpaque ? nil : alpha,
      width,
      height,
      row
    )
    let half: (Int) -> RowMap? = { y in
      // Chroma row y stands between luma rows 2y and 2y+1; texel units halve, steps stay.
      guard let a = row(2 * y) else { return nil }
      return RowMap(x: a.x >> 1, step: a.step, y: a.y >> 1, opacity: a.opacity)
    }
    let coverage = isOpaque ? nil : chromaAlpha
    LayerTexture.plane(&frame.cb, w / 2, h / 2, cb, coverage, width / 2, height / 2, half)
    LayerTexture.plane(&frame.cr, w / 2, h / 2, cr, coverage, width / 2, height / 2, half)
  }

  private static func plane(
    _ target: inout [UInt8],
    _ w: Int,
    _ h: Int,
    _ source: [UInt8],
    _ coverage: [UInt8]?,
    _ sw: Int,
    _ sh: Int,
    _ row: (Int) -> RowMap?
  ) {
    let mask = sw - 1
    var line = [Int32](repeating: 0, count: sw + 1)
    var cover = line
    for y in 0..<h {
      guard let map = row(y) else { continue }
      let y0 = min(sh - 1, max(0, map.y >> 16))
      let y1 = min(sh - 1, max(0, (map.y >> 16) + 1))
      // Above the flat there is nothing, below it the last row goes on.
      if coverage != nil, map.y < 0 { continue }
      let fy = Int32((map.y >> 8) & 255)
      let first = map.x >> 16
      let last = (map.x + map.step * (w - 1)) >> 16
      if last - first + 1 >= sw {
        lerp(&line, source, y0 * sw, y1 * sw, 0, sw, fy)
        if let coverage { lerp(&cover, coverage, y0 * sw, y1 * sw, 0, sw, fy) }
      } else {
        let from = first & mask
        let count = last - first + 2
        let head = min(count, sw - from)
        lerp(&line, source, y0 * sw, y1 * sw, from, head, fy)
        if head < count { lerp(&line, source, y0 * sw, y1 * sw, 0, count - head, fy) }
        if let coverage {
          lerp(&cover, coverage, y0 * sw, y1 * sw, from, head, fy)
          if head < count { lerp(&cover, coverage, y0 * sw, y1 * sw, 0, count - head, fy) }
        }
      }
      line[sw] = line[0]
      cover[sw] = cover[0]
      var fx = map.x
      let base = y * w
      if coverage == nil, map.opacity >= 256 {
        for x in 0..<w {
          let i = (fx >> 16) & mask
          let f = Int32((fx >> 8) & 255)
          let v = (line[i] &* (256 &- f) &+ line[i &+ 1] &* f &+ 32768) >> 16
          target[base &+ x] = UInt8(truncatingIfNeeded: v)
          fx = fx &+ map.step
        }
      } else {
        let opacity = Int32(map.opacity)
        for x in 0..<w {
          let i = (fx >> 16) & mask
          let f = Int32((fx >> 8) & 255)
          fx = fx &+ map.step
          let a: Int32
          if coverage == nil {
            a = opacity
          } else {
            let raw = (cover[i] &* (256 &- f) &+ cover[i &+ 1] &* f) >> 16
            a = (raw &* opacity &* 257) >> 16
          }
          if a == 0 { continue }
          let v = (line[i] &* (256 &- f) &+ line[i &+ 1] &* f &+ 32768) >> 16
          let old = Int32(target[base &+ x])
          target[base &+ x] = UInt8(truncatingIfNeeded: old &+ (((v &- old) &* a) >> 8))
        }
      }
    }
  }

  /// Blends two rows of texels into `line`, values times 256.
  private static func lerp(
    _ line: inout [Int32],
    _ source: [UInt8],
    _ upper: Int,
    _ lower: Int,
    _ from: Int,
    _ count: Int,
    _ fy: Int32
  ) {
    for i in from..<from + count {
      line[i] = Int32(source[upper &+ i]) &* (256 &- fy) &+ Int32(source[lower &+ i]) &* fy
    }
  }
}
