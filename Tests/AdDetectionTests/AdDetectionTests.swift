import AdDetection
import TestSupport
import Testing
import VideoCore

@Suite("Overlays and inserted clips") struct AdDetectionTests {
  private let logo = FrameBox(x: 220.0 / 320, y: 20.0 / 240, width: 72.0 / 320, height: 20.0 / 240)

  private func withLogo(from start: Double, to end: Double) -> SyntheticLeak {
    var leak = SyntheticLeak()
    leak.draw = { plane, time in
      guard start <= time, time < end else { return }
      SyntheticLeak.word(&plane, x: 220, y: 20, width: 72, height: 20, seed: 8)
    }
    return leak
  }

  @Test("a logo is found against the film, to half a second and an overlap of 0.6")
  func againstFilm() throws {
    let synthetic = withLogo(from: 5, to: 14)
    let leak = synthetic.leak()
    let found = try AdDetector().findings(in: leak, native: leak, films: [synthetic.aligned()])
    let track = try #require(found.overlays.first)
    #expect(found.overlays.count == 1)
    #expect(abs(track.start - 5) <= 0.5 && abs(track.end - 14) <= 0.5)
    #expect(try #require(track.box(at: 9)).intersectionOverUnion(logo) >= 0.6)
    #expect(track.motion == .still && track.shape == .corner)
    #expect(track.evidence == .foreignContrast)
    #expect(track.states.flatMap(\.sampleTimes).allSatisfy { (5..<14).contains($0) })
    #expect(found.clips.isEmpty)
  }

  @Test("a film without anything over it has no overlays, with the film and without")
  func clean() throws {
    let synthetic = SyntheticLeak()
    let leak = synthetic.leak()
    for films in [[synthetic.aligned()], []] {
      let found = try AdDetector().findings(in: leak, native: leak, films: films)
      #expect(found.overlays.isEmpty)
      #expect(found.clips.isEmpty)
    }
  }

  @Test("a logo is found without the film, because it stays while the film cuts")
  func withoutFilm() throws {
    let leak = withLogo(from: 2, to: 18).leak()
    let found = try AdDetector().findings(in: leak, native: leak, films: [])
    let track = try #require(
      found.overlays.first {
        $0.box(at: 9).map { $0.intersectionOverUnion(logo) >= 0.6 } ?? false
      }
    )
    #expect(abs(track.start - 2) <= 0.5 && abs(track.end - 18) <= 0.5)
    #expect(track.evidence == .persistence)
  }

  @Test("what pops up for less than three seconds is found without the film")
  func popup() throws {
    var synthetic = SyntheticLeak()
    // A film that changes twice a second: six pictures of it have the card.
    synthetic.clip = { time in
      let number = UInt64(time * 2)
      var plane = LumaPlane(size: SyntheticLeak.size, fill: UInt8(60 + 40 * (number % 3)))
      for word in 0..<12 as Range<UInt64> {
        var random = SeededRandom(seed: 100 * number + word)
        let x = Int.random(in: 0...200, using: &random)
        let y = Int.random(in: 0...220, using: &random)
        SyntheticLeak.word(&plane, x: x, y: y, width: 110, height: 16, seed: 1000 * number + word)
      }
      guard (8..<10.75).contains(time) else { return plane }
      for row in 0..<3 {
        let y = 60 + 16 * row
        SyntheticLeak.word(&plane, x: 30, y: y, width: 110, height: 16, seed: UInt64(row))
      }
      return plane
    }
    let leak = synthetic.leak()
    let found = try AdDetector().findings(in: leak, native: leak, films: [])
    let box = FrameBox(x: 30.0 / 320, y: 60.0 / 240, width: 110.0 / 320, height: 48.0 / 240)
    let popup = try #require(found.overlays.first)
    #expect(found.overlays.count == 1)
    #expect(abs(popup.start - 8) < 0.5 && abs(popup.end - 10.75) < 0.5)
    #expect(popup.states.contains { $0.box.overlap(box) > 0.7 * box.area })
  }

  @Test("a dark screen that stands still is no clip, whatever is drawn over it")
  func darkScreen() throws {
    var synthetic = SyntheticLeak()
    synthetic.clip = { time in
      guard (6..<12).contains(time) else { return nil }
      var plane = LumaPlane(size: SyntheticLeak.size, fill: 18)
      for row in 0..<3 {
        SyntheticLeak.word(&plane, x: 60, y: 200 + 12 * row, width: 200, height: 12, seed: 3)
      }
      return plane
    }
    let leak = synthetic.leak()
    #expect(try AdDetector().findings(in: leak, native: leak, films: []).clips.isEmpty)
  }

  @Test("a file that never passed a camera is no clip from its start to its end")
  func copy() throws {
    var synthetic = SyntheticLeak()
    func drawn() -> LumaPlane {
      var plane = LumaPlane(size: SyntheticLeak.size, fill: 90)
      for row in 0..<12 {
        SyntheticLeak.word(&plane, x: 20, y: 20 * row, width: 280, height: 18, seed: UInt64(row))
      }
      return plane
    }
    func clips(_ synthetic: SyntheticLeak) throws -> [InsertedClip] {
      let leak = synthetic.leak()
      return try AdDetector().findings(in: leak, native: leak, films: []).clips
    }
    synthetic.clip = { _ in drawn() }
    #expect(try clips(synthetic).isEmpty)
    synthetic.clip = { (6..<12).contains($0) ? drawn() : nil }
    #expect(try clips(synthetic).map(\.start) == [6])
  }

  @Test("a running line of text is found without the film, with its rows and its time")
  func runningLine() throws {
    var synthetic = SyntheticLeak()
    let rows = 224..<238
    synthetic.draw = { plane, time in
      guard (4..<16).contains(time) else { return }
      for x in 0..<plane.size.width {
        // Strokes of random places and heights that move to the left by 40 pixels a second.
        let column = UInt64(x + Int(40 * time))
        var random = SeededRandom(seed: column / 2 &* 7919)
        let height = Int.random(in: -14...10, using: &random)
        guard height > 3 else { continue }
        for y in (rows.upperBound - 2 - height)..<(rows.upperBound - 2) {
          plane.pixels[y * plane.size.width + x] = 245
        }
      }
    }
    let leak = synthetic.leak()
    let found = try AdDetector().findings(in: leak, native: leak, films: [])
    let track = try #require(found.overlays.first { $0.motion == .scrolling })
    #expect(abs(track.start - 4) <= 0.8 && abs(track.end - 16) <= 0.8)
    let box = try #require(track.box(at: 10))
    #expect(box.y * 240 > 215 && box.width == 1 && track.shape == .ticker)
  }

  @Test("what is drawn on one of two black bars is told to lie beside the picture")
  func onBar() throws {
    var synthetic = SyntheticLeak()
    synthetic.draw = { plane, time in
      let w = plane.size.width
      for y in 0..<30 {
        for x in 0..<w {
          plane.pixels[y * w + x] = 16
          plane.pixels[(239 - y) * w + x] = 16
        }
      }
      if (4..<16).contains(time) {
        SyntheticLeak.word(&plane, x: 16, y: 6, width: 288, height: 16, seed: 3)
      }
    }
    let leak = synthetic.leak()
    let found = try AdDetector().findings(in: leak, native: leak, films: [synthetic.aligned()])
    let track = try #require(found.overlays.first { $0.isOutsidePicture })
    #expect(track.shape == .bar)
    #expect(abs(track.start - 4) <= 0.5 && abs(track.end - 16) <= 0.5)
  }

  /// A clip drawn from 9 to 15 seconds, where the film shows before and after.
  private func withClip() -> (leak: SyntheticLeak, parts: [FilmStretch]) {
    var synthetic = SyntheticLeak()
    synthetic.clip = { time in
      guard (9..<15).contains(time) else { return nil }
      var plane = LumaPlane(size: SyntheticLeak.size, fill: 200)
      for line in 0..<6 {
        let y = 20 + 34 * line
        SyntheticLeak.word(&plane, x: 20, y: y, width: 250, height: 22, seed: UInt64(line))
      }
      // A ball falls through it.
      let y = Int((time - 9) * 30)
      for row in y..<(y + 24) { for x in 280..<304 { plane.pixels[row * 320 + x] = 30 } }
      return plane
    }
    let parts = [
      FilmStretch(leakStart: 0, leakEnd: 8.9, filmStart: 0, rate: 1),
      FilmStretch(leakStart: 15.1, leakEnd: 20, filmStart: 15.1, rate: 1),
    ]
    return (synthetic, parts)
  }

  @Test("what is drawn over each of two works is found, and the clip between them")
  func twoWorks() throws {
    var (synthetic, parts) = withClip()
    synthetic.draw = { plane, time in
      let x = time < 9 ? 20 : 220
      guard (2..<7).contains(time) || (16..<19).contains(time) else { return }
      SyntheticLeak.word(&plane, x: x, y: 20, width: 72, height: 20, seed: 8)
    }
    let leak = synthetic.leak()
    let films = [synthetic.aligned([parts[1]]), synthetic.aligned([parts[0]])]
    let found = try AdDetector().findings(in: leak, native: leak, films: films)
    #expect(found.overlays.count == 2)
    for (track, time) in zip(found.overlays, [(2.0, 7.0), (16.0, 19.0)]) {
      #expect(abs(track.start - time.0) <= 0.5 && abs(track.end - time.1) <= 0.5)
      #expect(track.evidence == .foreignContrast)
    }
    let clip = try #require(found.clips.first)
    #expect(found.clips.count == 1 && clip.evidence == .unexplained && clip.place == .midroll)
    #expect(abs(clip.start - 9) <= 0.2 && abs(clip.end - 15) <= 0.2)
  }

  @Test("a drawn clip between two parts of the film is found with the film and without")
  func insertedClip() throws {
    let (synthetic, parts) = withClip()
    let leak = synthetic.leak()
    for films in [[synthetic.aligned(parts)], []] {
      let found = try AdDetector().findings(in: leak, native: leak, films: films)
      #expect(found.clips.count == 1)
      let clip = try #require(found.clips.first)
      #expect(abs(clip.start - 9) <= 0.2 && abs(clip.end - 15) <= 0.2)
      #expect(clip.place == .midroll)
      #expect(clip.evidence == (films.isEmpty ? .digitalLook : .unexplained))
      #expect(clip.shots.contains { $0.digitalLook > 0.5 })
    }
  }

  @Test("a mask covers what is drawn then, and nothing before")
  func mask() throws {
    let synthetic = withLogo(from: 5, to: 14)
    let leak = synthetic.leak()
    let found = try AdDetector().findings(in: leak, native: leak, films: [synthetic.aligned()])
    let size = SyntheticLeak.size
    #expect(!OcclusionMask(of: found.overlays, at: 2, size: size).pixels.contains(255))
    let during = OcclusionMask(of: found.overlays, at: 9, size: size)
    #expect(during.pixels[30 * 320 + 250] == 255 && during.pixels[200 * 320 + 20] == 0)
  }
}
