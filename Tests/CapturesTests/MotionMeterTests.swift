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

  @Test("finds a shift, a turn and a size to a few hundredths of a pixel", arguments: 0..<6)
  func movement(_ number: UInt64) throws {
    let (first, second) = (Scene(seed: 10 + number), Scene(seed: 10 + number))
    let film = try #require(
      FilmMoment(from: (1, plane(first.level)), to: (1.04, plane(second.level)))
    )
    let truth = try #require(
      PlaneMap(corners: [
        SIMD2(0.031, 0.042), SIMD2(0.951, 0.018), SIMD2(0.962, 0.967), SIMD2(0.027, 0.951),
      ])
    )
    let back = try #require(truth.inverse)
    let leak = plane { x, y in
      guard let place = back.map(x, y), (0...1).contains(place.x), (0...1).contains(place.y) else {
        return 10
      }
      return 20 + 0.6 * first.level(place.x, place.y)
    }
    let start = try #require(
      PlaneMap(corners: [
        SIMD2(0.025, 0.05), SIMD2(0.945, 0.026), SIMD2(0.956, 0.975), SIMD2(0.021, 0.959),
      ])
    )
    let found = try #require(MotionMeter(knowsLens: true).measure(leak, film: film, start: start))
    let corners = try #require(found.map.cornerPlaces)
    let wanted = try #require(truth.cornerPlaces)
    for (a, b) in zip(corners, wanted) {
      #expect(abs(a.x - b.x) * 160 < 0.2)
      #expect(abs(a.y - b.y) * 90 < 0.2)
    }
    #expect(abs(found.gain - 0.6) < 0.05)
    #expect(found.correlation > 0.95)
    #expect(found.hidden == 0)
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
