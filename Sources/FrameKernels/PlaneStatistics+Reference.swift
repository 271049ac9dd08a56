extension PlaneStatistics {
  /// The definition, sample by sample: what every level must equal.
  ///
  /// - Shape: `plane` holds `height` rows of `stride` samples, of which `width` count.
  package static func reference(
    _ plane: [UInt8],
    stride: Int,
    width: Int,
    height: Int
  ) -> (
    rowMaxima: [UInt8], rowSums: [UInt32], columnMaxima: [UInt8], columnSums: [UInt32],
    sum: UInt64, sumOfSquares: UInt64
  ) {
    let rows = (0..<height).map { Array(plane[$0 * stride..<$0 * stride + width]) }
    let columns = (0..<width).map { column in rows.map { $0[column] } }
    func sum(_ samples: [UInt8]) -> UInt32 { samples.reduce(0) { $0 + UInt32($1) } }
    return (
      rows.map { $0.max() ?? 0 }, rows.map(sum), columns.map { $0.max() ?? 0 }, columns.map(sum),
      rows.reduce(0) { $0 + UInt64(sum($1)) },
      rows.joined().reduce(0) { $0 + UInt64($1) * UInt64($1) }
    )
  }
}
