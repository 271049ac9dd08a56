import Foundation
import ReferenceLibrary
import SystemPackage
import TestSupport
import Testing

@Suite("Verification")
struct VerificationTests {
  /// What opening and verifying find; empty for a library in order.
  private func findings(_ path: FilePath) throws -> [String] {
    let library: Library
    do {
      library = try Library.open(at: path, mode: .readOnly)
    } catch {
      guard [.damaged, .incompatible, .notFound].contains(error.code) else { throw error }
      return [error.description]
    }
    return try library.verify().findings.map(\.description)
  }

  @Test("finds one flipped bit anywhere in any file")
  func findsFlippedBits() throws {
    let place = try Place()
    do {
      let library = try place.open()
      for number in 0..<12 { try Fixtures.add(number, to: library) }
      // Leaves unused pages and stale bytes behind in the catalogue.
      for release in try library.releases().dropFirst(2) { try library.remove(id: release.id) }
    }
    #expect(try findings(place.library).isEmpty)
    var random = SeededRandom(seed: 2024)
    var tried = 0
    for file in Fixtures.files(place.library) {
      let bits = try Fixtures.bytes(file).count * 8
      guard bits > 0 else { continue }
      // Every region of the file gets its share, the first hundred bytes more.
      let regions = 40
      var places = (0..<regions).map { region in
        Int.random(in: bits * region / regions..<bits * (region + 1) / regions, using: &random)
      }
      places += (0..<10).map { _ in Int.random(in: 0..<min(bits, 800), using: &random) }
      places += [0, bits - 1]
      for bit in places {
        try Fixtures.flip(file, bit: bit)
        let found = try findings(place.library)
        #expect(!found.isEmpty, "bit \(bit) of \(file)")
        try Fixtures.flip(file, bit: bit)
        tried += 1
      }
    }
    #expect(tried >= 6 * 52)
    #expect(try findings(place.library).isEmpty)
  }

  @Test("names the file and the release that are damaged")
  func namesTheFile() throws {
    let place = try Place()
    let library = try place.open()
    let release = try Fixtures.add(1, to: library).release
    try Fixtures.add(2, to: library)
    let proxy = try #require(try library.proxyPath(of: release.id))
    try Fixtures.flip(proxy, bit: 17)
    let segment = proxy.removingLastComponent().appending("fingerprint.ltf")
    try FileManager.default.removeItem(at: Fixtures.url(segment))
    let report = try library.verify()
    #expect(Set(report.findings.map(\.path)) == [proxy, segment])
    #expect(report.findings.allSatisfy { $0.releaseID == release.id })
    #expect { try library.segment(of: release.id) } throws: {
      ($0 as? LibraryError)?.code == .damaged && ($0 as? LibraryError)?.path == segment
    }
  }

  @Test("finds a segment file that belongs to another release")
  func findsSwappedFiles() throws {
    let place = try Place()
    let library = try place.open()
    let one = try Fixtures.add(1, to: library).release
    let two = try Fixtures.add(2, to: library).release
    let paths = try [one, two].map { release in
      try #require(try library.proxyPath(of: release.id)).removingLastComponent()
        .appending("fingerprint.ltf")
    }
    try FileManager.default.removeItem(at: Fixtures.url(paths[0]))
    try FileManager.default.copyItem(at: Fixtures.url(paths[1]), to: Fixtures.url(paths[0]))
    #expect(try library.verify().findings.map(\.path) == [paths[0]])
    #expect(throws: LibraryError.self) { try library.segment(of: one.id) }
  }

  @Test("reports its progress and stops when told to")
  func reportsProgress() throws {
    let place = try Place()
    let library = try place.open()
    for number in 0..<4 { try Fixtures.add(number, to: library) }
    var last = VerificationProgress?.none
    let report = try library.verify { progress in
      #expect(progress.doneBytes >= last?.doneBytes ?? 0)
      last = progress
    }
    #expect(last?.doneBytes == report.byteCount)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try library.verify { _ in throw Stop() } }
  }

  @Test(
    "a catalogue cut short, emptied or replaced by text is damage, not a crash",
    arguments: [
      0, 1, 15, 100, 5000,
    ]
  )
  func refusesCutCatalogue(size: Int) throws {
    let place = try Place()
    do { try Fixtures.add(1, to: try place.open()) }
    let catalogue = place.library.appending("catalogue.sqlite")
    let data = try Fixtures.bytes(catalogue)
    try data.prefix(size).write(to: Fixtures.url(catalogue))
    #expect(!(try findings(place.library)).isEmpty)
    let before = Fixtures.tree(place.library)
    #expect(throws: LibraryError.self) { try place.open() }
    // Above all, what an empty catalogue does not know must not be cleaned up.
    #expect(
      before.filter { $0.hasPrefix("objects") }
        == Fixtures.tree(place.library).filter { $0.hasPrefix("objects") }
    )
    try Data("title,file\n".utf8).write(to: Fixtures.url(catalogue))
    #expect(!(try findings(place.library)).isEmpty)
  }
}
