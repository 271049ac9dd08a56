extension NormalEquations {
  /// The definition: what every level must equal.
  package static func reference(
    _ rows: [SIMD16<Float>],
    _ values: [Float],
    _ weights: [Float]
  ) -> [SIMD16<Float>] {
    var sums = [SIMD16<Float>](repeating: .zero, count: unknowns)
    for at in rows.indices where weights[at] > 0 {
      var row = rows[at]
      row[unknowns] = values[at]
      let weighted = row * weights[at]
      for lane in 0..<unknowns { sums[lane] += weighted * rows[at][lane] }
    }
    return sums
  }

  /// The definition of ``products(_:_:level:)``.
  package static func referenceProducts(
    _ rows: [SIMD16<Float>],
    _ factors: SIMD16<Float>
  ) -> [Float] {
    rows.map { row in
      var sums = (0..<16).map { row[$0] * factors[$0] }
      for half in [8, 4, 2, 1] {
        for lane in 0..<half { sums[lane] += sums[lane + half] }
      }
      return sums[0]
    }
  }

  /// The definition of ``cauchyWeights(_:_:mask:level:)``.
  package static func referenceWeights(
    _ values: [Float],
    _ predicted: [Float],
    mask: [Float]
  ) -> [Float] {
    let errors = zip(values, predicted).map { $0 - $1 }
    let eighths = zip(errors, mask).filter { $1 > 0 }.map { error, _ in
      Int(min(511, abs(error) * 8))
    }
    let rank = eighths.count / 2
    let median = rank > 0 ? eighths.sorted()[rank - 1] : 0
    let scale = max(1, Float(median + 1) / 8 * 2.5)
    return zip(errors, mask).map { error, mask in
      let share = error / scale
      return mask > 0 ? 1 / (1 + share * share) : 0
    }
  }
}
