extension Correlation {
  /// The definition: what every level must equal.
  package static func reference(_ a: [UInt8], _ b: [UInt8]) -> Moments {
    var moments = Moments(count: 0, sumA: 0, sumB: 0, sumAA: 0, sumBB: 0, sumAB: 0)
    for (x, y) in zip(a, b).map({ (Int64($0), Int64($1)) }) {
      moments.count += 1
      moments.sumA += x
      moments.sumB += y
      moments.sumAA += x * x
      moments.sumBB += y * y
      moments.sumAB += x * y
    }
    return moments
  }

  /// The definition: what every level must equal.
  package static func referenceDot<T: FixedWidthInteger>(_ a: [T], _ b: [T]) -> Int64 {
    zip(a, b).reduce(0) { $0 + Int64($1.0) * Int64($1.1) }
  }

  /// The definition: what every level must equal.
  package static func referenceAbsoluteDifference(_ a: [UInt8], _ b: [UInt8]) -> UInt64 {
    zip(a, b).reduce(0) { $0 + UInt64(abs(Int($1.0) - Int($1.1))) }
  }
}
