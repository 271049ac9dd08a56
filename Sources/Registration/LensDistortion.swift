/// The radial distortion of a camera's lens: r' = r (1 + k1 r²), r in half diagonals of its frame.
///
/// A homography cannot express it. Negative values are barrel distortion, as wide lenses have.
///
/// - Source: Brown: "Close-range camera calibration", Photogrammetric Engineering 37, 1971.
public struct LensDistortion: Sendable, Hashable {
  /// The coefficient.
  public var k1: Double
  /// Its standard error.
  public var deviation: Double

  /// Estimates the distortion from feature pairs and the homographies that were fitted to them; nil
  /// where the pairs determine nothing.
  ///
  /// What the pairs deviate by is explained by the distortion and one small change of all
  /// homographies together, which have adapted to the distortion as far as they could. Errors count
  /// with Cauchy weights of 0.8 pixels of 160x90.
  ///
  /// - Parameters:
  ///   - moments: feature pairs, points in fractions of the pictures.
  ///   - homography: nine numbers for a second, from the reference's unit square to the leak's.
  /// - Complexity: O(pairs).
  public init?(_ moments: [HomographyTrack.Moment], homography: (_ seconds: Double) -> [Double]) {
    var solution: [Double]?
    var inverse = 0.0
    var (squares, weights) = (0.0, 0.0)
    for _ in 0..<Self.rounds {
      var matrix = [Double](repeating: 0, count: Self.count * Self.count)
      var target = [Double](repeating: 0, count: Self.count)
      (squares, weights) = (0, 0)
      for moment in moments {
        let h = homography(moment.seconds)
        guard h.count == 9 else { return nil }
        for (from, to) in zip(moment.from, moment.to) {
          guard let rows = Self.rows(from, to, h) else { continue }
          let current = solution ?? [Double](repeating: 0, count: Self.count)
          let errors = rows.map { row in
            row.residual - zip(row.values, current).reduce(0) { $0 + $1.0 * $1.1 }
          }
          let energy = errors.reduce(0) { $0 + $1 * $1 }
          let weight = 1 / (1 + energy / (Self.scale * Self.scale))
          guard weight > Self.leastWeight else { continue }
          squares += weight * energy
          weights += 2 * weight
          for row in rows {
            for i in 0..<Self.count {
              target[i] += weight * row.values[i] * row.residual
              for j in 0..<Self.count {
                matrix[Self.count * i + j] += weight * row.values[i] * row.values[j]
              }
            }
          }
        }
      }
      guard weights > Self.leastPairs, let solved = Self.solve(matrix, target) else { return nil }
      solution = solved.values
      inverse = solved.firstVariance
    }
    guard let solution, inverse > 0, solution[0].isFinite else { return nil }
    k1 = solution[0]
    deviation = (squares / weights * inverse).squareRoot()
  }

  /// How far the distortion moves the frame's corners, as a part of the frame's width of 16:9.
  public var cornerShift: Double { abs(k1) * Self.halfDiagonal }

  /// Whether it is known well enough to be believed, and large enough to be seen.
  public var isSignificant: Bool {
    abs(k1) > Self.significantDeviations * deviation && cornerShift > Self.leastCornerShift
  }

  /// One equation: what the distortion and eight numbers of the homography do to a coordinate, in
  /// pixels of 160x90.
  private static func rows(
    _ from: FeatureSet.Point,
    _ to: FeatureSet.Point,
    _ h: [Double]
  ) -> [(values: [Double], residual: Double)]? {
    let depth = h[6] * from.x + h[7] * from.y + h[8]
    guard depth > 1e-6 else { return nil }
    let x = (h[0] * from.x + h[1] * from.y + h[2]) / depth
    let y = (h[3] * from.x + h[4] * from.y + h[5]) / depth
    let (u, v) = ((x - 0.5) * width, (y - 0.5) * height)
    let radius = (u * u + v * v) / (halfDiagonalPixels * halfDiagonalPixels)
    let (px, py) = (from.x / depth, from.y / depth)
    let one = 1 / depth
    return [
      (
        [
          u * radius, width * px, width * py, width * one, 0, 0, 0, -width * x * px,
          -width * x * py,
        ],
        (to.x - x) * width
      ),
      (
        [
          v * radius, 0, 0, 0, height * px, height * py, height * one, -height * y * px,
          -height * y * py,
        ],
        (to.y - y) * height
      ),
    ]
  }

  /// Solves the normal equations, and gives the first number's element of the inverse.
  private static func solve(
    _ matrix: [Double],
    _ target: [Double]
  ) -> (values: [Double], firstVariance: Double)? {
    let n = count
    // Gauss and Jordan with pivots, on the target and the first unit vector at once.
    var rows = (0..<n).map { row in
      Array(matrix[row * n..<(row + 1) * n]) + [target[row], row == 0 ? 1 : 0]
    }
    for column in 0..<n {
      guard let pivot = (column..<n).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        abs(rows[pivot][column]) > 1e-9
      else { return nil }
      rows.swapAt(column, pivot)
      let scale = rows[column][column]
      for k in column..<n + 2 { rows[column][k] /= scale }
      for row in 0..<n where row != column && rows[row][column] != 0 {
        let factor = rows[row][column]
        for k in column..<n + 2 { rows[row][k] -= factor * rows[column][k] }
      }
    }
    return (rows.map { $0[n] }, rows[0][n + 1])
  }

  private static let count = 9
  private static let rounds = 4
  private static let (width, height) = (160.0, 90.0)
  private static let halfDiagonalPixels = (width * width + height * height).squareRoot() / 2
  private static let halfDiagonal = halfDiagonalPixels / width
  private static let scale = 0.8
  /// Pairs further off than six scales are wrong ones.
  private static let leastWeight = 0.027
  private static let leastPairs = 100.0
  private static let significantDeviations = 5.0
  private static let leastCornerShift = 0.002
}
