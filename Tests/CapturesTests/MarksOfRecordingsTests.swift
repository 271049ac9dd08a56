import Captures
import TestSupport
import Testing
import VideoCore

@Suite("Sounds and dropped frames of recordings")
struct MarksOfRecordingsTests {
  private func marks(_ seconds: [Double], kind: UInt8 = 0) -> [FilmMark] {
    seconds.compactMap { FilmMark(filmSeconds: $0, kind: kind) }.sorted()
  }

  private func random(_ count: Int, seed: UInt64) -> [FilmMark] {
    var random = SeededRandom(seed: seed)
    return (0..<count).compactMap { _ in
      FilmMark(
        filmSeconds: Double.random(in: 0..<60, using: &random),
        kind: UInt8.random(in: 0..<250, using: &random)
      )
    }
    .sorted()
  }

  /// The same sounds, measured again: some lost, some new, all a little off and late.
  private func again(_ sounds: [FilmMark], late: Double, seed: UInt64) -> [FilmMark] {
    var random = SeededRandom(seed: seed)
    let kept = sounds.filter { _ in Double.random(in: 0..<1, using: &random) < 0.7 }
    let moved = kept.compactMap {
      FilmMark(
        filmSeconds: $0.filmSeconds + late + Double.random(in: -0.008...0.008, using: &random),
        kind: $0.kind
      )
    }
    return (moved + self.random(60, seed: seed + 1)).sorted()
  }

  @Test("the same sounds are found, up to a delay that the other sound track has")
  func sounds() throws {
    let first = random(240, seed: 1)
    let found = try #require(Coincidence(first, again(first, late: 0.05, seed: 2), .sound))
    #expect(found.shared > 140)
    #expect(found.byChance < 5)
    #expect(found.log10P < -30)
  }

  @Test("sounds of two rooms coincide no more often than by chance", arguments: 0..<40)
  func rooms(_ number: UInt64) throws {
    let found = try #require(
      Coincidence(random(240, seed: 100 + number), random(200, seed: 500 + number), .sound)
    )
    #expect(found.log10P > -2)
    #expect(found.shared < 20)
  }

  @Test("too few say nothing; each mark counts once, in either order")
  func few() throws {
    #expect(Coincidence(random(19, seed: 1), random(200, seed: 2), .sound) == nil)
    #expect(Coincidence(marks([1, 2, 3]), marks([1, 2, 3, 4]), .held) == nil)
    let dense = marks((0..<50).map { 10 + Double($0) / 1000 * 8 })
    let sparse = marks([1, 10.1, 20, 30, 40])
    let found = try #require(Coincidence(dense, sparse, .held))
    #expect(found.shared == 1)
    #expect(found.shared == Coincidence(sparse, dense, .held)?.shared)
  }

  private static let size = FrameSize(width: 160, height: 90)

  /// Frames of a film of soft stripes that wander; `shown` names the film's frame of each of the leak's.
  private func frames(_ shown: [Int], rate: Double, noise: Int = 0) -> [HeldFrames.Frame] {
    var random = SeededRandom(seed: 9)
    return shown.enumerated().map { index, number in
      let pixels = (0..<Self.size.area).map { at in
        let value = 120 + Int(60 * triangle(Double(at % 160 + 3 * number) / 40))
        let error = noise > 0 ? Int.random(in: -noise...noise, using: &random) : 0
        return UInt8(max(0, min(255, value + error)))
      }
      return (Double(index) / rate, LumaPlane(size: Self.size, pixels: pixels))
    }
  }

  private func triangle(_ x: Double) -> Double { abs(2 * (x - x.rounded(.down)) - 1) * 2 - 1 }

  @Test("a frame that is shown twice is found where the film moves")
  func held() {
    var shown = Array(0..<96)
    for number in [20, 50, 71] { shown[number] = shown[number - 1] }
    let film = frames(Array(0..<96), rate: 24)
    let found = HeldFrames.seconds(in: frames(shown, rate: 24, noise: 1), film: film)
    #expect(found.count == 3)
    for (seconds, number) in zip(found, [20, 50, 71]) {
      #expect(abs(seconds - (Double(number) - 0.5) / 24) < 0.001)
    }
    // A frame that comes late is one that is missing.
    var late = frames(Array(0..<96), rate: 24)
    late.remove(at: 40)
    #expect(HeldFrames.seconds(in: late, film: film).map { ($0 * 24).rounded() } == [40])
  }

  @Test("a film that stands still drops nothing, nor does a change of the frame rate")
  func notHeld() {
    var shown = Array(0..<96)
    for number in 40..<44 { shown[number] = 39 }
    let still = frames(shown, rate: 24)
    #expect(HeldFrames.seconds(in: still, film: still).isEmpty)
    let film = frames(Array(0..<96), rate: 24)
    let converted = frames((0..<96).map { $0 * 4 / 5 }, rate: 30)
    #expect(HeldFrames.seconds(in: converted, film: film).isEmpty)
    #expect(HeldFrames.seconds(in: [], film: []).isEmpty)
  }

  @Test("rows of equal distances are taken out, single frames stay")
  func rows() {
    let seconds = [0.5, 1.5, 2.5, 3.5, 4.5, 7.31, 8.0, 15.2]
    #expect(HeldFrames.withoutRows(seconds) == [7.31, 8.0, 15.2])
    #expect(HeldFrames.withoutRows([]) == [])
    #expect(HeldFrames.withoutRows([1, 2]) == [1, 2])
  }
}
