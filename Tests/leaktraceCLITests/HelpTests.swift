import Foundation
import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
  private static let commands: [[String]] = [
    [], ["reference"], ["reference", "add"], ["reference", "list"], ["reference", "show"],
    ["reference", "remove"], ["reference", "verify"], ["match"], ["ads"],
    ["brand"], ["brand", "add"], ["brand", "list"], ["brand", "show"], ["brand", "remove"],
    ["brand", "import"], ["brand", "export"], ["brand", "candidates"], ["brand", "accept"],
    ["links"], ["screening"], ["screening", "import"], ["screening", "list"],
    ["screening", "show"], ["screening", "remove"], ["mark"], ["mark", "key"],
    ["mark", "key", "create"], ["mark", "key", "show"], ["mark", "embed"], ["mark", "detect"],
    ["vendor"], ["vendor", "import"], ["vendor", "list"], ["vendor", "show"],
    ["vendor", "remove"], ["capture"], ["capture", "list"], ["capture", "show"], ["seat"],
    ["watch"], ["batch"], ["queue"], ["queue", "list"], ["queue", "retry"], ["queue", "forget"],
    ["status"], ["backup"], ["doctor"],
  ]

  private static let snapshot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Snapshots/help.txt")

  @Test("is as it was when last looked at; RECORD_SNAPSHOTS=1 writes it anew")
  func helpSnapshot() throws {
    let program = try Program()
    var text = ""
    for command in Self.commands {
      let outcome = try program.run(command + ["--help"], environment: ["COLUMNS": "80"])
      #expect(outcome.status == 0)
      #expect(outcome.errorText.isEmpty)
      text += "$ leaktrace \((command + ["--help"]).joined(separator: " "))\n\(outcome.text)\n"
    }
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(
        at: Self.snapshot.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try text.write(to: Self.snapshot, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.snapshot, encoding: .utf8) == text)
  }

  @Test("of every command shows an example and the exit codes", arguments: Self.commands)
  func contents(_ command: [String]) throws {
    let text = try Program().run(command + ["--help"]).text
    #expect(text.contains("EXAMPLES\n  leaktrace "))
    #expect(text.contains("EXIT STATUS\n  0    matched, or done\n"))
  }

  @Test("gives scripts that complete commands", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) throws {
    let outcome = try Program().run(["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("leaktrace"))
    #expect(outcome.text.contains("manifest"))
  }

  @Test("doctor reports versions, decoders and the library")
  func doctor() throws {
    let program = try Program()
    let outcome = try program.run(["doctor", "--json"])
    #expect(outcome.status == 0)
    let report = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "doctor-1").flaws(of: report) == [])
    #expect(report["library"]?["status"] == .text("missing"))
    #expect(report["decoders"]?["h264"] == .boolean(true))
    #expect(report["sqlite"] != nil)
    #expect(report["ffmpeg"] != nil)
    let version = try program.run(["--version"]).text
    #expect(version == (report["leaktrace"]?.string ?? "") + "\n")
    let forced = try program.run(["doctor", "--json"], environment: ["LEAKTRACE_SIMD": "scalar"])
    #expect(try forced.documents().first?["simd"] == .text("scalar"))
  }

  @Test("doctor ends with 10 where the folder is no library")
  func doctorOfSomethingElse() throws {
    let program = try Program()
    try Data("x".utf8).write(to: URL(fileURLWithPath: program.library))
    let outcome = try program.run(["doctor", "--json"])
    #expect(outcome.status == 10)
    let report = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "doctor-1").flaws(of: report) == [])
    #expect(report["library"]?["status"] == .text("unusable"))
  }
}
