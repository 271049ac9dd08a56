import VideoCore

/// Antialiased shapes. Coordinates are luma pixels, x right and y down.
extension PictureFrame {
  static func byte(_ value: Float) -> UInt8 { UInt8(min(255, max(0, value))) }

  private mutating func cover(_ x: Int, _ y: Int, _ paint: Float, _ alpha: Float) {
    let i = y &* size.width &+ x
    let old = Float(luma[i])
    luma[i] = PictureFrame.byte(old + (paint - old) * alpha + 0.5)
  }

  private mutating func coverChroma(_ x: Int, _ y: Int, _ paint: Paint, _ alpha: Float) {
    let i = y &* (size.width >> 1) &+ x
    let b = Float(cb[i])
    let r = Float(cr[i])
    cb[i] = PictureFrame.byte(b + (paint.cb - b) * alpha + 0.5)
    cr[i] = PictureFrame.byte(r + (paint.cr - r) * alpha + 0.5)
  }

  /// The pixels of a box that are in the picture, with a margin: left, top, right, bottom.
  private func clip(_ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float)
    -> (Int, Int, Int, Int)?
  {
    guard x0.isFinite, x1.isFinite, y0.isFinite, y1.isFinite else { return nil }
    let limit: Float = 1e6
    let left = max(0, Int(max(-limit, min(limit, x0))) - 1)
    let top = max(0, Int(max(-limit, min(limit, y0))) - 1)
    let right = min(size.width - 1, Int(max(-limit, min(limit, x1))) + 2)
    let bottom = min(size.height - 1, Int(max(-limit, min(limit, y1))) + 2)
    return left <= right && top <= bottom ? (left, top, right, bottom) : nil
  }

  /// Draws a limb: a line whose radius goes from `r0` to `r1`, shaded as a cylinder.
  ///
  /// `stripes` counts bands across the limb, 0 for plain cloth; `alpha` is the opacity, 0 to 1.
  mutating func capsule(
    _ ax: Float,
    _ ay: Float,
    _ r0: Float,
    _ bx: Float,
    _ by: Float,
    _ r1: Float,
    _ paint: Paint,
    stripes: Float = 0,
    shade: Float = 0.35,
    alpha: Float = 1
  ) {
    let r = max(r0, r1) + 1
    guard
      let (left, top, right, bottom) = clip(
        min(ax, bx) - r,
        min(ay, by) - r,
        max(ax, bx) + r,
        max(ay, by) + r
      )
    else { return }
    let dx = bx - ax
    let dy = by - ay
    let inverse = 1 / max(1e-6, dx * dx + dy * dy)
    for y in top...bottom {
      let py = Float(y) - ay
      for x in left...right {
        let px = Float(x) - ax
        let t = min(1, max(0, (px * dx + py * dy) * inverse))
        let ex = px - t * dx
        let ey = py - t * dy
        let radius = r0 + (r1 - r0) * t
        let squared = ex * ex + ey * ey
        guard squared < (radius + 0.5) * (radius + 0.5) else { continue }
        let distance = squared.squareRoot()
        let coverage = min(1, radius + 0.5 - distance) * alpha
        // Light from the upper left.
        let side = (ex * 0.8 + ey * 0.6) / max(1, radius)
        var light = 1 - shade * (side + 0.3 * distance / max(1, radius))
        if stripes > 0, (t * stripes) - (t * stripes).rounded(.down) < 0.45 { light *= 0.62 }
        cover(x, y, paint.luma * light, coverage)
        if x & 1 == 0, y & 1 == 0 { coverChroma(x >> 1, y >> 1, paint, coverage) }
      }
    }
  }

  /// Draws a filled ellipse with axes along the picture's, shaded as a ball.
  mutating func ellipse(
    _ cx: Float,
    _ cy: Float,
    _ rx: Float,
    _ ry: Float,
    _ paint: Paint,
    shade: Float = 0.3,
    softness: Float = 1,
    alpha: Float = 1
  ) {
    guard rx > 0.2, ry > 0.2,
      let (left, top, right, bottom) = clip(
        cx - rx - softness,
        cy - ry - softness,
        cx + rx + softness,
        cy + ry + softness
      )
    else { return }
    let edge = min(rx, ry) / softness
    for y in top...bottom {
      let v = (Float(y) - cy) / ry
      for x in left...right {
        let u = (Float(x) - cx) / rx
        let d = (u * u + v * v).squareRoot()
        let coverage = min(1, (1 - d) * edge + 0.5) * alpha
        guard coverage > 0 else { continue }
        let light = 1 - shade * (u * 0.7 + v * 0.5 + 0.25 * d)
        cover(x, y, paint.luma * light, coverage)
        if x & 1 == 0, y & 1 == 0 { coverChroma(x >> 1, y >> 1, paint, coverage) }
      }
    }
  }

  /// Draws a filled rectangle whose luma goes from `paint` at the top by `fall` to the bottom.
  mutating func box(
    _ x0: Float,
    _ y0: Float,
    _ x1: Float,
    _ y1: Float,
    _ paint: Paint,
    fall: Float = 0,
    alpha: Float = 1
  ) {
    guard x1 > x0, y1 > y0, let (left, top, right, bottom) = clip(x0, y0, x1, y1) else { return }
    for y in top...bottom {
      let v = min(1, max(0, min(Float(y) + 1, y1) - max(Float(y), y0)))
      let level = paint.luma * (1 - fall * (Float(y) - y0) / max(1, y1 - y0))
      guard v > 0 else { continue }
      for x in left...right {
        let coverage = v * min(1, max(0, min(Float(x) + 1, x1) - max(Float(x), x0))) * alpha
        guard coverage > 0 else { continue }
        cover(x, y, level, coverage)
        if x & 1 == 0, y & 1 == 0 { coverChroma(x >> 1, y >> 1, paint, coverage) }
      }
    }
  }

  /// Adds light that falls off as a bell around a point.
  mutating func glow(_ cx: Float, _ cy: Float, _ radius: Float, _ paint: Paint) {
    guard radius > 0.5,
      let (left, top, right, bottom) = clip(cx - radius, cy - radius, cx + radius, cy + radius)
    else { return }
    let inverse = 1 / (radius * radius)
    for y in top...bottom {
      let dy = Float(y) - cy
      for x in left...right {
        let dx = Float(x) - cx
        let d = 1 - (dx * dx + dy * dy) * inverse
        guard d > 0 else { continue }
        let i = y &* size.width &+ x
        luma[i] = PictureFrame.byte(Float(luma[i]) + paint.luma * d * d * d + 0.5)
        if x & 1 == 0, y & 1 == 0 { coverChroma(x >> 1, y >> 1, paint, d * d * 0.7) }
      }
    }
  }
}
