import Fingerprinting
import TestSupport
import Testing

@Suite("Index keys") struct IndexKeyTests {
  private static func hash(_ random: inout SeededRandom) -> FrameHash {
    // Thermometers: a bit of a word is set only where that of the word before is.
    var words = SIMD4<UInt64>.zero
    for component in 0..<64 {
      for level in 0..<Int.random(in: 0...4, using: &random) { words[level] |= 1 << component }
    }
    return FrameHash(words: words)
  }

  @Test("every bit of a key is set by half of all hashes, and no two bits agree")
  func balance() {
    var random = SeededRandom(seed: 5)
    let keys = (0..<4000).map { _ in IndexKey.key(of: Self.hash(&random)) }
    for a in 0..<IndexKey.bits {
      let set = keys.filter { $0 >> a & 1 == 1 }.count
      #expect((1700...2100).contains(set), "bit \(a)")
      for b in 0..<a {
        let equal = keys.filter { ($0 >> a ^ $0 >> b) & 1 == 0 }.count
        #expect((1800...2200).contains(equal), "bits \(a) and \(b)")
      }
    }
    #expect(keys.allSatisfy { $0 < IndexKey.count })
  }

  @Test("probes are the key, then keys ever farther from it, none twice")
  func probes() {
    var random = SeededRandom(seed: 6)
    var probes: [UInt32] = []
    for _ in 0..<50 {
      let hash = Self.hash(&random)
      IndexKey.probes(of: hash, count: IndexKey.mostProbes, into: &probes)
      #expect(probes.first == IndexKey.key(of: hash))
      #expect(probes.count == IndexKey.mostProbes && Set(probes).count == probes.count)
      #expect(probes.allSatisfy { ($0 ^ probes[0]).nonzeroBitCount <= 7 })
      #expect((probes[1] ^ probes[0]).nonzeroBitCount == 1)
    }
  }

  @Test("a hash that is off by a level or two is asked for more often than chance")
  func nearby() {
    var random = SeededRandom(seed: 7)
    var probes: [UInt32] = []
    var hits = 0
    for _ in 0..<400 {
      let hash = Self.hash(&random)
      var copy = hash
      for component in 0..<20 where Int.random(in: 0..<3, using: &random) == 0 {
        let level = (0..<4).reduce(0) { $0 + Int(hash.words[$1] >> component & 1) }
        let moved = max(0, min(4, level + (Bool.random(using: &random) ? 1 : -1)))
        for k in 0..<4 {
          copy.words[k] &= ~(1 << UInt64(component))
          if k < moved { copy.words[k] |= 1 << UInt64(component) }
        }
      }
      IndexKey.probes(of: copy, count: 32, into: &probes)
      if probes.contains(IndexKey.key(of: hash)) { hits += 1 }
    }
    // Chance would be 400 · 32 / 2^20, that is, none.
    #expect(hits > 100)
  }

  @Test("a key that lasts counts once, and none where nothing moves")
  func runs() {
    var random = SeededRandom(seed: 8)
    let (a, b) = (Self.hash(&random), Self.hash(&random))
    var words: [UInt64] = []
    for hash in [a, a, b, b, b, b] { for k in 0..<4 { words.append(hash.words[k]) } }
    let still = Fingerprint.still
    let keys = IndexKey.keys(words, [0, 3, 0, still, 0, 0])
    let (ka, kb, none) = (IndexKey.key(of: a), IndexKey.key(of: b), IndexKey.none)
    #expect(keys == [ka, none, kb, none, kb, none])
    #expect(IndexKey.keys([], []) == [])
  }
}
