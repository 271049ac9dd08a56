import Foundation
import TestSupport
import Testing

@Suite("Libraries of others")
struct LibrariesTests {
  private static let late = ["libavformat", "libavcodec", "libavutil", "libopencv", "libtesseract"]

  @Test("nothing that starts is linked with FFmpeg, OpenCV or Tesseract")
  func startsWithoutThem() throws {
    let program = try Program()
    let folder = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
    for name in ["leaktrace", "leaktrace-worker"] {
      // The system's loader then lists what it loads and starts nothing.
      let outcome = try program.shell(
        "LD_TRACE_LOADED_OBJECTS=1 \"$1\"",
        [folder.appendingPathComponent(name).path]
      )
      #expect(outcome.text.contains("libc.so"))
      for library in Self.late { #expect(!outcome.text.contains(library), "\(name)") }
    }
  }

  @Test("where FFmpeg or OpenCV cannot be loaded, doctor and whoever needs a film say so")
  func cannotBeLoaded() throws {
    let program = try Program()
    let film = "film.mp4"
    try program.copy(.cells, as: film)
    let whole = try #require(try program.run(["doctor", "--json"]).documents().first)
    let version = try #require(whole["ffmpeg_libraries"]?["libavformat"]?.string)
    let major = try #require(version.split(separator: ".").first)
    let numbers = try #require(whole["opencv"]?.string).split(separator: ".").compactMap { Int($0) }
    let core = "libopencv_core.so.\(numbers[0] * 100 + numbers[1])"
    let broken = ["LD_LIBRARY_PATH": program.folder.path("broken")]
    try FileManager.default.createDirectory(
      atPath: program.folder.path("broken"),
      withIntermediateDirectories: true
    )
    for name in ["libavformat.so.\(major)", core] {
      let file = program.folder.url.appendingPathComponent("broken/\(name)")
      try Data("no library".utf8).write(to: file)
    }
    let outcome = try program.run(["doctor", "--json"], environment: broken)
    #expect(outcome.status == 0)
    let report = try #require(try outcome.documents().first)
    #expect(report["ffmpeg"]?.string == nil)
    #expect(report["opencv"]?.string == nil)
    #expect(report["decoders"]?["h264"] == .boolean(false))
    #expect(try JSONSchema(named: "doctor-1").flaws(of: report) == [])
    // In the program itself, and in the process that decodes leaks.
    let added = try program.run(["reference", "add", "--title", "A", film], environment: broken)
    let looked = try program.run(["ads", film], environment: broken)
    for attempt in [added, looked] {
      #expect(attempt.status == 3)
      #expect(attempt.errorText.contains("FFmpeg cannot be loaded"))
      #expect(attempt.errorText.contains("libavformat.so.\(major)"))
    }
    #expect(try program.run(["--version"], environment: broken).status == 0)
  }
}
