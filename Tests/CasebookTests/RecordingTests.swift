import Casebook
import Foundation
import TestSupport
import Testing

@Suite("Recording leaks")
struct RecordingTests {
  @Test("keeps all that was found")
  func roundTrip() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    try casebook.add([Fixture.brand("a", "A")], files: [])
    let leak = Fixture.leak("Фильм (2024) TS [группа].mp4", capture: "cap-1")
    var sighting = Fixture.sighting(
      brand: "a",
      text: "БОНУС\u{1B}[31m '); DROP TABLE leak;--",
      marks: [.init(kind: "url", value: "a.example/x"), .init(kind: "promo_code", value: "A77")],
      look: Fixture.look(1)
    )
    sighting.picture = Array("picture".utf8)
    try casebook.record(leak: leak, matches: [Fixture.match("Фильм")], sightings: [sighting])

    let known = try #require(try casebook.leak(leak.sha256))
    #expect(known.claim.group == "группа")
    #expect(known.claim.year == 2024)
    #expect(known.claim.source == "TS")
    #expect(known.captureID == "cap-1")
    #expect(known.matches == [Fixture.match("Фильм")])
    #expect(known.firstPath == leak.path)
    let found = try #require(try casebook.sightings(ofLeak: leak.sha256).first)
    #expect(found.brandID == "a")
    #expect(found.brandConfidence == 0.9)
    #expect(found.text == sighting.text)
    #expect(found.marks == sighting.marks)
    #expect(found.boxes == sighting.boxes)
    #expect(found.evidence == sighting.evidence)
    #expect(found.look == sighting.look)
    #expect(try casebook.picture(try #require(found.pictureDigest)) == sighting.picture)
  }

  @Test("again replaces sightings and matches, and keeps when and where a leak was first seen")
  func replacement() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    var first = Fixture.sighting(text: "one")
    first.picture = Array("old".utf8)
    var leak = Fixture.leak("clip.mkv", seenAt: 1000, capture: "cap")
    try casebook.record(leak: leak, matches: [Fixture.match("A")], sightings: [first, first])
    let old = try #require(try casebook.sightings(ofLeak: leak.sha256)[0].pictureDigest)
    leak.path = Array("/other/Film.2020.HDCAM-GRP.mkv".utf8)
    (leak.seenAt, leak.captureID, leak.durationSeconds) = (2000, nil, nil)
    try casebook.record(
      leak: leak,
      matches: [],
      sightings: [Fixture.sighting(text: "two", from: 90)]
    )

    let known = try #require(try casebook.leak(leak.sha256))
    #expect(known.firstSeen == 1000)
    #expect(known.lastSeen == 2000)
    #expect(String(decoding: known.firstPath, as: UTF8.self) == "/in/clip.mkv")
    #expect(String(decoding: known.lastPath, as: UTF8.self) == "/other/Film.2020.HDCAM-GRP.mkv")
    #expect(known.names.count == 2)
    #expect(known.claim.group == "GRP")
    #expect(known.captureID == "cap")
    #expect(known.durationSeconds == 60)
    #expect(known.matches.isEmpty)
    #expect(try casebook.sightings(ofLeak: leak.sha256).map(\.text) == ["two"])
    #expect(throws: CasebookError.self) { try casebook.picture(old) }
    #expect(try casebook.leakCount() == 1)
  }

  @Test("names the same whatever the order in which they were seen")
  func order() throws {
    let names = ["x.mkv", "Film.2020.HDCAM-AAA.mkv", "Film.2020.HDCAM-BBB.mkv"]
    var claims: Set<String?> = []
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
      let casebookFixture = try Fixture()
      defer { withExtendedLifetime(casebookFixture) {} }
      let casebook = try casebookFixture.open()
      for index in order {
        var leak = Fixture.leak("same")
        leak.path = Array(names[index].utf8)
        try casebook.record(leak: leak, matches: [], sightings: [])
      }
      claims.insert(try casebook.leak(Fixture.leak("same").sha256)?.claim.group)
    }
    #expect(claims == ["AAA"])
  }

  @Test("bounds what strangers can write, and takes no number that is none")
  func bounds() throws {
    let casebookFixture = try Fixture()
    defer { withExtendedLifetime(casebookFixture) {} }
    let casebook = try casebookFixture.open()
    var sighting = Fixture.sighting(text: String(repeating: "я", count: 100_000) + "\0")
    sighting.marks = (0..<5000).map { .init(kind: "url", value: "\($0)") }
    sighting.startSeconds = .nan
    sighting.look = [1, 2, 3]
    sighting.brandID = "not there"
    let leak = Fixture.leak("x.mkv")
    try casebook.record(
      leak: leak,
      matches: [],
      sightings: Array(repeating: sighting, count: 20)
    )
    let found = try casebook.sightings(ofLeak: leak.sha256)
    #expect(found.count == 20)
    #expect(found[0].text?.unicodeScalars.count == 4000)
    #expect(found[0].marks.count == 200)
    #expect(found[0].startSeconds == 0)
    #expect(found[0].look == nil)
    #expect(found[0].brandID == nil)
    var bad = leak
    bad.sha256 = "../../x"
    #expect(throws: CasebookError.self) {
      try casebook.record(leak: bad, matches: [], sightings: [])
    }
  }
}
