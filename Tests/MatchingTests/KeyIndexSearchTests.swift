import Fingerprinting
import Matching
import TestSupport
import Testing
import VideoCore

@Suite("Search in an index over keys") struct KeyIndexSearchTests {
  private static let seconds = 90.0
  private static let films = (0..<5).map { SyntheticFilm(seed: 700 + UInt64($0), seconds: seconds) }
  /// Films that move, and many that hold anything: hashes of the films in a random order.
  private static let fingerprints: [Fingerprint] = {
    let real = films.map { $0.fingerprint(seconds: seconds) }
    var random = SeededRandom(seed: 8)
    let made = (0..<60).map { number in
      var (words, corrections) = ([UInt64](), [Int16]())
      // Lengths that end bins, drawers and pieces everywhere.
      for _ in 0..<[1, 79, 80, 81, 400, 5003, 16_384][number % 7] {
        let film = real[Int.random(in: 0..<real.count, using: &random)]
        let at = Int.random(in: 0..<film.count, using: &random)
        for k in 0..<4 { words.append(film.words[4 * at + k]) }
        corrections.append(film.corrections[at])
      }
      return Fingerprint(algorithm: .motion1, words: words, corrections: corrections)
    }
    let empty = Fingerprint(algorithm: .motion1, words: [], corrections: [])
    return made[..<30] + real + [empty] + made[30...]
  }()
  private static let plain = MemoryCollection(fingerprints)

  private static func leak(_ number: Int, seconds: Double) -> QueryTracks {
    var tracks = QueryTracks()
    var copying = Copying(mirrored: number % 2 == 1, seed: UInt64(number))
    copying.noise = 10 + 6 * Double(number)
    for k in 0..<Int(seconds * 12) {
      let time = Double(k) / 12
      let film = films[(number + Int(time / 40)) % films.count]
      let moment = 3 + 4 * Double(number) + time.truncatingRemainder(dividingBy: 40)
      tracks.append(copying.copy(film.plane(at: moment)), at: time)
    }
    return tracks
  }

  @Test("gives the candidates that reading every list of keys gives", arguments: 0..<4)
  func sameCandidates(number: Int) throws {
    // One part, several, some references in none, and references that are gone.
    let shape = [(1, 0), (3, 0), (4, 13), (7, 5)][number]
    let indexed = IndexedCollection(Self.fingerprints, shards: shape.0, rest: shape.1, gone: number)
    #expect(indexed.keyIndex?.rest.count == shape.1)
    for seconds in [9.0, 33, 120] {
      let leak = Self.leak(number, seconds: seconds)
      let expected = try CandidateSearch.search(leak, in: Self.plain, depth: .indexed)
      #expect(!expected.isEmpty)
      #expect(try CandidateSearch.search(leak, in: indexed, depth: .indexed) == expected)
    }
  }

  @Test("a leak of many pieces is looked up in several passes")
  func manyPieces() throws {
    let leak = Self.leak(1, seconds: 400)
    let indexed = IndexedCollection(Self.fingerprints, shards: 2, rest: 3, gone: 1)
    let expected = try CandidateSearch.search(leak, in: Self.plain, depth: .indexed)
    #expect(try CandidateSearch.search(leak, in: indexed, depth: .indexed) == expected)
  }

  @Test("numbers of a damaged file lead nowhere", arguments: 0..<9)
  func damaged(kind: Int) throws {
    let indexed = IndexedCollection(Self.fingerprints, shards: 2, rest: 0, gone: 0)
    indexed.damage { shard in
      switch kind {
      case 0: for i in shard.positions.indices { shard.positions[i] = .max - UInt32(i) }
      case 1: for i in shard.starts.indices { shard.starts[i] = .max }
      case 2: shard.starts.reverse()
      case 3: shard.positions.removeAll()
      case 4: shard.starts.removeLast()
      case 5: shard.signatures.removeLast()
      case 6: shard.codes.removeAll()
      case 7: for i in shard.signatures.indices { shard.signatures[i] = 0 }
      default: for i in shard.positions.indices { shard.positions[i] &*= 2_654_435_761 }
      }
    }
    _ = try CandidateSearch.search(Self.leak(0, seconds: 33), in: indexed, depth: .indexed)
  }

  @Test("positions of films leave room for every offset")
  func positions() {
    for samples in [0, 1, 3, 4, 79, 80, 81, 28_800] {
      let places = KeyPositions.places(of: samples)
      let last = (max(0, samples - 1) + KeyPositions.longestPiece - 1) / KeyPositions.alignment
      #expect(places > last + 1)
      #expect(KeyPositions.span(of: samples) == places * KeyPositions.alignment)
    }
  }
}

/// References in memory with an index over most of them.
private final class IndexedCollection: ReferenceCollection {
  private let plain: MemoryCollection
  private var shards: [MemoryShard] = []
  private let rest: [Int]

  init(_ fingerprints: [Fingerprint], shards count: Int, rest: Int, gone: Int) {
    plain = MemoryCollection(fingerprints)
    // Not in the order of their numbers, as in a library.
    let order = fingerprints.indices.reversed().map { ($0 * 17) % fingerprints.count }
    self.rest = Array(order[..<rest])
    let indexed = Array(order[rest...])
    for shard in 0..<count {
      let part = stride(from: shard, to: indexed.count, by: count).map { indexed[$0] }
      var films: [(Int?, Fingerprint)] = part.map { ($0, fingerprints[$0]) }
      // Copies of what is there, under nobody's number.
      for copy in 0..<gone { films.insert((nil, fingerprints[30 + copy]), at: copy) }
      shards.append(MemoryShard(films))
    }
  }

  func damage(_ body: (MemoryShard) -> Void) { shards.forEach(body) }

  var keyIndex: KeyIndex? { KeyIndex(shards: shards, rest: rest) }
  var count: Int { plain.count }

  func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R { try plain.withFingerprint(of: index, body) }

  func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws -> R {
    try plain.withIndexKeys(of: index, body)
  }

  func work(of index: Int) -> Int { index }
  func pictureWindow(of index: Int) -> PictureWindow { .whole }
  func frames(of index: Int) throws -> any FrameSource { NoFrames() }
}

private final class MemoryShard: KeyShard {
  let films: [ShardFilm]
  var starts: [UInt32] = []
  var positions: [UInt32] = []
  var signatures: [UInt64] = []
  var codes = [UInt16](repeating: 0, count: MotionCode.reach)

  init(_ films: [(reference: Int?, fingerprint: Fingerprint)]) {
    var first = 0
    var pairs: [(key: UInt32, position: Int)] = []
    var described: [ShardFilm] = []
    for (reference, film) in films {
      for (i, key) in film.indexKeys.enumerated() where key != IndexKey.none {
        pairs.append((key, first + i))
      }
      for i in 0..<film.count {
        let words = SIMD4(
          film.words[4 * i],
          film.words[4 * i + 1],
          film.words[4 * i + 2],
          film.words[4 * i + 3]
        )
        codes.append(MotionCode.code(of: FrameHash(words: words)))
      }
      described.append(ShardFilm(reference: reference, first: first, samples: film.count))
      first += KeyPositions.span(of: film.count)
      codes += [UInt16](repeating: 0, count: first + MotionCode.reach - codes.count)
    }
    self.films = described
    codes += [UInt16](repeating: 0, count: MotionCode.reach)
    pairs.sort { $0.key == $1.key ? $0.position < $1.position : $0.key < $1.key }
    positions = pairs.map { UInt32($0.position) }
    signatures = pairs.map { pair in
      // The neighbours one and two seconds before and after, the earliest in the lowest bits.
      let places = [-8, -4, 4, 8].map { MotionCode.reach + pair.position + $0 }
      return places.reversed().reduce(0) { $0 << 16 | UInt64(codes[$1]) }
    }
    starts = [0]
    var at = 0
    for key in 0..<UInt32(IndexKey.count) {
      while at < pairs.count, pairs[at].key == key { at += 1 }
      starts.append(UInt32(at))
    }
  }

  func withLists<R>(
    _ body: (
      _ starts: Span<UInt32>, _ positions: Span<UInt32>, _ signatures: Span<UInt64>,
      _ codes: Span<UInt16>
    ) throws -> R
  ) throws -> R {
    let (starts, positions, signatures, codes) = (starts, positions, signatures, codes)
    return try body(starts.span, positions.span, signatures.span, codes.span)
  }
}
