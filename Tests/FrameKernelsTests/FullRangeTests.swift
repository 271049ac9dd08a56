import FrameKernels
import Testing

@Suite("Full range")
struct FullRangeTests {
  @Test(
    "every level widens each sample as defined, at any length",
    arguments: SIMDLevel.available,
    [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 256, 1000]
  )
  func reference(level: SIMDLevel, count: Int) {
    let samples = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    var widened = samples
    FullRange.widen(&widened, level: level)
    #expect(widened == samples.map(FullRange.reference))
  }

  @Test("black and white become 0 and 255")
  func ends() {
    var samples: [UInt8] = [0, 16, 17, 126, 235, 255]
    FullRange.widen(&samples)
    #expect(samples == [0, 0, 1, 128, 255, 255])
  }
}
