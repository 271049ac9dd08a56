import FrameKernels
import TestSupport
import Testing

@Suite("Correlation sums")
struct CorrelationTests {
  @Test(
    "every level equals the Swift reference",
    arguments: SIMDLevel.available,
    Sizes.lengths
  )
  func reference(level: SIMDLevel, count: Int) {
    for (seed, fill) in Fill.allCases.enumerated() {
      for (other, offset) in zip(Fill.allCases, Sizes.offsets + Sizes.offsets) {
        let context: Comment = "\(fill) with \(other), seed \(seed), offset \(offset)"
        let a = fill.bytes(count: offset + count, seed: seed)
        let b = other.bytes(count: count, seed: seed + 9)
        let shifted = Array(a.dropFirst(offset))
        #expect(
          Correlation.moments(a.span.extracting(offset...), b.span, level: level)
            == Correlation.reference(shifted, b),
          context
        )
        #expect(
          Correlation.absoluteDifference(a.span.extracting(offset...), b.span, level: level)
            == Correlation.referenceAbsoluteDifference(shifted, b),
          context
        )
        let c = fill.signed16(count: offset + count, seed: seed)
        let d = other.signed16(count: count, seed: seed + 9)
        #expect(
          Correlation.dot(c.span.extracting(offset...), d.span, level: level)
            == Correlation.referenceDot(Array(c.dropFirst(offset)), d),
          context
        )
        let e = fill.signed8(count: offset + count, seed: seed)
        let f = other.signed8(count: count, seed: seed + 9)
        #expect(
          Correlation.dot(e.span.extracting(offset...), f.span, level: level)
            == Correlation.referenceDot(Array(e.dropFirst(offset)), f),
          context
        )
      }
    }
  }

  @Test("sums of long white buffers do not overflow", arguments: SIMDLevel.available)
  func long(level: SIMDLevel) {
    let count = 1_100_003
    let white = [UInt8](repeating: 255, count: count)
    let moments = Correlation.moments(white.span, white.span, level: level)
    #expect(moments.sumA == 255 * Int64(count))
    #expect(moments.sumAB == 65025 * Int64(count))
    #expect(moments.sumBB == 65025 * Int64(count))
    let lowest = [Int8](repeating: .min, count: count)
    #expect(Correlation.dot(lowest.span, lowest.span, level: level) == 16384 * Int64(count))
  }

  @Test("the coefficient is 1 for equal, -1 for inverted, nil for constant buffers")
  func coefficient() {
    let a = Fill.random.bytes(count: 500, seed: 1)
    let inverted = a.map { ~$0 }
    let constant = a.map { _ in UInt8(3) }
    let none: [UInt8] = []
    #expect(abs((Correlation.moments(a.span, a.span).coefficient ?? 0) - 1) < 1e-12)
    #expect(abs((Correlation.moments(a.span, inverted.span).coefficient ?? 0) + 1) < 1e-12)
    #expect(Correlation.moments(a.span, constant.span).coefficient == nil)
    #expect(Correlation.moments(none.span, none.span).coefficient == nil)
  }
}

@Suite("Plane statistics")
struct PlaneStatisticsTests {
  @Test(
    "every level equals the Swift reference",
    arguments: SIMDLevel.available,
    Sizes.lengths.filter { $0 > 0 }
  )
  func reference(level: SIMDLevel, width: Int) {
    var statistics = PlaneStatistics()
    for (seed, fill) in Fill.allCases.enumerated() {
      let (stride, height) = (width + seed, 1 + seed * 2)
      let plane = fill.bytes(count: (height - 1) * stride + width + 2, seed: seed)
      statistics.measure(
        plane.span.extracting(2...),
        strideBytes: stride,
        width: width,
        height: height,
        level: level
      )
      // Twice, so that what the first run left would show.
      statistics.measure(
        plane.span.extracting(2...),
        strideBytes: stride,
        width: width,
        height: height,
        level: level
      )
      let expected = PlaneStatistics.reference(
        Array(plane.dropFirst(2)),
        stride: stride,
        width: width,
        height: height
      )
      let context: Comment = "\(width)x\(height), \(fill), seed \(seed)"
      #expect(statistics.rowMaxima == expected.rowMaxima, context)
      #expect(statistics.rowSums == expected.rowSums, context)
      #expect(statistics.columnMaxima == expected.columnMaxima, context)
      #expect(statistics.columnSums == expected.columnSums, context)
      #expect(statistics.sum == expected.sum, context)
      #expect(statistics.sumOfSquares == expected.sumOfSquares, context)
    }
  }

  @Test("the widest white row does not overflow", arguments: SIMDLevel.available)
  func widest(level: SIMDLevel) {
    var statistics = PlaneStatistics()
    let row = [UInt8](repeating: 255, count: 65535)
    statistics.measure(row.span, strideBytes: 65535, width: 65535, height: 1, level: level)
    #expect(statistics.sumOfSquares == 65535 * 65025)
    #expect(statistics.mean == 255)
    #expect(statistics.variance == 0)
  }

  @Test("golden: 3x2 samples", arguments: SIMDLevel.available)
  func golden(level: SIMDLevel) {
    let plane: [UInt8] = [0, 10, 20, 30, 40, 50]
    var statistics = PlaneStatistics()
    statistics.measure(
      plane.span,
      strideBytes: 3,
      width: 3,
      height: 2,
      level: level
    )
    #expect(statistics.rowMaxima == [20, 50])
    #expect(statistics.columnMaxima == [30, 40, 50])
    #expect(statistics.rowMean(1) == 40)
    #expect(statistics.columnMean(2) == 35)
    #expect(statistics.mean == 25)
    #expect(abs(statistics.variance - 875.0 / 3) < 1e-9)
  }
}
