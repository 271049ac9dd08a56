import Foundation
import TestSupport
import Testing

@Suite("leaktrace reference")
struct ReferenceTests {
  @Test("adds, lists, shows and removes a release")
  func wholeLife() throws {
    let program = try Program()
    try program.copy(.figures, as: "film.mp4")
    let added = try program.run([
      "reference", "add", "film.mp4", "--title", "Figures", "--version-name", "Director's cut",
      "--alternative-name", "Figuren", "--alternative-name", "Figures, the", "--aspect-ratio",
      "16:9", "--audio-language", "fr-CA", "--release-date", "2024-05-31", "--territory", "CA",
      "--source", "delivery 7", "--json",
    ])
    #expect(added.status == 0, "\(added.errorText)")
    let line = try #require(try added.documents().first)
    #expect(try JSONSchema(named: "reference-add-1").flaws(of: line) == [])
    #expect(line["status"] == .text("added"))

    let listed = try program.run(["reference", "list", "--json"])
    let list = try #require(try listed.documents().first)
    #expect(try JSONSchema(named: "reference-list-1").flaws(of: list) == [])
    let release = try #require(list["releases"]?.elements.first)
    #expect(list["releases"]?.elements.count == 1)
    #expect(release["title"] == .text("Figures"))
    #expect(release["version"] == .text("Director's cut"))
    #expect(release["alternative_names"] == .list([.text("Figuren"), .text("Figures, the")]))
    #expect(release["release_date"] == .text("2024-05-31"))
    #expect(release["source"] == .text("delivery 7"))
    #expect(release["file"]?["duration"] == .number(20))
    #expect(release["file"]?["width"] == .number(640))
    #expect(release["file"]?["frame_rate"] == .number(25))

    let identifier = try #require(release["release_id"]?.string)
    let plain = try program.run(["reference", "list"])
    #expect(plain.lines == ["\(identifier)  00:00:20.000  Figures (Director's cut)"])
    let shown = try program.run(["reference", "show", String(identifier.prefix(8))])
    #expect(shown.status == 0)
    #expect(shown.text.contains("audio language      fr-CA\n"))

    let removed = try program.run(["reference", "remove", identifier, "--json"])
    #expect(removed.status == 0)
    let removal = try #require(try removed.documents().first)
    #expect(try JSONSchema(named: "reference-remove-1").flaws(of: removal) == [])
    #expect(removal["removed"]?.elements.count == 1)
    #expect(try program.run(["reference", "list"]).text.isEmpty)
    #expect(try program.run(["reference", "remove", identifier]).status == 2)
    #expect(try program.run(["reference", "show", identifier]).status == 2)
  }

  @Test("adding the same contents again changes nothing")
  func idempotence() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    try program.copy(.cells, as: "b.mp4")
    #expect(try program.run(["reference", "add", "a.mp4", "--title", "Cells"]).status == 0)
    let before = try program.libraryContents()
    let again = try program.run(["reference", "add", "b.mp4", "--title", "Other", "--json"])
    #expect(again.status == 0)
    let line = try #require(try again.documents().first)
    #expect(try JSONSchema(named: "reference-add-1").flaws(of: line) == [])
    #expect(line["status"] == .text("already_present"))
    #expect(line["kept_other_metadata"] == .boolean(true))
    #expect(try program.libraryContents() == before)
  }

  @Test("two copies of one film in one command become one release")
  func twins() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    try program.copy(.cells, as: "b.mp4")
    let added = try program.run(["reference", "add", "a.mp4", "b.mp4", "--jobs", "2", "--json"])
    #expect(added.status == 0)
    let states = try added.documents().map { $0["status"]?.string }
    #expect(Set(states) == ["added", "already_present"])
    #expect(try program.run(["reference", "list"]).lines.count == 1)
  }

  @Test("verify is content with a good library and finds a flipped bit in any file")
  func verification() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
    let good = try program.run(["reference", "verify", "--json"])
    #expect(good.status == 0)
    let report = try #require(try good.documents().first)
    #expect(try JSONSchema(named: "reference-verify-1").flaws(of: report) == [])
    #expect(report["clean"] == .boolean(true))
    let files = try program.libraryContents().filter { !$0.value.isEmpty }
    #expect(files.count >= 4)
    for (name, contents) in files {
      let url = URL(fileURLWithPath: program.library).appendingPathComponent(name)
      var bad = contents
      bad[bad.count / 2] ^= 0x10
      try FileManager.default.removeItem(at: url)
      try bad.write(to: url)
      let outcome = try program.run(["reference", "verify", "--json"])
      #expect(outcome.status == 10, "\(name): \(outcome.errorText)")
      #expect(outcome.errorText.hasPrefix("leaktrace: "), "\(name)")
      if let report = try outcome.documents().first {
        #expect(try JSONSchema(named: "reference-verify-1").flaws(of: report) == [])
        #expect(report["clean"] == .boolean(false))
      }
      try FileManager.default.removeItem(at: url)
      try contents.write(to: url)
    }
    #expect(try program.run(["reference", "verify"]).status == 0)
  }

  @Test("a second writer is told that the library is locked")
  func lock() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
    let outcome = try program.shell(
      #"flock library/lock "$PROGRAM" reference add --title X a.mp4"#
    )
    #expect(outcome.status == 11, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("is writing to this library"))
    #expect(try program.run(["reference", "list"]).lines.count == 1)
  }

  @Test("a library that is not there is said to be missing, and is not created by reading")
  func missing() throws {
    let program = try Program()
    for command in [["list"], ["verify"], ["show", "r-1"], ["remove", "r-1"]] {
      let outcome = try program.run(["reference"] + command)
      #expect(outcome.status == 10)
      #expect(outcome.errorText.contains("there is no library here"))
    }
    #expect(!FileManager.default.fileExists(atPath: program.library))
  }

  @Test("the library is where --library, LEAKTRACE_LIBRARY or the XDG folder says")
  func places() throws {
    let program = try Program()
    let folder = program.folder
    func place(_ arguments: [String], _ environment: [String: String]) throws -> String? {
      try program.run(["doctor", "--json"] + arguments, environment: environment)
        .documents().first?["library"]?["path"]?.string
    }
    #expect(try place(["--library", folder.path("x")], [:]) == folder.path("x"))
    #expect(try place([], [:]) == folder.path("library"))
    let xdg = ["LEAKTRACE_LIBRARY": "", "XDG_DATA_HOME": folder.path("data")]
    #expect(try place([], xdg) == folder.path("data/leaktrace"))
    let home = ["LEAKTRACE_LIBRARY": "", "XDG_DATA_HOME": ""]
    #expect(try place([], home) == folder.path(".local/share/leaktrace"))
  }
}
