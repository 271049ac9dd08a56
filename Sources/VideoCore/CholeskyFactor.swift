/// The lower triangular factor of a small symmetric positive definite matrix.
///
/// - Source: Golub, Van Loan: "Matrix Computations", 4th edition, algorithm 4.2.2.
public struct CholeskyFactor: Sendable {
  /// Number of rows.
  public let count: Int
  private var lower: [Double]

  /// Factors a row-major matrix; nil where a pivot is not above `leastPivot`.
  ///
  /// - Complexity: O(count³).
  public init?(_ matrix: [Double], count: Int, leastPivot: Double = 0) {
    precondition(matrix.count == count * count, "a square matrix")
    self.count = count
    lower = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        var sum = matrix[i * count + j]
        for k in 0..<j { sum -= lower[i * count + k] * lower[j * count + k] }
        if i == j {
          guard sum > leastPivot, sum.isFinite else { return nil }
          lower[i * count + i] = sum.squareRoot()
        } else {
          lower[i * count + j] = sum / lower[j * count + j]
        }
      }
    }
  }

  /// What of the last row the others do not explain.
  public var lastPivot: Double { lower[count * count - 1] * lower[count * count - 1] }

  /// The solution of the equations with this matrix.
  public func solve(_ right: [Double]) -> [Double] {
    var values = right
    for i in 0..<count {
      for k in 0..<i { values[i] -= lower[i * count + k] * values[k] }
      values[i] /= lower[i * count + i]
    }
    for i in stride(from: count - 1, through: 0, by: -1) {
      for k in (i + 1)..<max(i + 1, count) { values[i] -= lower[k * count + i] * values[k] }
      values[i] /= lower[i * count + i]
    }
    return values
  }

  /// The inverse of the matrix, row-major.
  public var inverse: [Double] {
    (0..<count).flatMap { row in
      var unit = [Double](repeating: 0, count: count)
      unit[row] = 1
      return solve(unit)
    }
  }
}
