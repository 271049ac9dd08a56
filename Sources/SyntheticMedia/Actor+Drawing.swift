import VideoCore

/// How actors look: bodies of limbs, machines of boxes, moved by the clock.
extension Actor {
  /// Draws the actor `time` seconds into its shot, as a camera at `pose` sees it.
  ///
  /// `light` is a factor on the luma of everything drawn.
  func draw(
    into frame: inout PictureFrame,
    pose: (x: Double, y: Double, zoom: Double),
    time: Double,
    light: Float
  ) {
    let h = Double(frame.size.height)
    let span = LayerTexture.worldWidth
    var dx = (x + speed * time - pose.x).truncatingRemainder(dividingBy: span)
    if dx > span / 2 { dx -= span } else if dx < -span / 2 { dx += span }
    let px = Float(Double(frame.size.width) / 2 + dx * h * pose.zoom)
    let py = Float(h / 2 + (y - pose.y) * h * pose.zoom)
    let unit = Float(scale * h * pose.zoom)
    guard unit > 3, abs(px - Float(frame.size.width) / 2) < Float(frame.size.width) + unit else {
      return
    }
    switch kind {
    case .walker: person(&frame, px, py, unit, time, light, dancing: false)
    case .dancer: person(&frame, px, py, unit, time, light, dancing: true)
    case .bust: bust(&frame, px, py, unit, time, light)
    case .shoulder: shoulder(&frame, px, py, unit, time, light)
    case .car: car(&frame, px, py, unit, time, light)
    case .birds: birds(&frame, px, py, unit, time, light)
    case .boat: boat(&frame, px, py, unit, time, light)
    case .lamp:
      frame.glow(px, py, unit * 1.2, Paint(150 * light, hue: 0.36, saturation: 24))
    }
  }

  private func colour(_ n: UInt64, _ low: Float, _ high: Float, _ saturation: Float) -> Paint {
    let luma = low + (high - low) * RandomSource.unit(seed &+ n)
    return Paint(luma, hue: Double(RandomSource.unit(seed &+ n &+ 50)), saturation: saturation)
  }

  private func skin(_ light: Float) -> Paint {
    Paint((90 + 95 * RandomSource.unit(seed &+ 3)) * light, cb: 116, cr: 146)
  }

  private func person(
    _ f: inout PictureFrame,
    _ px: Float,
    _ feet: Float,
    _ unit: Float,
    _ time: Double,
    _ light: Float,
    dancing: Bool
  ) {
    let rate = dancing ? 1.3 : 0.7 + abs(speed) / max(0.1, scale) * 1.4
    let phase = time * rate + Double(RandomSource.unit(seed))
    let swing = Float(ExactMath.sinTurns(phase))
    let lift = Float(ExactMath.cosTurns(phase * 2))
    let face: Float = speed < 0 ? -1 : 1
    let coat = colour(10, 30, 190, 24).lit(light)
    let trousers = colour(11, 20, 120, 16).lit(light)
    let hair = colour(12, 12, 110, 8).lit(light)
    let bob = lift * unit * 0.012
    let hipY = feet - unit * 0.48 + bob
    let neckY = feet - unit * 0.82 + bob
    let lean = dancing ? swing * unit * 0.07 : face * unit * 0.02
    let stripes: Float = RandomSource.unit(seed &+ 13) > 0.6 ? 7 : 0
    f.ellipse(px, feet, unit * 0.17, unit * 0.025, Paint(20 * light), shade: 0, alpha: 0.5)
    for side in [Float(-1), 1] {
      let s = swing * side
      let kneeX = px + s * unit * 0.1 + (dancing ? side * unit * 0.06 : 0)
      let footX = px + s * unit * 0.19 - face * max(0, -s) * unit * 0.05
      let footY = feet - max(0, s * face) * unit * (dancing ? 0.16 : 0.04)
      f.capsule(px, hipY, unit * 0.065, kneeX, hipY + unit * 0.23, unit * 0.05, trousers)
      f.capsule(kneeX, hipY + unit * 0.23, unit * 0.05, footX, footY, unit * 0.035, trousers)
      f.capsule(
        footX,
        footY,
        unit * 0.03,
        footX + face * unit * 0.06,
        footY,
        unit * 0.02,
        hair
      )
    }
    func arm(_ side: Float) {
      let s = dancing ? Float(ExactMath.sinTurns(phase * 1.5 + Double(side) * 0.2)) : -swing * side
      let raise = dancing ? 0.14 * (1 + s) : 0
      let elbowX = px + lean + s * unit * 0.09 + side * unit * 0.06
      let elbowY = neckY + unit * (0.2 - raise)
      let handX = elbowX + s * unit * 0.07 + face * unit * 0.03
      let handY = elbowY + unit * (0.17 - raise * 2)
      f.capsule(
        px + lean + side * unit * 0.05,
        neckY + unit * 0.04,
        unit * 0.038,
        elbowX,
        elbowY,
        unit * 0.034,
        coat
      )
      f.capsule(elbowX, elbowY, unit * 0.034, handX, handY, unit * 0.026, coat, stripes: stripes)
      f.ellipse(handX, handY, unit * 0.028, unit * 0.028, skin(light))
    }
    arm(-face)
    f.capsule(
      px,
      hipY,
      unit * 0.085,
      px + lean,
      neckY + unit * 0.03,
      unit * 0.095,
      coat,
      stripes: stripes
    )
    arm(face)
    let headX = px + lean * 1.3
    f.ellipse(headX, neckY - unit * 0.09, unit * 0.058, unit * 0.075, skin(light))
    f.ellipse(headX - face * unit * 0.012, neckY - unit * 0.125, unit * 0.062, unit * 0.05, hair)
  }

  private func bust(
    _ f: inout PictureFrame,
    _ px: Float,
    _ cy: Float,
    _ unit: Float,
    _ time: Double,
    _ light: Float
  ) {
    let sway = Float(NoiseField.fractal(time * 0.55, seed: seed))
    let nod = Float(NoiseField.fractal(time * 0.9, seed: seed &+ 9))
    let coat = colour(10, 25, 170, 22).lit(light)
    let hair = colour(12, 10, 130, 10).lit(light)
    let tone = skin(light)
    let hx = px + sway * unit * 0.05
    let hy = cy - unit * 0.18 + nod * unit * 0.025
    let turn = Float(NoiseField.smooth(time * 0.4, seed: seed &+ 4)) * unit * 0.045
    // Shoulders, lapels, neck, a hand that gestures.
    f.capsule(
      px - unit * 0.3,
      cy + unit * 0.36,
      unit * 0.15,
      px + unit * 0.3,
      cy + unit * 0.36,
      unit * 0.15,
      coat
    )
    f.capsule(
      px,
      cy + unit * 0.3,
      unit * 0.24,
      px,
      cy + unit * 0.8,
      unit * 0.42,
      coat,
      stripes: RandomSource.unit(seed &+ 13) > 0.5 ? 9 : 0
    )
    let long = RandomSource.unit(seed &+ 21) > 0.5
    if long {
      f.capsule(
        hx,
        hy - unit * 0.04,
        unit * 0.2,
        px + sway * unit * 0.02,
        cy + unit * 0.14,
        unit * 0.16,
        hair
      )
    }
    f.capsule(hx, hy, unit * 0.09, px, cy + unit * 0.2, unit * 0.1, tone.lit(0.8))
    f.ellipse(hx, hy, unit * 0.155, unit * 0.2, tone, shade: 0.45)
    f.ellipse(hx, hy - unit * 0.13, unit * 0.17, unit * 0.11, hair)
    let blink = NoiseField.smooth(time * 2.1, seed: seed &+ 17) > 0.72
    for side in [Float(-1), 1] {
      let ex = hx + turn + side * unit * 0.06
      f.ellipse(
        ex,
        hy - unit * 0.015,
        unit * 0.03,
        unit * (blink ? 0.005 : 0.015),
        Paint(215 * light)
      )
      if !blink {
        f.ellipse(ex + turn * 0.2, hy - unit * 0.015, unit * 0.013, unit * 0.014, Paint(15))
      }
      f.capsule(
        ex - unit * 0.03,
        hy - unit * 0.055,
        unit * 0.007,
        ex + unit * 0.03,
        hy - unit * 0.055 - nod * unit * 0.01,
        unit * 0.006,
        hair
      )
    }
    f.capsule(
      hx + turn * 1.3,
      hy,
      unit * 0.015,
      hx + turn * 1.5,
      hy + unit * 0.055,
      unit * 0.024,
      tone.lit(1.08)
    )
    let speaks = NoiseField.smooth(time * 0.5, seed: seed &+ 31) > -0.2
    let mouth = speaks ? Float(abs(NoiseField.fractal(time * 5, seed: seed &+ 33))) : 0.05
    f.ellipse(
      hx + turn,
      hy + unit * 0.105,
      unit * 0.05,
      unit * (0.008 + 0.04 * mouth),
      Paint(55 * light, cb: 118, cr: 152)
    )
    if RandomSource.unit(seed &+ 41) > 0.6 {
      let wave = Float(NoiseField.fractal(time * 0.8, seed: seed &+ 43))
      let hand = (x: px + unit * (0.34 + 0.08 * wave), y: cy + unit * (0.3 - 0.2 * wave))
      f.capsule(
        px + unit * 0.42,
        cy + unit * 0.75,
        unit * 0.1,
        hand.x,
        hand.y,
        unit * 0.06,
        coat.lit(1.1)
      )
      f.ellipse(hand.x, hand.y - unit * 0.04, unit * 0.06, unit * 0.075, tone)
    }
  }

  private func shoulder(
    _ f: inout PictureFrame,
    _ px: Float,
    _ cy: Float,
    _ unit: Float,
    _ time: Double,
    _ light: Float
  ) {
    let sway = Float(NoiseField.fractal(time * 0.4, seed: seed &+ 3)) * unit * 0.03
    let hair = colour(12, 10, 90, 10).lit(light * 0.6)
    let coat = colour(10, 25, 120, 22).lit(light * 0.6)
    f.capsule(
      px - unit * 0.3,
      cy + unit * 0.5,
      unit * 0.24,
      px + unit * 0.3,
      cy + unit * 0.5,
      unit * 0.24,
      coat
    )
    f.ellipse(px + sway, cy + unit * 0.05, unit * 0.19, unit * 0.24, hair, softness: 3)
  }

  private func car(
    _ f: inout PictureFrame,
    _ px: Float,
    _ base: Float,
    _ unit: Float,
    _ time: Double,
    _ light: Float
  ) {
    let body = colour(10, 50, 190, 34).lit(light)
    let face: Float = speed < 0 ? -1 : 1
    let bounce = Float(NoiseField.smooth(time * 4, seed: seed)) * unit * 0.015
    let y = base + bounce
    let length = unit * 1.1
    f.ellipse(px, base + unit * 0.02, length * 1.05, unit * 0.08, Paint(12), shade: 0, alpha: 0.6)
    f.capsule(
      px - length * 0.85,
      y - unit * 0.26,
      unit * 0.17,
      px + length * 0.85,
      y - unit * 0.24,
      unit * 0.15,
      body
    )
    f.capsule(
      px - length * 0.42 - face * unit * 0.1,
      y - unit * 0.5,
      unit * 0.18,
      px + length * 0.3 - face * unit * 0.1,
      y - unit * 0.5,
      unit * 0.17,
      body.lit(0.9)
    )
    for window in [Float(-0.32), 0.16] {
      f.capsule(
        px + length * window - face * unit * 0.1,
        y - unit * 0.52,
        unit * 0.1,
        px + length * (window + 0.16) - face * unit * 0.1,
        y - unit * 0.52,
        unit * 0.1,
        Paint(38 * light),
        shade: 1.2
      )
    }
    for wheel in [Float(-0.6), 0.6] {
      let wx = px + length * wheel
      f.ellipse(wx, y - unit * 0.1, unit * 0.15, unit * 0.15, Paint(18))
      f.ellipse(wx, y - unit * 0.1, unit * 0.08, unit * 0.08, Paint(140 * light))
      let turn = time * speed / max(0.02, scale) * 1.1
      f.capsule(
        wx,
        y - unit * 0.1,
        unit * 0.018,
        wx + unit * 0.08 * Float(ExactMath.cosTurns(turn)),
        y - unit * 0.1 + unit * 0.08 * Float(ExactMath.sinTurns(turn)),
        unit * 0.018,
        Paint(30)
      )
    }
    f.glow(px + face * length, y - unit * 0.25, unit * 0.4, Paint(110, hue: 0.35, saturation: 10))
  }

  private func birds(
    _ f: inout PictureFrame,
    _ px: Float,
    _ py: Float,
    _ unit: Float,
    _ time: Double,
    _ light: Float
  ) {
    for n in 0..<7 {
      let key = seed &+ UInt64(n * 3)
      let bx =
        px + (RandomSource.unit(key) - 0.5) * unit * 6
        + Float(NoiseField.smooth(time * 0.5, seed: key)) * unit * 0.4
      let by = py + (RandomSource.unit(key &+ 1) - 0.5) * unit * 1.2
      let flap = Float(ExactMath.sinTurns(time * 2.2 + Double(n) * 0.37)) * unit * 0.13
      let wing = unit * (0.1 + 0.08 * RandomSource.unit(key &+ 2))
      for side in [Float(-1), 1] {
        f.capsule(
          bx,
          by,
          unit * 0.025,
          bx + side * wing,
          by - flap,
          unit * 0.012,
          Paint(28 * light)
        )
      }
    }
  }

  private func boat(
    _ f: inout PictureFrame,
    _ px: Float,
    _ py: Float,
    _ unit: Float,
    _ time: Double,
    _ light: Float
  ) {
    let rock = Float(NoiseField.smooth(time * 0.6, seed: seed)) * unit * 0.06
    let hull = colour(10, 40, 160, 30).lit(light)
    f.capsule(
      px - unit * 0.7,
      py + rock * 0.5,
      unit * 0.12,
      px + unit * 0.7,
      py - rock * 0.5,
      unit * 0.1,
      hull
    )
    f.capsule(px, py, unit * 0.025, px + rock, py - unit * 1.2, unit * 0.015, Paint(50 * light))
    for n in 0..<16 {
      let t = Float(n) / 16
      f.capsule(
        px + rock * t + unit * 0.04,
        py - unit * (0.2 + t),
        unit * 0.035,
        px + rock * t + unit * (0.04 + 0.6 * (1 - t)),
        py - unit * (0.2 + t * 0.95),
        unit * 0.035,
        Paint(205 * light, cb: 125, cr: 131),
        shade: 0.1
      )
    }
  }
}
