import Foundation
import SyntheticMedia
import Testing
import TestSupport
import VideoCore

@Suite("Rendering to files")
struct RenderingTests {
  private let size = FrameSize(width: 160, height: 90)

  private func probe(_ file: URL) throws -> [String] {
    let outcome = try Toolbox.run([
      "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
      "stream=codec_name,width,height,r_frame_rate,nb_read_packets", "-count_packets", "-of",
      "csv=p=0", file.path,
    ])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
      .split(separator: ",").map(String.init)
  }

  @Test("a film of two seconds and its leak have the promised size and length")
  func endToEnd() async throws {
    let folder = try TemporaryDirectory()
    let script = FilmScript(seed: 5, duration: 2)
    let file = folder.url.appendingPathComponent("film.mp4")
    try await FilmRenderer(script: script, size: size).write(to: file, jobs: 2)
    let rate = script.frameRate
    #expect(
      try probe(file)
        == ["h264", "160", "90", "\(rate.numerator)/\(rate.denominator)", "\(script.frameCount)"]
    )

    let film = try FilmSource.probe(
      file,
      title: "Two seconds",
      identifier: "film",
      isInLibrary: true
    )
    #expect(film.frameCount == script.frameCount && film.size == size)
    let recipe = LeakRecipe.draw(
      identifier: "leak",
      preset: .typical,
      seed: 3,
      film: film,
      size: size,
      wishes: .init(
        frameRate: Rational(25, 1),
        container: "mkv",
        pixelAspect: Rational(4, 3),
        length: 1
      )
    )
    try CamcorderSimulator(recipe: recipe, film: film).write(to: folder.url)
    #expect(
      try probe(folder.url.appendingPathComponent("leak.mkv"))
        == ["h264", "120", "90", "25/1", "\(recipe.frameCount)"]
    )
    let json = try Data(contentsOf: folder.url.appendingPathComponent("truth.json"))
    #expect(try JSONDecoder().decode(LeakTruth.self, from: json) == recipe.truth(film: film))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(names) == ["film.mp4", "leak.mkv", "truth.json"], "nothing temporary is left")
  }

  @Test("a file does not depend on how many frames are drawn at once")
  func jobs() async throws {
    let folder = try TemporaryDirectory()
    let renderer = FilmRenderer(script: FilmScript(seed: 8, duration: 1), size: size)
    var files: [Data] = []
    for jobs in [1, 3] {
      let file = folder.url.appendingPathComponent("\(jobs).mkv")
      try await renderer.write(to: file, jobs: jobs)
      files.append(try Data(contentsOf: file))
    }
    #expect(files[0] == files[1])
  }

  @Test("an output that ffmpeg cannot write is an error that names it")
  func unwritable() async throws {
    let folder = try TemporaryDirectory()
    let file = folder.url.appendingPathComponent("film.nonsense")
    let renderer = FilmRenderer(script: FilmScript(seed: 8, duration: 1), size: size)
    await #expect(throws: SyntheticMediaError.self) { try await renderer.write(to: file) }
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test("a file without video is refused as a film")
  func noVideo() throws {
    let folder = try TemporaryDirectory()
    let file = folder.url.appendingPathComponent("text.mp4")
    try Data("no film".utf8).write(to: file)
    #expect(throws: SyntheticMediaError.self) {
      try FilmSource.probe(file, title: "", identifier: "", isInLibrary: false)
    }
  }

  @Test("leaks of the set name films that exist, and the manifest holds the library films")
  func set() {
    let names = Set(FilmScript.catalogue.map(\.identifier))
    for leak in TestMediaSet.leaks { #expect(names.contains(leak.film)) }
    #expect(Set(TestMediaSet.leaks.map(\.identifier)).count == TestMediaSet.leaks.count)
    let lines = TestMediaSet.referencesCSV(films: FilmScript.catalogue).split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0] == "file,title,version,source")
    #expect(lines[1].hasPrefix("references/salt-road.mp4,THE SALT ROAD,"))
  }
}
