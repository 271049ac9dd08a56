import Foundation
import TestSupport
import Testing

@Suite("leaktrace reference add --manifest")
struct ManifestTests {
  @Test("adds the good rows, reports the bad ones by line, and skips what is there")
  func manifest() throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      at: program.folder.url.appendingPathComponent("list/films"),
      withIntermediateDirectories: true
    )
    try program.copy(.figures, as: "list/films/figures, 1.mp4")
    try program.copy(.cells, as: "list/cells.mp4")
    let rows = [
      "\u{FEFF}File, Title ,source,colour,eidr,alternative_names",
      #""films/figures, 1.mp4","Figures, the ""film""",delivery 1,red,,Figuren|Les figures"#,
      "",
      #"cells.mp4,"two"#,
      #"lines",,,,"#,
      "missing.mp4,Missing,,,,",
      #"cells.mp4,"open quote,,,,"#,
      "cells.mp4,Bad,,,10.5240/BAD,",
      ",No file,,,,",
      "cells.mp4,Too long,,,,,,,",
      ",,,,,",
      "cells.mp4,Cells",
    ]
    let list = program.folder.url.appendingPathComponent("list/m.csv")
    try rows.joined(separator: "\r\n").write(to: list, atomically: true, encoding: .utf8)

    let outcome = try program.run([
      "reference", "add", "--manifest", "list/m.csv", "--territory", "CA", "--json",
    ])
    #expect(outcome.status == 3, "\(outcome.errorText)")
    for line in [4, 6, 7, 8, 9, 10] {
      #expect(outcome.errorText.contains("line \(line)"), "line \(line): \(outcome.errorText)")
    }
    #expect(outcome.errorLines.count == 6, "\(outcome.errorText)")
    for document in try outcome.documents() {
      #expect(try JSONSchema(named: "reference-add-1").flaws(of: document) == [])
    }
    let list1 = try program.run(["reference", "list", "--json"]).documents().first
    let releases = list1?["releases"]?.elements ?? []
    #expect(releases.map { $0["title"]?.string } == ["Cells", "Figures, the \"film\""])
    #expect(releases.allSatisfy { $0["territory"] == .text("CA") })
    #expect(releases.last?["source"] == .text("delivery 1"))
    #expect(releases.last?["alternative_names"] == .list([.text("Figuren"), .text("Les figures")]))

    let good = [rows[0], rows[1], rows[11]].joined(separator: "\n")
    try good.write(to: list, atomically: true, encoding: .utf8)
    let again = try program.run(["reference", "add", "--manifest", "list/m.csv", "--json"])
    #expect(again.status == 0)
    #expect(try again.documents().allSatisfy { $0["status"] == .text("already_present") })
  }

  @Test(
    "refuses a list that cannot be one",
    arguments: ["", "\n\n", "name,title\na,b\n", "file,title,Title\na,b,c\n", "file,\"x\"y\na,b\n"]
  )
  func refusals(_ text: String) throws {
    let program = try Program()
    let list = program.folder.url.appendingPathComponent("m.csv")
    try text.write(to: list, atomically: true, encoding: .utf8)
    let outcome = try program.run(["reference", "add", "--manifest", "m.csv"])
    #expect(outcome.status == 3)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errorText.hasPrefix("leaktrace: m.csv: "))
    #expect(!FileManager.default.fileExists(atPath: program.library))
  }
}
