/// Paints the flats of stage sets from noise and a seed.
struct StagePainter {
  let width: Int
  var height: Int { width / 2 }
  var random: RandomSource
  let hue: Double

  init(setup: StageSetup, width: Int, hue: Double) {
    self.width = width
    random = RandomSource(seed: setup.seed, stream: 7)
    self.hue = hue
  }

  /// Paints the whole set of `setup`.
  static func stage(_ setup: StageSetup, width: Int, hue: Double) -> Stage {
    var painter = StagePainter(setup: setup, width: width, hue: hue)
    return Stage(layers: painter.layers(setup.kind))
  }

  private mutating func layers(_ kind: StageKind) -> [Stage.Layer] {
    switch kind {
    case .hills:
      return [
        sky(light: 185), layer(ridge(base: 0.62, rise: 0.16, luma: 120, rough: 5), 0.3),
        layer(ridge(base: 0.78, rise: 0.14, luma: 92, rough: 4), 0.6), grass(horizon: 0.8),
        layer(bushes(top: 1.02, luma: 62), 1.35),
      ]
    case .mountains:
      return [
        sky(light: 200), layer(ridge(base: 0.5, rise: 0.34, luma: 150, rough: 7, snow: true), 0.2),
        layer(ridge(base: 0.74, rise: 0.2, luma: 105, rough: 6, snow: random.chance(0.5)), 0.5),
        layer(ridge(base: 0.98, rise: 0.1, luma: 70, rough: 5), 0.9),
      ]
    case .street:
      return [
        sky(light: 170), layer(houses(tall: 0.75, night: false, cell: 0.05), 0.45),
        layer(houses(tall: 0.6, night: false, cell: 0.085), 0.85),
        floor(luma: 95, horizon: 0.78, tiles: false),
      ]
    case .nightCity:
      return [
        sky(light: 22), layer(houses(tall: 0.85, night: true, cell: 0.04), 0.4),
        layer(houses(tall: 0.6, night: true, cell: 0.07), 0.85),
        floor(luma: 34, horizon: 0.8, tiles: false),
      ]
    case .courtyard:
      return [
        layer(bricks(), 0.95), floor(luma: 105, horizon: 0.86, tiles: random.chance(0.6)),
        layer(bushes(top: 1.12, luma: 50), 1.5),
      ]
    case .room: return [layer(room(), 0.95)]
    case .forest:
      return [
        layer(foliage(luma: 120, opaque: true, cover: 1), 0.25),
        layer(trunks(count: 14, radius: 0.018, luma: 78), 0.5),
        layer(foliage(luma: 85, opaque: false, cover: 0.45), 0.75), grass(horizon: 0.86),
        layer(trunks(count: 6, radius: 0.045, luma: 55), 1.0),
        layer(foliage(luma: 45, opaque: false, cover: 0.3), 1.6),
      ]
    case .sea:
      return [
        sky(light: 190), layer(ridge(base: 0.7, rise: 0.1, luma: 110, rough: 5), 0.25), water(),
      ]
    case .road:
      return [
        sky(light: 180), layer(ridge(base: 0.66, rise: 0.15, luma: 115, rough: 6), 0.3),
        layer(bushes(top: 0.72, luma: 90), 0.7), road(horizon: 0.76),
      ]
    case .hall:
      return [layer(columns(), 0.8), floor(luma: 125, horizon: 0.8, tiles: true)]
    case .meadow:
      return [
        sky(light: 205), layer(bushes(top: 0.6, luma: 88), 0.5), grass(horizon: 0.74),
        layer(bushes(top: 1.08, luma: 70), 1.45),
      ]
    case .closeUp: return [layer(still(), 1)]
    }
  }

  private func layer(_ texture: LayerTexture, _ parallax: Double) -> Stage.Layer {
    Stage.Layer(texture: texture, parallax: parallax)
  }

  mutating func noise(_ cellsX: Int, _ cellsY: Int, persistence: Float = 0.58) -> [Float] {
    NoiseField(
      width: width,
      height: height,
      seed: random.next(),
      cellsX: cellsX,
      cellsY: cellsY,
      persistence: persistence
    ).values
  }

  /// A colour near the film's own hue.
  mutating func paint(_ luma: Float, _ saturation: Float, spread: Double = 0.12) -> Paint {
    Paint(luma, hue: hue + random.uniform(-spread, spread), saturation: saturation)
  }

  mutating func anyPaint(_ luma: Float, _ saturation: Float) -> Paint {
    Paint(luma, hue: random.unit(), saturation: saturation)
  }

  // MARK: Open air

  private mutating func sky(light: Float) -> Stage.Layer {
    let clouds = noise(3 + random.index(4), 3 + random.index(4), persistence: 0.62)
    let zenith = Paint(light * Float(random.uniform(0.5, 0.85)), hue: 0.02, saturation: 26)
    let low = Paint(
      light,
      hue: random.uniform(0.28, 0.46),
      saturation: Float(random.uniform(2, 16))
    )
    let cloud = Paint(min(250, light * 1.25 + 8), cb: 127, cr: 128)
    let amount = Float(random.uniform(-0.25, 0.4))
    let sunX = Float(random.uniform(0, 2.84))
    let sunY = Float(random.uniform(0.28, 0.55))
    let sunR = Float(random.chance(0.6) ? random.uniform(0.03, 0.07) : 0)
    let stars = light < 60 ? random.next() : 0
    let texture = LayerTexture(width: width, opaque: true) { i, x, y in
      var p = zenith.mixed(low, min(1, y * 1.25))
      let c = ExactMath.smoothstep(0.05, 0.55, clouds[i] + amount - 0.2)
      p = p.mixed(cloud.lit(0.82 + 0.25 * clouds[i]), c)
      p.luma += clouds[i] * light * 0.05
      let d = ((x - sunX) * (x - sunX) + (y - sunY) * (y - sunY)).squareRoot()
      if sunR > 0 { p.luma += 90 * ExactMath.smoothstep(sunR + 0.012, sunR, d) + 22 / (1 + 30 * d) }
      if stars != 0, RandomSource.unit(stars &+ UInt64(i)) > 0.9991 { p.luma += 110 * (1 - c) }
      return (p, 1)
    }
    return Stage.Layer(texture: texture, parallax: 0.08, drift: random.uniform(-0.012, 0.012))
  }

  /// A periodic outline: fractal in x around the set.
  private mutating func outline(_ cells: Int, octaves: Int) -> [Float] {
    let seed = random.next()
    return (0..<width).map { x in
      var sum: Float = 0
      var amplitude: Float = 1
      var n = cells
      for octave in 0..<octaves {
        let p = Float(x) * Float(n) / Float(width)
        let i = Int(p)
        let f = p - Float(i)
        let a = RandomSource.unit(seed &+ UInt64(octave * 9973 + i % n))
        let b = RandomSource.unit(seed &+ UInt64(octave * 9973 + (i + 1) % n))
        sum += (a + (b - a) * f * f * (3 - 2 * f) - 0.5) * amplitude
        amplitude *= 0.5
        n *= 2
      }
      return sum
    }
  }

  private mutating func ridge(
    base: Float,
    rise: Float,
    luma: Float,
    rough: Int,
    snow: Bool = false
  ) -> LayerTexture {
    let line = outline(3 + random.index(4), octaves: rough)
    let grain = noise(8, 6, persistence: 0.68)
    let tone = paint(luma, 14, spread: 0.2)
    let white = Paint(min(245, luma * 1.75), cb: 131, cr: 126)
    let w = width
    return LayerTexture(width: width, opaque: false) { i, x, y in
      let column = i % w
      let top = base - rise * (line[column] * 1.6 + 0.3)
      let alpha = ExactMath.smoothstep(top - 0.003, top + 0.003, y)
      guard alpha > 0 else { return (tone, 0) }
      let depth = y - top
      // Follow the slope's ribs down, bent by the rock, instead of straight columns of light.
      let rib = (column + w + Int(Float(w) * (0.05 * grain[i] + 0.2 * depth))) % w
      let slope = line[(rib + w / 170) % w] - line[rib]
      var light = 1 + slope * 9 + grain[i] * 0.42 - min(0.3, depth * 0.45)
      light = max(0.25, min(1.8, light))
      var p = tone.lit(light)
      if snow {
        let s = ExactMath.smoothstep(0.0, 0.16, rise * 0.75 - depth + grain[i] * 0.14)
        p = p.mixed(white.lit(0.75 + slope * 6 + grain[i] * 0.16), s)
      }
      return (p, alpha)
    }
  }

  private mutating func bushes(top: Float, luma: Float) -> LayerTexture {
    let line = outline(7 + random.index(8), octaves: 6)
    let leaves = noise(46, 24, persistence: 0.75)
    let clumps = noise(9, 6)
    let tone = Paint(luma, hue: random.uniform(0.5, 0.68), saturation: 17)
    let w = width
    return LayerTexture(width: width, opaque: false) { i, _, y in
      let edge = top - 0.22 * line[i % w] - 0.03 * leaves[i]
      let alpha = ExactMath.smoothstep(edge - 0.004, edge + 0.004, y)
      return (tone.lit(max(0.2, 1 + 0.8 * leaves[i] + 0.5 * clumps[i])), alpha)
    }
  }

  private mutating func grass(horizon: Double) -> Stage.Layer {
    let blades = noise(60, 20, persistence: 0.8)
    let patches = noise(6, 5)
    let tone = Paint(
      Float(random.uniform(85, 135)),
      hue: random.uniform(0.42, 0.66),
      saturation: 18
    )
    let texture = LayerTexture(width: width, opaque: true) { i, _, _ in
      (tone.lit(max(0.25, 1 + 0.45 * blades[i] + 0.45 * patches[i])), 1)
    }
    return Stage.Layer(texture: texture, parallax: 0.95, horizon: horizon)
  }

  private mutating func water() -> Stage.Layer {
    let waves = noise(10, 60, persistence: 0.66)
    let swell = noise(4, 14)
    let tone = Paint(
      Float(random.uniform(70, 130)),
      hue: random.uniform(0.92, 1.05),
      saturation: 22
    )
    let texture = LayerTexture(width: width, opaque: true) { i, _, _ in
      let crest = ExactMath.smoothstep(0.35, 0.8, waves[i] + 0.3 * swell[i])
      return (tone.lit(1 + 0.4 * waves[i] + 0.35 * swell[i] + crest * 0.8), 1)
    }
    return Stage.Layer(
      texture: texture,
      parallax: 0.95,
      drift: random.sign() * random.uniform(0.08, 0.3),
      horizon: 0.7
    )
  }

  private mutating func road(horizon: Double) -> Stage.Layer {
    let gravel = noise(50, 30, persistence: 0.85)
    let field = noise(8, 8)
    let asphalt = Paint(Float(random.uniform(70, 105)), cb: 128, cr: 128)
    let verge = paint(Float(random.uniform(100, 150)), 16, spread: 0.2)
    let texture = LayerTexture(width: width, opaque: true) { i, x, y in
      let lane = (x * 1.054).truncatingRemainder(dividingBy: 1.5)
      let isRoad = ExactMath.smoothstep(0.5, 0.47, abs(lane - 0.75))
      var p = verge.lit(1 + 0.5 * gravel[i] + 0.4 * field[i]).mixed(
        asphalt.lit(1 + 0.22 * gravel[i] + 0.15 * field[i]),
        isRoad
      )
      let dash = (y * 2.81).truncatingRemainder(dividingBy: 1) < 0.5
      if abs(lane - 0.75) < 0.018, dash { p = Paint(200) }
      if abs(abs(lane - 0.75) - 0.43) < 0.012 { p = Paint(175) }
      return (p, 1)
    }
    return Stage.Layer(
      texture: texture,
      parallax: 0.95,
      drift: random.chance(0.7) ? random.uniform(0.5, 2.5) : 0,
      horizon: horizon
    )
  }

  private mutating func foliage(luma: Float, opaque: Bool, cover: Float) -> LayerTexture {
    let leaves = noise(40, 24, persistence: 0.78)
    let clumps = noise(6, 4, persistence: 0.6)
    let tone = Paint(luma, hue: random.uniform(0.48, 0.68), saturation: 18)
    let gap = Paint(min(240, luma * 2.1), hue: 0.4, saturation: 6)
    return LayerTexture(width: width, opaque: opaque) { i, _, y in
      let m = clumps[i] * 1.3 + leaves[i] * 0.7
      if opaque {
        let s = ExactMath.smoothstep(0.25, 0.7, m - y * 0.35)
        return (tone.lit(max(0.2, 1 + 0.6 * leaves[i] + 0.4 * clumps[i])).mixed(gap, s), 1)
      }
      let alpha = ExactMath.smoothstep(1 - cover * 1.6, 1.06 - cover * 1.6, m + 0.9 * (0.5 - y))
      return (tone.lit(max(0.2, 1 + 0.9 * leaves[i])), alpha)
    }
  }

  private mutating func trunks(count: Int, radius: Float, luma: Float) -> LayerTexture {
    let bark = noise(120, 8, persistence: 0.7)
    let span = Float(LayerTexture.worldWidth)
    let trees = (0..<count).map { _ in
      (
        x: Float(random.uniform(0, Double(span))), r: radius * Float(random.uniform(0.5, 1.4)),
        lean: Float(random.uniform(-0.12, 0.12)), foot: Float(random.uniform(0.9, 1.15))
      )
    }
    let tone = paint(luma, 9, spread: 0.3)
    return LayerTexture(width: width, opaque: false) { i, x, y in
      for tree in trees where y < tree.foot {
        var d = x - tree.x - tree.lean * (y - 0.7) - 0.012 * bark[i]
        if d > span / 2 { d -= span } else if d < -span / 2 { d += span }
        let r = tree.r * (0.75 + 0.35 * y)
        if abs(d) < r {
          return (tone.lit(1 - 0.55 * d / r + 0.5 * bark[i]), min(1, (r - abs(d)) * 300))
        }
      }
      return (tone, 0)
    }
  }
}
