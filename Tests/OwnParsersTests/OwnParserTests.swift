import Foundation
import OwnParsers
import TestSupport
import Testing

/// The short form of `Benchmarks/Robustness/parsers`, which is led by coverage and runs for minutes.
@Suite("Parsers of our own")
struct OwnParserTests {
  private static let mutantsOfEach = 5000
  private static let mostBytes = 8192

  @Test(
    "come back from whatever becomes of what they read",
    arguments: OwnParsers.all.keys.sorted()
  )
  func mutants(_ name: String) throws {
    let parser = try #require(OwnParsers.all[name])
    let seeds = try Self.seeds(of: name)
    var random = SeededRandom(seed: 9)
    var slowest = Duration.zero
    let clock = ContinuousClock()
    for seed in seeds { parser(seed) }
    for _ in 0..<Self.mutantsOfEach {
      var mutant = seeds.randomElement(using: &random) ?? []
      for _ in 0...Int.random(in: 0..<4, using: &random) { Self.change(&mutant, seeds, &random) }
      slowest = max(slowest, clock.measure { parser(Array(mutant.prefix(Self.mostBytes))) })
    }
    // As long as the fuzzer gives one input: work that explodes, not a machine that is busy.
    #expect(slowest < .seconds(10))
  }

  @Test("have seeds to start from")
  func seeds() throws {
    for name in OwnParsers.all.keys { #expect(try !Self.seeds(of: name).isEmpty, "\(name)") }
  }

  private static func seeds(of name: String) throws -> [[UInt8]] {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Benchmarks/Robustness/Corpus/\(name)")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { Array(try Data(contentsOf: $0)) }
  }

  /// Changes some bytes as they stand, or their number.
  private static func change(
    _ bytes: inout [UInt8],
    _ seeds: [[UInt8]],
    _ random: inout SeededRandom
  ) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...16, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0 where place < bytes.count:
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where place < bytes.count:
      // Signs and numbers at the edges of what is allowed.
      let edges = Array("\0\n\r\t\"'<>&;,.:[]{}()\\/*+-09aZ".utf8) + [0x7F, 0x80, 0xC3, 0xFF]
      bytes[place] = edges.randomElement(using: &random) ?? 0
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 4: bytes.removeLast(bytes.count - place)
    default:
      let other = seeds.randomElement(using: &random) ?? []
      let start = Int.random(in: 0...other.count, using: &random)
      bytes.replaceSubrange(place..<end, with: other[start..<min(other.count, start + 64)])
    }
  }
}
