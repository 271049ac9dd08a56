/// A picture of fractal value noise that repeats in x, with a spectrum near 1/f as natural scenes
/// have.
struct NoiseField: Sendable {
  /// About -1 to 1, row-major, `width` by `height`.
  let values: [Float]

  /// Sums octaves whose cells halve each time, down to cells of two pixels.
  ///
  /// The coarsest octave has `cellsX` cells across and `cellsY` down; `persistence` is the ratio of
  /// an octave's amplitude to that of the next coarser one.
  init(
    width: Int,
    height: Int,
    seed: UInt64,
    cellsX: Int,
    cellsY: Int,
    octaves: Int = 12,
    persistence: Float = 0.58
  ) {
    var sum = [Float](repeating: 0, count: width * height)
    var amplitude: Float = 1
    var total: Float = 0
    var nx = cellsX
    var ny = cellsY
    for octave in 0..<octaves {
      guard nx * 2 <= width || octave == 0 else { break }
      NoiseField.add(
        to: &sum,
        width: width,
        height: height,
        seed: RandomSource.mix(seed &+ UInt64(octave)),
        cellsX: nx,
        cellsY: max(1, ny),
        amplitude: amplitude
      )
      total += amplitude * amplitude
      amplitude *= persistence
      nx *= 2
      ny *= 2
    }
    // One octave has a deviation near 0.4; scale so that the sum has the same.
    let scale = 1 / max(1e-6, total.squareRoot())
    for i in sum.indices { sum[i] *= scale }
    values = sum
  }

  private static func add(
    to sum: inout [Float],
    width: Int,
    height: Int,
    seed: UInt64,
    cellsX: Int,
    cellsY: Int,
    amplitude: Float
  ) {
    var upper = [Float](repeating: 0, count: width)
    var lower = upper
    var lattice = [Float](repeating: 0, count: cellsX + 1)
    var current = -2
    func fill(_ line: inout [Float], row: Int) {
      for i in 0..<cellsX {
        lattice[i] = RandomSource.unit(seed &+ UInt64(row &* 65_537 &+ i)) * 2 - 1
      }
      lattice[cellsX] = lattice[0]
      let step = Float(cellsX) / Float(width)
      for x in 0..<width {
        let p = Float(x) * step
        let i = Int(p)
        let f = p - Float(i)
        let w = f * f * (3 - 2 * f)
        line[x] = lattice[i] + (lattice[i + 1] - lattice[i]) * w
      }
    }
    let step = Float(cellsY) / Float(height)
    for y in 0..<height {
      let p = Float(y) * step
      let row = Int(p)
      if row != current {
        if row == current + 1 { swap(&upper, &lower) } else { fill(&upper, row: row) }
        fill(&lower, row: row + 1)
        current = row
      }
      let f = p - Float(row)
      let b = f * f * (3 - 2 * f) * amplitude
      let a = amplitude - b
      let base = y * width
      for x in 0..<width { sum[base + x] += upper[x] * a + lower[x] * b }
    }
  }

  /// A smooth random function of one variable, about -1 to 1, for shake and sway.
  ///
  /// It changes over about one unit of `t`.
  static func smooth(_ t: Double, seed: UInt64) -> Double {
    let whole = t.rounded(.down)
    let f = t - whole
    let i = UInt64(bitPattern: Int64(max(-1e15, min(1e15, whole))))
    // Catmull-Rom, so that speed is continuous too.
    let p0 = Double(RandomSource.unit(seed &+ (i &- 1))) * 2 - 1
    let p1 = Double(RandomSource.unit(seed &+ i)) * 2 - 1
    let p2 = Double(RandomSource.unit(seed &+ (i &+ 1))) * 2 - 1
    let p3 = Double(RandomSource.unit(seed &+ (i &+ 2))) * 2 - 1
    let a = 2 * p1
    let b = (p2 - p0) * f
    let c = (2 * p0 - 5 * p1 + 4 * p2 - p3) * f * f
    let d = (3 * p1 - p0 - 3 * p2 + p3) * f * f * f
    return 0.5 * (a + b + c + d)
  }

  /// A fractal line of three octaves, about -1 to 1.
  static func fractal(_ t: Double, seed: UInt64) -> Double {
    (smooth(t, seed: seed) + 0.5 * smooth(t * 2.03, seed: seed &+ 77)
      + 0.25 * smooth(t * 4.1, seed: seed &+ 154)) / 1.5
  }
}
