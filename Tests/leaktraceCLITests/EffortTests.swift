import Foundation
import TestSupport
import Testing

@Suite("--quick, --standard and --thorough")
struct EffortTests {
  private static func prepared(_ film: Film) throws -> Program {
    let program = try Program()
    try program.copy(film, as: "film.mp4")
    let added = try program.run(["reference", "add", "--title", "Film", "film.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    return program
  }

  @Test(
    "exclude each other and what a quick look does not do",
    arguments: [
      (["match", "--quick", "--thorough", "x"], "exclude each other"),
      (["match", "--standard", "--quick", "x"], "exclude each other"),
      (["batch", "--thorough", "--quick", "x"], "exclude each other"),
      (["watch", "--quick", "--thorough", "x"], "exclude each other"),
      (["match", "--quick", "--pictures", "p", "x"], "looks for no ads"),
      (["match", "--quick", "--mark-key", "k", "--mark-asset", "a", "x"], "reads no marks"),
      (["batch", "--quick", "--ads", "x"], "looks for no ads"),
      (["watch", "--quick", "--mark-key", "k", "--mark-asset", "a", "x"], "reads no marks"),
    ]
  )
  func exclusion(arguments: [String], message: String) throws {
    let outcome = try Program().run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.text.isEmpty && outcome.errorText.contains(message), "\(outcome.errorText)")
  }

  @Test("a quick look names a long leak by a few of its frames, and says that it was quick")
  func longLeak() throws {
    let program = try Self.prepared(.scenes)
    try program.copy(.scenesLeak, as: "leak.mp4")
    func document(_ effort: [String]) throws -> JSON {
      let outcome = try program.run(["match", "--no-record", "--json"] + effort + ["leak.mp4"])
      let document = try #require(try outcome.documents().first)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
      return document
    }
    let quick = try document(["--quick"])
    let standard = try document(["--no-ads"])
    #expect(quick["effort"] == .text("quick") && standard["effort"] == .text("standard"))
    #expect(quick["ads"] == nil)
    #expect(quick["matches"]?.elements.map { $0["title"]?.string } == ["Film"])
    let frames = try [quick, standard].map { try #require($0["decoded_frames"]?.double) }
    // Of 5225: four stretches of eight seconds, and some key frames.
    #expect(frames[0] < 900 && frames[0] < 0.6 * frames[1], "\(frames)")
    // Ends are those of key frames, which this encoder sets ten seconds apart and at cuts.
    let segments = quick["matches"]?.elements.first?["segments"]?.elements ?? []
    let first = try #require(segments.first)
    let last = try #require(segments.last)
    #expect(abs(try #require(first["leak_start"]?.double)) < 0.3)
    #expect(abs(try #require(first["reference_start"]?.double)) < 0.3)
    #expect(abs(try #require(last["leak_end"]?.double) - 209) < 0.3)
    #expect(abs(try #require(last["reference_end"]?.double) - 200) < 0.5)
    let text = try program.run(["match", "--no-record", "--quick", "leak.mp4"]).text
    #expect(text.hasPrefix("leak.mp4: Film, by a quick look\n"), "\(text)")
  }

  @Test("a short leak is named by all efforts, and a stranger by none")
  func shortLeak() throws {
    let program = try Self.prepared(.figures)
    try program.copy(.leak, as: "leak.mp4")
    try program.copy(.stranger, as: "stranger.mp4")
    for effort in ["quick", "standard", "thorough"] {
      let outcome = try program.run([
        "match", "--no-record", "--json", "--\(effort)", "leak.mp4", "stranger.mp4",
      ])
      let documents = try outcome.documents()
      #expect(documents.map { $0["effort"] } == [.text(effort), .text(effort)])
      #expect(documents.map { $0["status"] } == [.text("matched"), .text("no_match")])
      #expect((documents.first?["ads"] == nil) == (effort == "quick"))
    }
    let outcome = try program.run(["match", "--quick", "stranger.mp4"])
    #expect(outcome.status == 1)
    #expect(outcome.lines == ["stranger.mp4: no match by a quick look"])
  }

  @Test("a quick look at a leak that was cut short examines what is there")
  func truncatedLeak() throws {
    let program = try Self.prepared(.figures)
    try program.copy(.truncated, as: "cut.mp4")
    let outcome = try program.run(["match", "--quick", "--json", "cut.mp4"])
    #expect(outcome.status == 3)
    #expect(outcome.errorText.hasPrefix("leaktrace: cut.mp4: the file is cut short"))
    #expect(try outcome.documents().first?["effort"] == .text("quick"))
  }

  @Test("stand in the configuration of a batch, and its reports and its log say which it was")
  func batch() throws {
    let program = try Self.prepared(.figures)
    try program.copy(.leak, as: "leak.mp4")
    let made = try program.shell(#"printf '[examine]\neffort = "quick"\n' > config.toml"#)
    #expect(made.status == 0, "\(made.errorText)")
    let batch = [
      "batch", "--config", "config.toml", "--json", "--reports", "reports", "--quiet", "0.3",
      "--log-level", "info", "--progress", "none",
    ]
    let first = try program.run(batch + ["leak.mp4"])
    let quick = try #require(try first.documents().first)
    #expect(quick["effort"] == .text("quick") && quick["ads"] == nil)
    #expect(first.errorText.contains("effort=quick"), "\(first.errorText)")
    #expect(try program.shell("cat reports/*.json").documents() == [quick])
    // The command line does not ask in vain for what a quick look leaves out.
    let asked = try program.run(batch + ["--ads", "leak.mp4"])
    #expect(asked.status == 2 && asked.errorText.contains("looks for no ads"), "\(asked.errorText)")
    // What was quick is examined again with more effort where somebody asks for it.
    #expect(try program.run(batch + ["--standard", "leak.mp4"]).text.isEmpty)
    #expect(try program.run(["queue", "retry", "leak.mp4"]).status == 0)
    let second = try program.run(batch + ["--standard", "--no-ads", "leak.mp4"])
    #expect(try second.documents().first?["effort"] == .text("standard"))
  }
}
