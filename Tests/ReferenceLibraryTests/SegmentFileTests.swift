import Crypto
import Foundation
import ReferenceLibrary
import SystemPackage
import TestSupport
import Testing

@Suite("Segment files")
struct SegmentFileTests {
  private let folder: TemporaryDirectory
  private let path: FilePath

  init() throws {
    folder = try TemporaryDirectory()
    path = FilePath(folder.path("test.ltf"))
  }

  @Test("give back what was written, aligned for vectors", arguments: [0, 1, 63, 64, 65, 100_000])
  func roundTrip(size: Int) throws {
    let sections = Fixtures.sections(size, bytes: size) + [SegmentSection(code: "EMPT", bytes: [])]
    try SegmentFile.write(sections, to: path)
    let file = try SegmentFile(opening: path)
    #expect(file.sections.map(\.code) == ["HASH", "TIME", "EMPT"])
    #expect(file.contains("EMPT") && !file.contains("NONE"))
    #expect(file.verify().isEmpty)
    for section in sections {
      try file.withSection(section.code) { bytes in
        let copy = (0..<bytes.byteCount).map {
          bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
        }
        #expect(copy == section.bytes)
        bytes.withUnsafeBytes { raw in
          #expect(raw.isEmpty || Int(bitPattern: raw.baseAddress) % 64 == 0)
        }
      }
      #expect(
        try file.withSection(section.code, as: UInt8.self) { $0.count } == section.bytes.count
      )
    }
    #expect(throws: LibraryError.self) { try file.withSection("NONE") { _ in } }
    if size % 8 != 0 {
      #expect { try file.withSection("HASH", as: UInt64.self) { _ in } } throws: {
        ($0 as? LibraryError)?.code == .damaged
      }
    }
  }

  @Test("hold numbers in little-endian order")
  func numbers() throws {
    let bytes: [UInt8] = [1, 2, 0, 0, 0, 0, 0, 0x80]
    try SegmentFile.write([SegmentSection(code: "NUMS", bytes: bytes)], to: path)
    let file = try SegmentFile(opening: path)
    #expect(try file.withSection("NUMS", as: Int64.self) { $0[0] } == Int64.min + 0x201)
    #expect(try file.withSection("NUMS", as: UInt16.self) { $0[0] } == 0x201)
    // The layout of the format, byte by byte where it must never change.
    let data = try Fixtures.bytes(path)
    #expect(data.count == 136)
    #expect(
      Array(data.prefix(24)) == [
        0x89, 0x4C, 0x54, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 1, 0, 0, 0, 1, 0, 0, 0, 136, 0, 0, 0, 0, 0,
        0, 0,
      ]
    )
    #expect(Array(data[64..<72]) == [0x53, 0x4D, 0x55, 0x4E, 0, 0, 0, 0])
    #expect(Array(data[128...]) == bytes)
  }

  @Test("are written once")
  func writtenOnce() throws {
    try SegmentFile.write([], to: path)
    #expect(throws: LibraryError.self) { try SegmentFile.write([], to: path) }
    #expect(try SegmentFile(opening: path).sections.isEmpty)
  }

  @Test("of a newer format, of nothing and of something else are refused")
  func refuses() throws {
    let attempts: [([UInt8], LibraryError.Code)] = [
      ([], .damaged), ([0x89], .damaged), ([UInt8](repeating: 0, count: 64), .damaged),
      ([UInt8](repeating: 0xFF, count: 4096), .damaged), (Array("title,file\n".utf8), .damaged),
    ]
    for (bytes, code) in attempts {
      try Data(bytes).write(to: Fixtures.url(path))
      #expect { try SegmentFile(opening: path) } throws: { ($0 as? LibraryError)?.code == code }
    }
    try FileManager.default.removeItem(at: Fixtures.url(path))
    #expect { try SegmentFile(opening: path) } throws: {
      ($0 as? LibraryError)?.code == .damaged
    }
    try SegmentFile.write([], to: path)
    var data = try Fixtures.bytes(path)
    data[8] = 2
    try FileManager.default.removeItem(at: Fixtures.url(path))
    try data.write(to: Fixtures.url(path))
    #expect { try SegmentFile(opening: path) } throws: {
      ($0 as? LibraryError)?.code == .incompatible
    }
    #expect(throws: LibraryError.self) { try SegmentFile(opening: FilePath(folder.url.path)) }
  }

  @Test("with impossible offsets are refused even when their checksum was forged", arguments: 0..<4)
  func forgeries(seed: Int) throws {
    try SegmentFile.write(Fixtures.sections(seed, bytes: 300), to: path)
    let original = Array(try Fixtures.bytes(path))
    let target = FilePath(folder.path("forged.ltf"))
    var random = SeededRandom(seed: UInt64(seed))
    let extremes: [UInt64] = [
      0, 1, 2, 64, 191, 192, 256, 512, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
      .max - 63, 1 << 32, 3 << 32,
    ]
    // The section count, the file size and the offsets and sizes of the table.
    let places = [8, 16, 24, 72, 80, 88, 136, 144, 152]
    for round in 0..<300 {
      var bytes = original
      for _ in 0...round % 2 {
        let place = places.randomElement(using: &random) ?? 0
        let value = extremes.randomElement(using: &random) ?? 0
        let start = place == 8 ? 12 : place
        for index in 0..<(place == 8 ? 4 : 8) {
          bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
      }
      guard bytes != original else { continue }
      let headBytes = 64 + 64 * Int(min(bytes[12], 3))
      let covered = Array(bytes[..<32]) + Array(bytes[64..<headBytes])
      bytes.replaceSubrange(32..<64, with: Array(SHA256.hash(data: covered)))
      try Data(bytes).write(to: Fixtures.url(target))
      #expect(throws: LibraryError.self, "round \(round) of seed \(seed)") {
        try SegmentFile(opening: target)
      }
    }
  }

  @Test("never go unnoticed or crash when changed at random", arguments: 0..<4)
  func mutations(seed: Int) throws {
    try SegmentFile.write(Fixtures.sections(seed, bytes: 300), to: path)
    let original = Array(try Fixtures.bytes(path))
    let target = FilePath(folder.path("mutant.ltf"))
    var random = SeededRandom(seed: UInt64(seed))
    let extremes: [UInt64] = [
      0, 1, 63, 64, 65, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, .max - 63, 1 << 32,
    ]
    for round in 0..<500 {
      var bytes = original
      switch round % 4 {
      case 0:
        bytes[Int.random(in: bytes.indices, using: &random)] ^=
          1 << UInt8.random(in: 0...7, using: &random)
      case 1:
        // A whole number of the header or the table at its extremes.
        let place = Int.random(in: 1..<24, using: &random) * 8
        let value = extremes.randomElement(using: &random) ?? 0
        for index in 0..<8 {
          bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
      case 2: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      default:
        bytes += (0..<Int.random(in: 1...200, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      }
      guard bytes != original else { continue }
      try Data(bytes).write(to: Fixtures.url(target))
      let noticed: Bool
      do {
        noticed = !(try SegmentFile(opening: target).verify().isEmpty)
      } catch {
        noticed = true
      }
      #expect(noticed, "round \(round) of seed \(seed)")
    }
  }
}
