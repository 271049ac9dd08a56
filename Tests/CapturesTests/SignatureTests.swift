import Captures
import TestSupport
import Testing

@Suite("Signatures of recordings")
struct SignatureTests {
  private func sample(_ index: Int, shift: Double = 0) -> CaptureSample {
    CaptureSample(
      index: index,
      corners: [
        SIMD2(0.05 + shift, 0.1), SIMD2(0.98, 0.02), SIMD2(1.1, 0.95), SIMD2(-0.2, 0.9),
      ],
      gain: 0.5,
      hidden: 0x8000_0101
    )
  }

  @Test("bytes give back what was written, to the steps they are kept in")
  func bytes() throws {
    let signature = CaptureSignature([3, 4, 5, 40, 41, -7].map { sample($0) })
    let read = try #require(CaptureSignature(encoded: signature.encoded))
    #expect(read.samples.map(\.index) == [-7, 3, 4, 5, 40, 41])
    #expect(signature.encoded.count == 1 + 3 * 8 + 6 * 21)
    for (a, b) in zip(signature.samples, read.samples) {
      for corner in 0..<4 {
        #expect(abs(a.corners[corner].x - b.corners[corner].x) <= 0.5 / 20_000)
        #expect(abs(a.corners[corner].y - b.corners[corner].y) <= 0.5 / 20_000)
      }
      #expect(b.gain == 0.5)
      #expect(b.hidden == 0x8000_0101)
    }
    // Once written, nothing changes any more.
    #expect(CaptureSignature(encoded: read.encoded) == read)
  }

  @Test("damaged bytes are refused, never trusted")
  func damage() {
    let bytes = CaptureSignature((0..<20).map { sample($0) }).encoded
    #expect(CaptureSignature(encoded: []) == nil)
    for format in [UInt8(1), 9] {
      #expect(CaptureSignature(encoded: [format] + bytes.dropFirst()) == nil)
    }
    for count in 2..<bytes.count where CaptureSignature(encoded: Array(bytes.prefix(count))) != nil
    {
      Issue.record("a signature cut to \(count) bytes was read")
    }
    var random = SeededRandom(seed: 5)
    for _ in 0..<500 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
        in: 0...255,
        using: &random
      )
      if let read = CaptureSignature(encoded: changed) {
        _ = CaptureComparison(read, read)
      }
    }
  }

  @Test("of one moment the first sample stays")
  func twice() {
    let signature = CaptureSignature([sample(4), sample(4, shift: 0.1), sample(2)])
    #expect(signature.samples.map(\.index) == [2, 4])
    #expect(signature.samples[1].corners[0].x == 0.05)
  }
}
