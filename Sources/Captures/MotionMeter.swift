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
      guard let step = step(small, film.coarse, map) else { return nil }
      map = step.map
    }
    let smooth = PlaneSmoothing.binomial(pixels, size)
    var last: Step?
    for index in 0..<Self.fineSteps {
      guard let step = step(smooth, film.fine, map) else { return nil }
      map = step.map
      last = step
      if index > 0, step.movement < Self.found { break }
    }
    guard let last, last.movement <= Self.settled, last.gain >= Self.leastGain,
      map.cornerPlaces != nil
    else { return nil }
    return last.measurement(of: film.fine)
  }

  /// One solution of the re-weighted equations.
  private func step(_ leak: [Float], _ film: FilmRaster, _ map: PlaneMap) -> Step? {
    guard let view = RectifiedView(leak, film.size, map, lens: lens) else { return nil }
    // The first weights are those of a plain fit of the contrast.
    var (cross, energy, own) = (Float(0), Float(0), Float(0))
    for at in view.values.indices where view.mask[at] > 0 {
      let (value, local) = (view.values[at], film.contrast[at])
      cross += value * local
      energy += local * local
      own += value * value
    }
    guard energy > 0, own > 0 else { return nil }
    let plainGain = cross / energy
    var predicted = film.contrast.map { $0 * plainGain }
    let total = FilmRaster.parameters
    for pass in 0..<Self.passes {
      let weights = NormalEquations.cauchyWeights(view.values, predicted, mask: view.mask)
      var system = Self.equations(view.values, weights, film)
      for (lane, deviation) in Self.priors.enumerated() {
        let deviation = lane == Self.lensLane && knowsLens ? Self.knownLensPrior : deviation
        system.matrix[lane * total + lane] += 1 / (deviation * deviation)
      }
      guard let factor = CholeskyFactor(system.matrix, count: total, leastPivot: 1e-12) else {
        return nil
      }
      let solution = factor.solve(system.target)
      let gain = solution[Self.gainLane]
      guard abs(gain) > 1e-3 else { return nil }
      let row = SIMD16<Float>(
        solution.map(Float.init) + [Float](repeating: 0, count: 16 - total)
      )
      if pass < Self.passes - 1 {
        predicted = NormalEquations.products(film.rows, row)
        continue
      }
      let moved = solution.prefix(8).map { max(-Self.most, min(Self.most, $0 / gain)) }
      guard let back = film.displacement(moved).inverse else { return nil }
      return Step(
        map: map.after(back),
        movement: moved.reduce(0) { max($0, abs($1)) },
        solution: solution,
        row: row,
        factor: factor,
        weights: weights,
        view: view
      )
    }
    return nil
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

  private static let (coarseSteps, fineSteps, passes) = (3, 4, 2)
  /// Longest last step, in pixels: what still moves has not been found.
  private static let settled = 0.25
  /// Step that is not worth another, in pixels.
  private static let found = 0.02
  private static let leastGain = 0.08
  /// Longest step of one displacement, in pixels.
  private static let most = 4.0
  /// What is believed before anything was seen: deviations of the unknowns, the displacements in
  /// pixels.
  private static let priors = [6.0, 6, 2, 2, 1, 1, 1, 1, 1, 10, 1, 20, 1]
  fileprivate static let (gainLane, lensLane) = (9, 12)
  private static let knownLensPrior = 0.01
}

/// A solution, and what it was found from.
private struct Step {
  var map: PlaneMap
  /// Length of the step at the picture's sides, in pixels.
  var movement: Double
  /// The unknowns of ``FilmRaster``, and the same as factors of its rows.
  var solution: [Double]
  var row: SIMD16<Float>
  var factor: CholeskyFactor
  var weights: [Float]
  var view: RectifiedView

  var gain: Double { solution[MotionMeter.gainLane] }

  /// What the last step measured; nil where the leak shows something else than the film.
  func measurement(of film: FilmRaster) -> MotionMeter.Measurement? {
    let predicted = NormalEquations.products(film.rows, row)
    let correlation = correlation(with: predicted)
    guard correlation >= Self.leastCorrelation else { return nil }
    let half = Double(film.halfWidth)
    let lane = MotionMeter.lensLane
    let variance = factor.inverse[lane * FilmRaster.parameters + lane]
    return MotionMeter.Measurement(
      map: map,
      radial: -solution[lane] / gain / half,
      radialError: deviation(from: predicted) / abs(gain) * variance.squareRoot() / half,
      gain: gain,
      correlation: correlation,
      hidden: hiddenCells(beside: predicted, size: film.size)
    )
  }

  /// Deviation of what is not explained.
  ///
  /// Neighbouring errors are alike after the blur: fewer count than there are pixels.
  private func deviation(from predicted: [Float]) -> Double {
    var (errors, count) = (Float(0), Float(0))
    for at in predicted.indices where weights[at] > 0 {
      let error = view.values[at] - predicted[at]
      errors += weights[at] * error * error
      count += weights[at]
    }
    return (Double(errors / max(1, count)) * Self.pixelsOfError).squareRoot()
  }

  private func correlation(with predicted: [Float]) -> Double {
    var (cross, own, other) = (0.0, 0.0, 0.0)
    for at in predicted.indices where view.mask[at] > 0 {
      let (a, b) = (Double(view.values[at]), Double(predicted[at]))
      cross += a * b
      own += a * a
      other += b * b
    }
    return own > 0 && other > 0 ? cross / (own * other).squareRoot() : 0
  }

  /// The cells that are seen, and do not look like the film.
  private func hiddenCells(beside predicted: [Float], size: (width: Int, height: Int)) -> UInt32 {
    var errors = [Float](repeating: 0, count: 32)
    var energies = errors
    var counts = errors
    let (width, height) = size
    for y in 0..<height {
      for x in 0..<width where view.mask[y * width + x] > 0 {
        let cell = (y * 4 / height) * 8 + x * 8 / width
        let value = predicted[y * width + x]
        let error = view.values[y * width + x] - value
        errors[cell] += error * error
        energies[cell] += value * value
        counts[cell] += 1
      }
    }
    let full = Float(width * height / 32)
    var hidden = UInt32(0)
    for cell in 0..<32
    where counts[cell] >= full / 2
      && errors[cell] > Self.hiddenShare * energies[cell] + Self.hiddenLevel * counts[cell]
    {
      hidden |= 1 << UInt32(cell)
    }
    return hidden
  }

  private static let leastCorrelation = 0.5
  /// Pixels that have one error in common.
  private static let pixelsOfError = 6.0
  /// Energy of the error, as a part of the picture's and in squared levels, in cells that something
  /// hides.
  private static let (hiddenShare, hiddenLevel): (Float, Float) = (1.5, 30)
}

/// A leak's frame in the film's plane, without its local mean.
private struct RectifiedView {
  var values: [Float]
  /// 1 where the film's pixel lies in the leak's frame.
  var mask: [Float]

  /// Nil where too little of the film's picture lies in the frame.
  init?(_ leak: [Float], _ size: (width: Int, height: Int), _ map: PlaneMap, lens: Double) {
    values = [Float](repeating: 0, count: leak.count)
    mask = values
    let count = PlaneRectification.view(
      leak,
      width: size.width,
      height: size.height,
      map: map.elements.map(Float.init),
      lens: Float(lens),
      into: &values,
      mask: &mask
    )
    guard Float(count) >= Self.leastVisible * Float(leak.count) else { return nil }
    values = PlaneRectification.withoutMean(
      values,
      mask: mask,
      width: size.width,
      height: size.height,
      radius: FilmRaster.radius(width: size.width)
    )
  }

  private static let leastVisible: Float = 0.25
}
