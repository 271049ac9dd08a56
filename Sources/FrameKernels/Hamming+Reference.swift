extension Hamming {
  /// The definition for hashes of `query.count` words: what every level must equal.
  package static func reference(query: [UInt64], references: [UInt64]) -> [UInt16] {
    (0..<references.count / query.count).map { hash in
      var distance: UInt16 = 0
      for word in query.indices {
        let difference = query[word] ^ references[hash * query.count + word]
        for bit in 0..<64 where difference >> UInt64(bit) & 1 == 1 { distance += 1 }
      }
      return distance
    }
  }
}
