import FrameKernels
import TestSupport
import Testing

@Suite("Local contrast")
struct LocalContrastTests {
  static let sizes = [
    (1, 1), (1, 9), (3, 1), (4, 4), (7, 5), (8, 8), (9, 3), (15, 16), (16, 9), (17, 31), (31, 7),
    (32, 18), (33, 2), (63, 5), (64, 36), (65, 3), (255, 3), (1000, 2),
  ]

  static func normalised(
    _ plane: [UInt8],
    width: Int,
    height: Int,
    kernel: [Float],
    epsilon: Float,
    level: SIMDLevel
  ) -> [Float] {
    // Old contents must not matter.
    var workspace = [Float](
      repeating: .nan,
      count: LocalContrast.workspaceCount(width: width, height: height, taps: kernel.count)
    )
    var output = [Float](repeating: .nan, count: width * height)
    LocalContrast.normalise(
      plane.span,
      width: width,
      height: height,
      kernel: kernel.span,
      epsilon: epsilon,
      workspace: &workspace,
      into: &output,
      level: level
    )
    return output
  }

  @Test("every level equals the Swift reference bit for bit", arguments: SIMDLevel.available)
  func reference(level: SIMDLevel) {
    for (index, (width, height)) in Self.sizes.enumerated() {
      for (seed, fill) in Fill.allCases.enumerated() {
        let plane = fill.bytes(count: width * height, seed: seed + index)
        let taps = [1, 3, 7, 31][(seed + index) % 4]
        var random = SeededRandom(seed: UInt64(seed))
        let kernel = (0..<taps).map { _ in Float.random(in: 0...1, using: &random) / Float(taps) }
        let output = Self.normalised(
          plane,
          width: width,
          height: height,
          kernel: kernel,
          epsilon: 0.02,
          level: level
        )
        let expected = LocalContrast.reference(
          plane,
          width: width,
          height: height,
          kernel: kernel,
          epsilon: 0.02
        )
        #expect(
          output.map(\.bitPattern) == expected.map(\.bitPattern),
          "\(width)x\(height), \(taps) taps, \(fill), seed \(seed)"
        )
      }
    }
  }

  @Test("a constant plane is 0 where the kernel sums to 1", arguments: SIMDLevel.available)
  func constant(level: SIMDLevel) {
    let output = Self.normalised(
      Array(repeating: 77, count: 20 * 6),
      width: 20,
      height: 6,
      kernel: [0.25, 0.5, 0.25],
      epsilon: 0.02,
      level: level
    )
    #expect(output.allSatisfy { $0 == 0 })
  }

  @Test("golden: a white sample on black", arguments: SIMDLevel.available)
  func golden(level: SIMDLevel) {
    // Means along the row: 0.5, 0.5 and, mirrored, 0.5; squared deviations are 1/4 everywhere.
    let output = Self.normalised(
      [0, 255, 0],
      width: 3,
      height: 1,
      kernel: [0.25, 0.5, 0.25],
      epsilon: 0.5,
      level: level
    )
    #expect(output == [-0.5, 0.5, -0.5])
  }

  @Test("an even number of taps is refused")
  func evenKernel() async {
    await #expect(processExitsWith: .failure) {
      _ = LocalContrastTests.normalised(
        [1],
        width: 1,
        height: 1,
        kernel: [1, 2],
        epsilon: 1,
        level: .scalar
      )
    }
  }
}
