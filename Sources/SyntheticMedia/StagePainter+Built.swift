/// Sets that people built: streets, walls, rooms.
extension StagePainter {
  /// Splits the set into pieces of random widths that sum to its own.
  private mutating func pieces(_ low: Double, _ high: Double) -> [Float] {
    var edges: [Double] = [0]
    while edges[edges.count - 1] < LayerTexture.worldWidth {
      edges.append(edges[edges.count - 1] + random.uniform(low, high))
    }
    let scale = LayerTexture.worldWidth / edges[edges.count - 1]
    return edges.map { Float($0 * scale) }
  }

  private static func piece(_ edges: [Float], _ x: Float) -> Int {
    var n = 0
    while n + 2 < edges.count, edges[n + 1] <= x { n += 1 }
    return n
  }

  mutating func houses(tall: Double, night: Bool, cell: Float) -> LayerTexture {
    let edges = pieces(0.18, 0.55)
    let walls = edges.map { _ in
      night
        ? anyPaint(Float(random.uniform(10, 34)), 6)
        : paint(Float(random.uniform(80, 185)), Float(random.uniform(4, 20)), spread: 0.3)
    }
    let tops = edges.map { _ in Float(0.98 - tall * random.uniform(0.45, 1)) }
    let cells = edges.map { _ in
      (
        w: cell * Float(random.uniform(0.7, 1.4)), h: cell * Float(random.uniform(0.9, 1.7)),
        share: Float(random.uniform(0.4, 0.7))
      )
    }
    let stain = noise(12, 8, persistence: 0.7)
    let seed = random.next()
    let glass = paint(night ? 12 : 48, 8)
    let lamp = Paint(205, hue: random.uniform(0.3, 0.42), saturation: 26)
    return LayerTexture(width: width, opaque: false) { i, x, y in
      let n = StagePainter.piece(edges, x)
      guard y > tops[n] else { return (walls[n], 0) }
      var p = walls[n].lit(1 + 0.3 * stain[i])
      let c = cells[n]
      let u = (x - edges[n]) / c.w
      let v = (y - tops[n]) / c.h
      let fu = u - u.rounded(.down)
      let fv = v - v.rounded(.down)
      let inside = abs(fu - 0.5) < c.share / 2 && abs(fv - 0.55) < 0.3 && y < 0.95
      if inside {
        let key = seed &+ UInt64(n * 4096 + Int(u) * 64 + Int(v))
        let h = RandomSource.unit(key)
        if night {
          p = h > 0.62 ? lamp.lit(0.35 + 0.65 * RandomSource.unit(key &+ 7)) : glass
        } else {
          p = glass.lit(0.5 + 1.8 * h + (fu - fv) * 0.6)
        }
      } else if fv < 0.08 || x - edges[n] < 0.006 {
        p = p.lit(0.72)
      }
      if y < tops[n] + 0.018 { p = p.lit(night ? 1.4 : 0.7) }
      return (p, 1)
    }
  }

  mutating func floor(luma: Float, horizon: Double, tiles: Bool) -> Stage.Layer {
    let dirt = noise(10, 8, persistence: 0.75)
    let light = paint(luma * Float(random.uniform(0.9, 1.3)), 7, spread: 0.3)
    let dark = paint(luma * 0.6, 7, spread: 0.3)
    let size = Float(random.uniform(4, 9)).rounded() * 0.352
    let texture = LayerTexture(width: width, opaque: true) { i, x, y in
      var p = light.lit(1 + 0.4 * dirt[i])
      if tiles {
        let u = Int(x * size * 2)
        let v = Int(y * size * 2)
        if (u + v) & 1 == 0 { p = dark.lit(1 + 0.4 * dirt[i]) }
      } else {
        let lane = (y * 2.81).truncatingRemainder(dividingBy: 2)
        if abs(lane - 1) < 0.03 { p = p.lit(1.5) }
      }
      return (p, 1)
    }
    return Stage.Layer(texture: texture, parallax: 0.96, horizon: horizon)
  }

  mutating func bricks() -> LayerTexture {
    let grit = noise(30, 20, persistence: 0.75)
    let damp = noise(4, 3)
    let rows: Float = Float(random.uniform(18, 34))
    let tone = Paint(
      Float(random.uniform(75, 135)),
      hue: random.uniform(0.22, 0.36),
      saturation: 24
    )
    let mortar = Paint(tone.luma * Float(random.uniform(1.1, 1.5)), cb: 126, cr: 130)
    let seed = random.next()
    // Doors, windows, posters: centre, half sizes, colour.
    let span = LayerTexture.worldWidth
    let holes = (0..<5 + random.index(5)).map { _ in
      (
        x: Float(random.uniform(0.15, span - 0.15)), y: Float(random.uniform(0.4, 0.85)),
        w: Float(random.uniform(0.05, 0.14)), h: Float(random.uniform(0.07, 0.2)),
        paint: anyPaint(Float(random.uniform(20, 190)), Float(random.uniform(0, 30))),
        bars: Float(random.index(4))
      )
    }
    return LayerTexture(width: width, opaque: true) { i, x, y in
      for hole in holes {
        let dx = abs(x - hole.x)
        let dy = abs(y - hole.y)
        guard dx < hole.w + 0.012, dy < hole.h + 0.012 else { continue }
        if dx > hole.w || dy > hole.h { return (mortar.lit(1.2 + 0.2 * grit[i]), 1) }
        let u = (x - hole.x + hole.w) / (2 * hole.w) * (hole.bars + 1)
        let v = (y - hole.y + hole.h) / (2 * hole.h) * (hole.bars + 1)
        let frame = min(u - u.rounded(.down), v - v.rounded(.down)) < 0.07 * (hole.bars + 1)
        return (hole.paint.lit(frame ? 1.5 : 0.8 + 0.35 * grit[i] + (u - v) * 0.12), 1)
      }
      let v = y * rows
      let row = Int(v)
      let u = x * rows * 0.45 + (row & 1 == 0 ? 0 : 0.5)
      let fu = u - u.rounded(.down)
      let fv = v - v.rounded(.down)
      let shade = 1 + 0.3 * grit[i] + 0.3 * damp[i]
      if fu < 0.06 || fv < 0.12 { return (mortar.lit(shade), 1) }
      let own = RandomSource.unit(seed &+ UInt64(row * 1000 + Int(u)))
      return (tone.lit(shade * (0.68 + 0.6 * own)), 1)
    }
  }

  mutating func columns() -> LayerTexture {
    let stone = noise(14, 10, persistence: 0.68)
    let edges = pieces(0.3, 0.42)
    let wall = paint(Float(random.uniform(60, 130)), 12, spread: 0.3)
    let shaft = paint(Float(random.uniform(130, 200)), 8, spread: 0.3)
    let seed = random.next()
    return LayerTexture(width: width, opaque: true) { i, x, y in
      let n = StagePainter.piece(edges, x)
      let width = edges[n + 1] - edges[n]
      let u = (x - edges[n]) / width
      let light = 1 + 0.28 * stone[i]
      if u < 0.24 {
        let c = (u - 0.12) / 0.12
        let flute = Float(ExactMath.sinTurns(Double(c) * 3.5)) * 0.12
        return (shaft.lit(light * (0.95 - 0.45 * c + flute) * (y < 0.36 ? 1.2 : 1)), 1)
      }
      // An arch with a window or a painting in it.
      let cx = (u - 0.62) / 0.3
      let arch = 0.52 - 0.12 * max(0, 1 - cx * cx).squareRoot()
      if abs(cx) < 0.85, y > arch, y < 0.8 {
        let own = RandomSource.unit(seed &+ UInt64(n))
        let grid =
          abs(cx * 3 - (cx * 3).rounded()) < 0.09 || abs(y * 14 - (y * 14).rounded()) < 0.09
        return (wall.lit(grid ? 0.5 : light * (own > 0.4 ? 1.9 + 0.5 * (0.8 - y) : 0.4)), 1)
      }
      return (wall.lit(light * (y > 0.8 ? 0.7 : 1)), 1)
    }
  }

  mutating func room() -> LayerTexture {
    let plaster = noise(10, 6, persistence: 0.66)
    let shadow = noise(3, 2)
    let wall = paint(Float(random.uniform(70, 165)), Float(random.uniform(6, 22)), spread: 0.4)
    let pattern = random.index(4)
    let pitch = Float(random.uniform(8, 22))
    let span = LayerTexture.worldWidth
    let dado = Float(random.uniform(0.8, 0.98))
    let wood = Paint(Float(random.uniform(45, 90)), hue: 0.3, saturation: 16)
    let seed = random.next()
    enum Thing { case window, picture, shelf, door, lamp }
    var things: [(thing: Thing, x: Float, y: Float, w: Float, h: Float, paint: Paint)] = []
    var x = random.uniform(0.05, 0.25)
    while x < span - 0.25 {
      let thing = random.pick([Thing.window, .picture, .picture, .shelf, .door, .lamp])
      let w = random.uniform(0.07, 0.19)
      let h = thing == .door ? 0.42 : random.uniform(0.08, 0.2)
      things.append(
        (
          thing, Float(x + w), Float(thing == .door ? 0.78 : random.uniform(0.48, 0.66)), Float(w),
          Float(h), anyPaint(Float(random.uniform(50, 200)), Float(random.uniform(4, 34)))
        )
      )
      x += 2 * w + random.uniform(0.05, 0.3)
    }
    let objects = things
    let glass = Paint(Float(random.uniform(150, 235)), hue: 0, saturation: 10)
    return LayerTexture(width: width, opaque: true) { i, x, y in
      let light = 1 + 0.12 * plaster[i] + 0.4 * shadow[i]
      for o in objects {
        let dx = x - o.x
        let dy = y - o.y
        guard abs(dx) < o.w, abs(dy) < o.h else { continue }
        let u = (dx + o.w) / (2 * o.w)
        let v = (dy + o.h) / (2 * o.h)
        let rim = min(o.w - abs(dx), o.h - abs(dy))
        switch o.thing {
        case .window:
          if rim < 0.012 || abs(dx) < 0.006 || abs(dy) < 0.005 { return (wood.lit(1.6), 1) }
          return (glass.lit(0.8 + 0.3 * plaster[i] - 0.35 * v), 1)
        case .picture:
          if rim < 0.01 { return (wood.lit(1.3 - v), 1) }
          return (o.paint.lit(0.75 + 0.6 * plaster[i] + 0.35 * (u - v)), 1)
        case .shelf:
          let level = v * 3 - (v * 3).rounded(.down)
          if level < 0.12 || rim < 0.008 { return (wood, 1) }
          let book = Int(u * 17)
          let key = seed &+ UInt64(book * 31 + Int(v * 3) * 7 + Int(o.x * 64) * 997)
          guard level > 0.2 + 0.3 * RandomSource.unit(key) else { return (wood.lit(0.4), 1) }
          let ink = Paint(
            35 + 170 * RandomSource.unit(key &+ 1),
            hue: Double(RandomSource.unit(key &+ 2)),
            saturation: 22
          )
          return (ink.lit(1 - 0.4 * abs(u * 17 - Float(book) - 0.5)), 1)
        case .door:
          let panel = abs(abs(dx) - o.w * 0.5) < 0.005 || abs(dy + 0.1) < 0.006
          return (wood.lit(panel || rim < 0.012 ? 0.6 : 1.2 + 0.3 * plaster[i]), 1)
        case .lamp:
          let r = ((dx * dx) / (o.w * o.w) + (dy * dy) / (o.h * o.h)).squareRoot()
          if r < 0.3 { return (Paint(240, hue: 0.35, saturation: 14), 1) }
          if r < 1 { return (wall.lit(light + 0.9 * (1 - r)), 1) }
        }
      }
      if y > dado {
        let plank = (x * 9 - (x * 9).rounded(.down)) < 0.05 || y - dado < 0.012
        return (wood.lit((plank ? 0.6 : 1) * light), 1)
      }
      var p = wall.lit(light)
      let u = x * pitch
      let v = y * pitch
      switch pattern {
      case 0: if u - u.rounded(.down) < 0.4 { p = p.lit(0.86) }
      case 1:
        let d = abs(u - u.rounded()) + abs(v - v.rounded())
        if d < 0.3 { p = p.lit(1.16) }
      case 2:
        let d = (u - u.rounded()) * (u - u.rounded()) + (v - v.rounded()) * (v - v.rounded())
        if d < 0.05 { p = p.lit(0.75) }
      default: break
      }
      return (p, 1)
    }
  }

  /// Things seen from near: stones, fruit, cloth, heaped at random and lit from one side.
  mutating func still() -> LayerTexture {
    let fibre = noise(90, 30, persistence: 0.8)
    let fold = noise(5, 4)
    let cloth = anyPaint(Float(random.uniform(50, 160)), Float(random.uniform(4, 30)))
    let span = LayerTexture.worldWidth
    let balls = (0..<26 + random.index(30)).map { _ in
      (
        x: Float(random.uniform(0.1, span - 0.1)), y: Float(random.uniform(0.15, 1.3)),
        r: Float(random.uniform(0.03, 0.15)), squash: Float(random.uniform(0.6, 1.3)),
        paint: anyPaint(Float(random.uniform(40, 210)), Float(random.uniform(2, 36)))
      )
    }
    return LayerTexture(width: width, opaque: true) { i, x, y in
      for b in balls.reversed() {
        let dx = (x - b.x) / b.r
        let dy = (y - b.y) / (b.r * b.squash)
        let d = dx * dx + dy * dy
        guard d < 1 else { continue }
        let z = (1 - d).squareRoot()
        let light = max(0.1, 0.2 + 0.75 * (z * 0.6 - dx * 0.55 - dy * 0.5)) + 0.16 * fibre[i]
        return (b.paint.lit(light * 1.3), 1)
      }
      return (cloth.lit(1 + 0.45 * fold[i] + 0.25 * fibre[i]), 1)
    }
  }
}
