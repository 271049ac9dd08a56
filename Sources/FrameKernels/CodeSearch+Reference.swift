extension CodeSearch {
  /// The definition of ``sift(_:from:in:into:level:)`` without end of room: what every level must equal.
  package static func reference(
    _ probes: [SignatureProbe],
    in signatures: [UInt64]
  ) -> [(owner: UInt32, place: UInt32)] {
    probes.flatMap { probe in
      (probe.first..<probe.end).filter { place in
        let differing = (signatures[Int(place)] ^ probe.signature) & probe.mask
        return (0..<64).count { differing >> UInt64($0) & 1 == 1 } <= Int(probe.limit)
      }
      .map { (probe.owner, $0) }
    }
  }

  /// The definition of ``compare(rows:owners:starts:in:into:level:)``.
  package static func reference(row: [UInt16], with codes: [UInt16]) -> UInt16 {
    var sum = 0
    for at in 0..<rowCount {
      let (code, mask) = (codes[at], row[rowCount + at])
      for bit in 0..<16 where mask >> UInt16(bit) & 1 == 1 {
        if (code ^ row[at]) >> UInt16(bit) & 1 == 1 { sum += 3 }
        let isMiddle = bit < 8 && code >> UInt16(bit) & 1 == 1 && code >> UInt16(bit + 8) & 1 == 0
        if isMiddle { sum += 1 }
      }
    }
    return UInt16(sum)
  }
}
