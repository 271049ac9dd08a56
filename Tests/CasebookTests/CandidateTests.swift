import Casebook
import Foundation
import TestSupport
import Testing

@Suite("Unknown brands")
struct CandidateTests {
  private typealias Mark = SightingEntry.Mark

  private static func record(
    _ casebook: Casebook,
    _ sightings: [SightingEntry],
    order: [Int]? = nil
  ) throws {
    for index in order ?? Array(sightings.indices) {
      try casebook.record(
        leak: Fixture.leak("leak\(index).mkv", seenAt: 1000 + Int64(index)),
        matches: [],
        sightings: [sightings[index]]
      )
    }
  }

  private static let sightings = [
    Fixture.sighting(text: "КАЗИНО ФАРАОН вращай"),
    Fixture.sighting(text: "KA3ИHO ФАРAOH вращай!"),
    Fixture.sighting(look: Fixture.look(1)),
    Fixture.sighting(look: Fixture.look(1, flipping: 31)),
    Fixture.sighting(look: Fixture.look(1, flipping: 64)),
    Fixture.sighting(marks: [Mark(kind: "url", value: "https://www.Pharaoh.example/x?y")]),
    Fixture.sighting(
      text: "Казино Фараон вращай",
      marks: [Mark(kind: "domain", value: "pharaoh.example")]
    ),
    Fixture.sighting(marks: [Mark(kind: "url", value: "t.me/one")]),
    Fixture.sighting(marks: [Mark(kind: "url", value: "t.me/two")]),
    Fixture.sighting(marks: [Mark(kind: "promo_code", value: "PHARAOH-1")]),
    Fixture.sighting(marks: [Mark(kind: "promo_code", value: "рharaoh 1")]),
    Fixture.sighting(text: "Смотрите в нашем клубе"),
    Fixture.sighting(look: [UInt8](repeating: 0, count: 32)),
    Fixture.sighting(look: [UInt8](repeating: 0, count: 32)),
  ]

  @Test("are grouped by text, look, host and code, and by nothing that everybody shares")
  func grouping() throws {
    let casebookFixture = try Fixture()
    defer { withExtendedLifetime(casebookFixture) {} }
    let casebook = try casebookFixture.open()
    try Self.record(casebook, Self.sightings)
    let groups = try casebook.candidates().map { group in
      group.sightings.map { Int($0.leakFirstSeen - 1000) }
    }
    #expect(
      Set(groups) == [
        [0, 1, 5, 6], [2, 3], [4], [7], [8], [9, 10], [11], [12], [13],
      ]
    )
    #expect(groups.first == [0, 1, 5, 6])
  }

  @Test("have the same names whatever the order of recording, and keep them as leaks come in")
  func stability() throws {
    let casebookFixture = try Fixture()
    defer { withExtendedLifetime(casebookFixture) {} }
    let casebook = try casebookFixture.open()
    try Self.record(casebook, Self.sightings)
    let names = try casebook.candidates().map(\.id)
    let otherFixture = try Fixture()
    defer { withExtendedLifetime(otherFixture) {} }
    let other = try otherFixture.open()
    try Self.record(other, Self.sightings, order: Array(Self.sightings.indices.reversed()))
    #expect(try other.candidates().map(\.id) == names)
    try casebook.record(
      leak: Fixture.leak("late.mkv", seenAt: 9000),
      matches: [],
      sightings: [Fixture.sighting(look: Fixture.look(1))]
    )
    #expect(try Set(casebook.candidates().map(\.id)) == Set(names))
    #expect(names.allSatisfy { $0.hasPrefix("c-") && $0.count == 14 })
  }

  @Test("become a brand with their texts, hosts, codes and picture, and lend it their sightings")
  func acceptance() throws {
    let casebookFixture = try Fixture()
    defer { withExtendedLifetime(casebookFixture) {} }
    let casebook = try casebookFixture.open()
    var sightings = Self.sightings
    sightings[1].picture = Array("png".utf8)
    try Self.record(casebook, sightings)
    let group = try #require(try casebook.candidates().first)
    let picture = BrandFile(Array("png".utf8))
    #expect(group.pictureDigest == picture.digest)
    let result = try casebook.accept(
      group.id,
      as: .new(Brand(id: "pharaoh", name: "Фараон")),
      logo: { _, _ in
        (.init(name: "pharaoh/1.png", digest: picture.digest, width: 4, height: 4), picture)
      },
      addedAt: 77
    )
    #expect(result.sightingCount == 4)
    let brand = try casebook.brand("pharaoh")
    #expect(brand == result.brand)
    #expect(brand.domains == ["pharaoh.example"])
    #expect(brand.texts.contains("КАЗИНО ФАРАОН вращай"))
    #expect(brand.addedAt == 77)
    #expect(try casebook.brandFile(picture.digest) == picture.bytes)
    #expect(try !casebook.candidates().contains { $0.id == group.id })
    #expect(try casebook.links().reduce(0) { $0 + $1.sightingCount } == 4)
    #expect { try casebook.candidate(group.id) } throws: {
      ($0 as? CasebookError)?.code == .noSuchCandidate
    }

    // The same ad found again without a brand keeps what a person said of it.
    try Self.record(casebook, [Fixture.sighting(text: "КАЗИНО")])
    let again = try casebook.sightings(ofLeak: Fixture.leak("leak0.mkv").sha256)
    #expect(again.map(\.brandID) == ["pharaoh"])
  }

  @Test("join a brand that is there, and change nothing where that fails")
  func merging() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    try casebook.add([Fixture.brand("a", "A")], files: [])
    try Self.record(casebook, Self.sightings)
    let groups = try casebook.candidates()
    let code = try #require(groups.first { !$0.promoCodes.isEmpty })
    let before = try fixture.contents()
    #expect {
      try casebook.accept(
        code.id,
        as: .new(Brand(id: "x", name: "a")),
        logo: { _, _ in nil },
        addedAt: 0
      )
    } throws: { ($0 as? CasebookError)?.code == .duplicate }
    #expect {
      try casebook.accept("c-", as: .existing("a"), logo: { _, _ in nil }, addedAt: 0)
    } throws: {
      ($0 as? CasebookError)?.code == .noSuchCandidate
    }
    #expect(try fixture.contents() == before)
    let result = try casebook.accept(
      code.id,
      as: .existing("A"),
      logo: { _, _ in nil },
      addedAt: 0
    )
    #expect(result.brand.promoCodes == ["CODEA", "PHARAOH-1", "рharaoh 1"])
    #expect(result.brand.addedAt == Fixture.brand("a", "A").addedAt)
    #expect(result.sightingCount == 2)
  }
}
