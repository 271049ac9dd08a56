import FrameKernels
import Testing
import TestSupport

@Suite("Area reduction")
struct AreaReductionTests {
  struct Shape: Sendable, CustomStringConvertible {
    var width: Int, height: Int, outWidth: Int, outHeight: Int
    var description: String { "\(width)x\(height) to \(outWidth)x\(outHeight)" }
  }

  static let shapes: [Shape] = [
    (1, 1, 1, 1), (1, 1, 5, 3), (3, 4, 1, 1), (7, 5, 7, 5), (8, 9, 4, 3), (15, 16, 5, 4),
    (17, 31, 16, 30), (33, 63, 32, 18), (64, 36, 32, 18), (65, 255, 31, 7), (160, 90, 64, 36),
    (255, 33, 64, 64), (257, 300, 3, 2), (320, 180, 160, 90), (320, 180, 331, 187),
    (848, 480, 320, 180), (853, 479, 320, 180), (1000, 65, 33, 17), (1, 1000, 3, 9),
    (1000, 1, 9, 3), (513, 521, 2, 1), (16, 16, 64, 48), (5, 7, 1000, 33),
    // Whole ratios of the widths, which have a kernel of their own: 2, 4, 6, 8, 12, 18; more columns
    // than it takes at a time; sums of too many rows for 16 bits, of pairs of columns and of columns.
    (64, 9, 32, 4), (68, 40, 17, 9), (1920, 27, 320, 5), (204, 60, 34, 10), (264, 31, 33, 31),
    (3840, 24, 320, 2), (4716, 20, 262, 3), (2310, 3, 1155, 7), (192, 257, 96, 1), (96, 258, 48, 1),
    (6912, 4, 2, 2), (96, 128, 48, 1), (96, 129, 48, 1), (1920, 817, 320, 18),
  ].map { Shape(width: $0.0, height: $0.1, outWidth: $0.2, outHeight: $0.3) }

  static let fills: [Fill] = Fill.allCases

  @Test("every level equals the Swift reference on 8 bits", arguments: SIMDLevel.available, shapes)
  func eightBits(level: SIMDLevel, shape: Shape) {
    for (seed, fill) in Self.fills.enumerated() {
      let stride = shape.width + seed * 3
      let offset = seed % 5
      let plane = fill.bytes(count: offset + (shape.height - 1) * stride + shape.width, seed: seed)
      var output = [UInt8](repeating: 0xA5, count: shape.outWidth * shape.outHeight)
      plane.withUnsafeBufferPointer {
        AreaReduction.reduce(
          $0.baseAddress! + offset,
          strideBytes: stride,
          width: shape.width,
          height: shape.height,
          into: &output,
          outputWidth: shape.outWidth,
          outputHeight: shape.outHeight,
          level: level
        )
      }
      let expected = AreaReduction.reference(
        plane.dropFirst(offset).map(UInt16.init),
        stride: stride,
        width: shape.width,
        height: shape.height,
        bitDepth: 8,
        outputWidth: shape.outWidth,
        outputHeight: shape.outHeight
      )
      #expect(output == expected, "\(fill), seed \(seed)")
    }
  }

  @Test(
    "every level equals the Swift reference on 9 to 16 bits",
    arguments: SIMDLevel.available,
    shapes
  )
  func sixteenBits(level: SIMDLevel, shape: Shape) {
    for (seed, depth) in [9, 10, 12, 16, 10, 16].enumerated() {
      let fill = Self.fills[seed % Self.fills.count]
      let stride = shape.width + seed
      let samples = fill.words16(count: (shape.height - 1) * stride + shape.width, seed: seed)
        .map { seed == 4 ? $0 : $0 & UInt16((1 << depth) - 1) }
      var output = [UInt8](repeating: 0xA5, count: shape.outWidth * shape.outHeight)
      samples.withUnsafeBytes {
        AreaReduction.reduce(
          samples16: $0.baseAddress!,
          strideBytes: stride * 2,
          width: shape.width,
          height: shape.height,
          bitDepth: depth,
          into: &output,
          outputWidth: shape.outWidth,
          outputHeight: shape.outHeight,
          level: level
        )
      }
      let expected = AreaReduction.reference(
        samples,
        stride: stride,
        width: shape.width,
        height: shape.height,
        bitDepth: depth,
        outputWidth: shape.outWidth,
        outputHeight: shape.outHeight
      )
      #expect(output == expected, "\(fill), \(depth) bits, seed \(seed)")
    }
  }

  @Test("a bottom-up plane is read with a negative stride", arguments: SIMDLevel.available)
  func negativeStride(level: SIMDLevel) {
    let plane = Fill.random.bytes(count: 40 * 30, seed: 5)
    var flipped: [UInt8] = []
    for y in (0..<30).reversed() { flipped += plane[y * 40..<(y + 1) * 40] }
    var output = [UInt8](repeating: 0, count: 16 * 9)
    plane.withUnsafeBufferPointer {
      AreaReduction.reduce(
        $0.baseAddress! + 29 * 40,
        strideBytes: -40,
        width: 40,
        height: 30,
        into: &output,
        outputWidth: 16,
        outputHeight: 9,
        level: level
      )
    }
    var expected = output
    AreaReduction.reduce(
      flipped.span,
      strideBytes: 40,
      width: 40,
      height: 30,
      into: &expected,
      outputWidth: 16,
      outputHeight: 9,
      level: level
    )
    #expect(output == expected)
  }

  @Test("golden: means of 2x2 boxes round half up", arguments: SIMDLevel.available)
  func golden(level: SIMDLevel) {
    let plane: [UInt8] = [0, 1, 10, 20, 1, 0, 30, 41]  // sums 2 and 101
    var output: [UInt8] = [9, 9]
    AreaReduction.reduce(
      plane.span,
      strideBytes: 4,
      width: 4,
      height: 2,
      into: &output,
      outputWidth: 2,
      outputHeight: 1,
      level: level
    )
    #expect(output == [1, 25])
    let pair: [UInt8] = [0, 90]
    var third: [UInt8] = [0, 0, 0]
    AreaReduction.reduce(
      pair.span,
      strideBytes: 2,
      width: 2,
      height: 1,
      into: &third,
      outputWidth: 3,
      outputHeight: 1,
      level: level
    )
    #expect(third == [0, 45, 90])
  }

  @Test("golden: 10-bit white and code 940 become 255 and 235", arguments: SIMDLevel.available)
  func goldenTenBits(level: SIMDLevel) {
    let samples: [UInt16] = [1023, 940, 64, 0, 2]
    var output = [UInt8](repeating: 0, count: 5)
    samples.withUnsafeBytes {
      AreaReduction.reduce(
        samples16: $0.baseAddress!,
        strideBytes: 10,
        width: 5,
        height: 1,
        bitDepth: 10,
        into: &output,
        outputWidth: 5,
        outputHeight: 1,
        level: level
      )
    }
    #expect(output == [255, 235, 16, 0, 1])
  }

  @Test("16-bit sums beyond 32 bits are exact", arguments: SIMDLevel.available)
  func hugeSums(level: SIMDLevel) {
    let (width, height) = (1021, 1019)
    let samples = Fill.high.words16(count: width * height, seed: 3)
    var output = [UInt8](repeating: 0, count: 6)
    samples.withUnsafeBytes {
      AreaReduction.reduce(
        samples16: $0.baseAddress!,
        strideBytes: width * 2,
        width: width,
        height: height,
        bitDepth: 16,
        into: &output,
        outputWidth: 3,
        outputHeight: 2,
        level: level
      )
    }
    let expected = AreaReduction.reference(
      samples,
      stride: width,
      width: width,
      height: height,
      bitDepth: 16,
      outputWidth: 3,
      outputHeight: 2
    )
    #expect(output == expected)
  }

  @Test("a source that is too short for its shape is refused")
  func tooShort() async {
    await #expect(processExitsWith: .failure) {
      let source: [UInt8] = [1, 2, 3]
      var output: [UInt8] = [0]
      AreaReduction.reduce(
        source.span,
        strideBytes: 2,
        width: 2,
        height: 2,
        into: &output,
        outputWidth: 1,
        outputHeight: 1
      )
    }
  }
}
