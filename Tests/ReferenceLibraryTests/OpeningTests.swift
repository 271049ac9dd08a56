import Foundation
import Glibc
import ReferenceLibrary
import SystemPackage
import TestSupport
import Testing

@Suite("Opening a library")
struct OpeningTests {
  private func code(_ path: FilePath, _ mode: Library.Mode) -> LibraryError.Code? {
    do {
      _ = try Library.open(at: path, mode: mode)
      return nil
    } catch {
      #expect(!error.description.contains("\n"))
      #expect(error.description.contains("/"), "the error names a path: \(error)")
      return error.code
    }
  }

  private let modes: [Library.Mode] = [
    .readOnly, .readWrite(createIfMissing: false), .readWrite(createIfMissing: true),
  ]

  @Test("for writing is granted to one at a time and names the holder")
  func locks() throws {
    let place = try Place()
    do {
      let library = try place.open()
      #expect { try place.open() } throws: { error in
        guard let error = error as? LibraryError else { return false }
        return error.code == .locked && error.description.contains("process \(getpid())")
      }
      // Reading is possible meanwhile.
      #expect(code(place.library, .readOnly) == nil)
      withExtendedLifetime(library) {}
    }
    #expect(code(place.library, .readWrite(createIfMissing: false)) == nil)
  }

  @Test("for writing is refused while an addition of a closed library is under way")
  func stagedAdditionKeepsLock() throws {
    let place = try Place()
    do {
      let addition = try place.open().beginAdd()
      #expect(code(place.library, .readWrite(createIfMissing: false)) == .locked)
      #expect(FileManager.default.fileExists(atPath: addition.directory.string))
    }
    #expect(code(place.library, .readWrite(createIfMissing: false)) == nil)
  }

  @Test("is refused to a second process while the first lives")
  func locksOtherProcess() async throws {
    let place = try Place()
    let library = try place.open()
    await #expect(processExitsWith: .exitCode(42)) { [path = place.library.string as String] in
      do {
        _ = try Library.open(at: FilePath(path), mode: .readWrite(createIfMissing: true))
      } catch let error as LibraryError {
        let namesParent = error.description.contains("process \(getppid())")
        exit(error.code == .locked && namesParent ? 42 : 1)
      }
    }
    withExtendedLifetime(library) {}
  }

  @Test("for reading creates and changes nothing")
  func readOnlyCreatesNothing() throws {
    let place = try Place()
    #expect(code(place.library, .readOnly) == .notFound)
    #expect(code(place.library, .readWrite(createIfMissing: false)) == .notFound)
    #expect(!FileManager.default.fileExists(atPath: place.library.string))
    do { try Fixtures.add(1, to: try place.open()) }
    let before = Fixtures.tree(place.library)
    let contents = try Fixtures.files(place.library).map(Fixtures.bytes)
    let library = try place.open(.readOnly)
    let release = try #require(try library.releases().first)
    _ = try library.segment(of: release)
    #expect(try library.verify().isClean)
    #expect(Fixtures.tree(place.library) == before)
    #expect(try Fixtures.files(place.library).map(Fixtures.bytes) == contents)
    let attempts: [() throws -> Void] = [
      { _ = try library.beginAdd() },
      { try library.remove(id: release.id) },
      { _ = try library.update(id: release.id, metadata: release.metadata) },
    ]
    for attempt in attempts {
      #expect { try attempt() } throws: { ($0 as? LibraryError)?.code == .readOnly }
    }
  }

  @Test("works in a folder without permission to write", .enabled(if: geteuid() != 0))
  func readsWithoutPermission() throws {
    let place = try Place()
    do { try Fixtures.add(1, to: try place.open()) }
    #expect(chmod(place.library.string, 0o555) == 0)
    #expect(chmod(place.library.appending("catalogue.sqlite").string, 0o444) == 0)
    #expect(chmod(place.library.appending("lock").string, 0o444) == 0)
    defer { chmod(place.library.string, 0o755) }
    #expect(try place.open(.readOnly).verify().isClean)
    #expect(code(place.library, .readWrite(createIfMissing: false)) == .readOnly)
    #expect(chmod(place.library.appending("catalogue.sqlite").string, 0) == 0)
    #expect(code(place.library, .readOnly) == .accessDenied)
  }

  @Test("is refused for a newer format, another database and another folder")
  func refusesStrangers() throws {
    let place = try Place()
    do { try Fixtures.add(1, to: try place.open()) }
    let catalogue = place.library.appending("catalogue.sqlite")
    let objects = Fixtures.tree(place.library).filter { $0.hasPrefix("objects") }
    // The numbers at 60 (user version) and 68 (application) of an SQLite file, big-endian.
    for (offset, value, words) in [(63, 2, "newer"), (71, 0, "not the catalogue")] {
      let file = try FileDescriptor.open(catalogue, .readWrite)
      defer { try? file.close() }
      var old: UInt8 = 0
      _ = try withUnsafeMutableBytes(of: &old) {
        try file.read(fromAbsoluteOffset: Int64(offset), into: $0)
      }
      try file.writeAll(toAbsoluteOffset: Int64(offset), [UInt8(value)])
      for mode in modes {
        #expect { try place.open(mode) } throws: { error in
          guard let error = error as? LibraryError else { return false }
          return error.code == .incompatible && error.description.contains(words)
        }
      }
      try file.writeAll(toAbsoluteOffset: Int64(offset), [old])
    }
    #expect(Fixtures.tree(place.library).filter { $0.hasPrefix("objects") } == objects)
    #expect(code(place.library, .readOnly) == nil)

    let other = FilePath(place.folder.path("photos"))
    try FileManager.default.createDirectory(
      at: Fixtures.url(other),
      withIntermediateDirectories: false
    )
    try Data("x".utf8).write(to: Fixtures.url(other.appending("holiday.jpg")))
    #expect(code(other, .readWrite(createIfMissing: true)) == .incompatible)
    #expect(Fixtures.tree(other) == ["holiday.jpg 1"])
    #expect(code(other, .readOnly) == .notFound)
    for mode in modes { #expect(code(other.appending("holiday.jpg"), mode) == .incompatible) }
    var raw: [CChar] = Array(place.folder.path("lib").utf8CString.dropLast())
    raw += [CChar(bitPattern: 0xFF), 0]
    let notText = raw.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
    for mode in modes { #expect(code(notText, mode) == .incompatible) }
  }

  @Test("for reading undoes a change that a killed process had half written")
  func undoesHalfWrittenChange() throws {
    let place = try Place()
    do { try Fixtures.add(1, to: try place.open()) }
    let catalogue = place.library.appending("catalogue.sqlite")
    let whole = try Fixtures.bytes(catalogue)
    func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
    let pageBytes = 4096
    let page = Array(whole.prefix(pageBytes))
    let nonce: UInt32 = 12345
    // A rollback journal with the first page as it was; see "SQLite File Format", section 3.
    var journal: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
    for number in [1, nonce, UInt32(whole.count / pageBytes), 512, UInt32(pageBytes)] {
      journal += bigEndian(number)
    }
    journal += [UInt8](repeating: 0, count: 512 - journal.count)
    let checksum = stride(from: pageBytes - 200, to: 0, by: -200).reduce(nonce) {
      $0 &+ UInt32(page[$1])
    }
    journal += bigEndian(1) + page + bigEndian(checksum)
    let journalPath = place.library.appending("catalogue.sqlite-journal")
    try Data(journal).write(to: Fixtures.url(journalPath))
    let file = try FileDescriptor.open(catalogue, .readWrite)
    try file.writeAll(toAbsoluteOffset: 28, [UInt8](repeating: 0xAA, count: 4000))
    try file.close()
    let library = try place.open(.readOnly)
    #expect(try library.releases().count == 1)
    #expect(try library.verify().isClean)
    #expect(try Fixtures.bytes(catalogue) == whole)
    #expect(!FileManager.default.fileExists(atPath: journalPath.string))
  }

  @Test("is refused for writing where the catalogue is older than its digest")
  func refusesOlderCatalogue() throws {
    let place = try Place()
    let catalogue = place.library.appending("catalogue.sqlite")
    do { try Fixtures.add(1, to: try place.open()) }
    let old = try Fixtures.bytes(catalogue)
    do { try Fixtures.add(2, to: try place.open()) }
    try old.write(to: Fixtures.url(catalogue))
    let objects = Fixtures.tree(place.library).filter { $0.hasPrefix("objects") }
    #expect(code(place.library, .readWrite(createIfMissing: true)) == .damaged)
    #expect(Fixtures.tree(place.library).filter { $0.hasPrefix("objects") } == objects)
    #expect(try place.open(.readOnly).verify().findings.count == 1)
    // Who means it can have it.
    try FileManager.default.removeItem(
      at: Fixtures.url(place.library.appending("catalogue.digest"))
    )
    let library = try place.open()
    #expect(try library.releases().count == 1)
    #expect(try library.verify().isClean)
  }

  @Test("takes less than a second with 10,000 releases")
  func opensLargeLibraries() throws {
    let place = try Place()
    let count = 10_000
    do {
      let library = try place.open()
      try library.enterRows(
        (0..<count).map { number in
          var metadata = Fixtures.metadata("Film number \(number / 2)")
          metadata.alternativeNames = ["Film Nummer \(number / 2)"]
          metadata.audioLanguage = "en"
          return (metadata, Fixtures.media(number))
        }
      )
    }
    let clock = ContinuousClock()
    // The best of three: the machine may be busy with other tests.
    var reading: [Duration] = []
    var writing: [Duration] = []
    for _ in 0..<3 {
      var releases = 0
      reading.append(
        try clock.measure { releases = try place.open(.readOnly).snapshot().releases.count }
      )
      #expect(releases == count)
      writing.append(try clock.measure { _ = try place.open() })
    }
    #expect(reading.min() ?? .seconds(9) < .seconds(1), "a reader took \(reading)")
    #expect(writing.min() ?? .seconds(9) < .seconds(1), "a writer took \(writing)")
  }
}
