import Fingerprinting
import Foundation
import Glibc
import ReferenceLibrary
import SystemPackage
import TestSupport
import Testing

@Suite("The index over keys")
struct KeyIndexTests {
  /// Keys of a made-up film, some of them of samples that have none.
  fileprivate static func keys(_ number: Int, count: Int = 300) -> [UInt32] {
    var random = SeededRandom(seed: UInt64(number))
    return (0..<count).map { _ in
      // Few different keys, so that each stands in many films.
      Int.random(in: 0..<5, using: &random) == 0
        ? IndexKey.none : UInt32.random(in: 0..<500, using: &random)
    }
  }

  /// Words of the hashes of that film.
  fileprivate static func words(_ number: Int, count: Int = 300) -> [UInt64] {
    var random = SeededRandom(seed: 1000 + UInt64(number))
    return (0..<4 * count).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
  }

  @discardableResult
  fileprivate static func add(
    _ number: Int,
    to library: Library,
    algorithm: UInt32 = 1
  ) throws -> Release {
    let keys = keys(number).map(\.littleEndian)
    let words = words(number).map(\.littleEndian)
    return try library.commit(
      try library.beginAdd(),
      metadata: Fixtures.metadata("Film \(number)"),
      media: Fixtures.media(number),
      algorithm: algorithm,
      sections: [
        SegmentSection(code: "HASH", bytes: words.withUnsafeBytes { Array($0) }),
        SegmentSection(code: "KEYS", bytes: keys.withUnsafeBytes { Array($0) }),
      ],
      addedAt: Fixtures.aLongTimeAgo
    ).release
  }

  /// What stands in an index: the releases, and for each the keys of its samples.
  ///
  /// What is around the samples is checked on the way, for releases whose `words` are known.
  private static func contents(
    _ library: Library,
    words: [String: [UInt64]] = [:]
  ) throws -> [String: [UInt32]] {
    let index = library.keyIndex(over: try library.releases())
    var result: [String: [UInt32]] = [:]
    for shard in index.shards {
      var keyAt: [Int: UInt32] = [:]
      try shard.file.withLists { starts, positions, signatures, codes in
        #expect(starts.count == IndexKey.count + 1)
        #expect(signatures.count == positions.count)
        for key in 0..<IndexKey.count {
          var last = -1
          for at in Int(starts[key])..<Int(starts[key + 1]) {
            #expect(Int(positions[at]) > last && keyAt[Int(positions[at])] == nil)
            last = Int(positions[at])
            keyAt[last] = UInt32(key)
            let around = [-8, -4, 4, 8].map { codes[last + $0 + MotionCode.reach] }
            let expected = around.reversed().reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
            #expect(signatures[at] == expected)
          }
        }
        for film in shard.films {
          guard let id = film.releaseID, let words = words[id] else { continue }
          for i in 0..<film.samples {
            let code = words[4 * i + 1] & 255 | (words[4 * i + 2] & 255) << 8
            #expect(UInt64(codes[film.first + i + MotionCode.reach]) == code)
          }
        }
      }
      for film in shard.films {
        guard let id = film.releaseID else { continue }
        #expect(result[id] == nil)
        result[id] = (0..<film.samples).map { keyAt[film.first + $0] ?? IndexKey.none }
      }
    }
    return result
  }

  private static func names(_ place: Place) -> [String] {
    Fixtures.tree(place.library).filter { $0.hasPrefix("index/") && $0.count > 6 }
  }

  @Test("holds every key of every release where it stands, however parts were merged")
  func contents() throws {
    let place = try Place()
    let library = try place.open()
    var expected: [String: [UInt32]] = [:]
    var words: [String: [UInt64]] = [:]
    for number in 0..<40 {
      let id = try Self.add(number, to: library).id
      (expected[id], words[id]) = (Self.keys(number), Self.words(number))
      _ = try library.updateKeyIndex(least: 900, most: 6000)
    }
    #expect(try library.verify().isClean)
    let actual = try Self.contents(library, words: words)
    // The last one or two wait until there are enough.
    #expect(actual.count >= 38)
    for (id, keys) in actual { #expect(keys == expected[id]) }
    let parts = Self.names(place).count
    #expect((3...7).contains(parts), "\(parts) parts")
    // Adding a film writes little: full parts stay as they are.
    let before = Set(Self.names(place))
    for number in 40..<43 { try Self.add(number, to: library) }
    _ = try library.updateKeyIndex(least: 900, most: 6000)
    #expect(before.intersection(Self.names(place)).count >= 2)
  }

  @Test("is not made for a few releases, nor of those that have no keys")
  func few() throws {
    let place = try Place()
    let library = try place.open()
    try Self.add(1, to: library)
    #expect(try library.updateKeyIndex() == 0)
    #expect(library.keyIndex(over: try library.releases()).shards.isEmpty)
    for number in 10..<14 { try Fixtures.add(number, to: library) }
    #expect(try library.updateKeyIndex(least: 100, most: 6000) == 1)
    #expect(try Self.contents(library).count == 1)
  }

  @Test("masks what was removed or replaced, and lets go of it in the end")
  func removal() throws {
    let place = try Place()
    let library = try place.open()
    let ids = try (0..<10).map { try Self.add($0, to: library).id }
    #expect(try library.updateKeyIndex(least: 100, most: 60_000) == 10)
    for id in ids[..<3] { try library.remove(id: id) }
    try Self.add(3, to: library, algorithm: 2)
    #expect(Set(try Self.contents(library).keys) == Set(ids[4...]))
    for number in 10..<20 { try Self.add(number, to: library) }
    #expect(try library.updateKeyIndex(least: 100, most: 60_000) == 17)
    #expect(try Self.contents(library).count == 17)
    #expect(Self.names(place).count == 1)
    for release in try library.releases() { try library.remove(id: release.id) }
    _ = try library.updateKeyIndex(least: 100, most: 60_000)
    #expect(Self.names(place).isEmpty)
  }

  @Test("is found damaged by a check, and done without where it cannot be trusted")
  func damage() throws {
    let place = try Place()
    let library = try place.open()
    for number in 0..<10 { try Self.add(number, to: library) }
    _ = try library.updateKeyIndex(least: 100, most: 60_000)
    let file = try #require(Fixtures.files(place.library).first { $0.extension == "lti" })
    chmod(file.string, 0o644)
    let size = try #require(try Fixtures.bytes(file).count as Int?)
    // The last position, and a bit of the header.
    try Fixtures.flip(file, bit: 8 * size - 3)
    #expect(try library.verify().findings.map(\.path) == [file])
    #expect(library.keyIndex(over: try library.releases()).shards.count == 1)
    try Fixtures.flip(file, bit: 8 * 70)
    #expect(try library.verify().findings.map(\.path) == [file])
    #expect(library.keyIndex(over: try library.releases()).shards.isEmpty)
    // The next writer makes it anew, under another name where there are more releases.
    try Self.add(10, to: library)
    #expect(try library.updateKeyIndex(least: 100, most: 60_000) == 11)
    #expect(try library.verify().isClean)
  }

  @Test("parts of an older program are made anew")
  func olderParts() throws {
    let place = try Place()
    let library = try place.open()
    for number in 0..<10 { try Self.add(number, to: library) }
    _ = try library.updateKeyIndex(least: 100, most: 60_000)
    let path = try #require(Fixtures.files(place.library).first { $0.extension == "lti" })
    // As they were before signatures and codes were kept.
    let part = try SegmentFile(opening: path)
    let sections = try part.sections.map(\.code).filter { !["SIGN", "CODE"].contains($0) }
      .map { code in
        SegmentSection(
          code: code,
          bytes: try part.withSection(code, as: UInt8.self) { span in
            span.indices.map { span[$0] }
          }
        )
      }
    try FileManager.default.removeItem(atPath: path.string)
    try SegmentFile.write(sections, to: path)
    #expect(library.keyIndex(over: try library.releases()).shards.isEmpty)
    #expect(try library.updateKeyIndex(least: 100, most: 60_000) == 10)
    #expect(try Self.contents(library).count == 10)
    #expect(Self.names(place).count == 1)
  }

  @Test(
    "is whole and complete after the writer was killed",
    arguments: [
      FaultPoint.shardWritten, .shardMoved,
    ]
  )
  func killed(point: FaultPoint) async throws {
    let place = try Place()
    do {
      let library = try place.open()
      for number in 0..<6 { try Self.add(number, to: library) }
      _ = try library.updateKeyIndex(least: 100, most: 60_000)
    }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = place.library.string as String, name = point.rawValue as String] in
      let library = try Library.open(
        at: FilePath(path),
        mode: .readWrite(createIfMissing: false),
        faults: { if $0.rawValue == name { kill(getpid(), SIGKILL) } }
      )
      for number in 6..<20 { try KeyIndexTests.add(number, to: library) }
      _ = try library.updateKeyIndex(least: 100, most: 60_000)
    }
    let reader = try place.open(.readOnly)
    #expect(try Self.contents(reader).count == (point == .shardMoved ? 20 : 6))
    let library = try place.open()
    _ = try library.updateKeyIndex(least: 100, most: 60_000)
    #expect(try Self.contents(library).count == 20)
    #expect(Self.names(place).count == 1)
    #expect(try library.verify().isClean)
    #expect(
      Fixtures.tree(place.library).filter { $0.hasPrefix("staging/") && $0 != "staging/" }.isEmpty
    )
  }

  @Test("is as before where it cannot be written")
  func diskFull() throws {
    let place = try Place()
    do {
      let library = try Library.open(
        at: place.library,
        mode: .readWrite(createIfMissing: true),
        faults: { if $0 == .shardWritten { throw Errno.noSpace } }
      )
      for number in 0..<6 { try Self.add(number, to: library) }
      #expect { try library.updateKeyIndex(least: 100, most: 60_000) } throws: {
        ($0 as? LibraryError)?.code == .diskFull
      }
      #expect(Self.names(place).isEmpty)
      #expect(
        Fixtures.tree(place.library).filter { $0.hasPrefix("staging/") && $0 != "staging/" }.isEmpty
      )
    }
    #expect(throws: LibraryError.self) {
      try place.open(.readOnly).updateKeyIndex()
    }
  }
}
