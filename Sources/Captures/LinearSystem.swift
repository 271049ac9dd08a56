/// A small symmetric positive definite system of equations.
struct LinearSystem {
  let count: Int
  /// Row-major, all of it.
  var matrix: [Double]
  var target: [Double]

  init(count: Int) {
    self.count = count
    matrix = [Double](repeating: 0, count: count * count)
    target = [Double](repeating: 0, count: count)
  }

  /// The solution and the inverse of the matrix, row-major; nil where it is singular.
  ///
  /// - Complexity: O(count³).
  func solved() -> (solution: [Double], inverse: [Double])? {
    var lower = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        var sum = matrix[i * count + j]
        for k in 0..<j { sum -= lower[i * count + k] * lower[j * count + k] }
        if i == j {
          guard sum > 1e-12, sum.isFinite else { return nil }
          lower[i * count + i] = sum.squareRoot()
        } else {
          lower[i * count + j] = sum / lower[j * count + j]
        }
      }
    }
    func solve(_ right: [Double]) -> [Double] {
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
    var inverse: [Double] = []
    for i in 0..<count {
      var unit = [Double](repeating: 0, count: count)
      unit[i] = 1
      inverse += solve(unit)
    }
    return (solve(target), inverse)
  }
}
