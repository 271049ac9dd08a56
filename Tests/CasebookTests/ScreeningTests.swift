import Casebook
import Foundation
import Screenings
import TestSupport
import Testing

@Suite("Screenings in the casebook")
struct CasebookScreeningTests {
  private static let header = "screening_id,facility,city,auditorium,cpl_id,release,start,width\n"
  private static let cpl = "0a1b2c3d-0000-4000-8000-0123456789ab"

  private static func batch(_ rows: String) throws -> ScreeningBatch {
    try ScreeningTable.read(Array((header + rows).utf8)).batch
  }

  private static let rows = """
    s1,Kino,Berlin,1,,The Film,2026-05-31T20:00+02:00,12
    s2,Kino,Berlin,2,\(cpl),,2026-05-31T20:00+02:00,9
    s3,Palast,Köln,1,,the  FILM,2026-06-01T20:00+02:00,
    ,Palast,Köln,1,,Other,2026-05-30T20:00+02:00,

    """

  private static func ids(_ casebook: Casebook, _ query: ScreeningQuery) throws -> [String] {
    try casebook.screenings(query).map { $0.screening.id }
  }

  @Test("are added, left alone when given again, and brought up to date")
  func adding() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let batch = try Self.batch(Self.rows)
    let first = try casebook.add(batch)
    #expect((first.added, first.changed, first.unchanged) == (4, 0, 0))
    let contents = try fixture.contents()
    let again = try casebook.add(batch)
    #expect((again.added, again.changed, again.unchanged) == (0, 0, 4))
    #expect(try fixture.contents() == contents)

    let moved = Self.rows.replacing(
      "2,\(Self.cpl),,2026-05-31T20",
      with: "3,\(Self.cpl),,2026-05-31T21"
    )
    let more = "s9,Kino,Berlin,1,,F,2026-07-01T00:00Z,1\n"
    let change = try casebook.add(try Self.batch(moved + more))
    #expect((change.added, change.changed, change.unchanged) == (1, 1, 3))
    #expect(change.changedIDs == ["s2"])
    let s2 = try #require(try casebook.screening("s2")).screening
    #expect(s2.place.auditorium == "3")
    #expect(s2.start.text == "2026-05-31T21:00:00+02:00")
    #expect(try casebook.screeningCount() == 5)
  }

  @Test("come back as they were, in the order of time and identifier")
  func reading() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let batch = try Self.batch(Self.rows)
    _ = try casebook.add(batch)
    let expected = batch.rows.map(batch.screening).sorted {
      ($0.start.seconds, $0.id) < ($1.start.seconds, $1.id)
    }
    #expect(try casebook.screenings(ScreeningQuery()).map(\.screening) == expected)
    #expect(try casebook.screening("s1")?.screening.place.screen.width == 12)
    #expect(try casebook.screening("none") == nil)
  }

  @Test("are found by time, facility, release and version")
  func queries() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    _ = try casebook.add(try Self.batch(Self.rows))
    var query = ScreeningQuery()
    query.releases = ["THE film"]
    #expect(try Self.ids(casebook, query) == ["s1", "s3"])
    query.cplIDs = [Self.cpl]
    #expect(try Self.ids(casebook, query) == ["s1", "s2", "s3"])
    query.limit = 2
    #expect(try Self.ids(casebook, query) == ["s1", "s2"])
    query.facility = "kino"
    query.cplIDs = []
    #expect(try Self.ids(casebook, query) == ["s1"])
    query.facility = "nowhere"
    #expect(try Self.ids(casebook, query) == [])

    query = ScreeningQuery()
    query.from = 1_780_250_400
    #expect(try Self.ids(casebook, query) == ["s1", "s2", "s3"])
    query.to = 1_780_250_401
    #expect(try Self.ids(casebook, query) == ["s1", "s2"])
    query.from = 1_780_250_401
    #expect(try Self.ids(casebook, query) == [])
  }

  @Test("know the title of their version, by which they are found as well")
  func compositions() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    _ = try casebook.add(try Self.batch(Self.rows))
    var composition = Composition(id: Self.cpl, title: "The Film", reels: 5)
    composition.editRate = .init(numerator: 24, denominator: 1)
    composition.duration = 144_000
    #expect(try casebook.add(composition) == .added)
    #expect(try casebook.add(composition) == .unchanged)
    composition.kind = "feature"
    #expect(try casebook.add(composition) == .changed)
    #expect(try casebook.compositions() == [composition])
    var query = ScreeningQuery()
    query.releases = ["The Film"]
    #expect(try Self.ids(casebook, query) == ["s1", "s2", "s3"])
    #expect(try casebook.screening("s2")?.composition == composition)
    // A title that counts without a version only.
    query = ScreeningQuery()
    query.bareTitles = ["The Film"]
    #expect(try Self.ids(casebook, query) == ["s1", "s3"])
  }

  @Test("facilities come back as they were, and tell where a device is")
  func facilities() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    var mark = Facility.Mark()
    (mark.kind, mark.manufacturer, mark.markID) = ("picture", "Marks", 4711)
    var device = Facility.Device()
    (device.type, device.id, device.marks) = ("SM", "AAAA", [mark, mark])
    var room = Facility.Auditorium(name: "1")
    room.devices = [device]
    var facility = Facility(id: "urn:f:1", name: "Kino")
    (facility.city, facility.zone) = ("Berlin", "Europe/Berlin")
    facility.auditoriums = [room, .init(name: "2")]
    var spare = Facility.Device()
    spare.serial = "7"
    facility.devices = [spare]
    #expect(try casebook.add(facility) == .added)
    #expect(try casebook.add(facility) == .unchanged)
    #expect(try casebook.facilities() == [facility])
    #expect(try casebook.place(ofDevice: "AAAA")?.auditorium == "1")
    #expect(try casebook.place(ofDevice: "AAAA")?.facilityID == "urn:f:1")
    #expect(try casebook.place(ofDevice: "BBBB") == nil)
    // A device that two cinemas have is in neither.
    var other = facility
    other.id = "urn:f:2"
    #expect(try casebook.add(other) == .added)
    #expect(try casebook.place(ofDevice: "AAAA") == nil)
    facility.auditoriums.removeLast()
    #expect(try casebook.add(facility) == .changed)
    #expect(try casebook.facility("urn:f:1") == facility)
  }

  @Test("are removed by identifier, by facility, and all, or not at all")
  func removing() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    _ = try casebook.add(try Self.batch(Self.rows))
    _ = try casebook.add(Composition(id: Self.cpl, title: "The Film", reels: 1))
    #expect {
      try casebook.removeScreenings(["s1", "none"])
    } throws: {
      ($0 as? CasebookError)?.code == .noSuchScreening
    }
    #expect(try casebook.screeningCount() == 4)
    let some = try casebook.removeScreenings(["s1", Self.cpl, "s1"])
    #expect((some.screenings, some.compositions) == (1, 1))
    #expect(try casebook.removeScreenings(ofFacility: "PALAST").screenings == 2)
    #expect(throws: CasebookError.self) { try casebook.removeScreenings(ofFacility: "Palast") }
    #expect(try casebook.removeAllScreenings().screenings == 1)
    #expect(try casebook.screenings(ScreeningQuery()) == [])
  }

  @Test("an import that is stopped changes nothing")
  func stopping() throws {
    struct Stop: Error {}
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    _ = try casebook.add(try Self.batch(Self.rows))
    let before = try fixture.contents()
    let many = (0..<20_000).map { "m\($0),Kino,Berlin,1,,F,2026-07-01T00:00Z,1\n" }.joined()
    let batch = try Self.batch(many)
    #expect(throws: Stop.self) {
      try casebook.add(batch) { fraction in if fraction > 0.5 { throw Stop() } }
    }
    #expect(try casebook.screeningCount() == 4)
    #expect(try fixture.contents() == before)
    #expect(try casebook.add(batch).added == 20_000)
  }

  @Test("a casebook of the first format gets its tables from the first writer")
  func oldFormat() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let first = Array(Casebook.formatSteps.prefix(1))
    let brand = Fixture.brand("a", "A")
    try Casebook.open(at: fixture.path, mode: .readWrite(createFolder: true), steps: first)
      .add([brand], files: [])
    let casebook = try fixture.open()
    #expect(try casebook.brands() == [brand])
    #expect(try casebook.add(try Self.batch(Self.rows)).added == 4)
  }
}
