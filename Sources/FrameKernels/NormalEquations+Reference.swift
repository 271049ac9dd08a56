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
      for lane in 0..<unknowns { sums[lane] += row * weighted[lane] }
    }
    return sums
  }
}
