import Foundation
import SyntheticMedia
import Testing
import TestSupport
import VideoCore

@Suite("Invented films")
struct FilmTests {
  private let small = FrameSize(width: 160, height: 90)

  private func picture(_ script: FilmScript, _ frame: Int, _ size: FrameSize) -> PictureFrame {
    var cache = FilmRenderer.Cache()
    return FilmRenderer(script: script, size: size).frame(frame, cache: &cache)
  }

  @Test("the same seed gives the same frame, whatever was drawn before")
  func determinism() {
    let script = FilmScript(seed: 77, duration: 20)
    let renderer = FilmRenderer(script: script, size: small)
    var cache = FilmRenderer.Cache()
    let forward = [40, 200, 41].map { renderer.frame($0, cache: &cache) }
    #expect(forward[0] == picture(FilmScript(seed: 77, duration: 20), 40, small))
    #expect(forward[2] == picture(script, 41, small))
    #expect(forward[0] != forward[2], "grain alone makes neighbours differ")
    #expect(forward[0] != picture(FilmScript(seed: 78, duration: 20), 40, small))
  }

  @Test("the frames of the catalogue are those of the golden file", arguments: FilmScript.catalogue)
  func golden(script: FilmScript) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../testmedia/films.golden").standardized
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(
      String.init
    )
    for frame in FilmGolden.frames(of: script) {
      let line = FilmGolden.line(script: script, frame: frame)
      #expect(lines.contains(line), "\(line) is not in films.golden")
    }
  }

  @Test(
    "a script fills its time with shots of sensible lengths",
    arguments: [1, 2, 1101, 6637] as [UInt64]
  )
  func plan(seed: UInt64) {
    let script = FilmScript(seed: seed, duration: 600)
    let starts = script.shotStarts
    #expect(starts.first == 0)
    #expect(starts.count > 60)
    for (a, b) in zip(starts.dropFirst(), starts.dropFirst(2)) {
      #expect(b - a >= 1.49 && b - a < 9.7, "a shot of \(b - a) s at \(a) s")
    }
    #expect(script.creditsInterval.upperBound == script.duration)
    #expect(abs(script.duration - 600) < 0.05)
  }

  @Test("the films of the catalogue have names, seeds and cuts of their own")
  func catalogue() {
    let films = FilmScript.catalogue
    #expect(films.count >= 8)
    #expect(Set(films.map(\.identifier)).count == films.count)
    #expect(Set(films.map(\.seed)).count == films.count)
    #expect(films.filter(FilmScript.isReference).count == 6)
    for film in films { #expect((45...60).contains(film.duration)) }
    for (n, film) in films.enumerated() {
      for other in films[(n + 1)...] {
        let shared = film.shotStarts.filter { a in
          other.shotStarts.contains { abs($0 - a) < 0.04 }
        }
        #expect(shared.count < 6, "\(film.identifier) is cut like \(other.identifier)")
      }
    }
  }

  @Test("a film looks the same at any size")
  func sizes() {
    let script = FilmScript(seed: 4421, duration: 30)
    let small = picture(script, 300, FrameSize(width: 160, height: 90))
    let large = picture(script, 300, FrameSize(width: 640, height: 360))
    // Compare means over a grid of 8 by 9 fields.
    func field(_ f: PictureFrame, _ i: Int, _ j: Int) -> Double {
      let w = f.size.width / 8
      let h = f.size.height / 9
      var sum = 0
      for y in j * h..<(j + 1) * h {
        for x in i * w..<(i + 1) * w { sum += Int(f.luma[y * f.size.width + x]) }
      }
      return Double(sum) / Double(w * h)
    }
    var worst = 0.0
    for j in 0..<9 {
      for i in 0..<8 { worst = max(worst, abs(field(small, i, j) - field(large, i, j))) }
    }
    #expect(worst < 14)
  }

  @Test("every character of titles, credits and advertising is in the font")
  func font() {
    let lines =
      FilmScript.catalogue.flatMap(\.texts) + AdBrand.all.flatMap(\.texts)
      + (0..<40).flatMap { FilmScript(seed: $0, duration: 15).texts }
    for character in Set(lines.joined()) {
      #expect(GlyphFont.contains(character), "\(character)")
    }
  }

  @Test("pictures are neither black nor flat, and luma stays in the limited range")
  func content() {
    for script in FilmScript.catalogue {
      let frame = picture(script, script.frameCount / 2, small)
      #expect((frame.luma.min() ?? 0) >= 16)
      #expect((frame.luma.max() ?? 255) <= 235)
      #expect(Set(frame.luma).count > 20, "\(script.identifier)")
    }
  }
}
