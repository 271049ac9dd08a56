import Casebook
import Foundation
import TestSupport
import Testing

@Suite("Links")
struct LinkTests {
  private static func history(_ fixture: Fixture) throws -> Casebook {
    let casebook = try fixture.open()
    try casebook.add([Fixture.brand("a", "Alpha"), Fixture.brand("b", "Beta")], files: [])
    func record(_ name: String, _ at: Int64, _ titles: [String], _ brands: [String?]) throws {
      try casebook.record(
        leak: Fixture.leak(name, seenAt: at, capture: at == 300 ? "cap" : nil),
        matches: titles.map(Fixture.match),
        sightings: brands.enumerated().map { index, brand in
          Fixture.sighting(brand: brand, text: "unknown casino ad", from: Double(index) * 20)
        }
      )
    }
    try record("Film.2020.TS-GRP.mkv", 100, ["Film"], ["a", "a", "b"])
    try record("Film.2020.HDCAM-grp.mkv", 200, ["Film"], ["a"])
    try record("Other.2021.TS-XYZ.mkv", 300, [], ["a", nil])
    try record("nothing.mkv", 400, ["Film", "Other"], ["b"])
    return casebook
  }

  @Test("count leaks and ads by brand, group, title and capture")
  func counts() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let rows = try Self.history(fixture).links()
    #expect(
      rows.map { [$0.brandName, $0.group, $0.title, $0.captureID] } == [
        ["Alpha", "GRP", "Film", nil], ["Alpha", "XYZ", "Other", "cap"],
        ["Beta", nil, "Film", nil], ["Beta", nil, "Other", nil], ["Beta", "GRP", "Film", nil],
      ]
    )
    #expect(rows.map(\.leakCount) == [2, 1, 1, 1, 1])
    #expect(rows.map(\.sightingCount) == [3, 1, 1, 1, 1])
    #expect(rows.map(\.firstSeen) == [100, 300, 400, 400, 100])
    #expect(rows.map(\.lastSeen) == [200, 300, 400, 400, 100])
    #expect(rows.map(\.isTitleMatched) == [true, false, true, true, true])
  }

  @Test("are filtered by brand, group, title and time")
  func filters() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try Self.history(fixture)
    func rows(_ change: (inout LinkFilter) -> Void) throws -> [String] {
      var filter = LinkFilter()
      change(&filter)
      return try casebook.links(filter).map { "\($0.brandID)/\($0.group ?? "")/\($0.title ?? "")" }
    }
    #expect(try rows { $0.brand = "ALPHA" } == ["a/GRP/Film", "a/XYZ/Other"])
    #expect(try rows { $0.group = "grp" } == ["a/GRP/Film", "b/GRP/Film"])
    #expect(try rows { $0.title = "OTH" } == ["a/XYZ/Other", "b//Other"])
    #expect(try rows { $0.since = 300 } == ["a/XYZ/Other", "b//Film", "b//Other"])
    #expect(try rows { $0.group = "none" } == [])
    #expect { try rows { $0.brand = "none" } } throws: {
      ($0 as? CasebookError)?.code == .noSuchBrand
    }
    let unknown = try #require(try casebook.candidates().first)
    #expect(try rows { $0.includesUnknown = true }.last == "\(unknown.id)/XYZ/Other")
    #expect(try rows { $0.brand = unknown.id } == ["\(unknown.id)/XYZ/Other"])
  }

  @Test("go through the indexes where they are asked for a part")
  func plans() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try Self.history(fixture)
    var filter = LinkFilter()
    filter.brand = "a"
    #expect(try casebook.linkPlan(filter).contains { $0.contains("sightingByBrand") })
    filter.brand = nil
    filter.group = "grp"
    #expect(try casebook.linkPlan(filter).contains { $0.contains("leakByGroup") })
    filter.group = nil
    filter.since = 300
    #expect(try casebook.linkPlan(filter).contains { $0.contains("leakByLastSeen") })
  }

  @Test("over twenty thousand leaks take seconds, and so do groups of unknown brands")
  func scale() throws {
    let casebookFixture = try Fixture()
    defer { withExtendedLifetime(casebookFixture) {} }
    let casebook = try casebookFixture.open()
    try casebook.add((0..<12).map { Fixture.brand("b\($0)", "Brand \($0)") }, files: [])
    var random = SeededRandom(seed: 3)
    let analyses = (0..<20_000).map { index in
      let group = "GRP\(random.next() % 25)"
      let brand = random.next() % 13
      let isUnknown = brand == 12
      return LeakAnalysis(
        leak: Fixture.leak("Film.2020.TS-\(group).mkv", salt: "\(index)"),
        matches: [Fixture.match("Title \(random.next() % 60)")],
        sightings: [
          Fixture.sighting(
            brand: isUnknown ? nil : "b\(brand)",
            text: "ad of brand number \(random.next() % 40)",
            look: Fixture.look(random.next() % 1500)
          ), Fixture.sighting(brand: isUnknown ? nil : "b\(brand)", from: 30),
        ]
      )
    }
    let clock = ContinuousClock()
    for start in stride(from: 0, to: analyses.count, by: 1000) {
      try casebook.record(Array(analyses[start..<(start + 1000)]))
    }
    var rows: [LinkRow] = []
    let linking = try clock.measure { rows = try casebook.links() }
    #expect(
      rows.reduce(0) { $0 + $1.leakCount } == analyses.count { $0.sightings?.first?.brandID != nil }
    )
    #expect(linking < .seconds(10))
    var groups: [CandidateGroup] = []
    let grouping = try clock.measure { groups = try casebook.candidates() }
    #expect(!groups.isEmpty)
    #expect(grouping < .seconds(10))
    let one = try clock.measure { try casebook.record([analyses[7]]) }
    #expect(try casebook.leakCount() == analyses.count)
    #expect(one < .seconds(2))
    print("links \(linking), candidates \(grouping), one record \(one)")
  }
}
