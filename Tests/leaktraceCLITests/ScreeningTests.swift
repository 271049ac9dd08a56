import Foundation
import TestSupport
import Testing

@Suite("leaktrace screening")
struct ScreeningTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ScreeningsTests/Samples")

  private static func write(_ text: String, _ program: Program, _ name: String) throws {
    try Data(text.utf8).write(to: program.folder.url.appendingPathComponent(name))
  }

  private static func copy(_ program: Program, _ names: String...) throws {
    for name in names {
      try FileManager.default.copyItem(
        at: samples.appendingPathComponent(name),
        to: program.folder.url.appendingPathComponent(name)
      )
    }
  }

  /// The one document of a command, held against its schema.
  private static func document(
    _ program: Program,
    _ arguments: [String],
    schema: String,
    status: Int32 = 0
  ) throws -> JSON {
    let outcome = try program.run(["screening"] + arguments + ["--json"])
    #expect(outcome.status == status, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: schema).flaws(of: document) == [])
    return document
  }

  private static let list = """
    screening_id;facility_id;facility;city;auditorium;release;start;width;mark_location
    s1;f1;=HYPERLINK("x");Berlin;1;The Film;2026-05-31T20:00;12,5;7
    s2;f1;Kino;Berlin;2;The Film;2026-03-29T02:30;;
    s3;f1;Kino;Berlin;2;The Film;2026-06-01T20:00;;
    s4;f2;Kino \u{202E}zwei;Köln;1;Other;2026-06-01T18:00;;

    """.replacing("=HYPERLINK(\"x\")", with: "\"=HYPERLINK(\"\"x\"\")\"")

  @Test("imports a list, says what is wrong by line, and changes nothing the second time")
  func list() throws {
    let program = try Program()
    try Self.write(Self.list, program, "list.csv")
    let arguments = ["import", "--zone", "Europe/Berlin", "list.csv"]
    let first = try program.run(["screening"] + arguments)
    #expect(first.status == 3)
    #expect(
      first.lines == [
        "list.csv: screening list in UTF-8, 3 added, 0 changed, 0 unchanged, 1 refused"
      ]
    )
    #expect(first.errorLines.count == 1)
    #expect(first.errorText.hasPrefix("leaktrace: list.csv, line 3: start: 2026-03-29T02:30:00 "))
    let before = try program.libraryContents()
    let again = try Self.document(program, arguments, schema: "screening-import-1", status: 3)
    #expect(again["unchanged"] == .number(3))
    #expect(again["added"] == .number(0))
    #expect(again["refused"]?.elements.first?["line"] == .number(3))
    #expect(try program.libraryContents() == before)

    try Self.write(Self.list.replacing("2026-06-01T20", with: "2026-06-01T21"), program, "list.csv")
    let changed = try program.run(["screening"] + arguments)
    #expect(changed.lines.first?.contains("0 added, 1 changed, 2 unchanged, 1 refused") == true)
    #expect(changed.lines.last == "  changed s3")
  }

  @Test("lists with filters, shows, and removes")
  func listing() throws {
    let program = try Program()
    try Self.write(Self.list, program, "list.csv")
    _ = try program.run(["screening", "import", "--zone", "Europe/Berlin", "list.csv"])
    func ids(_ arguments: String...) throws -> [String?] {
      let list = try Self.document(program, ["list"] + arguments, schema: "screenings-1")
      return list["screenings"]?.elements.map { $0["screening_id"]?.string } ?? []
    }
    #expect(try ids() == ["s1", "s4", "s3"])
    #expect(try ids("--release", "the film") == ["s1", "s3"])
    #expect(try ids("--facility", "f1", "--limit", "1") == ["s1"])
    #expect(try ids("--facility", "kino") == ["s3"])
    #expect(try ids("--from", "2026-06-01") == ["s4", "s3"])
    #expect(try ids("--from", "2026-05-31", "--to", "2026-05-31") == ["s1"])
    #expect(try ids("--to", "2026-05-31T20:00+02:00") == [])
    #expect(try ids("--release", "Nothing") == [])

    let text = try program.run(["screening", "list", "--limit", "2"])
    #expect(
      text.lines == [
        "2026-05-31T20:00:00+02:00  s1  =HYPERLINK(\"x\"), Berlin  1  The Film",
        "2026-06-01T18:00:00+02:00  s4  Kino \\u{202E}zwei, Köln  1  Other",
      ]
    )
    #expect(text.errorLines == ["There are more than 2 screenings; --limit shows more of them."])
    let json = try program.run(["screening", "list", "--json"]).text
    #expect(json.contains(#"Kino \u202ezwei"#))
    #expect(!json.contains("\u{202E}"))

    let shown = try Self.document(program, ["show", "s1"], schema: "screenings-1")
    let screening = try #require(shown["screenings"]?.elements.first)
    #expect(screening["start_utc"] == .text("2026-05-31T18:00:00Z"))
    #expect(screening["screen"]?["width_m"] == .number(12.5))
    #expect(screening["mark_location"] == .number(7))
    #expect(try program.run(["screening", "show", "s1"]).text.contains("screen width    12.5 m\n"))
    #expect(try program.run(["screening", "show", "s9"]).status == 2)

    #expect(try program.run(["screening", "remove"]).status == 2)
    #expect(try program.run(["screening", "remove", "s1", "--all"]).status == 2)
    #expect(try program.run(["screening", "remove", "s1", "s9"]).status == 2)
    #expect(try ids().count == 3)
    let removed = try Self.document(program, ["remove", "s1"], schema: "screening-remove-1")
    #expect(removed["screenings"] == .number(1))
    #expect(
      try program.run(["screening", "remove", "--facility", "f1"]).lines == ["removed 1 screening"]
    )
    #expect(try program.run(["screening", "remove", "--all"]).lines == ["removed 1 screening"])
    #expect(try ids().isEmpty)
  }

  @Test("imports a facility, a composition and a log of its server, and ties them together")
  func servers() throws {
    let program = try Program()
    try Self.copy(program, "facility.xml", "cpl-smpte.xml", "log.xml")
    let early = try program.run(["screening", "import", "log.xml"])
    #expect(early.status == 3)
    #expect(early.errorLines.count == 4)
    #expect(early.errorText.contains("in no facility list"))
    #expect(!FileManager.default.fileExists(atPath: program.library))

    let all = ["screening", "import", "facility.xml", "cpl-smpte.xml", "log.xml"]
    let first = try program.run(all)
    #expect(first.status == 0, "\(first.errorText)")
    #expect(
      first.lines == [
        "facility.xml: facility urn:x-facilityID:example.com:1234, added",
        "cpl-smpte.xml: composition 0a1b2c3d-0000-4000-8000-0123456789ab, added",
        "log.xml: playout log, 4 added, 0 changed, 0 unchanged, 0 refused",
      ]
    )
    let before = try program.libraryContents()
    let again = try program.run(all)
    #expect(again.lines.map { $0.hasSuffix("unchanged") } == [true, true, false])
    #expect(again.lines.last?.contains("0 added, 0 changed, 4 unchanged") == true)
    #expect(try program.libraryContents() == before)

    let found = try Self.document(
      program,
      ["list", "--release", "the salt road"],
      schema: "screenings-1"
    )
    let screenings = found["screenings"]?.elements ?? []
    #expect(screenings.count == 3)
    #expect(screenings.first?["facility"] == .text("Kino Eins"))
    #expect(screenings.first?["cpl_title"] == .text("The Salt Road"))
    #expect(screenings.first?["end"] == .text("2026-05-31T19:02:10Z"))
    let facility = try Self.document(
      program,
      ["show", "urn:x-facilityID:example.com:1234"],
      schema: "screenings-1"
    )
    let devices = facility["facilities"]?.elements.first?["auditoriums"]?.elements.first?["devices"]
    #expect(devices?.elements.first?["marks"]?.elements.count == 3)
    let list = try Self.document(program, ["list", "--compositions"], schema: "screenings-1")
    #expect(list["compositions"]?.elements.first?["duration_units"] == .number(57_800))
    #expect(try program.run(["screening", "list", "--facilities"]).lines.count == 1)
  }

  @Test("knows the release of the library that a composition is")
  func releases() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    let cpl = "0a1b2c3d-0000-4000-8000-0123456789ab"
    let added = try program.run([
      "reference", "add", "--title", "Cells", "--cpl-id", cpl, "a.mp4",
    ])
    #expect(added.status == 0, "\(added.errorText)")
    let rows =
      "facility,auditorium,cpl_id,release,start\n"
      + "Kino,1,\(cpl),,2026-05-31T20:00Z\nKino,2,,CELLS,2026-05-31T20:00Z\n"
      + "Kino,3,0a1b2c3d-0000-4000-8000-000000000000,Cells,2026-05-31T20:00Z\n"
    try Self.write(rows, program, "list.csv")
    #expect(try program.run(["screening", "import", "list.csv"]).status == 0)
    let library = try program.run(["reference", "list", "--json"]).documents().first
    let id = try #require(library?["releases"]?.elements.first?["release_id"]?.string)
    for name in [id, cpl] {
      let list = try Self.document(program, ["list", "--release", name], schema: "screenings-1")
      let rooms = list["screenings"]?.elements.map { $0["auditorium"]?.string } ?? []
      // The third is another version, whatever its title.
      #expect(Set(rooms) == (name == id ? ["1", "2"] : ["1"]))
      #expect(list["screenings"]?.elements.allSatisfy { $0["release_id"] == .text(id) } == true)
    }
  }

  @Test(
    "refuses bad files as a whole, naming line and cause, and imports nothing",
    arguments: [
      (
        "facility,auditorium,release,start\nK,1,F,2026-05-31T20:00Z\n\"K,1,F,x\n",
        "line 3: a quote is opened"
      ),
      ("facility,auditorium,release\nK,1,F\n", "line 1: the list has no column for a start"),
      (
        "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n<x>&a;</x>",
        "line 2: the document has a document type"
      ),
      ("<a>\n<b></a>", "line 2: the end tag"),
      ("<html/>", "line 1: <html> of no namespace"),
      ("", "the file is empty"),
      ("\u{0}\u{1}", "line 1: a NUL byte"),
    ]
  )
  func badFiles(_ text: String, cause: String) throws {
    let program = try Program()
    try Self.write(text, program, "bad")
    let outcome = try program.run(["screening", "import", "bad", "--json"])
    #expect(outcome.status == 3)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errorText.hasPrefix("leaktrace: bad: " + cause), "\(outcome.errorText)")
    let report = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "screening-import-1").flaws(of: report) == [])
    #expect(!FileManager.default.fileExists(atPath: program.library))
  }

  @Test("refuses a log whose clock jumps, and keeps what was there")
  func clockJump() throws {
    let program = try Program()
    try Self.copy(program, "facility.xml", "log.xml")
    #expect(try program.run(["screening", "import", "facility.xml"]).status == 0)
    let before = try program.libraryContents()
    let log = try String(
      contentsOf: program.folder.url.appendingPathComponent("log.xml"),
      encoding: .utf8
    )
    try Self.write(
      log.replacing("2026-05-31T19:02:11+00:00", with: "2026-05-31T17:02:11+00:00"),
      program,
      "log.xml"
    )
    let outcome = try program.run(["screening", "import", "log.xml"])
    #expect(outcome.status == 3)
    #expect(outcome.errorText.contains("log.xml: line "))
    #expect(outcome.errorText.contains("jumps back by 7199 s"))
    #expect(try program.libraryContents() == before)
  }

  @Test("takes the place of a log by hand")
  func placeByHand() throws {
    let program = try Program()
    try Self.copy(program, "log.xml")
    let outcome = try program.run([
      "screening", "import", "--facility", "Kino", "--auditorium", "3", "log.xml",
    ])
    #expect(outcome.lines == ["log.xml: playout log, 4 added, 0 changed, 0 unchanged, 0 refused"])
    let list = try program.run(["screening", "list"])
    #expect(list.lines.count == 4)
    #expect(list.lines.allSatisfy { $0.contains("  Kino  3  ") })
  }

  @Test("creates a library whose path is a single name")
  func relativeLibrary() throws {
    let program = try Program()
    try Self.copy(program, "cpl-smpte.xml")
    let arguments = ["screening", "import", "--library", "list", "cpl-smpte.xml"]
    #expect(try program.run(arguments).status == 0)
    let listed = try program.run(["screening", "list", "--library", "list", "--compositions"])
    #expect(
      listed.lines == ["0a1b2c3d-0000-4000-8000-0123456789ab  00:40:08.333  The Salt Road"]
    )
  }

  @Test(
    "refuses options that make no sense",
    arguments: [
      ["import", "--zone", "MSK", "list.csv"], ["import", "--map", "x=y", "list.csv"],
      ["import", "--map", "Nowhere=start", "list.csv"], ["import", "--facility", "x", "list.csv"],
      ["list", "--from", "soon"], ["list", "--limit", "0"],
      ["list", "--compositions", "--release", "x"], ["import"],
    ]
  )
  func usage(_ arguments: [String]) throws {
    let program = try Program()
    try Self.write(Self.list, program, "list.csv")
    let outcome = try program.run(["screening"] + arguments)
    #expect(outcome.status == 2, "\(outcome.errorText)")
    #expect(!FileManager.default.fileExists(atPath: program.library))
  }

  @Test(
    "survives a kill at any moment of an import: the old list or the new one",
    .timeLimit(.minutes(5))
  )
  func kills() throws {
    let program = try Program()
    try Self.write(
      "facility,auditorium,release,start\nK,1,F,2026-05-31T20:00Z\n",
      program,
      "old.csv"
    )
    #expect(try program.run(["screening", "import", "old.csv"]).status == 0)
    let rows = (0..<60_000).map { "K,\($0),F,2026-06-\(10 + $0 % 20)T20:00Z\n" }
    try Self.write("facility,auditorium,release,start\n" + rows.joined(), program, "new.csv")
    for delay in stride(from: 0.05, through: 1.25, by: 0.15) {
      _ = try program.shell("timeout -s KILL \(delay) \"$PROGRAM\" screening import new.csv")
      let list = try program.run(["screening", "list", "--limit", "100000"])
      #expect(list.status == 0, "\(list.errorText)")
      let count = list.lines.count
      #expect(count == 1 || count == 60_001, "\(count)")
      if count > 1 { break }
    }
    #expect(try program.run(["screening", "import", "new.csv"]).status == 0)
    #expect(try program.run(["screening", "list", "--limit", "100000"]).lines.count == 60_001)
  }
}
