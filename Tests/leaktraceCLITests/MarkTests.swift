import Foundation
import TestSupport
import Testing

@Suite("Marks")
struct MarkTests {
  @Test("a marked film is read by its key, and by no other key or asset", .timeLimit(.minutes(5)))
  func roundTrip() throws {
    let program = try Program()
    let folder = try TemporaryDirectory()
    let library = folder.url.appendingPathComponent("library").path
    func file(_ name: String) -> String { folder.url.appendingPathComponent(name).path }
    let film = try Film.figures.file().path
    #expect(
      try program.run(["reference", "add", "--library", library, "--title", "Figures", film]).status
        == 0
    )
    for name in ["lab.key", "other.key"] {
      let made = try program.run(["mark", "key", "create", "--json", file(name)])
      #expect(made.status == 0)
      let document = try #require(try made.documents().first)
      #expect(try JSONSchema(named: "mark-key-1").flaws(of: document) == [])
    }
    let embedded = try program.run([
      "mark", "embed", "--json", "--key", file("lab.key"), "--asset", "FIGURES", "--location",
      "4711",
      "--time", "2026-05-01T20:00", "--strength", "2", "--preset", "ultrafast", "--depth", "8",
      film, file("marked.mp4"),
    ])
    #expect(embedded.status == 0)
    let said = try #require(try embedded.documents().first)
    #expect(try JSONSchema(named: "mark-embed-1").flaws(of: said) == [])
    let secret = try String(contentsOfFile: file("lab.key"), encoding: .utf8)
      .split(separator: "\n")[1]
    let asked = ["mark", "detect", "--library", library, "--json", "--asset", "FIGURES"]
    let found = try program.run(asked + ["--key", file("lab.key"), file("marked.mp4")])
    #expect(found.status == 0)
    let answer = try #require(try found.documents().first)
    #expect(try JSONSchema(named: "mark-detect-1").flaws(of: answer) == [])
    let mark = try #require(answer["marks"]?.elements.first)
    #expect(mark["payload"]?["location"]?.double == 4711)
    #expect(mark["payload"]?["time"]?.double == Double(120 * 96 + 80))
    for text in [embedded.text, embedded.errorText, found.text, found.errorText] {
      #expect(!text.contains(secret))
    }
    let wrong = try program.run(asked + ["--key", file("other.key"), file("marked.mp4")])
    #expect(wrong.status == 1)
    let none = try #require(try wrong.documents().first?["marks"]?.elements.first)
    #expect(none["verdict"]?.string == "none")
    #expect(none["note"]?.string?.contains("wrong key") == true)
    let bare = try program.run(asked + ["--key", file("lab.key"), film])
    #expect(bare.status == 1)
  }

  @Test("variants are told apart, ten seconds by ten seconds", .timeLimit(.minutes(5)))
  func variants() throws {
    let program = try Program()
    let folder = try TemporaryDirectory()
    let library = folder.url.appendingPathComponent("library").path
    func file(_ name: String) -> String { folder.url.appendingPathComponent(name).path }
    let film = try Film.figures.file().path
    #expect(
      try program.run(["reference", "add", "--library", library, "--title", "Figures", film]).status
        == 0
    )
    #expect(try program.run(["mark", "key", "create", file("lab.key")]).status == 0)
    for name in ["A", "B"] {
      let made = try program.run([
        "mark", "embed", "--json", "--key", file("lab.key"), "--asset", "FIGURES", "--variant",
        name,
        "--strength", "1", "--preset", "ultrafast", film, file("\(name).mp4"),
      ])
      #expect(made.status == 0)
      let document = try #require(try made.documents().first)
      #expect(try JSONSchema(named: "mark-embed-1").flaws(of: document) == [])
    }
    for (name, sequence) in [("A", "AA"), ("B", "BB")] {
      let found = try program.run([
        "mark", "detect", "--library", library, "--json", "--variants", file("A.mp4"),
        file("B.mp4"), file("\(name).mp4"),
      ])
      #expect(found.status == 0)
      let answer = try #require(try found.documents().first)
      #expect(try JSONSchema(named: "mark-detect-1").flaws(of: answer) == [])
      #expect(answer["variants"]?["sequence"]?.string == sequence)
    }
  }

  @Test("what makes no sense is refused, and says why")
  func refusals() throws {
    let program = try Program()
    let folder = try TemporaryDirectory()
    let key = folder.url.appendingPathComponent("lab.key").path
    #expect(try program.run(["mark", "key", "create", key]).status == 0)
    #expect(try program.run(["mark", "key", "create", key]).status == 2)
    let start = ["mark", "embed", "--key", key, "--asset", "A"]
    let film = try Film.figures.file().path
    for rest in [
      [film, "out.mp4"], ["--location", "1", film, "out.mp4"],
      ["--location", "600000", "--time", "1", film, "out.mp4"],
      ["--location", "1", "--time", "40000", film, "out.mp4"],
      ["--location", "1", "--time", "soon", film, "out.mp4"],
      ["--location", "1", "--time", "1", "--strength", "9", film, "out.mp4"],
      ["--location", "1", "--time", "1", film, "out.avi"],
      ["--location", "1", "--time", "1", "--depth", "9", film, "out.mp4"],
    ] { #expect(try program.run(start + rest).status == 2) }
    #expect(try program.run(["mark", "detect", "--key", key, film]).status == 2)
    #expect(try program.run(["mark", "detect", film]).status == 2)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    let open = try program.run(start + ["--location", "1", "--time", "1", film, "out.mp4"])
    #expect(open.status == 2)
    #expect(open.errorText.contains("chmod 600"))
  }
}
