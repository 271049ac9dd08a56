extension DiagonalSums {
  /// The definition, pair by pair: what every level must equal.
  package static func reference(
    queries: [UInt64],
    offsets: [Int32],
    scales: [Int32],
    references: [UInt64],
    corrections: [Int16],
    width: HashWidth,
    limits: Limits,
    into sums: inout [Int32],
    base: Int
  ) {
    let words = width.words
    let count = queries.count / words
    for i in 0..<count {
      let query = Array(queries[i * words..<(i + 1) * words])
      let distances = Hamming.reference(query: query, references: references)
      for (r, distance) in distances.enumerated() {
        if corrections[r] == withoutMotion { continue }
        let sixteenths = 16 * Int32(distance) - Int32(corrections[r])
        let value = (offsets[i] &- scales[i] &* sixteenths) >> Int32(limits.shift)
        sums[base + r - i + count - 1] &+= min(
          max(value, limits.range.lowerBound),
          limits.range.upperBound
        )
      }
    }
  }
}
