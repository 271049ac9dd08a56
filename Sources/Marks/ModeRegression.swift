import VideoCore

/// What one frame of a leak says of the four modes.
public struct ModeObservation: Sendable, Hashable {
  /// Second of the film that the frame shows.
  public var filmSeconds: Double
  /// Relative gains of the modes; a mark of strength δ gives ±δ/2, times ``resolution``.
  public var gains: SIMD4<Float>
  /// Share of each mode's gain that the frame lets through, 0...1: little where little is lit.
  public var resolution: SIMD4<Float>
  /// Root mean square of what stays unexplained, in levels.
  public var residual: Float
  /// Number of the shot; changes where the film cuts.
  public var shot: Int

  /// Creates an observation.
  public init(
    filmSeconds: Double,
    gains: SIMD4<Float>,
    resolution: SIMD4<Float> = SIMD4(repeating: 1),
    residual: Float,
    shot: Int
  ) {
    self.filmSeconds = filmSeconds
    self.gains = gains
    self.resolution = resolution
    self.residual = residual
    self.shot = shot
  }
}

/// Fits each frame of a leak by the film, and finds the modes in what is left.
///
/// One linear fit for each frame over the cells: level, the film's picture with a curve of tones, its
/// neighbours in time (a shutter that is open over two frames, times that are half a frame off), its
/// gradients (the hand's shake to first order: shift, turn, size), its curvature (focus), slow waves
/// along either side (vignette, light), and the four modes. The modes take part in the fit, so that
/// nothing of the others looks like them.
///
/// Cells that stay unexplained over a second or two count little: heads, overlays, subtitles.
public struct ModeRegression {
  private static let columns = 20
  private static let firstMode = 16
  /// Prices of the columns, as variance of the noise over that of what is likely, where nothing is known yet.
  private static let prices: [Double] = [
    1e-3, 1e-3, 1, 1, 1, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1e-3, 1e-3, 1e-3, 1e-3,
  ]
  /// Variance of the noise of a cell, what the columns cannot explain included, in levels squared.
  private static let noise = 2.0
  /// Deviation from frame to frame of what is the camera's own: exposure, curve of tones, vignette.
  private static let steadiness: [(column: Int, deviation: Double)] = [
    (1, 0.02), (2, 0.01), (11, 0.002), (12, 0.002), (13, 0.002), (14, 0.002),
  ]
  /// Share of a frame in the course of what is the camera's own.
  private static let pace = 0.1
  /// Deviation of a mode's gain: marks of 2 %, twice what is called strong.
  private static let likelyGain = 0.01
  /// Share of a frame in the memory of what a cell leaves unexplained.
  private static let memory: Float = 0.03
  /// Unexplained energies of this many times the usual halve a cell's weight.
  private static let tolerance: Float = 3
  /// Least cells that must show film.
  private static let leastCells = 100

  private var matrix: [Float]
  private var energy = [Float](repeating: 0, count: CellGrid.count)
  private var usual: Float = 0
  private var tone: (linear: Float, quadratic: Float) = (1, 0)
  private var isFirst = true
  /// What the steady columns are expected to be; nothing else is expected to be anything.
  private var course = [Double](repeating: 0, count: Self.columns)

  /// A regression that has seen nothing.
  public init() {
    matrix = Array(repeating: 0, count: (Self.columns + 1) * CellGrid.count)
  }

  /// Film grids around the moment that a frame shows.
  public struct Film {
    /// The frame before.
    public var before: [Float]
    /// The frame shown.
    public var now: [Float]
    /// The frame after.
    public var after: [Float]

    /// Creates a neighbourhood; all have ``CellGrid/count`` means.
    public init(before: [Float], now: [Float], after: [Float]) {
      (self.before, self.now, self.after) = (before, now, after)
    }
  }

  /// What a fit gave.
  public struct Fit {
    /// Relative gains of the modes.
    public var gains: SIMD4<Float>
    /// Shares of the true gains that these are, 0...1.
    public var resolution: SIMD4<Float>
    /// Root mean square of the rest, in levels.
    public var residual: Float
    /// Frames by which the leak is later than the film's frame, to first order.
    public var delay: Float
    /// How well the last effect can be told from all else: its energy that nothing else explains.
    public var information: Double
    /// What stays unexplained in each cell, the last effect included; 0 where nothing counts.
    public var rest: [Float]
  }

  /// What is looked for in the cells, four numbers each.
  public enum Effects {
    /// The modes of LFM-1.
    case modes
    /// A difference of pictures in levels of the film; it takes the last place.
    case difference([Float])
  }

  /// Fits one frame; nil where too few cells show film.
  ///
  /// `excluded` has a number for each cell that is not to count: where something is drawn over it.
  public mutating func fit(
    _ leak: [Float],
    film: Film,
    map: CellMap,
    effects: Effects = .modes,
    excluded: [Bool]? = nil
  ) -> Fit? {
    var weights = map.inside
    var used = 0
    for cell in 0..<CellGrid.count where weights[cell] > 0 {
      if let excluded, excluded[cell] {
        weights[cell] = 0
        continue
      }
      if usual > 0 {
        let strain = energy[cell] / (Self.tolerance * usual)
        weights[cell] = 1 / (1 + strain)
      }
      if weights[cell] > 0.2 { used += 1 }
    }
    guard used >= Self.leastCells else { return nil }
    fill(leak, film, map, effects, weights)
    let prices = prices(effects)
    guard let (solution, factor) = solve(prices) else { return nil }
    var rest = rest(of: solution)
    let residual = judge(rest, weights)
    let linear = Float(solution[1])
    guard linear > Self.leastGain else { return nil }
    if isFirst {
      tone = (linear, Float(solution[2]))
    } else {
      let share: Float = 0.1
      tone.linear += (linear - tone.linear) * share
      tone.quadratic += (Float(solution[2]) - tone.quadratic) * share
    }
    for (column, _) in Self.steadiness {
      course[column] += (solution[column] - course[column]) * (isFirst ? 1 : Self.pace)
    }
    isFirst = false
    if case .difference = effects {
      let (last, start) = (Float(solution[Self.columns - 1]), (Self.columns - 1) * CellGrid.count)
      for i in rest.indices where weights[i] > 0 {
        rest[i] = (rest[i] + last * matrix[start + i]) / weights[i].squareRoot()
      }
    }
    return Fit(
      gains: SIMD4(
        Float(solution[16]),
        Float(solution[17]),
        Float(solution[18]),
        Float(solution[19])
      ),
      resolution: Self.resolution(factor, prices),
      residual: residual,
      delay: Float(solution[3] / solution[1]),
      information: factor.lastPivot,
      rest: rest
    )
  }

  private static let leastGain: Float = 0.05

  /// Writes the columns, each times the root of the weights.
  private mutating func fill(
    _ leak: [Float],
    _ film: Film,
    _ map: CellMap,
    _ effects: Effects,
    _ weights: [Float]
  ) {
    var difference: [Float]?
    if case .difference(let values) = effects { difference = values }
    let (w, h, count) = (CellGrid.size.width, CellGrid.size.height, CellGrid.count)
    let tone = isFirst ? (linear: Float(1), quadratic: Float(0)) : tone
    unsafe matrix.withUnsafeMutableBufferPointer { out in
      unsafe film.now.withUnsafeBufferPointer { now in
        unsafe film.before.withUnsafeBufferPointer { before in
          unsafe film.after.withUnsafeBufferPointer { after in
            for y in 0..<h {
              let (up, down) = (max(0, y - 1), min(h - 1, y + 1))
              let fy = (Float(y) + 0.5) / Float(h) * 2 - 1
              for x in 0..<w {
                let i = y &* w &+ x
                let root = weights[i].squareRoot()
                let (left, right) = (max(0, x - 1), min(w - 1, x + 1))
                let fx = (Float(x) + 0.5) / Float(w) * 2 - 1
                let r = unsafe now[i]
                let (a, b) = unsafe (before[i], after[i])
                let (l, e) = unsafe (now[y &* w &+ left], now[y &* w &+ right])
                let (n, s) = unsafe (now[up &* w &+ x], now[down &* w &+ x])
                let gx = (e - l) * 0.5
                let gy = (s - n) * 0.5
                let square = (r - 128) * (r - 128) * (1 / 128)
                let slope = root * (tone.linear + tone.quadratic * (r - 128) * (2 / 128))
                let wave = map.waves[i] * (r * root)
                var mode = map.patterns[i] * (r * slope)
                if let difference { mode = SIMD4(0, 0, 0, difference[i] * slope) }
                unsafe out[i] = root * 64
                unsafe out[count &+ i] = r * root
                unsafe out[2 &* count &+ i] = square * root
                unsafe out[3 &* count &+ i] = (b - a) * 0.5 * root
                unsafe out[4 &* count &+ i] = (a + b - 2 * r) * root
                unsafe out[5 &* count &+ i] = gx * root
                unsafe out[6 &* count &+ i] = gy * root
                unsafe out[7 &* count &+ i] = gx * fx * root
                unsafe out[8 &* count &+ i] = gx * fy * root
                unsafe out[9 &* count &+ i] = gy * fx * root
                unsafe out[10 &* count &+ i] = gy * fy * root
                unsafe out[11 &* count &+ i] = wave.x
                unsafe out[12 &* count &+ i] = wave.y
                unsafe out[13 &* count &+ i] = wave.z
                unsafe out[14 &* count &+ i] = wave.w
                unsafe out[15 &* count &+ i] = (l + e + n + s - 4 * r) * root
                unsafe out[16 &* count &+ i] = mode.x
                unsafe out[17 &* count &+ i] = mode.y
                unsafe out[18 &* count &+ i] = mode.z
                unsafe out[19 &* count &+ i] = mode.w
                unsafe out[20 &* count &+ i] = leak[i] * root
              }
            }
          }
        }
      }
    }
  }

  /// The prices of this frame's fit.
  private func prices(_ effects: Effects) -> [Double] {
    var prices = Self.prices
    if !isFirst {
      for (column, deviation) in Self.steadiness {
        prices[column] = Self.noise / (deviation * deviation)
      }
    }
    if case .modes = effects {
      for column in Self.firstMode..<Self.columns {
        prices[column] = Self.noise / (Self.likelyGain * Self.likelyGain)
      }
    }
    return prices
  }

  /// What of a change of a mode's gain shows in the fitted one.
  private static func resolution(_ factor: CholeskyFactor, _ prices: [Double]) -> SIMD4<Float> {
    var result = SIMD4<Float>.zero
    for mode in 0..<4 {
      let column = firstMode + mode
      var unit = [Double](repeating: 0, count: columns)
      unit[column] = 1
      result[mode] = Float(max(0, min(1, 1 - prices[column] * factor.solve(unit)[column])))
    }
    return result
  }

  /// Solves the normal equations of the columns about their course, by Cholesky's method.
  private func solve(_ prices: [Double]) -> (solution: [Double], factor: CholeskyFactor)? {
    let n = Self.columns
    var normal = [Double](repeating: 0, count: n * n)
    var target = [Double](repeating: 0, count: n)
    unsafe matrix.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for i in 0..<n {
        let own = unsafe base + i * CellGrid.count
        for j in i...n {
          let sum = unsafe Self.product(own, base + j * CellGrid.count)
          if j == n { target[i] = sum } else { normal[i * n + j] = sum }
        }
      }
    }
    for i in 0..<n {
      normal[i * n + i] += prices[i]
      target[i] += prices[i] * course[i]
      for j in 0..<i { normal[i * n + j] = normal[j * n + i] }
    }
    guard let factor = CholeskyFactor(normal, count: n) else { return nil }
    let solution = factor.solve(target)
    return solution.allSatisfy(\.isFinite) ? (solution, factor) : nil
  }

  /// The sum of products of two columns, in eight lanes.
  @unsafe private static func product(
    _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>
  ) -> Double {
    var sum = SIMD8<Float>.zero
    let (a, b) = unsafe (UnsafeRawPointer(a), UnsafeRawPointer(b))
    for i in 0..<(CellGrid.count / 8) {
      let one = unsafe a.loadUnaligned(fromByteOffset: 32 &* i, as: SIMD8<Float>.self)
      let two = unsafe b.loadUnaligned(fromByteOffset: 32 &* i, as: SIMD8<Float>.self)
      sum += one * two
    }
    return Double(sum.sum())
  }

  /// What the columns leave of the leak, times the root of the weights.
  private func rest(of solution: [Double]) -> [Float] {
    let count = CellGrid.count
    var rest = [Float](repeating: 0, count: count)
    unsafe matrix.withUnsafeBufferPointer { values in
      unsafe rest.withUnsafeMutableBufferPointer { rest in
        for i in 0..<count { unsafe rest[i] = values[Self.columns &* count &+ i] }
        for column in 0..<Self.columns {
          let factor = Float(solution[column])
          let start = column &* count
          for i in 0..<count { unsafe rest[i] -= factor * values[start &+ i] }
        }
      }
    }
    return rest
  }

  /// The root mean square of the rest, and the memory of which cells leave most.
  private mutating func judge(_ rest: [Float], _ weights: [Float]) -> Float {
    var (sum, total) = (Float(0), Float(0))
    for i in 0..<CellGrid.count where weights[i] > 0 {
      // The columns carry the root of the weight.
      let square = rest[i] * rest[i]
      sum += square
      total += weights[i]
      energy[i] += (square / weights[i] - energy[i]) * (isFirst ? 1 : Self.memory)
    }
    let mean = total > 0 ? sum / total : 0
    usual += (mean - usual) * (usual == 0 ? 1 : Self.memory)
    return mean.squareRoot()
  }
}
