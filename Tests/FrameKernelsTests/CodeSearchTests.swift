import FrameKernels
import TestSupport
import Testing

@Suite("Search among signatures and codes")
struct CodeSearchTests {
  /// Lists of all lengths, some of them of signatures that are near to what is asked for.
  private static func lists(seed: Int) -> (probes: [SignatureProbe], signatures: [UInt64]) {
    var random = SeededRandom(seed: UInt64(seed))
    var (probes, signatures): ([SignatureProbe], [UInt64]) = ([], [])
    for (number, length) in ([0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100] + [0, 5, 64])
      .enumerated()
    {
      let wanted = UInt64.random(in: 0 ... .max, using: &random)
      let first = UInt32(signatures.count)
      for _ in 0..<length {
        var signature = wanted
        for _ in 0..<Int.random(in: 0..<40, using: &random) {
          signature ^= 1 << UInt64.random(in: 0..<64, using: &random)
        }
        signatures.append(signature)
      }
      probes.append(
        SignatureProbe(
          signature: wanted,
          mask: [.max, 0xFFFF_0000_FFFF_0000, 0][number % 3],
          first: first,
          end: UInt32(signatures.count),
          limit: UInt32([16, 7, 0, 64][number % 4]),
          owner: UInt32(100 + number)
        )
      )
    }
    return (probes, signatures)
  }

  @Test("every level finds what the definition says", arguments: SIMDLevel.available, 0..<8)
  func sift(level: SIMDLevel, seed: Int) {
    let (probes, signatures) = Self.lists(seed: seed)
    let expected = CodeSearch.reference(probes, in: signatures)
    #expect(expected.count > 50)
    // With room for all, and with so little that many calls are needed.
    for capacity in [1000, 130, 100] {
      var hits = SignatureHits(capacity: capacity)
      var found: [(owner: UInt32, place: UInt32)] = []
      var (next, calls) = (0, 0)
      while next < probes.count {
        let done = CodeSearch.sift(
          probes.span,
          from: next,
          in: signatures.span,
          into: &hits,
          level: level
        )
        #expect(done > next)
        guard done > next else { return }
        (next, calls) = (done, calls + 1)
        for hit in 0..<hits.count { found.append((hits.owners[hit], hits.places[hit])) }
      }
      #expect(found.map(\.owner) == expected.map(\.owner))
      #expect(found.map(\.place) == expected.map(\.place))
      #expect(capacity == 1000 ? calls == 1 : calls > 1)
    }
  }

  @Test("nothing is found without probes", arguments: SIMDLevel.available)
  func empty(level: SIMDLevel) {
    var hits = SignatureHits(capacity: 0)
    let none: [SignatureProbe] = []
    let signatures: [UInt64] = []
    let done = CodeSearch.sift(
      none.span,
      from: 0,
      in: signatures.span,
      into: &hits,
      level: level
    )
    #expect(done == 0 && hits.count == 0)
  }

  @Test("every level compares rows as the definition says", arguments: SIMDLevel.available, 0..<8)
  func compare(level: SIMDLevel, seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let count = CodeSearch.rowCount
    var rows: [UInt16] = []
    for _ in 0..<5 {
      rows += (0..<count).map { _ in UInt16.random(in: 0 ... .max, using: &random) }
      rows += (0..<count).map { _ in Bool.random(using: &random) ? .max : 0 }
    }
    let length = count + [0, 1, 13, 200][seed % 4]
    let codes = (0..<length).map { _ in UInt16.random(in: 0 ... .max, using: &random) }
    let pairs = (0..<50).map { _ in
      (
        owner: UInt32.random(in: 0..<5, using: &random),
        start: UInt32.random(in: 0...UInt32(length - count), using: &random)
      )
    }
    // Codes and rows that end where memory ends.
    let pages = (try PageEnd(bytes: 2 * codes.count), try PageEnd(bytes: 2 * rows.count))
    var sums = Guarded<UInt16>(count: pairs.count, fill: 0xA5A5)
    let (owners, starts) = (pairs.map(\.owner), pairs.map(\.start))
    CodeSearch.compare(
      rows: pages.1.holding(rows).span,
      owners: owners.span,
      starts: starts.span,
      in: pages.0.holding(codes).span,
      into: &sums.array,
      level: level
    )
    #expect(sums.isIntact)
    for (pair, sum) in zip(pairs, sums.array) {
      let row = Array(rows[2 * count * Int(pair.owner)..<2 * count * Int(pair.owner + 1)])
      let stretch = Array(codes[Int(pair.start)..<Int(pair.start) + count])
      #expect(sum == CodeSearch.reference(row: row, with: stretch))
    }
  }
}
