import Captures
import Testing
import TestSupport
import VideoCore

@Suite("The pattern of a sensor")
struct SensorTests {
  private static let size = FrameSize(width: 320, height: 256)

  /// Frames of changing pictures as a sensor of some seed gives them; `drawn` stands in the same place of
  /// all.
  private func meter(
    sensor: UInt64,
    film: UInt64,
    strength: Float = 0.02,
    mirrored: Bool = false,
    drawn: Bool = false,
    frames: Int = 80
  ) -> SensorMeter {
    let size = Self.size
    var pixels = SeededRandom(seed: sensor)
    let pattern = (0..<size.area).map { _ in 1 + strength * Self.normal(&pixels) }
    var random = SeededRandom(seed: film)
    var meter = SensorMeter(size: size)
    for frame in 0..<frames {
      var plane = LumaPlane(size: size, pixels: [UInt8](repeating: 0, count: size.area))
      let (a, b, c) = (
        Float.random(in: 0.01...0.05, using: &random),
        Float.random(in: 0.01...0.05, using: &random),
        Float.random(in: 70...150, using: &random)
      )
      for y in 0..<size.height {
        for x in 0..<size.width {
          // Waves of light: nothing that a window of five pixels takes for noise.
          let phase = (Float(x) * a + Float(y) * b).truncatingRemainder(dividingBy: 2)
          let light = c + 40 * abs(phase - 1)
          var value = light * pattern[y * size.width + x] + 2 * Self.normal(&random)
          if drawn, y < 40, x < 120 { value = (x / 3 + y / 5) % 2 == 0 ? 60 : 180 }
          let place = mirrored ? size.width - 1 - x : x
          plane.pixels[y * size.width + place] = UInt8(max(0, min(255, value + 0.5)))
        }
      }
      meter.add(plane, half: frame < frames / 2 ? 0 : 1)
    }
    return meter
  }

  private static func normal(_ random: inout SeededRandom) -> Float {
    (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -0.866...0.866, using: &random) }
  }

  @Test("is known again in another film, mirrored, too", arguments: [false, true])
  func same(_ mirrored: Bool) {
    let first = meter(sensor: 1, film: 2)
    let second = meter(sensor: 1, film: 3, mirrored: mirrored)
    let halves = SensorComparison(first.halves.first, first.halves.second)
    #expect(halves.isSame && !halves.isMirrored, "\(halves)")
    let pair = SensorComparison(first.pattern, second.pattern)
    #expect(pair.isSame && pair.isMirrored == mirrored, "\(pair)")
  }

  @Test("is another's in another camera, whatever is drawn over both", arguments: [false, true])
  func different(_ drawn: Bool) {
    let first = meter(sensor: 1, film: 2, drawn: drawn)
    let second = meter(sensor: 4, film: 3, drawn: drawn)
    let pair = SensorComparison(first.pattern, second.pattern)
    #expect(!pair.isSame && abs(pair.score) < 5, "\(pair)")
  }

  @Test("is not told where there is none")
  func none() {
    let halves = meter(sensor: 1, film: 2, strength: 0).halves
    let comparison = SensorComparison(halves.first, halves.second)
    #expect(!comparison.isSame && abs(comparison.score) < 5, "\(comparison)")
  }

  @Test("of black frames, and of none, is nothing")
  func empty() {
    var black = SensorMeter(size: Self.size)
    #expect(SensorComparison(black.pattern, black.pattern).score == 0)
    black.add(
      LumaPlane(size: Self.size, pixels: [UInt8](repeating: 3, count: Self.size.area)),
      half: 0
    )
    #expect(black.frames == [1, 0])
    #expect(SensorComparison(black.pattern, black.pattern).score == 0)
  }
  @Test("of a picture that is light in few places stays within bounds")
  func sparse() {
    let size = Self.size
    var meter = SensorMeter(size: size)
    for half in 0...1 {
      var pixels = [UInt8](repeating: 3, count: size.area)
      for place in stride(from: 1, to: size.area, by: 7) { pixels[place] = 200 }
      meter.add(LumaPlane(size: size, pixels: pixels), half: half)
      pixels = [UInt8](repeating: 3, count: size.area)
      pixels[size.width * 20 + 20] = 120
      meter.add(LumaPlane(size: size, pixels: pixels), half: half)
    }
    #expect(SensorComparison(meter.halves.first, meter.pattern).score.isFinite)
  }
}
