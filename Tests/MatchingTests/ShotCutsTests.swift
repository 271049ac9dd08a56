import Matching
import Testing
import VideoCore

@Suite("Hard cuts") struct ShotCutsTests {
  @Test("the ends of an inserted clip are cuts, in a dim leak as well", arguments: [8.0, 2.0])
  func insertedClip(noise: Double) throws {
    let leak = Leak(
      film: Film(seed: 31, duration: 60),
      pieces: [
        Piece(leakStart: 0, leakEnd: 7, referenceStart: 10),
        Piece(leakStart: 12, leakEnd: 20, referenceStart: 17),
      ],
      rate: 1,
      duration: 20,
      pose: SegmentAlignerTests.pose,
      noise: noise
    )
    let frames = leak.frames(from: 0, to: 20).map { frame in
      var dim = frame
      if noise < 5 { dim.plane.pixels = frame.plane.pixels.map { $0 / 6 } }
      return dim
    }
    let cuts = ShotCuts(frames).times
    for end in [7.0, 12.0] { #expect(cuts.contains { abs($0 - end) < 0.05 }) }
    // The film has a scene every two to four seconds, the clip as well.
    #expect(cuts.count <= 12)
  }

  @Test("a scene without a cut, a fade and a still picture have none")
  func noCuts() {
    let film = Film(seed: 32, duration: 4)
    let scene = (0..<45).map { film.plane(at: Double($0) / 24) }
    let fade = (0..<45).map { number -> LumaPlane in
      var plane = film.plane(at: 0.5)
      plane.pixels = plane.pixels.map { UInt8(Int($0) * (45 - number) / 45) }
      return plane
    }
    let still = [LumaPlane](repeating: film.plane(at: 1), count: 45)
    for planes in [scene, fade, still, []] {
      let frames = planes.enumerated().map {
        TimedPlane(seconds: Double($0.offset) / 24, plane: $0.element)
      }
      #expect(ShotCuts(frames).times.isEmpty)
    }
  }
}
