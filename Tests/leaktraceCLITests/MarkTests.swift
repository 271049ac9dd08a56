import Foundation
import TestSupport
import Testing

@Suite("Marks")
struct MarkTests {
  /// One of some hundred keys lies so across a few seconds of a film that nothing is claimed.
  private static let fixedKey =
    "leaktrace mark key 1\n" + String(repeating: "0123456789abcdef", count: 4) + "\n"

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
    try Self.fixedKey.write(toFile: file("lab.key"), atomically: false, encoding: .utf8)
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
    try Self.fixedKey.write(toFile: file("lab.key"), atomically: false, encoding: .utf8)
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

  /// A program with a film, screenings of it, and a key.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    try #require(
      try program.run(["reference", "add", "--title", "The Film", "figures.mp4"]).status == 0
    )
    try #require(try program.run(["mark", "key", "create", "lab.key"]).status == 0)
    let key = program.folder.url.appendingPathComponent("lab.key").path
    try Self.fixedKey.write(toFile: key, atomically: false, encoding: .utf8)
    let list = """
      screening_id,facility,city,auditorium,release,start,mark_location,mark_time
      s1,Kino,Berlin,1,The Film,2026-05-01T20:00Z,4711,11600
      s2,Kino,Berlin,2,The Film,2026-05-01T22:00Z,4712,11608
      s3,Kino,Berlin,1,The Film,2026-05-02T22:00Z,4711,11704

      """
    try Data(list.utf8).write(to: program.folder.url.appendingPathComponent("list.csv"))
    try #require(try program.run(["screening", "import", "list.csv"]).status == 0)
    return program
  }

  private func embed(_ program: Program, into output: String, _ options: [String]) throws {
    let made = try program.run(
      [
        "mark", "embed", "--key", "lab.key", "--asset", "F", "--location", "4711", "--time",
        "11600",
      ]
        + ["--strength", "2", "--preset", "ultrafast"] + options + ["figures.mp4", output]
    )
    try #require(made.status == 0, "\(made.errorText)")
  }

  private func detect(_ program: Program, _ options: [String]) throws -> JSON {
    let found = try program.run(
      ["mark", "detect", "--json", "--key", "lab.key", "--asset", "F"] + options
    )
    let answer = try #require(try found.documents().first, "\(found.errorText)")
    #expect(try JSONSchema(named: "mark-detect-1").flaws(of: answer) == [])
    return try #require(answer["marks"]?.elements.first)
  }

  @Test(
    "a mark is read from what each encoder wrote, and its screening ranked first on the list",
    arguments: [("hevc", "mp4"), ("hevc", "mkv"), ("prores", "mov"), ("ffv1", "mkv")]
  )
  func encoders(_ codec: String, _ container: String) throws {
    let program = try prepared()
    try embed(program, into: "marked.\(container)", ["--codec", codec])
    let probe = try program.shell(
      "exec ffprobe -v error -show_entries stream=codec_name,pix_fmt -of csv=p=0 \"$1\"",
      ["marked.\(container)"]
    )
    #expect(probe.text.hasPrefix(codec))
    #expect(probe.text.contains("10le"))
    let mark = try detect(program, ["--screenings", "marked.\(container)"])
    #expect(mark["verdict"] == .text("claimed"))
    #expect(mark["payload"]?["location"] == .number(4711))
    #expect(mark["payload"]?["time"] == .number(11600))
    let list = try #require(mark["closed_set"])
    #expect(list["verdict"] == .text("claimed"))
    #expect(list["payloads"] == .number(3))
    #expect(list["condition"] == .text("the true screening is on the list"))
    let ranked = list["ranking"]?.elements.map { $0["screening"]?.string }
    #expect(ranked == ["s1", "s3", "s2"])
  }

  @Test(
    "without the film a mark is read where the picture's corners are given"
  )
  func corners() throws {
    let program = try prepared()
    try embed(program, into: "marked.mkv", ["--codec", "ffv1"])
    let inset = "scale=448:252,pad=640:360:180:14,format=yuv420p"
    let made = try program.shell(
      "exec ffmpeg -v error -i marked.mkv -vf \(inset) -c:v libx264 -crf 12 -threads 1 inset.mp4"
    )
    try #require(made.status == 0, "\(made.errorText)")
    let corners = "0.28125,0.03889,0.98125,0.03889,0.98125,0.73889,0.28125,0.73889"
    let found = try detect(program, ["--blind", "--corners", corners, "inset.mp4"])
    #expect(found["method"] == .text("blind"))
    #expect(found["verdict"] == .text("claimed"))
    #expect(found["payload"]?["location"] == .number(4711))
    // The whole frame is another picture: what is read there is less, and never another payload.
    let whole = try detect(program, ["--blind", "inset.mp4"])
    #expect(score(whole) < score(found))
    if whole["verdict"] == .text("claimed") { #expect(whole["payload"] == found["payload"]) }
    let asked = ["mark", "detect", "--key", "lab.key", "--asset", "F", "--blind"]
    for bad in ["1,2,3", "0,0,1,0,1,1,0,9"] {
      #expect(try program.run(asked + ["--corners", bad, "inset.mp4"]).status == 2)
    }
  }

  private func score(_ mark: JSON) -> Double {
    mark["location"]?["score"]?.double ?? .infinity
  }

  @Test("what a leak's mark says counts for a leak of the same recording")
  func linkedLeak() throws {
    let program = try prepared()
    try embed(program, into: "marked.mkv", [])
    let (x, y) = (
      "9*sin(on*0.13+0.9)+5*sin(on*0.37+1.8)", "6*cos(on*0.17+0.9)+4*sin(on*0.26+2.7)"
    )
    let turn = "4*sin(on*0.08+4.5)"
    let camera =
      "perspective=x0='-20+\(x)-\(turn)':y0='-12+\(y)+\(turn)':x1='660+\(x)-\(turn)'"
      + ":y1='-4+\(y)-\(turn)':x2='-6+\(x)+\(turn)':y2='372+\(y)+\(turn)'"
      + ":x3='652+\(x)+\(turn)':y3='352+\(y)-\(turn)':sense=source:eval=frame,"
      + "eq=brightness=-0.05:contrast=0.8,format=yuv420p"
    let encoder = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-crf"]
    // The second file is too poor to be read itself, and nobody asks for its mark.
    for arguments in [
      ["marked.mkv", "-vf", camera] + encoder + ["18", "one.mp4"],
      ["one.mp4", "-vf", "hflip,crop=560:320:50:22,scale=480:274"] + encoder + [
        "34", "edited.mp4",
      ],
    ] {
      let made = try program.shell("exec ffmpeg -v error -i \"$@\"", arguments)
      try #require(made.status == 0, "\(made.errorText)")
    }
    let match = ["match", "--no-ads", "--json"]
    let read = try program.run(match + ["--mark-key", "lab.key", "--mark-asset", "F", "one.mp4"])
    let first = try #require(try read.documents().first, "\(read.errorText)")
    #expect(first["marks"]?.elements.first?["verdict"] == .text("claimed"))
    #expect(first["screenings"]?.elements.first?["screening_id"] == .text("s1"))
    let linked = try #require(try program.run(match + ["edited.mp4"]).documents().first)
    #expect(linked["marks"] == nil)
    #expect(linked["capture"]?["links"]?.elements.count == 1)
    let best = try #require(linked["screenings"]?.elements.first)
    #expect(best["screening_id"] == .text("s1"))
    #expect(best["log10_likelihood_ratio"]?.double ?? 0 > 3)
    let texts = (best["evidence"]?.elements ?? []).compactMap { $0["text"]?.string }
    #expect(texts.contains { $0.contains("of the same recording: our own mark") }, "\(texts)")
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
