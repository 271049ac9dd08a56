import Foundation
import TestSupport
import Testing

@Suite("leaktrace capture and seat")
struct CaptureTests {
  /// A program with a film, two files of one shaken recording of it, and one of another recording.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    let added = try program.run(["reference", "add", "figures.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    try record("one.mp4", shake: (0.13, 0.37, 0.9), in: program)
    try record("two.mp4", shake: (0.17, 0.29, 2.3), in: program)
    let edit = "hflip,crop=560:320:50:22,scale=480:274,eq=contrast=0.9"
    try ffmpeg(["-i", "one.mp4", "-vf", edit] + encoder(30) + ["edited.mp4"], in: program)
    return program
  }

  private func encoder(_ quality: Int) -> [String] {
    ["-c:v", "libx264", "-preset", "veryfast", "-crf", "\(quality)", "-threads", "1"]
  }

  private func ffmpeg(_ arguments: [String], in program: Program) throws {
    let made = try program.shell("exec ffmpeg -v error -y \"$@\"", arguments)
    try #require(made.status == 0, "\(made.errorText)")
  }

  /// Films `figures` with a hand that moves by some sines of the frame's number.
  private func record(
    _ name: String,
    shake: (slow: Double, fast: Double, phase: Double),
    in program: Program
  ) throws {
    let (slow, fast, phase) = shake
    let x =
      "9*sin(on*\(slow)+\(phase))+5*sin(on*\(fast)+2*\(phase))+7*sin(on*\(slow * fast * 2)+\(phase))"
    let y = "6*cos(on*\(slow * 1.3)+\(phase))+4*sin(on*\(fast * 0.7)+3*\(phase))"
    let turn = "4*sin(on*\(slow * 0.6)+\(5 * phase))"
    let corners = [
      ("-20+\(x)-\(turn)", "-12+\(y)+\(turn)"), ("660+\(x)-\(turn)", "-4+\(y)-\(turn)"),
      ("-6+\(x)+\(turn)", "372+\(y)+\(turn)"), ("652+\(x)+\(turn)", "352+\(y)-\(turn)"),
    ]
    let places = corners.enumerated().map { "x\($0)='\($1.0)':y\($0)='\($1.1)'" }
    let camera =
      "perspective=\(places.joined(separator: ":")):sense=source:eval=frame,"
      + "eq=brightness=-0.05:contrast=0.8,noise=alls=6:allf=t:all_seed=\(Int(phase * 10))"
    try ffmpeg(["-i", "figures.mp4", "-vf", camera] + encoder(23) + [name], in: program)
  }

  @Test("leaks of one recording are linked, those of another are not")
  func captures() throws {
    let program = try prepared()
    let arguments = ["match", "--no-ads", "--jobs", "1", "--json"]
    let outcome = try program.run(arguments + ["one.mp4", "two.mp4", "edited.mp4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let documents = try outcome.documents()
    try #require(documents.count == 3)
    for document in documents {
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    }
    let hashes = documents.map { $0["leak"]?["sha256"]?.string ?? "" }
    #expect(documents[1]["capture"]?["links"]?.elements.isEmpty == true)
    let links = documents[2]["capture"]?["links"]?.elements ?? []
    #expect(links.map { $0["other"]?.string } == [hashes[0]])
    #expect(documents[2]["matches"]?.elements.first?["mirrored"] == .boolean(true))
    let id = try #require(documents[2]["capture"]?["id"]?.string)

    let list = try program.run(["capture", "list", "--json"])
    #expect(list.status == 0)
    let listed = try #require(try list.documents().first)
    #expect(try JSONSchema(named: "captures-1").flaws(of: listed) == [])
    #expect(listed["captures"]?.elements.map { $0["id"]?.string } == [id])
    let leaks = listed["captures"]?.elements.first?["leaks"]?.elements ?? []
    #expect(leaks.map { $0["sha256"]?.string } == [hashes[0], hashes[2]])
    #expect(try program.run(["capture", "list", "--title", "nothing"]).text.isEmpty)

    let shown = try program.run(["capture", "show", id, hashes[1], "--json"])
    let document = try #require(try shown.documents().first)
    #expect(try JSONSchema(named: "captures-1").flaws(of: document) == [])
    let verdicts = document["leaks"]?.elements.first?["comparisons"]?.elements ?? []
    #expect(verdicts.count == 2)
    #expect(verdicts.allSatisfy { $0["verdict"]?.string != "same" })
    #expect(try program.run(["capture", "show", id]).text.contains("link         "))

    let unknown = try program.run(["capture", "show", "capture-nothing"])
    #expect(unknown.status == 2)
    #expect(unknown.errorText.contains("no capture and no leak"))
  }

  @Test("eight seconds of each minute of a long leak are measured, under ads as well")
  func longLeak() throws {
    let program = try Program()
    try program.copy(.scenes, as: "film.mp4")
    try program.copy(.scenesLeak, as: "bare.mp4")
    try program.copy(.sign, as: "sign.png")
    let added = try program.run(["reference", "add", "film.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    // What comes and goes in the second minute's first seconds, which the first look passes over.
    let drawn = "[0][1]overlay=20:20:enable='between(t,60.5,66.5)'"
    let inputs = ["-i", "bare.mp4", "-i", "sign.png", "-filter_complex", drawn]
    try ffmpeg(inputs + encoder(23) + ["leak.mp4"], in: program)
    let outcome = try program.run(["match", "--json", "--no-record", "leak.mp4"])
    let document = try #require(try outcome.documents().first, "\(outcome.errorText)")
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    // Four windows; what matching decodes of them is less than three.
    #expect((document["capture"]?["measured_s"]?.double ?? 0) > 28)
  }

  @Test("cameras are told in large frames alone, and one file's flaw leaves the rest")
  func cameras() throws {
    let program = try Program()
    // Two films of one sensor, and one of another, each a fixed picture of noise.
    for (name, film, seed) in [("a", "testsrc2", 7), ("b", "mandelbrot", 7), ("c", "testsrc", 8)] {
      let sensor =
        "[1]format=gray,trim=end_frame=1,noise=all_strength=8:all_seed=\(seed),loop=-1:1[n];"
        + "[0]format=gray,boxblur=12[f];[f][n]blend=all_mode=multiply"
      try ffmpeg(
        [
          "-f", "lavfi", "-i", "\(film)=size=1280x720:rate=12", "-f", "lavfi", "-i",
          "color=0xE0E0E0:size=1280x720", "-filter_complex", sensor, "-t", "8", "-c:v", "libx264",
          "-preset", "ultrafast", "-crf", "12", "-threads", "1", "\(name).mp4",
        ],
        in: program
      )
    }
    try program.copy(.leak, as: "small.mp4")
    let files = ["a.mp4", "b.mp4", "missing.mp4", "c.mp4", "small.mp4"]
    let outcome = try program.run(["capture", "camera", "--json"] + files)
    #expect(outcome.status == 3)
    #expect(outcome.errorText.contains("missing.mp4: "))
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "cameras-1").flaws(of: document) == [])
    let leaks = document["leaks"]?.elements ?? []
    #expect(leaks.map { $0["not_enough"]?.string } == [nil, nil, nil, "small_frames"])
    let verdicts = document["pairs"]?.elements.map { $0["verdict"]?.string }
    let small = [String?](repeating: "not_enough", count: 3)
    #expect(verdicts == ["same", "not_shown", "not_shown"] + small)

    let text = try program.run(["capture", "camera", "a.mp4", "c.mp4"])
    #expect(text.status == 1)
    #expect(text.text.contains("not shown"))
  }

  @Test("without recording nothing is kept")
  func unrecorded() throws {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    try program.copy(.leak, as: "leak.mp4")
    try #require(try program.run(["reference", "add", "figures.mp4"]).status == 0)
    #expect(try program.run(["match", "--no-ads", "--no-record", "leak.mp4"]).status == 0)
    let list = try program.run(["capture", "list"])
    #expect(list.status == 0)
    #expect(list.text.isEmpty)
  }

  @Test("a seat is a region on a plan, or a reason why not")
  func seat() throws {
    let program = try Program()
    // A camera 2 m to the left of the middle, 10 m from a screen of 12 x 5 m, seen by 12 moments.
    let moments = (0..<12).map { number -> String in
      let h = Self.homography(shift: Double(number % 5) * 0.004)
      let numbers = h.map { "\($0)" }.joined(separator: ",")
      return """
        {"leak_time":\(number),"homography":[\(numbers)],"visible":1,
        "cropped":{"left":0,"top":0,"right":0,"bottom":0}}
        """
    }
    let match = """
      {"schema":"leaktrace.match/1","status":"matched","elapsed_s":1,"decoded_frames":1,
      "shared_passages":[],"leak":{"path":"leak.mp4","width":1920,"height":1080},
      "matches":[{"title":"The Film","release_id":"r-1","log10_p":-20,"leak_coverage":1,
      "reference_coverage":1,"mirrored":false,"segments":[],
      "geometry":[\(moments.joined(separator: ","))]}]}
      """
    let file = program.folder.url.appendingPathComponent("match.json")
    try match.replacing("\n", with: "").write(to: file, atomically: true, encoding: .utf8)
    let seats = (0..<9).flatMap { row in
      (0..<11).map { "\(row + 1),\($0 + 1),\(Double($0) - 5),\(Double(row) + 6)" }
    }
    let map = "row,seat,x_m,y_m\n" + seats.joined(separator: "\n")
    let table = program.folder.url.appendingPathComponent("hall.csv")
    try map.write(to: table, atomically: true, encoding: .utf8)
    let arguments = ["seat", "--screen", "12x5", "--throw", "20", "--focal", "1600"]
    let outcome = try program.run(
      arguments + ["--seat-map", "hall.csv", "--plan", "plan.svg", "--json", "match.json"]
    )
    #expect(outcome.status == 0, "\(outcome.errorText) \(outcome.text)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "seat-1").flaws(of: document) == [])
    let position = (document["position_m"]?.elements ?? []).compactMap { $0.double }
    try #require(position.count == 3)
    #expect(abs(position[0] + 2) < 0.6)
    #expect(abs(position[2] - 10) < 1)
    #expect(document["seats"]?["rows"]?.elements.isEmpty == false)
    let plan = try String(
      contentsOf: program.folder.url.appendingPathComponent("plan.svg"),
      encoding: .utf8
    )
    #expect(plan.contains("<ellipse "))
    #expect(try program.run(arguments + ["match.json"]).text.contains("95 % within an ellipse"))

    let cropped = match.replacing("\"height\":1080", with: "\"height\":700")
    try cropped.replacing("\n", with: "").write(to: file, atomically: true, encoding: .utf8)
    let refused = try program.run(arguments + ["--json", "match.json"])
    #expect(refused.status == 1)
    let reason = try refused.documents().first?["refusal"]?.string
    #expect(reason == "cropped")

    #expect(try program.run(["seat", "match.json"]).status == 2)
    #expect(try program.run(["seat", "--screen", "wide", "match.json"]).status == 2)
    try "row,seat\n1,1".write(to: table, atomically: true, encoding: .utf8)
    let broken = try program.run(arguments + ["--seat-map", "hall.csv", "match.json"])
    #expect(broken.status == 3)
    #expect(broken.errorText.contains("no column x_m"))
  }

  /// What a camera at (-2, -0.5, 10) with a focal length of 1600 sees of the screen, turned to
  /// its middle and, by `shift`, off it.
  private static func homography(shift: Double) -> [Double] {
    let (x, y, z) = (-2.0, -0.5, 10.0)
    func unit(_ v: SIMD3<Double>) -> SIMD3<Double> { v / (v * v).sum().squareRoot() }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let place = SIMD3(x, y, z)
    let forward = unit(SIMD3(shift * 30, shift * 20, 0) - place)
    let right = unit(cross(forward, SIMD3(0, 1, 0)))
    let down = cross(forward, right)
    // Rows of the map from metres on the screen to pixels, then to unit squares.
    let axes = [right * 1600 + forward * 960, down * 1600 + forward * 540, forward]
    let sizes = [1920.0, 1080, 1]
    let map = zip(axes, sizes).flatMap { axis, size -> [Double] in
      let (a, b, c) = (axis.x / size, axis.y / size, -(axis * place).sum() / size)
      return [12 * a, -5 * b, c - 6 * a + 2.5 * b]
    }
    return map.map { $0 / map[8] }
  }
}
