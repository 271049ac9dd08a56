import Captures
import TestSupport
import Testing
import VideoCore

@Suite("Pattern of a sensor")
struct SensorPatternTests {
  private static let size = FrameSize(width: 1280, height: 720)

  /// What each pixel of a camera answers more or less than its neighbours.
  private func sensor(_ seed: UInt64, strength: Float) -> [Float] {
    var random = SeededRandom(seed: seed)
    return (0..<Self.size.area).map { _ in
      1 + strength * (Float(random.next() >> 40) / Float(1 << 23) - 1)
    }
  }

  /// A leak by a camera: soft scenes that change, with noise of their own.
  private func answer(_ sensor: [Float], seed: UInt64, frames: Int = 24) throws
    -> SensorPatternMeter.Answer
  {
    var meter = try #require(SensorPatternMeter(Self.size))
    var random = SeededRandom(seed: seed)
    for frame in 0..<frames {
      let (a, b) = (Float.random(in: -0.05...0.05, using: &random), Float(20 + frame % 7 * 20))
      var pixels = [UInt8](repeating: 0, count: Self.size.area)
      for y in 0..<Self.size.height {
        for x in 0..<Self.size.width {
          let index = y * Self.size.width + x
          let scene = 60 + b + a * Float(x) + 0.02 * Float(y)
          let noise = Float(random.next() >> 40) / Float(1 << 24) * 8 - 4
          pixels[index] = UInt8(max(0, min(255, (scene * sensor[index] + noise).rounded())))
        }
      }
      meter.add(LumaPlane(size: Self.size, pixels: pixels), isSecondHalf: 2 * frame >= frames)
    }
    return meter.answer()
  }

  @Test("recordings of one camera are linked, those of two are not")
  func cameras() throws {
    let (one, other) = (sensor(1, strength: 0.02), sensor(2, strength: 0.02))
    guard case .pattern(let first, _) = try answer(one, seed: 10),
      case .pattern(let second, _) = try answer(one, seed: 11),
      case .pattern(let stranger, _) = try answer(other, seed: 12)
    else {
      Issue.record("no pattern")
      return
    }
    #expect(first.peakEnergy(with: second) > 60)
    #expect(abs(first.peakEnergy(with: stranger)) < 60)
    #expect(first.mirrored.peakEnergy(with: second.mirrored) > 60)
    #expect(abs(first.mirrored.peakEnergy(with: second)) < 60)
  }

  @Test("where there is no pattern, that is the answer")
  func none() throws {
    let plain = sensor(3, strength: 0)
    #expect(try answer(plain, seed: 13) == .notEnough(.noPattern))
    #expect(try answer(plain, seed: 14, frames: 6) == .notEnough(.frames))
    #expect(SensorPatternMeter(FrameSize(width: 640, height: 360)) == nil)
    let small = FrameSize(width: 854, height: 480)
    #expect(SensorPatternMeter.refusal(small, bitsPerPixel: 1) == .resolution)
    #expect(SensorPatternMeter.refusal(Self.size, bitsPerPixel: 0.02) == .bitRate)
    #expect(SensorPatternMeter.refusal(Self.size, bitsPerPixel: nil) == .bitRate)
    #expect(SensorPatternMeter.refusal(Self.size, bitsPerPixel: 0.3) == nil)
  }
}
