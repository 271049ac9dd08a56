import FrameKernels
public import VideoCore

/// Measures how a film lies in a frame of a leak, to a small part of a pixel.
///
/// The leak's frame is brought into the film's plane by a first guess and compared with the film's
/// own picture there: weighted least squares on the local contrast, in which eight displacements,
/// the time between two frames of the film and the leak's contrast are unknown. What does not fit,
/// as ads and heads, loses its weight (Cauchy).
///
/// - Source: Baker, Matthews: "Lucas-Kanade 20 Years On", IJCV 2004, the inverse compositional
///   algorithm, section 3.2; the columns for time and contrast are ours.
public struct MotionMeter: Sendable {
  /// What was measured in one frame.
  public struct Measurement: Sendable, Hashable {
    /// From the film's unit square to the leak's.
    public var map: PlaneMap
    /// What the lens still does: a point at radius r, in half widths of the film's picture, is moved
    /// outwards by `radial` r³ more than assumed; and the standard error of that.
    public var radial: Double
    /// Standard error of ``radial``.
    public var radialError: Double
    /// Contrast of the leak as a multiple of the film's.
    public var gain: Double
    /// Correlation of the local contrast, -1...1, where the picture is visible.
    public var correlation: Double
    /// One bit for each of 8x4 cells of the film's picture, row by row from the lowest bit: seen, but
    /// unlike the film.
    public var hidden: UInt32
  }

  /// The lens, as the film's picture shows it.
  ///
  /// A point at radius r, in half widths of the picture from
  /// its middle, is moved outwards by this times r³. Negative for a barrel.
  public var lens: Double
  /// Whether the lens is known, and not to be measured in each frame.
  public var knowsLens: Bool

  /// Creates a meter.
  public init(lens: Double = 0, knowsLens: Bool = false) {
    (self.lens, self.knowsLens) = (lens, knowsLens)
  }

  /// Compares one frame of 160x90 with the film; nil where they cannot be brought together.
  ///
  /// - Parameters:
  ///   - leak: the frame.
  ///   - film: the two frames of the film around the time that it shows.
  ///   - start: a guess of the map from the film's unit square to the leak's.
  /// - Returns: How the film lies in the frame.
  /// - Complexity: O(pixels).
  public func measure(_ leak: LumaPlane, film: FilmMoment, start: PlaneMap) -> Measurement? {
    let size = (FilmRaster.width, FilmRaster.height)
    guard leak.size == FrameSize(width: size.0, height: size.1) else { return nil }
    let pixels = leak.pixels.map(Float.init)
    let half = (size.0 / 2, size.1 / 2)
    let small = PlaneSmoothing.binomial(PlaneSmoothing.halved(pixels, size), half)
    var map = start
    for _ in 0..<Self.coarseSteps {
      guard let step = step(small, film.coarse, map, wants: false) else { return nil }
      map = step.map
    }
    let smooth = PlaneSmoothing.binomial(pixels, size)
    var last: Step?
    for index in 0..<Self.fineSteps {
      guard let step = step(smooth, film.fine, map, wants: index > 0) else { return nil }
      map = step.map
      last = step
      if index > 0, step.movement < Self.found { break }
    }
    guard let last, last.movement <= Self.settled, last.correlation >= Self.leastCorrelation,
      last.gain >= Self.leastGain,
      map.cornerPlaces != nil
    else { return nil }
    return Measurement(
      map: map,
      radial: last.radial,
      radialError: last.radialError,
      gain: last.gain,
      correlation: last.correlation,
      hidden: last.hidden
    )
  }

  private struct Step {
    var map: PlaneMap
    /// Length of the step at the picture's sides, in pixels.
    var movement = 0.0
    var radial = 0.0
    var radialError = 0.0
    var gain = 0.0
    var correlation = 0.0
    var hidden: UInt32 = 0
  }

  /// One solution of the re-weighted equations.
  private func step(
    _ leak: [Float],
    _ film: FilmRaster,
    _ map: PlaneMap,
    wants: Bool
  ) -> Step? {
    var view = RectifiedView(leak, film.size, map, lens: lens)
    guard view.insideShare >= Self.leastVisible else { return nil }
    view.removeMean(radius: FilmRaster.radius(width: film.size.width))
    let values = view.values
    // The first weights are those of a plain fit of the contrast.
    var (cross, energy, own) = (Float(0), Float(0), Float(0))
    for at in values.indices where view.mask[at] > 0 {
      let local = film.rows[at][9]
      cross += values[at] * local
      energy += local * local
      own += values[at] * values[at]
    }
    guard energy > 0, own > 0 else { return nil }
    var weights = Self.weights(values, view.mask, film) { $0[9] * (cross / energy) }
    let total = FilmRaster.parameters
    var result: Step?
    for pass in 0..<2 {
      var system = Self.equations(values, weights, film)
      for (lane, deviation) in Self.priors.enumerated() {
        let deviation = lane == Self.lensLane && knowsLens ? Self.knownLensPrior : deviation
        system.matrix[lane * total + lane] += 1 / (deviation * deviation)
      }
      guard let factor = CholeskyFactor(system.matrix, count: total, leastPivot: 1e-12) else {
        return nil
      }
      let (solution, inverse) = (factor.solve(system.target), factor.inverse)
      let gain = solution[9]
      guard abs(gain) > 1e-3 else { return nil }
      let row = SIMD16<Float>(
        solution.map(Float.init) + [Float](repeating: 0, count: 16 - total)
      )
      let predict = { (design: SIMD16<Float>) in (design * row).sum() }
      if pass == 0 {
        weights = Self.weights(values, view.mask, film, predict)
        continue
      }
      let moved = solution.prefix(8).map { max(-Self.most, min(Self.most, $0 / gain)) }
      guard let back = film.displacement(moved).inverse else { return nil }
      var step = Step(map: map.after(back))
      step.gain = gain
      step.movement = moved.reduce(0) { max($0, abs($1)) }
      guard wants else { return step }
      var (errors, count) = (Float(0), Float(0))
      for at in values.indices where weights[at] > 0 {
        let error = values[at] - predict(film.rows[at])
        errors += weights[at] * error * error
        count += weights[at]
      }
      // Neighbouring errors are alike after the blur: fewer count than there are pixels.
      let variance = Double(errors / max(1, count)) * Self.pixelsOfError
      let scale = variance.squareRoot() / abs(gain)
      let half = Double(film.halfWidth)
      step.radial = -solution[Self.lensLane] / gain / half
      step.radialError =
        scale * inverse[Self.lensLane * total + Self.lensLane].squareRoot() / half
      step.correlation = Self.correlation(values, view.mask, film, predict)
      step.hidden = Self.hiddenCells(values, view.mask, film, predict)
      result = step
    }
    return result
  }

  /// Cauchy weights by the error of a prediction, with a scale of its median.
  private static func weights(
    _ values: [Float],
    _ mask: [Float],
    _ film: FilmRaster,
    _ predict: (SIMD16<Float>) -> Float
  ) -> [Float] {
    var errors = [Float](repeating: 0, count: values.count)
    var histogram = [Int](repeating: 0, count: 512)
    var count = 0
    for at in values.indices where mask[at] > 0 {
      errors[at] = values[at] - predict(film.rows[at])
      histogram[min(511, Int(abs(errors[at]) * 8))] += 1
      count += 1
    }
    var (below, median) = (0, 0)
    while median < 511, below + histogram[median] < count / 2 {
      below += histogram[median]
      median += 1
    }
    let scale = max(1, Float(median + 1) / 8 * 2.5)
    return values.indices.map { at in
      guard mask[at] > 0 else { return 0 }
      let share = errors[at] / scale
      return 1 / (1 + share * share)
    }
  }

  private static func equations(
    _ values: [Float],
    _ weights: [Float],
    _ film: FilmRaster
  ) -> (matrix: [Double], target: [Double]) {
    let total = FilmRaster.parameters
    let sums = NormalEquations.sums(film.rows, values, weights)
    var matrix = [Double](repeating: 0, count: total * total)
    var target = [Double](repeating: 0, count: total)
    for i in 0..<total {
      for j in 0..<total { matrix[i * total + j] = Double(sums[i][j]) }
      target[i] = Double(sums[i][FilmRaster.targetLane])
    }
    return (matrix, target)
  }

  private static func correlation(
    _ values: [Float],
    _ mask: [Float],
    _ film: FilmRaster,
    _ predict: (SIMD16<Float>) -> Float
  ) -> Double {
    var (cross, own, other) = (0.0, 0.0, 0.0)
    for at in values.indices where mask[at] > 0 {
      let (a, b) = (Double(values[at]), Double(predict(film.rows[at])))
      cross += a * b
      own += a * a
      other += b * b
    }
    return own > 0 && other > 0 ? cross / (own * other).squareRoot() : 0
  }

  /// The cells that are seen, and do not look like the film.
  private static func hiddenCells(
    _ values: [Float],
    _ mask: [Float],
    _ film: FilmRaster,
    _ predict: (SIMD16<Float>) -> Float
  ) -> UInt32 {
    var errors = [Float](repeating: 0, count: 32)
    var energies = errors
    var counts = errors
    let (width, height) = film.size
    for y in 0..<height {
      for x in 0..<width where mask[y * width + x] > 0 {
        let cell = (y * 4 / height) * 8 + x * 8 / width
        let value = predict(film.rows[y * width + x])
        let error = values[y * width + x] - value
        errors[cell] += error * error
        energies[cell] += value * value
        counts[cell] += 1
      }
    }
    let full = Float(width * height / 32)
    var hidden = UInt32(0)
    for cell in 0..<32
    where counts[cell] >= full / 2
      && errors[cell] > hiddenShare * energies[cell] + hiddenLevel * counts[cell]
    {
      hidden |= 1 << UInt32(cell)
    }
    return hidden
  }

  private static let (coarseSteps, fineSteps) = (3, 4)
  /// Longest last step, in pixels: what still moves has not been found.
  private static let settled = 0.25
  /// Step that is not worth another, in pixels.
  private static let found = 0.02
  private static let leastCorrelation = 0.5
  private static let leastGain = 0.08
  private static let leastVisible: Float = 0.25
  /// Longest step of one displacement, in pixels.
  private static let most = 4.0
  /// Pixels that have one error in common.
  private static let pixelsOfError = 6.0
  /// What is believed before anything was seen: deviations of the unknowns, the displacements in
  /// pixels.
  private static let priors = [6.0, 6, 2, 2, 1, 1, 1, 1, 1, 10, 1, 20, 1]
  private static let lensLane = 12
  private static let knownLensPrior = 0.01
  /// Energy of the error, as a part of the picture's and in squared levels, in cells that something
  /// hides.
  private static let (hiddenShare, hiddenLevel): (Float, Float) = (1.5, 30)
}

/// A leak's frame in the film's plane.
private struct RectifiedView {
  var values: [Float]
  /// 1 where the film's pixel lies in the leak's frame.
  var mask: [Float]
  var insideShare: Float
  let size: (width: Int, height: Int)

  init(_ leak: [Float], _ size: (width: Int, height: Int), _ map: PlaneMap, lens: Double) {
    self.size = size
    let (width, height) = size
    values = [Float](repeating: 0, count: width * height)
    mask = values
    var inside = 0
    let e = map.elements.map(Float.init)
    let (scaleX, scaleY) = (Float(width), Float(height))
    let (lens, ratio) = (Float(lens), Float(height) / Float(width))
    for y in 0..<height {
      let down = 2 * (Float(y) + 0.5) / scaleY - 1
      for x in 0..<width {
        let across = 2 * (Float(x) + 0.5) / scaleX - 1
        let bend = 1 + lens * (across * across + down * down * ratio * ratio)
        let (u, v) = ((1 + across * bend) / 2, (1 + down * bend) / 2)
        let depth = e[6] * u + e[7] * v + e[8]
        guard depth > 1e-3 else { continue }
        let px = (e[0] * u + e[1] * v + e[2]) / depth * scaleX - 0.5
        let py = (e[3] * u + e[4] * v + e[5]) / depth * scaleY - 0.5
        guard px >= 1, py >= 1, px < scaleX - 2, py < scaleY - 2 else { continue }
        let (left, top) = (Int(px), Int(py))
        let (shareX, shareY) = (px - Float(left), py - Float(top))
        let at = top * width + left
        let upper = leak[at] + (leak[at + 1] - leak[at]) * shareX
        let lower = leak[at + width] + (leak[at + width + 1] - leak[at + width]) * shareX
        values[y * width + x] = upper + (lower - upper) * shareY
        mask[y * width + x] = 1
        inside += 1
      }
    }
    insideShare = Float(inside) / Float(width * height)
  }

  mutating func removeMean(radius: Int) {
    values = PlaneSmoothing.highPass(values, mask: mask, size, radius: radius)
  }
}
