import Foundation
import TestSupport
import Testing

@Suite("leaktrace vendor")
struct VendorTests {
  private static func document(
    _ program: Program,
    _ arguments: [String],
    schema: String,
    status: Int32 = 0
  ) throws -> JSON {
    let outcome = try program.run(["vendor"] + arguments + ["--json"])
    #expect(outcome.status == status, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: schema).flaws(of: document) == [])
    return document
  }

  @Test("imports reports, lists them by leak, shows and removes them")
  func reports() throws {
    let program = try Program()
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: program.folder.url.appendingPathComponent(name))
    }
    try write("abc", "leak.mp4")
    try write(
      """
      vendor,verdict,mark_id,time_stamp,score
      "<b>\u{202E}Cine</b>",found,7,31000,12.5
      Cine,maybe,7,,

      """,
      "report.csv"
    )
    let arguments = ["import", "--leak", "leak.mp4", "report.csv"]
    let first = try program.run(["vendor"] + arguments)
    #expect(first.status == 3)
    #expect(first.lines == ["report.csv: 1 added, 0 unchanged, 1 refused"])
    #expect(first.errorText.hasPrefix("leaktrace: report.csv, line 3: the verdict \"maybe\" "))
    let before = try program.libraryContents()
    let again = try Self.document(program, arguments, schema: "vendor-import-1", status: 3)
    #expect(again["unchanged"] == .number(1))
    #expect(again["refused"]?.elements.first?["line"] == .number(3))
    #expect(try program.libraryContents() == before)

    let list = try Self.document(
      program,
      ["list", "--leak", "leak.mp4"],
      schema: "vendor-results-1"
    )
    let result = try #require(list["results"]?.elements.first)
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(result["leak_sha256"]?.string == digest)
    #expect(result["mark_time"] == .number(31000))
    #expect(result["stated_false_positive_rate"] == .null)
    let id = try #require(result["id"]?.string)
    let text = try program.run(["vendor", "list"])
    #expect(
      text.lines == [
        "\(id)  ba7816bf8f01cfea  <b>\\u{202E}Cine</b>  found  mark 7, time stamp 31000"
      ]
    )
    #expect(try program.run(["vendor", "show", id]).text.contains("false positives not stated\n"))
    let none = try Self.document(
      program,
      ["list", "--leak", String(repeating: "0", count: 64)],
      schema: "vendor-results-1"
    )
    #expect(none["results"]?.elements.isEmpty == true)

    #expect(try program.run(["vendor", "remove", id, "v-0"]).status == 2)
    _ = try Self.document(program, ["remove", id], schema: "vendor-results-1")
    #expect(try program.run(["vendor", "list"]).lines == [])
  }

  @Test("a report that cannot be read creates nothing and names line and cause")
  func broken() throws {
    let program = try Program()
    try Data("[{\"vendor\": 1,\n]".utf8).write(
      to: program.folder.url.appendingPathComponent("report.json")
    )
    let outcome = try program.run(["vendor", "import", "report.json", "missing.csv"])
    #expect(outcome.status == 3)
    #expect(
      outcome.errorLines == [
        "leaktrace: report.json: line 2: not valid JSON",
        "leaktrace: missing.csv: no such file",
      ]
    )
    #expect(!FileManager.default.fileExists(atPath: program.library))
    #expect(try program.run(["vendor", "import", "--leak", "nowhere", "report.json"]).status == 2)
  }
}
