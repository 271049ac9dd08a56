extension Projection {
  /// The definition: what every level must equal.
  package static func reference(
    _ vectors: [Int16],
    matrix: [Int16],
    rows: Int,
    columns: Int
  ) -> [Int32] {
    var output: [Int32] = []
    for vector in 0..<vectors.count / columns {
      for row in 0..<rows {
        var sum = 0
        for column in 0..<columns {
          sum += Int(vectors[vector * columns + column]) * Int(matrix[row * columns + column])
        }
        output.append(Int32(truncatingIfNeeded: sum))
      }
    }
    return output
  }
}
