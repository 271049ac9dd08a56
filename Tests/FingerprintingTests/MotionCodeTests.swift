import Fingerprinting
import TestSupport
import Testing

@Suite("Codes of motion hashes")
struct MotionCodeTests {
  @Test("a code says of eight components on which side of the middle they lie")
  func code() {
    // Components 0 to 4 have the levels 0 to 4, the rest level 0.
    var words = SIMD4<UInt64>()
    for level in 0...4 { for k in 0..<level { words[k] |= 1 << UInt64(level) } }
    let code = MotionCode.code(of: FrameHash(words: words))
    #expect(code == 0b0001_1000 << 8 | 0b0001_1100)
    // Only component 2, and of the rest none, lies in the middle.
    #expect(MotionCode.middles(UInt64(code)) == 1)
    #expect(MotionCode.middles(0x00FF_00FF_00FF_00FF) == 32)
    #expect(MotionCode.middles(.max) == 0)
  }

  @Test("components beyond the eighth and levels beyond the middle do not count")
  func others() {
    let code = MotionCode.code(of: FrameHash(words: SIMD4(.max, ~0xFF, ~0xFF, .max)))
    #expect(code == 0)
  }

  @Test("a film's codes are those of its hashes, and signatures those of the neighbours")
  func signature() {
    var random = SeededRandom(seed: 4)
    let words = (0..<4 * 50).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
    var codes = [UInt16](repeating: 0, count: 50 + 2 * MotionCode.reach)
    var span = codes.mutableSpan
    MotionCode.write(words.span, to: &span, at: MotionCode.reach)
    for i in 0..<50 {
      let own = SIMD4(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3])
      #expect(codes[MotionCode.reach + i] == MotionCode.code(of: FrameHash(words: own)))
      let signature = MotionCode.signature(at: MotionCode.reach + i, in: codes.span)
      for (number, offset) in [-8, -4, 4, 8].enumerated() {
        let part = UInt16(truncatingIfNeeded: signature >> UInt64(16 * number))
        #expect(part == codes[MotionCode.reach + i + offset])
      }
    }
    #expect(codes.prefix(MotionCode.reach).allSatisfy { $0 == 0 })
    #expect(codes.suffix(MotionCode.reach).allSatisfy { $0 == 0 })
  }
}
