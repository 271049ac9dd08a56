import Foundation
import TestSupport
import Testing

@Suite("leaktrace match with sound")
struct SoundTests {
  /// A program whose library holds one film.
  private func prepared(_ film: Film) throws -> Program {
    let program = try Program()
    try program.copy(film, as: "film.mp4")
    let added = try program.run(["reference", "add", "film.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    return program
  }

  /// What a leak's report says of its sound.
  private func audio(of leak: Film, _ program: Program) throws -> JSON {
    try program.copy(leak, as: "\(leak).mp4")
    let outcome = try program.run(["match", "--no-ads", "--json", "\(leak).mp4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    return try #require(document["matches"]?.elements.first?["audio"])
  }

  @Test("tells the film's own sound from another, from silence and from none")
  func verdicts() throws {
    let program = try prepared(.talkie)
    let heard = try audio(of: .talkieLeak, program)
    #expect(heard["verdict"] == .text("original"))
    #expect(abs((heard["offset_ms"]?.double ?? 0) - 200) < 40)
    #expect((heard["log10_p"]?.double ?? 0) < -4)
    let dubbed = try audio(of: .dubbedLeak, program)
    #expect(dubbed["verdict"] == .text("different"))
    #expect(dubbed["offset_ms"] == nil)
    #expect(try audio(of: .silentLeak, program)["verdict"] == .text("silent"))
    #expect(try audio(of: .leak, program)["verdict"] == .text("none"))
    let text = try program.run([
      "match", "--no-ads", "talkieLeak.mp4", "dubbedLeak.mp4", "leak.mp4",
    ]).text
    #expect(text.contains("  sound        the release's own"))
    #expect(text.contains(" ms late (log10 p = "))
    #expect(text.contains("  sound        not the release's, or lost in noise\n"))
    #expect(text.contains("  sound        none\n"))
    #expect(try program.run(["reference", "verify"]).status == 0)
  }

  @Test("a release without sound in the library says nothing of a leak's")
  func silentFilm() throws {
    let program = try prepared(.figures)
    let found = try audio(of: .talkieLeak, program)
    #expect(found["verdict"] == .text("undetermined"))
    #expect(found["reason"] == .text("no_reference_sound"))
  }

  @Test("sound alone names nothing")
  func soundAlone() throws {
    let program = try prepared(.talkie)
    try program.copy(.talkie, as: "talkie.mp4")
    let black = ["-f", "lavfi", "-i", "color=black:size=320x180:rate=25", "-i", "talkie.mp4"]
    let choice = ["-map", "0:v", "-map", "1:a", "-t", "15", "stolen.mp4"]
    let made = try program.shell("ffmpeg -v error \"$@\"", black + choice)
    try #require(made.status == 0, "\(made.errorText)")
    #expect(try program.run(["match", "--no-ads", "stolen.mp4"]).lines == ["stolen.mp4: no match"])
  }

  @Test(
    "the schema refuses what a report on sound never says",
    arguments: [
      #"{"verdict":"original"}"#, #"{"verdict":"odd"}"#, #"{"verdict":"undetermined"}"#,
      #"{"verdict":"original","log10_p":-9,"offset_ms":3,"reason":"unclear"}"#,
      #"{"verdict":"different","log10_p":0,"offset_ms":3}"#,
      #"{"verdict":"none","recording":"room"}"#, #"{"verdict":"silent","log10_p":0}"#,
      #"{"verdict":"original","log10_p":-9,"offset_ms":3,"recording":"phone"}"#,
      #"{"verdict":"original","log10_p":9,"offset_ms":3}"#,
    ]
  )
  func schema(_ audio: String) throws {
    let right = [
      #"{"verdict":"original","log10_p":-9,"offset_ms":-3.5,"recording":"line"}"#,
      #"{"verdict":"different","log10_p":0}"#, #"{"verdict":"none"}"#, #"{"verdict":"silent"}"#,
      #"{"verdict":"undetermined","reason":"unclear","log10_p":-2}"#,
      #"{"verdict":"undetermined","reason":"no_reference_sound"}"#,
    ]
    for audio in right { #expect(try flaws(of: audio) == []) }
    #expect(try !flaws(of: audio).isEmpty)
  }

  private func flaws(of audio: String) throws -> [String] {
    let match =
      #"{"title":"t","release_id":"r-0123456789abcdef","log10_p":-9,"leak_coverage":1,"#
      + #""reference_coverage":1,"mirrored":false,"audio":\#(audio),"segments":[{"leak_start":0,"#
      + #""leak_end":1,"reference_start":0,"reference_end":1,"rate":1,"log10_p":-9}]}"#
    let hash = String(repeating: "0", count: 64)
    let document =
      #"{"schema":"leaktrace.match/1","leak":{"path":"x","sha256":"\#(hash)","size_bytes":1,"#
      + #""duration":1,"width":1,"height":1,"video_codec":"h264"},"status":"matched","#
      + #""matches":[\#(match)],"shared_passages":[],"elapsed_s":0,"decoded_frames":0}"#
    return try JSONSchema(named: "match-1").flaws(of: JSON(parsing: document))
  }
}
