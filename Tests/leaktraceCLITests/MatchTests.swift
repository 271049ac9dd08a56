import Foundation
import TestSupport
import Testing

@Suite("leaktrace match")
struct MatchTests {
  /// A program whose library holds two films.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    try program.copy(.cells, as: "cells.mp4")
    let added = try program.run(["reference", "add", "figures.mp4", "cells.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    return program
  }

  @Test("names the film, the stretch and the mirror of a camera's copy")
  func leak() throws {
    let program = try prepared()
    try program.copy(.leak, as: "leak.mp4")
    try program.copy(.mirroredLeak, as: "mirrored.mp4")
    let outcome = try program.run(["match", "--no-ads", "--json", "leak.mp4", "mirrored.mp4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.isEmpty)
    let documents = try outcome.documents()
    #expect(documents.map { $0["leak"]?["path"]?.string } == ["leak.mp4", "mirrored.mp4"])
    for (document, isMirrored) in zip(documents, [false, true]) {
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
      let matches = document["matches"]?.elements ?? []
      #expect(matches.map { $0["title"]?.string } == ["figures"])
      #expect(matches.first?["mirrored"] == .boolean(isMirrored))
      let segment = try #require(matches.first?["segments"]?.elements.first)
      let start = try #require(segment["reference_start"]?.double)
      let leakStart = try #require(segment["leak_start"]?.double)
      #expect(abs(start - leakStart - 3) < 0.1)
      #expect((document["decoded_frames"]?.double ?? 0) >= 300)
    }
    let text = try program.run(["match", "--no-ads", "leak.mp4"]).text
    #expect(text.hasPrefix("leak.mp4: figures\n"))
    #expect(text.contains("00:00:00.000 - 00:00:1"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test("says no match of a film that is not in the library")
  func stranger() throws {
    let program = try prepared()
    try program.copy(.stranger, as: "stranger.mp4")
    let outcome = try program.run(["match", "--no-ads", "stranger.mp4"])
    #expect(outcome.status == 1)
    #expect(outcome.lines == ["stranger.mp4: no match"])
    let json = try program.run(["match", "--no-ads", "stranger.mp4", "--json"])
    #expect(json.status == 1)
    let document = try #require(try json.documents().first)
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    #expect(document["status"] == .text("no_match"))
  }

  @Test("explains what was tried, for a match and for none")
  func explanation() throws {
    let program = try prepared()
    try program.copy(.leak, as: "leak.mp4")
    try program.copy(.stranger, as: "stranger.mp4")
    let outcome = try program.run([
      "match", "--no-ads", "--explain", "--json", "leak.mp4", "stranger.mp4",
    ])
    let documents = try outcome.documents()
    #expect(documents.count == 2)
    for document in documents {
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
      #expect(document["explanation"]?["picture_windows"]?.elements.count == 5)
    }
    let best = documents[0]["explanation"]?["attempts"]?.elements.first
    let release = documents[0]["matches"]?.elements.first?["release_id"]
    #expect(release != nil && best?["release_id"] == release)
    let text = try program.run(["match", "--no-ads", "--explain", "leak.mp4"]).text
    #expect(text.contains("  tried        5 picture windows, both sides, 3 speeds; "))
    #expect(text.contains("  runner-up    "))
    #expect(try !program.run(["match", "--no-ads", "leak.mp4"]).text.contains("runner-up"))
  }

  @Test("examines the videos of folders at any depth, sorted, and nothing else in them")
  func folders() throws {
    let program = try prepared()
    let deep = program.folder.url.appendingPathComponent("in/b")
    try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
    try program.copy(.leak, as: "in/b/x.MP4")
    try program.copy(.leak, as: "in/a.mkv")
    try Data("notes".utf8).write(to: deep.appendingPathComponent("notes.txt"))
    try FileManager.default.createSymbolicLink(
      atPath: deep.appendingPathComponent("loop").path,
      withDestinationPath: program.folder.path("in")
    )
    let outcome = try program.run(["match", "--no-ads", "in", "--json", "--jobs", "2"])
    #expect(outcome.status == 0)
    let paths = try outcome.documents().map { $0["leak"]?["path"]?.string }
    #expect(paths == ["in/a.mkv", "in/b/x.MP4"])
  }

  @Test("a long leak with a single key frame is decoded once, not once for each stretch")
  func singleKeyframe() throws {
    let program = try prepared()
    let film = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10", "-t", "240"]
    let codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "100000", "-sc_threshold", "0"]
    let made = try Toolbox.run(
      ["ffmpeg", "-v", "error"] + film + codec + [program.folder.path("long.mp4")]
    )
    try #require(made.status == 0, "\(made.errorText)")
    let outcome = try program.run(["match", "--no-ads", "--json", "long.mp4"])
    let decoded = try #require(try outcome.documents().first?["decoded_frames"]?.double)
    #expect(decoded > 500 && decoded <= 2400)
  }

  @Test("changes nothing in the library where nothing may be recorded")
  func readOnly() throws {
    let program = try prepared()
    try program.copy(.leak, as: "leak.mp4")
    let before = try program.libraryContents()
    #expect(try program.run(["match", "--no-ads", "--no-record", "leak.mp4"]).status == 0)
    #expect(try program.libraryContents() == before)
  }

  @Test("progress goes to standard error, as JSON where that is asked for")
  func progress() throws {
    let program = try prepared()
    try program.copy(.leak, as: "leak.mp4")
    let outcome = try program.run(["match", "--no-ads", "leak.mp4", "--progress", "jsonl"])
    #expect(outcome.status == 0)
    let lines = outcome.errorLines
    #expect(!lines.isEmpty)
    for line in lines {
      #expect(try JSONSchema(named: "progress-1").flaws(of: JSON(parsing: line)) == [])
    }
    #expect(try JSON(parsing: lines.last ?? "")["fraction"] == .number(1))
    #expect(try program.run(["match", "--no-ads", "leak.mp4"]).errorText.isEmpty)
  }
}
