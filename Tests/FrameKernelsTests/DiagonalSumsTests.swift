import FrameKernels
import TestSupport
import Testing

@Suite("Diagonal sums")
struct DiagonalSumsTests {
  static let limits = DiagonalSums.Limits(shift: 8, range: -256...1536)

  @Test(
    "every level equals the Swift reference",
    arguments: SIMDLevel.available,
    DiagonalSums.HashWidth.allCases
  )
  func reference(level: SIMDLevel, width: DiagonalSums.HashWidth) {
    let words = width.words
    for (index, count) in (Sizes.lengths + [511, 512, 513, 2049]).enumerated() {
      for (seed, queries) in [1, 2, 3, 4, 5, 40].enumerated() where queries < 40 || index % 4 == 0 {
        let fill = Fill.allCases[(index + seed) % Fill.allCases.count]
        let hashes = Fill.random.words(count: queries * words, seed: seed)
        let references = fill.words(count: count * words, seed: index)
        var random = SeededRandom(seed: UInt64(index))
        let offsets = (0..<queries).map { _ in Int32.random(in: -80000...400_000, using: &random) }
        let scales = (0..<queries).map { _ in Int32.random(in: -500...4000, using: &random) }
        // Guards on both sides must stay as they are.
        let base = 3
        var sums = [Int32](repeating: 11, count: base + count + queries + 4)
        var expected = sums
        DiagonalSums.accumulate(
          queries: hashes.span,
          offsets: offsets.span,
          scales: scales.span,
          references: references.span,
          width: width,
          limits: Self.limits,
          into: &sums,
          base: base,
          level: level
        )
        DiagonalSums.reference(
          queries: hashes,
          offsets: offsets,
          scales: scales,
          references: references,
          width: width,
          limits: Self.limits,
          into: &expected,
          base: base
        )
        #expect(sums == expected, "\(queries) queries, \(count) references, \(fill), seed \(index)")
      }
    }
  }

  @Test("extreme parameters wrap alike", arguments: SIMDLevel.available)
  func wrapping(level: SIMDLevel) {
    let queries = Fill.random.words(count: 20, seed: 1)
    let references = Fill.random.words(count: 4 * 40, seed: 2)
    let extremes: [Int32] = [.min, .max, -1, 0, 1]
    let all = DiagonalSums.Limits(shift: 0, range: .min ... .max)
    var sums = [Int32](repeating: .max, count: 44)
    var expected = sums
    DiagonalSums.accumulate(
      queries: queries.span,
      offsets: extremes.span,
      scales: extremes.span,
      references: references.span,
      limits: all,
      into: &sums,
      level: level
    )
    DiagonalSums.reference(
      queries: queries,
      offsets: extremes,
      scales: extremes,
      references: references,
      width: .bits256,
      limits: all,
      into: &expected,
      base: 0
    )
    #expect(sums == expected)
  }

  @Test(
    "golden: a query that repeats the reference peaks on its diagonal",
    arguments: SIMDLevel.available
  )
  func golden(level: SIMDLevel) {
    let references = Fill.random.words(count: 4 * 100, seed: 4)
    let queries = Array(references[4 * 30..<4 * 50])
    let offsets = [Int32](repeating: 128 * 256, count: 20)
    let scales = [Int32](repeating: 256, count: 20)
    var sums = [Int32](repeating: 0, count: 119)
    DiagonalSums.accumulate(
      queries: queries.span,
      offsets: offsets.span,
      scales: scales.span,
      references: references.span,
      limits: .init(shift: 8, range: -128...128),
      into: &sums,
      level: level
    )
    let peak = sums.indices.max { sums[$0] < sums[$1] }
    #expect(peak == 30 + 19)
    #expect(sums[49] == 20 * 128)
  }

  @Test("sums that are too short are refused")
  func tooShort() async {
    await #expect(processExitsWith: .failure) {
      let hashes: [UInt64] = [1, 2]
      let numbers: [Int32] = [1, 1]
      var sums: [Int32] = [0, 0]
      DiagonalSums.accumulate(
        queries: hashes.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: hashes.span,
        width: .bits64,
        limits: DiagonalSumsTests.limits,
        into: &sums
      )
    }
  }
}
