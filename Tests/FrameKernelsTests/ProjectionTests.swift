import FrameKernels
import TestSupport
import Testing

@Suite("Projection")
struct ProjectionTests {
  @Test(
    "every level equals the Swift reference",
    arguments: SIMDLevel.available,
    [1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 144, 255, 1000]
  )
  func reference(level: SIMDLevel, columns: Int) {
    for (seed, fill) in Fill.allCases.enumerated() {
      for (rows, count) in [(1, 1), (3, 2), (7, 0), (16, 1), (17, 3), (64, 2)] {
        let matrix = fill.signed16(count: rows * columns, seed: seed)
        let vectors = fill.signed16(count: count * columns + 3, seed: seed + 100)
        var output = [Int32](repeating: 7, count: count * rows)
        Projection.project(
          vectors.span.extracting(3...),
          matrix: matrix.span,
          rows: rows,
          columns: columns,
          into: &output,
          level: level
        )
        let expected = Projection.reference(
          Array(vectors.dropFirst(3)),
          matrix: matrix,
          rows: rows,
          columns: columns
        )
        #expect(output == expected, "\(rows) rows, \(count) vectors, \(fill), seed \(seed)")
      }
    }
  }

  @Test("golden: two rows, two vectors", arguments: SIMDLevel.available)
  func golden(level: SIMDLevel) {
    let vectors: [Int16] = [1, 2, 3, -1, 0, 32767]
    let matrix: [Int16] = [1, 10, 100, -5, 0, 32767]
    var output = [Int32](repeating: 0, count: 4)
    Projection.project(
      vectors.span,
      matrix: matrix.span,
      rows: 2,
      columns: 3,
      into: &output,
      level: level
    )
    #expect(output == [321, 98296, 3_276_699, 1_073_676_294])
  }
}
