import FrameKernels
import VideoCore

/// The film's own change from one frame to the next, seen as a movement of a camera.
///
/// Where it looks like one, as in a pan or where one thing alone moves before an empty ground, a camera's
/// movement cannot be told from a small error of the time that a leak's frame shows. A steady pan only adds
/// a constant to what is measured; one that jerks, as stop motion does, adds what is the same in every
/// recording.
struct ApparentMovement: Sendable {
  /// Part of the change's energy that a movement explains, 0...1.
  private(set) var share = 0.0
  /// The displacements of ``FilmRaster``, 0 to 5, in half widths of the picture.
  private(set) var displacements = [Double](repeating: 0, count: lanes)

  /// Whether what is measured here is the film's movement rather than a camera's.
  ///
  /// - Parameter neighbours: the movements from the frame before and to the frame after.
  /// - Returns: Whether it is.
  func hidesCamera(beside neighbours: () -> [ApparentMovement]) -> Bool {
    guard share >= Self.hidingShare else { return false }
    return neighbours().contains { other in
      zip(displacements, other.displacements).contains { abs($0 - $1) >= Self.jerk }
    }
  }

  /// Fits the movement by re-weighted least squares (Cauchy).
  ///
  /// - Complexity: O(pixels).
  init(_ raster: FilmRaster) {
    let count = Self.lanes
    var weights = [Float](repeating: 1, count: raster.rows.count)
    for pass in 0..<Self.passes {
      // What is explained is a lane of the rows here: the values of the other columns play no part.
      let sums = NormalEquations.sums(raster.rows, weights, weights)
      var matrix = [Double](repeating: 0, count: count * count)
      var target = [Double](repeating: 0, count: count)
      for i in 0..<count {
        for j in 0..<count { matrix[i * count + j] = Double(sums[i][j]) }
        matrix[i * count + i] += Self.ridge
        target[i] = Double(sums[i][Self.changeLane])
      }
      guard let factor = CholeskyFactor(matrix, count: count, leastPivot: 1e-12) else { return }
      let solution = factor.solve(target)
      var movement = SIMD16<Float>.zero
      for lane in 0..<count { movement[lane] = Float(solution[lane]) }
      let explained = NormalEquations.products(raster.rows, movement)
      let errors = zip(raster.rows, explained).map { $0[Self.changeLane] - $1 }
      if pass < Self.passes - 1 {
        let usual = Median.of(errors.map { Double(abs($0)) })
        let scale = max(0.5, Float(2.385 * 1.4826 * usual))
        weights = errors.map { 1 / (1 + ($0 / scale) * ($0 / scale)) }
        continue
      }
      var (left, whole) = (0.0, 0.0)
      for ((row, error), weight) in zip(zip(raster.rows, errors), weights) {
        left += Double(weight * error * error)
        whole += Double(weight * row[Self.changeLane] * row[Self.changeLane])
      }
      guard whole > 0 else { return }
      share = max(0, 1 - left / whole)
      displacements = solution.map { $0 / Double(raster.halfWidth) }
    }
  }

  /// Displacements of ``FilmRaster``: shifts, size, turn and the two that change the sides' ratio.
  private static let lanes = 6
  private static let changeLane = 8
  private static let passes = 3
  /// Holds displacements at nothing where the picture is empty.
  private static let ridge = 1.0
  /// Films that hands recorded were seen below 0.4 half of the time, a film of one moving thing above 0.8.
  private static let hidingShare = 0.6
  /// Half a pixel of 160 from one frame to the next: with the time wrong by a part of a frame, what is left
  /// of it moves less than a hand does.
  private static let jerk = 0.006
}
