import FrameKernels
import TestSupport
import Testing

@Suite("Normal equations")
struct NormalEquationsTests {
  /// Rows, values and weights of all orders of magnitude; every third weight is 0, some are negative.
  private static func problem(
    count: Int,
    seed: UInt64
  ) -> (rows: [SIMD16<Float>], values: [Float], weights: [Float]) {
    var random = SeededRandom(seed: seed)
    func number() -> Float {
      let word = random.next()
      let scale = Float(sign: .plus, exponent: Int(word >> 60) - 8, significand: 1)
      return (Float(word & 0xFFFF) / 32768 - 1) * scale
    }
    let rows = (0..<count).map { _ in
      var row = SIMD16<Float>.zero
      for lane in 0..<16 { row[lane] = number() }
      return row
    }
    let values = (0..<count).map { _ in number() }
    let weights = (0..<count).map { $0 % 3 == 0 ? 0 : number() }
    return (rows, values, weights)
  }

  @Test(
    "every level equals the Swift reference",
    arguments: SIMDLevel.available,
    [0, 1, 2, 3, 15, 16, 17, 100, 3600]
  )
  func reference(level: SIMDLevel, count: Int) {
    for seed in 0..<8 {
      let (rows, values, weights) = Self.problem(count: count, seed: UInt64(seed))
      let sums = NormalEquations.sums(rows, values, weights, level: level)
      let expected = NormalEquations.reference(rows, values, weights)
      #expect(sums.count == expected.count)
      for (sum, other) in zip(sums, expected) {
        for lane in 0..<16 where lane <= NormalEquations.unknowns {
          #expect(sum[lane].bitPattern == other[lane].bitPattern, "lane \(lane), seed \(seed)")
        }
      }
    }
  }

  @Test("the sums are those of products", arguments: SIMDLevel.available)
  func products(level: SIMDLevel) {
    var row = SIMD16<Float>.zero
    for lane in 0..<16 { row[lane] = Float(lane + 1) }
    let sums = NormalEquations.sums([row, row, row], [2, 3, 5], [0.5, 0, 2], level: level)
    #expect(sums[0][1] == 5)
    #expect(sums[4][6] == 87.5)
    #expect(sums[2][NormalEquations.unknowns] == 33)
  }

  @Test(
    "products of every level equal the Swift reference",
    arguments: SIMDLevel.available,
    [0, 1, 3, 4, 5, 15, 16, 17, 100]
  )
  func rowProducts(level: SIMDLevel, count: Int) {
    let (rows, _, _) = Self.problem(count: count + 1, seed: 7)
    let found = NormalEquations.products(Array(rows.prefix(count)), rows[count], level: level)
    let expected = NormalEquations.referenceProducts(Array(rows.prefix(count)), rows[count])
    #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test(
    "robust weights of every level equal the Swift reference",
    arguments: SIMDLevel.available,
    [0, 1, 2, 15, 16, 17, 33, 400]
  )
  func weights(level: SIMDLevel, count: Int) {
    for seed in 0..<8 {
      let (rows, values, signs) = Self.problem(count: count, seed: UInt64(seed))
      let predicted = rows.map { $0[0] }
      let mask: [Float] = signs.map { $0 > 0 ? 1 : 0 }
      let found = NormalEquations.cauchyWeights(values, predicted, mask: mask, level: level)
      let expected = NormalEquations.referenceWeights(values, predicted, mask: mask)
      #expect(found.map(\.bitPattern) == expected.map(\.bitPattern), "seed \(seed)")
    }
  }

  @Test("an error of the scale halves the weight, what is hidden has none")
  func weightsOfErrors() {
    // Where most errors are small the scale is a level.
    let weights = NormalEquations.cauchyWeights(
      [0, 0, 0, 9, 1],
      [0, 0, 0, 0, 0],
      mask: [1, 1, 1, 0, 1]
    )
    #expect(weights == [1, 1, 1, 0, 0.5])
  }
}
