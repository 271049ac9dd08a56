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
      spots = (0..<160).map { _ in
        (
          Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random),
          Double.random(in: 0.03...0.12, using: &random),
          Double.random(in: -60...60, using: &random)
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

  /// A small projective movement of the film's plane: shift, size, turn and slant, as far as a hand moves
  /// from what the geometry of the match says.
  private func movement(_ random: inout SeededRandom) throws -> PlaneMap {
    func draw(_ most: Double) -> Double { Double.random(in: -most...most, using: &random) }
    let (x, y, size, turn) = (draw(0.008), draw(0.008), 1 + draw(0.008), draw(0.008))
    return try #require(
      PlaneMap(
        corners: [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map { u, v in
          // Square pixels, so that a turn is one.
          let (across, down) = (u - 0.5, (v - 0.5) * 9 / 16)
          let place = SIMD2(across - turn * down, (down + turn * across) * 16 / 9) * size
          return place + SIMD2(0.5 + x + draw(0.003), 0.5 + y + draw(0.003))
        }
      )
    )
  }

  @Test("a known movement is found to a part of a pixel", arguments: 0..<12)
  func accuracy(_ number: UInt64) throws {
    var random = SeededRandom(seed: 60 + number)
    let scene = Scene(seed: 80 + number)
    // Between its two frames the scene fades a little, as films do.
    let film = try #require(
      FilmMoment(
        from: (1, plane(scene.level)),
        to: (1.04, plane { 120 + 0.97 * (scene.level($0, $1) - 120) })
      )
    )
    let truth = try movement(&random)
    let back = try #require(truth.inverse)
    var errors: [Double] = []
    for noise in [0.0, 4.0] {
      // A camera: less contrast, another brightness, noise, black beside the screen.
      let leak = plane { x, y in
        guard let at = back.map(x, y), (0...1).contains(at.x), (0...1).contains(at.y) else {
          return 16
        }
        let speck = noise > 0 ? Double.random(in: -noise...noise, using: &random) : 0
        return 30 + 0.6 * scene.level(at.x, at.y) + speck
      }
      let meter = MotionMeter(knowsLens: true)
      let found = try #require(meter.measure(leak, film: film, start: .identity))
      let (places, wanted) = (
        try #require(found.map.cornerPlaces), try #require(truth.cornerPlaces)
      )
      for (place, want) in zip(places, wanted) {
        let way = (place - want) * SIMD2(160, 90)
        errors.append((way * way).sum().squareRoot())
      }
      #expect(abs(found.gain - 0.6) < 0.1)
    }
    // Sides of the screen that are seen on one side only pull by up to a fifth of a pixel.
    let worst = errors.max() ?? 0
    #expect(worst < 0.5, "worst corner off by \(worst) pixels of 160")
  }

  @Test("a cut between the frames of the film says nothing")
  func cut() {
    let (a, b) = (plane(Scene(seed: 3).level), plane(Scene(seed: 4).level))
    #expect(FilmMoment(from: (1, a), to: (1.04, b)) == nil)
    #expect(FilmMoment(from: (1, a), to: (1, a)) == nil)
  }

  @Test("where the film itself jerks as a camera would, nothing is said of the camera")
  func jerks() throws {
    let scene = Scene(seed: 5)
    let other = Scene(seed: 6)
    func frame(_ shift: Double, _ flicker: Double) -> LumaPlane {
      plane { x, y in scene.level(x - shift / 160, y) + flicker * (other.level(x, y) - 120) }
    }
    /// Whether the middle one of three moments says nothing, by shifts in pixels.
    func hides(_ shifts: [Double], flicker: [Double] = [0, 0, 0, 0]) throws -> Bool {
      let frames = zip(shifts, flicker).map(frame)
      let moments = try (0..<3).map { number in
        try #require(
          FilmMoment(
            from: (Double(number), frames[number]),
            to: (Double(number) + 1, frames[number + 1])
          )
        )
      }
      return moments[1].hidesCamera { [moments[0], moments[2]] }
    }
    // A steady pan, a still picture, things that change in place.
    #expect(try !hides([0, 1, 2, 3]))
    #expect(try !hides([0, 0, 0, 0]))
    #expect(try !hides([0, 0, 0, 0], flicker: [0, 0.1, 0.3, 0.2]))
    // Stop motion; a pan that begins.
    #expect(try hides([0, 0, 1, 1]))
    #expect(try hides([0, 1, 2, 2]))
  }
}
