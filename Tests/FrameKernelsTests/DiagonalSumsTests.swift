import FrameKernels
import TestSupport
import Testing

@Suite("Diagonal sums")
struct DiagonalSumsTests {
  static let limits = DiagonalSums.Limits(shift: 8, range: -256...1536)

  /// Ordinary corrections, and among them extremes and samples without motion.
  static func corrections(count: Int, seed: Int) -> [Int16] {
    Fill.random.signed16(count: count, seed: seed).map { value in
      switch UInt16(bitPattern: value) % 16 {
      case 0, 1: .min
      case 2: .max
      case 3: .min + 1
      case 4: value
      default: value / 256
      }
    }
  }

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
        let scales = (0..<queries).map { _ in Int32.random(in: -32...250, using: &random) }
        let corrections = Self.corrections(count: count, seed: index + seed)
        // Guards on both sides must stay as they are.
        let base = 3
        var sums = [Int32](repeating: 11, count: base + count + queries + 4)
        var expected = sums
        DiagonalSums.accumulate(
          queries: hashes.span,
          offsets: offsets.span,
          scales: scales.span,
          references: references.span,
          corrections: corrections.span,
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
          corrections: corrections,
          width: width,
          limits: Self.limits,
          into: &expected,
          base: base
        )
        #expect(sums == expected, "\(queries) queries, \(count) references, \(fill), seed \(index)")
      }
    }
  }

  @Test(
    "extreme parameters wrap alike",
    arguments: SIMDLevel.available,
    DiagonalSums.HashWidth.allCases
  )
  func wrapping(level: SIMDLevel, width: DiagonalSums.HashWidth) {
    let queries = Fill.random.words(count: 5 * width.words, seed: 1)
    let references = Fill.alternating.words(count: 40 * width.words, seed: 2)
    let extremes: [Int32] = [.min, .max, -1, 0, 1]
    let edges: [Int16] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    let corrections = (0..<40).map { edges[$0 % edges.count] }
    let all = DiagonalSums.Limits(shift: 0, range: .min ... .max)
    var sums = [Int32](repeating: .max, count: 44)
    var expected = sums
    DiagonalSums.accumulate(
      queries: queries.span,
      offsets: extremes.span,
      scales: extremes.span,
      references: references.span,
      corrections: corrections.span,
      width: width,
      limits: all,
      into: &sums,
      level: level
    )
    DiagonalSums.reference(
      queries: queries,
      offsets: extremes,
      scales: extremes,
      references: references,
      corrections: corrections,
      width: width,
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
    let scales = [Int32](repeating: 16, count: 20)
    let corrections = [Int16](repeating: 0, count: 100)
    var sums = [Int32](repeating: 0, count: 119)
    DiagonalSums.accumulate(
      queries: queries.span,
      offsets: offsets.span,
      scales: scales.span,
      references: references.span,
      corrections: corrections.span,
      limits: .init(shift: 8, range: -128...128),
      into: &sums,
      level: level
    )
    let peak = sums.indices.max { sums[$0] < sums[$1] }
    #expect(peak == 30 + 19)
    #expect(sums[49] == 20 * 128)
  }

  @Test(
    "golden: corrections move a distance by sixteenths of a bit",
    arguments: SIMDLevel.available,
    DiagonalSums.HashWidth.allCases
  )
  func sixteenths(level: SIMDLevel, width: DiagonalSums.HashWidth) {
    // Reference r differs from the query by r % 8 bits, in the last of its words.
    let count = 40
    let query = [UInt64](repeating: 0, count: width.words)
    var references: [UInt64] = []
    for r in 0..<count { references += query.dropLast() + [(1 << (r % 8)) - 1] }
    let corrections = (0..<count).map { Int16(3 * $0 - 60) }
    let (offsets, scales): ([Int32], [Int32]) = ([10_000], [2])
    var sums = [Int32](repeating: 5, count: count)
    DiagonalSums.accumulate(
      queries: query.span,
      offsets: offsets.span,
      scales: scales.span,
      references: references.span,
      corrections: corrections.span,
      width: width,
      limits: .init(shift: 1, range: 0...100_000),
      into: &sums,
      level: level
    )
    for (r, sum) in sums.enumerated() {
      let sixteenths = 16 * (r % 8) - (3 * r - 60)
      #expect(sum == Int32(5 + 5000 - sixteenths))
    }
  }

  @Test(
    "a sample without motion counts nothing, even where the limits exclude 0",
    arguments: SIMDLevel.available,
    DiagonalSums.HashWidth.allCases
  )
  func withoutMotion(level: SIMDLevel, width: DiagonalSums.HashWidth) {
    // One query takes the short way, five the blocks; 37 references leave a rest at every level.
    for (queries, range) in [(1, 1...9), (5, 1...9), (1, -9 ... -1), (5, -9 ... -1)] {
      let count = 37
      let hashes = Fill.random.words(count: queries * width.words, seed: 5)
      let references = Fill.random.words(count: count * width.words, seed: 6)
      let numbers = [Int32](repeating: 1000, count: queries)
      let still = [Int16](repeating: DiagonalSums.withoutMotion, count: count)
      let limits = DiagonalSums.Limits(
        shift: 4,
        range: Int32(range.lowerBound)...Int32(range.upperBound)
      )
      var sums = [Int32](repeating: 7, count: count + queries - 1)
      DiagonalSums.accumulate(
        queries: hashes.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: references.span,
        corrections: still.span,
        width: width,
        limits: limits,
        into: &sums,
        level: level
      )
      #expect(sums.allSatisfy { $0 == 7 }, "\(queries) queries")
      // The nearest correction to it is an ordinary number, which puts the pair far away.
      let far = [Int16](repeating: .min + 1, count: count)
      DiagonalSums.accumulate(
        queries: hashes.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: references.span,
        corrections: far.span,
        width: width,
        limits: limits,
        into: &sums,
        level: level
      )
      let least = Int(limits.range.lowerBound)
      #expect(sums.reduce(0) { $0 + Int($1) } == 7 * sums.count + least * queries * count)
    }
  }

  @Test(
    "unaligned buffers give the same sums",
    arguments: SIMDLevel.available,
    DiagonalSums.HashWidth.allCases
  )
  func unaligned(level: SIMDLevel, width: DiagonalSums.HashWidth) {
    for offset in Sizes.offsets {
      let (queries, count) = (6, 600)
      let hashes = Fill.random.words(count: queries * width.words + offset, seed: 7)
      let references = Fill.random.words(count: count * width.words + offset, seed: 8)
      let corrections = Self.corrections(count: count + offset, seed: 9)
      let offsets = (0..<Int32(queries + offset)).map { 30_000 + 100 * $0 }
      let scales = (0..<Int32(queries + offset)).map { 10 + $0 }
      var sums = [Int32](repeating: 0, count: offset + count + queries - 1)
      var expected = sums
      DiagonalSums.accumulate(
        queries: hashes.span.extracting(offset...),
        offsets: offsets.span.extracting(offset...),
        scales: scales.span.extracting(offset...),
        references: references.span.extracting(offset...),
        corrections: corrections.span.extracting(offset...),
        width: width,
        limits: Self.limits,
        into: &sums,
        base: offset,
        level: level
      )
      DiagonalSums.reference(
        queries: Array(hashes[offset...]),
        offsets: Array(offsets[offset...]),
        scales: Array(scales[offset...]),
        references: Array(references[offset...]),
        corrections: Array(corrections[offset...]),
        width: width,
        limits: Self.limits,
        into: &expected,
        base: offset
      )
      #expect(sums == expected, "offset \(offset)")
    }
  }

  @Test("a band gives what all diagonals give", arguments: SIMDLevel.available)
  func band(level: SIMDLevel) {
    for (queries, references) in [(1, 1), (3, 7), (20, 28), (20, 120), (40, 31), (20, 5)] {
      let hashes = Fill.random.words(count: 4 * queries, seed: queries)
      let words = Fill.random.words(count: 4 * references, seed: 100 + references)
      let corrections = Self.corrections(count: references, seed: references)
      let offsets = (0..<Int32(queries)).map { 30_000 + 100 * $0 }
      let scales = (0..<Int32(queries)).map { 10 + $0 }
      var all = [Int32](repeating: 0, count: references + queries - 1)
      DiagonalSums.reference(
        queries: hashes,
        offsets: offsets,
        scales: scales,
        references: words,
        corrections: corrections,
        width: .bits256,
        limits: Self.limits,
        into: &all,
        base: 0
      )
      for count in [0, 1, 2, 9, 16, 17, 40] {
        for first in [-references - queries - 50, -queries, -queries - 3, -4, -1, 0, 1, 3]
          + [references - count, references - 1, references, references + 40]
        {
          // Guards behind the sums must stay as they are.
          var sums = [Int32](repeating: 7, count: count + 3)
          DiagonalSums.accumulateBand(
            queries: hashes.span,
            offsets: offsets.span,
            scales: scales.span,
            references: words.span,
            corrections: corrections.span,
            first: first,
            count: count,
            limits: Self.limits,
            into: &sums,
            level: level
          )
          for j in 0..<count {
            let diagonal = first + j + queries - 1
            let expected = all.indices.contains(diagonal) ? all[diagonal] : 0
            #expect(sums[j] == 7 + expected, "\(queries), \(references), \(first), \(j)")
          }
          #expect(sums[count...].allSatisfy { $0 == 7 })
        }
      }
    }
  }

  @Test("a band without room for its sums is refused")
  func bandTooShort() async {
    await #expect(processExitsWith: .failure) {
      let hashes: [UInt64] = [1, 2, 3, 4]
      let numbers: [Int32] = [1]
      let corrections: [Int16] = [0]
      var sums: [Int32] = [0, 0]
      DiagonalSums.accumulateBand(
        queries: hashes.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: hashes.span,
        corrections: corrections.span,
        first: 0,
        count: 3,
        limits: DiagonalSumsTests.limits,
        into: &sums
      )
    }
  }

  @Test("sums that are too short are refused")
  func tooShort() async {
    await #expect(processExitsWith: .failure) {
      let hashes: [UInt64] = [1, 2]
      let numbers: [Int32] = [1, 1]
      let corrections: [Int16] = [0, 0]
      var sums: [Int32] = [0, 0]
      DiagonalSums.accumulate(
        queries: hashes.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: hashes.span,
        corrections: corrections.span,
        width: .bits64,
        limits: DiagonalSumsTests.limits,
        into: &sums
      )
    }
  }

  @Test("a reference without a correction is refused")
  func tooFewCorrections() async {
    await #expect(processExitsWith: .failure) {
      let hashes: [UInt64] = [1, 2]
      let numbers: [Int32] = [1, 1]
      let corrections: [Int16] = [0]
      var sums: [Int32] = [0, 0, 0]
      DiagonalSums.accumulate(
        queries: hashes.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: hashes.span,
        corrections: corrections.span,
        width: .bits64,
        limits: DiagonalSumsTests.limits,
        into: &sums
      )
    }
  }
}
