import Fingerprinting
import FrameKernels
import TestSupport
import Testing

@Suite("Copy alignment")
struct CopyAlignmentTests {
  @Test("a copy is told by the one place at which it differs in few bits")
  func copy() throws {
    var random = SeededRandom(seed: 1)
    let clip = Self.hashes(30, using: &random)
    var copy: [FrameHash?] = []
    for hash in clip[4..<24] { copy.append(Self.disturbed(hash, bits: 30, using: &random)) }
    let alignment = try #require(CopyAlignment(of: copy, on: clip))
    #expect(alignment.isCopy)
    #expect((20.0...30.0).contains(alignment.bits))
    #expect((110.0...145.0).contains(alignment.usualBits))
  }

  @Test("another clip is no copy")
  func other() throws {
    var random = SeededRandom(seed: 2)
    let clip = Self.hashes(30, using: &random)
    let other = Self.hashes(20, using: &random)
    #expect(try !#require(CopyAlignment(of: other, on: clip)).isCopy)
  }

  @Test("pictures in which little moves are alike at every place, and no copies")
  func poorInMotion() throws {
    var random = SeededRandom(seed: 3)
    let common = try #require(Self.hashes(1, using: &random).first)
    var (clip, film): ([FrameHash?], [FrameHash?]) = ([], [])
    for _ in 0..<30 { clip.append(Self.disturbed(common, bits: 35, using: &random)) }
    for _ in 0..<20 { film.append(Self.disturbed(common, bits: 35, using: &random)) }
    let alignment = try #require(CopyAlignment(of: film, on: clip))
    #expect(alignment.bits < 64)
    #expect(!alignment.isCopy)
  }

  @Test("where fewer than eight samples with motion meet, nothing is said")
  func tooFew() {
    var random = SeededRandom(seed: 4)
    let clip = Self.hashes(30, using: &random)
    var still = clip
    for index in still.indices where index % 5 != 0 { still[index] = nil }
    #expect(CopyAlignment(of: still, on: clip) == nil)
    #expect(CopyAlignment(of: Array(clip.prefix(7)), on: clip) == nil)
    #expect(CopyAlignment(of: [], on: []) == nil)
  }

  private static func hashes(
    _ count: Int,
    using random: inout SeededRandom
  ) -> [FrameHash?] {
    (0..<count).map { _ in
      FrameHash(words: SIMD4(random.next(), random.next(), random.next(), random.next()))
    }
  }

  /// The hash with up to so many bits turned.
  private static func disturbed(
    _ hash: FrameHash?,
    bits: Int,
    using random: inout SeededRandom
  ) -> FrameHash? {
    guard var words = hash?.words else { return nil }
    for _ in 0..<bits {
      words[Int.random(in: 0..<4, using: &random)] ^= 1 << UInt64.random(in: 0..<64, using: &random)
    }
    return FrameHash(words: words)
  }
}
