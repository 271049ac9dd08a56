import Foundation
import ReferenceLibrary
import SystemPackage
import TestSupport
import Testing

@Suite("The reference library")
struct LibraryTests {
  @Test("is created on first use and holds what was added")
  func addsAndReads() throws {
    let place = try Place()
    let library = try place.open()
    #expect(try library.releases().isEmpty)
    let result = try Fixtures.add(1, to: library)
    #expect(result.outcome == .added)
    let release = result.release
    #expect(release.id.hasPrefix("r-") && release.id.utf8.count == 18)
    #expect(try library.release(id: release.id) == release)
    #expect(try library.release(contentHash: release.media.contentHash) == release)
    #expect(try library.release(contentHash: String(repeating: "0", count: 64)) == nil)
    let proxy = try #require(try library.proxyPath(of: release.id))
    #expect(try Fixtures.bytes(proxy) == Data("the proxy of release 1".utf8))
    #expect(proxy.extension == "mkv")
    let segment = try library.segment(of: release.id)
    #expect(segment.sections.map(\.code) == ["HASH", "TIME"])
    let bytes = try segment.withSection("TIME", as: UInt64.self) { numbers in
      numbers.indices.flatMap { index in withUnsafeBytes(of: numbers[index], Array.init) }
    }
    #expect(bytes == Fixtures.sections(1)[1].bytes)
    #expect(Fixtures.tree(place.library).contains("staging/"))
    #expect(!Fixtures.tree(place.library).contains { $0.hasPrefix("staging/") && $0 != "staging/" })
  }

  @Test("keeps everything that is known of a release")
  func keepsMetadata() throws {
    let place = try Place()
    var metadata = ReleaseMetadata(title: "Amélie")
    metadata.alternativeNames = ["Le Fabuleux Destin d'Amélie Poulain", "天使爱美丽"]
    metadata.eidr = "10.5240/7791-8534-2c23-9030-8610-5"
    metadata.isan = "ISAN 0000-0000-3A8D-0000-Z-0000-0000-6"
    metadata.version = "Director's cut"
    metadata.aspectRatio = "2.39:1"
    metadata.audioLanguage = "fr"
    metadata.subtitleLanguage = "en-GB"
    metadata.cplID = "urn:uuid:0A1B2C3D-0000-4000-8000-0123456789AB"
    metadata.releaseDate = "2024-02-29"
    metadata.territory = "FR"
    metadata.source = "delivery 7"
    let name: [UInt8] = [0xFF, 0x0A, 0x27, 0x00, 0x80]
    let id: String
    do {
      let library = try place.open()
      let result = try library.commit(
        try library.beginAdd(),
        metadata: metadata,
        media: Fixtures.media(3, fileName: name),
        algorithm: 7,
        sections: [],
        addedAt: 12
      )
      id = result.release.id
    }
    let release = try place.open(.readOnly).release(id: id)
    #expect(release.media == Fixtures.media(3, fileName: name))
    #expect(release.metadata == (try metadata.validated()))
    #expect(release.metadata.eidr == "10.5240/7791-8534-2C23-9030-8610-5")
    #expect(release.metadata.cplID == "0a1b2c3d-0000-4000-8000-0123456789ab")
    #expect(release.metadata.isan == "0000-0000-3A8D-0000-Z-0000-0000-6")
    #expect(release.addedAt == 12)
    #expect(release.fingerprintAlgorithm == 7)
    #expect(release.proxyBytes == 0)
    #expect(try place.open(.readOnly).proxyPath(of: id) == nil)
  }

  @Test("adds the same file once, and says when it came with other metadata")
  func isIdempotent() throws {
    let place = try Place()
    let library = try place.open()
    let first = try Fixtures.add(1, to: library)
    let before = Fixtures.tree(place.library)
    let again = try Fixtures.add(1, to: library)
    #expect(again.outcome == .alreadyPresent)
    #expect(!again.keptOtherMetadata)
    #expect(again.release == first.release)
    let renamed = try Fixtures.add(1, to: library, title: "Another name")
    #expect(renamed.outcome == .alreadyPresent)
    #expect(renamed.keptOtherMetadata)
    #expect(renamed.release.metadata.title == "Film 1")
    #expect(Fixtures.tree(place.library) == before)
  }

  @Test("replaces the fingerprint of another algorithm")
  func replacesAlgorithm() throws {
    let place = try Place()
    let library = try place.open()
    let old = try Fixtures.add(1, to: library, algorithm: 1).release
    let result = try Fixtures.add(1, to: library, algorithm: 2)
    #expect(result.outcome == .replaced(old.id))
    #expect(result.release.id != old.id)
    #expect(try library.releases() == [result.release])
    #expect(!Fixtures.tree(place.library).contains { $0.contains(old.id) })
    #expect(try library.verify().isClean)
  }

  @Test("takes additions from many threads, twins among them")
  func addsInParallel() async throws {
    let place = try Place()
    let library = try place.open()
    let outcomes = try await withThrowingTaskGroup(of: CommitResult.Outcome.self) { group in
      for number in 0..<24 {
        group.addTask { try Fixtures.add(number % 12, to: library).outcome }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0 == .added } == 12)
    #expect(outcomes.count { $0 == .alreadyPresent } == 12)
    #expect(try library.releases().count == 12)
    let report = try library.verify()
    #expect(report.isClean && report.releaseCount == 12 && report.catalogueDigestWasCurrent)
    #expect(report.fileCount == 2 + 24)
  }

  @Test("lets readers read while it is written to")
  func readsDuringWriting() async throws {
    let place = try Place()
    let writer = try place.open()
    try Fixtures.add(0, to: writer)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { for number in 1..<20 { try Fixtures.add(number, to: writer) } }
      for _ in 0..<3 {
        group.addTask {
          let reader = try place.open(.readOnly)
          var last = 0
          while last < 20 {
            let releases = try reader.releases()
            #expect(releases.count >= last)
            last = releases.count
            for release in releases { _ = try reader.segment(of: release) }
            let report = try reader.verify()
            #expect(report.isClean, "\(report.findings)")
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("groups releases by title and finds them by the start of a name or identifier")
  func searches() throws {
    let place = try Place()
    let library = try place.open()
    let first = try Fixtures.add(1, to: library, title: "Nosferatu").release
    try Fixtures.add(2, to: library, title: "  Nosferatu ")
    try Fixtures.add(3, to: library, title: "Élan")
    try Fixtures.add(4, to: library, title: "100% _Wolf_")
    #expect(try library.titles().map(\.name) == ["100% _Wolf_", "Nosferatu", "Élan"])
    #expect(try library.titles().map(\.releases.count) == [1, 2, 1])
    #expect(try library.releases(titlePrefix: "nosf").count == 2)
    #expect(try library.releases(titlePrefix: "E\u{301}LA").count == 1)
    #expect(try library.releases(titlePrefix: "%").isEmpty)
    #expect(try library.releases(titlePrefix: "").count == 4)
    #expect(try library.releases(idPrefix: String(first.id.prefix(8))) == [first])
    #expect(try library.releases(idPrefix: "' OR 1=1 --").isEmpty)
    var metadata = first.metadata
    metadata.alternativeNames = ["Eine Symphonie des Grauens"]
    _ = try library.update(id: first.id, metadata: metadata)
    #expect(try library.releases(titlePrefix: "eine sym").map(\.id) == [first.id])
  }

  @Test("changes metadata and leaves the files alone")
  func updates() throws {
    let place = try Place()
    let library = try place.open()
    let old = try Fixtures.add(1, to: library).release
    var metadata = old.metadata
    metadata.title = "A better title"
    metadata.releaseDate = "1999-12-31"
    let new = try library.update(id: old.id, metadata: metadata)
    #expect(new.metadata == metadata)
    #expect(try library.release(id: old.id) == new)
    #expect(try library.titles().map(\.name) == ["A better title"])
    #expect(try library.verify().isClean)
    #expect { try library.update(id: "r-0000000000000000", metadata: metadata) } throws: {
      ($0 as? LibraryError)?.code == .noSuchRelease
    }
    #expect { try library.update(id: old.id, metadata: ReleaseMetadata(title: " ")) } throws: {
      ($0 as? LibraryError)?.code == .invalidMetadata
    }
  }

  @Test("removes a release, while those who read it go on")
  func removes() throws {
    let place = try Place()
    let library = try place.open()
    try Fixtures.add(2, to: library)
    let empty = Fixtures.tree(place.library)
    let release = try Fixtures.add(1, to: library).release
    let reader = try place.open(.readOnly)
    let segment = try reader.segment(of: release.id)
    try library.remove(id: release.id)
    #expect(segment.verify().isEmpty)
    for attempt in [release.id, "../../etc", "r-", "", "r-0'; DROP TABLE release"] {
      #expect { try library.remove(id: attempt) } throws: {
        ($0 as? LibraryError)?.code == .noSuchRelease
      }
    }
    #expect { try reader.segment(of: release) } throws: {
      ($0 as? LibraryError)?.code == .noSuchRelease
    }
    let left = Fixtures.tree(place.library).filter { !$0.hasPrefix("catalogue") }
    #expect(
      left.filter { !$0.hasSuffix("/") }
        == empty.filter { !$0.hasPrefix("catalogue") && !$0.hasSuffix("/") }
    )
    #expect(try library.verify().isClean)
    #expect(try Fixtures.add(1, to: library).outcome == .added)
  }

  @Test("drops an addition that is not committed")
  func abandons() throws {
    let place = try Place()
    let library = try place.open()
    let before = Fixtures.tree(place.library)
    do {
      let addition = try library.beginAdd()
      try Data([1, 2, 3]).write(to: Fixtures.url(addition.proxyPath))
      #expect(Fixtures.tree(place.library) != before)
      withExtendedLifetime(addition) {}
    }
    #expect(Fixtures.tree(place.library) == before)
    var bad = Fixtures.media(1)
    bad.durationSeconds = .nan
    let addition = try library.beginAdd()
    #expect {
      try library.commit(
        addition,
        metadata: Fixtures.metadata("x"),
        media: bad,
        algorithm: 1,
        sections: [],
        addedAt: 0
      )
    } throws: { ($0 as? LibraryError)?.code == .invalidMetadata }
    #expect(Fixtures.tree(place.library) == before)
  }
}
