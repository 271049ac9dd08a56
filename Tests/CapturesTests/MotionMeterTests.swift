import Captures
import TestSupport
import Testing
import VideoCore

@Suite("Measurement of a picture's movement")
struct MotionMeterTests {
  private static let size = FrameSize(width: 160, height: 90)

  /// A scene of soft spots, as bright at a point of the film's unit square.
  private struct Scene {
    var spots: [(x: Double, y: Double, radius: Double, level: Double)]

    init(seed: UInt64) {
      var random = SeededRandom(seed: seed)
      spots = (0..<40).map { _ in
        (
          Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random),
          Double.random(in: 0.03...0.12, using: &random),
          Double.random(in: -22...22, using: &random)
        )
      }
    }

    func level(_ x: Double, _ y: Double) -> Double {
      var sum = 120.0
      for spot in spots {
        let (dx, dy) = ((x - spot.x) / spot.radius, (y - spot.y) * 9 / 16 / spot.radius)
        let squared = dx * dx + dy * dy
        if squared < 1 { sum += spot.level * (1 - squared) * (1 - squared) }
      }
      return sum
    }
  }

  private func plane(_ level: (Double, Double) -> Double) -> LumaPlane {
    var pixels: [UInt8] = []
    for y in 0..<90 {
      for x in 0..<160 {
        let value = level((Double(x) + 0.5) / 160, (Double(y) + 0.5) / 90)
        pixels.append(UInt8(max(0, min(255, value.rounded()))))
      }
    }
    return LumaPlane(size: Self.size, pixels: pixels)
  }

  @Test("another film is not measured, nor is an empty picture")
  func strangers() throws {
    let film = try #require(
      FilmMoment(
        from: (1, plane(Scene(seed: 1).level)),
        to: (1.04, plane(Scene(seed: 1).level))
      )
    )
    let other = plane(Scene(seed: 2).level)
    #expect(MotionMeter().measure(other, film: film, start: .identity) == nil)
    #expect(
      MotionMeter().measure(LumaPlane(size: Self.size, fill: 40), film: film, start: .identity)
        == nil
    )
  }

  @Test("a cut between the frames of the film says nothing")
  func cut() {
    let (a, b) = (plane(Scene(seed: 3).level), plane(Scene(seed: 4).level))
    #expect(FilmMoment(from: (1, a), to: (1.04, b)) == nil)
    #expect(FilmMoment(from: (1, a), to: (1, a)) == nil)
  }
}
