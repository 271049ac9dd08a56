/// Normal equations of a chain of unknown vectors, each tied to its neighbours only.
///
/// Solved by block elimination, which costs time in proportion to the length of the chain (Golub,
/// Van Loan: "Matrix Computations", 4th ed., section 4.5).
struct BlockTridiagonalSystem {
  /// Unknowns of one vector.
  let size: Int
  /// Vectors in the chain.
  let count: Int
  /// Symmetric blocks on the diagonal, `size`² numbers each, row-major.
  var diagonal: [Double]
  /// Blocks that tie vector `i` (rows) to `i + 1` (columns); the last is not used.
  var coupling: [Double]
  /// Right-hand side.
  var target: [Double]

  /// A chain without equations.
  init(size: Int, count: Int) {
    (self.size, self.count) = (size, count)
    diagonal = Array(repeating: 0, count: size * size * count)
    coupling = Array(repeating: 0, count: size * size * count)
    target = Array(repeating: 0, count: size * count)
  }

  /// The unknowns, `size` for each vector; nil where the equations do not determine them.
  func solved() -> [Double]? {
    var (diagonal, target) = (diagonal, target)
    let (n, area) = (size, size * size)
    for i in 0..<count {
      if i > 0 {
        // What the vector before says about this one: coupling' · diagonal⁻¹ · (coupling, target).
        let before = (i - 1) * area
        for column in 0..<n {
          var solution = (0..<n).map { coupling[before + $0 * n + column] }
          Self.solve(&solution, diagonal, before, n)
          for row in 0..<n {
            var sum = 0.0
            for k in 0..<n { sum += coupling[before + k * n + row] * solution[k] }
            diagonal[i * area + row * n + column] -= sum
          }
        }
        var solution = Array(target[(i - 1) * n..<i * n])
        Self.solve(&solution, diagonal, before, n)
        for row in 0..<n {
          var sum = 0.0
          for k in 0..<n { sum += coupling[before + k * n + row] * solution[k] }
          target[i * n + row] -= sum
        }
      }
      guard Self.factorise(&diagonal, i * area, n) else { return nil }
    }
    var result = target
    for i in (0..<count).reversed() {
      var right = Array(target[i * n..<(i + 1) * n])
      if i + 1 < count {
        for row in 0..<n {
          for k in 0..<n {
            right[row] -= coupling[i * area + row * n + k] * result[(i + 1) * n + k]
          }
        }
      }
      Self.solve(&right, diagonal, i * area, n)
      for k in 0..<n { result[i * n + k] = right[k] }
    }
    return result.allSatisfy(\.isFinite) ? result : nil
  }

  /// Replaces the block at `start` by its Cholesky factor, in the lower triangle.
  private static func factorise(_ blocks: inout [Double], _ start: Int, _ n: Int) -> Bool {
    for row in 0..<n {
      for column in 0...row {
        var sum = blocks[start + row * n + column]
        for k in 0..<column {
          sum -= blocks[start + row * n + k] * blocks[start + column * n + k]
        }
        if row == column {
          guard sum > 0, sum.isFinite else { return false }
          blocks[start + row * n + row] = sum.squareRoot()
        } else {
          blocks[start + row * n + column] = sum / blocks[start + column * n + column]
        }
      }
    }
    return true
  }

  /// Solves with the factor at `start`, in place.
  private static func solve(_ vector: inout [Double], _ factors: [Double], _ start: Int, _ n: Int) {
    for row in 0..<n {
      for k in 0..<row { vector[row] -= factors[start + row * n + k] * vector[k] }
      vector[row] /= factors[start + row * n + row]
    }
    for row in (0..<n).reversed() {
      for k in (row + 1)..<max(row + 1, n) {
        vector[row] -= factors[start + k * n + row] * vector[k]
      }
      vector[row] /= factors[start + row * n + row]
    }
  }
}
