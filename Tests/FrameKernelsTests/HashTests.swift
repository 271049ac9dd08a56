import FrameKernels
import TestSupport
import Testing

@Suite("Thermometer codes")
struct ThermometerTests {
  @Test("every level equals the Swift reference", arguments: SIMDLevel.available)
  func reference(level: SIMDLevel) {
    for seed in 0..<20 {
      var random = SeededRandom(seed: UInt64(seed))
      let special: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, 0.5, 1, -0.5]
      let values = (0..<64 * (seed % 4)).map { _ in
        Bool.random(using: &random)
          ? Float.random(in: -2...2, using: &random)
          : special.randomElement(using: &random) ?? 0
      }
      for count in [4, 256] {
        let thresholds = (0..<count).map { _ in special.randomElement(using: &random) ?? 0 }
        var output = [UInt64](repeating: 1, count: values.count / 16)
        Thermometer.quantise(
          values.span,
          thresholds: thresholds.span,
          into: &output,
          level: level
        )
        let expected = Thermometer.reference(values, thresholds: thresholds)
        #expect(output == expected, "seed \(seed), \(count) thresholds")
      }
    }
  }

  @Test("the Hamming distance is the sum of differences of levels", arguments: SIMDLevel.available)
  func distanceOfLevels(level: SIMDLevel) {
    var random = SeededRandom(seed: 9)
    let values = (0..<128).map { _ in Float.random(in: -2...2, using: &random) }
    let thresholds: [Float] = [-1, -0.25, 0.25, 1]
    var words = [UInt64](repeating: 0, count: 8)
    Thermometer.quantise(values.span, thresholds: thresholds.span, into: &words, level: level)
    let levels = values.map { value in thresholds.filter { value > $0 }.count }
    let expected = (0..<64).reduce(0) { $0 + abs(levels[$1] - levels[64 + $1]) }
    let distance = Hamming.distance(
      SIMD4(words[0], words[1], words[2], words[3]),
      SIMD4(words[4], words[5], words[6], words[7])
    )
    #expect(distance == expected)
  }

  @Test("golden: a ramp sets the upper bits of each word", arguments: SIMDLevel.available)
  func golden(level: SIMDLevel) {
    let ramp = (0..<64).map(Float.init)
    let thresholds: [Float] = [-1, 31, 59, 62]
    var words = [UInt64](repeating: 0, count: 4)
    Thermometer.quantise(
      ramp.span,
      thresholds: thresholds.span,
      into: &words,
      level: level
    )
    #expect(words == [.max, 0xFFFF_FFFF_0000_0000, 0xF000_0000_0000_0000, 1 << 63])
  }
}

@Suite("Hamming distances")
struct HammingTests {
  @Test(
    "every level equals the Swift reference",
    arguments: SIMDLevel.available,
    Sizes.lengths
  )
  func reference(level: SIMDLevel, count: Int) {
    for (seed, fill) in Fill.allCases.enumerated() {
      for offset in Sizes.offsets {
        let query = Fill.random.words(count: 4, seed: seed)
        let words = fill.words(count: offset + 4 * count, seed: seed + 50)
        var output = [UInt16](repeating: 0xA5A5, count: count)
        Hamming.distances(
          query: SIMD4(query[0], query[1], query[2], query[3]),
          references: words.span.extracting(offset...),
          into: &output,
          level: level
        )
        let references = Array(words.dropFirst(offset))
        #expect(
          output == Hamming.reference(query: query, references: references),
          "256 bits, \(fill), seed \(seed), offset \(offset)"
        )
        var narrow = [UInt16](repeating: 0xA5A5, count: references.count)
        Hamming.distances(
          query: query[0],
          references: words.span.extracting(offset...),
          into: &narrow,
          level: level
        )
        #expect(
          narrow == Hamming.reference(query: [query[0]], references: references),
          "64 bits, \(fill), seed \(seed), offset \(offset)"
        )
      }
    }
  }

  @Test("golden: distances 0, 256, 4 and 1", arguments: SIMDLevel.available)
  func golden(level: SIMDLevel) {
    let query = SIMD4<UInt64>(1, 2, 4, 8)
    let references: [UInt64] = [
      1, 2, 4, 8, ~1, ~2, ~4, ~8, 0, 0, 0, 0, 1, 2, 4, 8 | 1 << 63,
    ]
    var output = [UInt16](repeating: 0, count: 4)
    Hamming.distances(query: query, references: references.span, into: &output, level: level)
    #expect(output == [0, 256, 4, 1])
    #expect(Hamming.distance(query, SIMD4(0, 0, 0, 0)) == 4)
  }
}
