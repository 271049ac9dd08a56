import Fingerprinting
import Foundation
import Matching
import TestSupport
import VideoCore

/// A film of soft textures that drift over each other, cut every few seconds.
struct SyntheticFilm {
  private static let side = (width: 128, height: 64)
  private struct Shot {
    var textures: [[Float]]
    var velocities: [(x: Double, y: Double)]
  }
  private var shots: [Shot] = []
  private let shotSeconds = 2.5

  init(seed: UInt64, seconds: Double) {
    var random = SeededRandom(seed: seed)
    for _ in 0...Int(seconds / shotSeconds) {
      let textures = (0..<2).map { _ in Self.texture(&random) }
      let velocities = (0..<2).map { _ in
        (
          x: Double.random(in: -20...20, using: &random),
          y: Double.random(in: -8...8, using: &random)
        )
      }
      shots.append(Shot(textures: textures, velocities: velocities))
    }
  }

  /// Noise that wraps around, blurred three times over 17 x 17.
  private static func texture(_ random: inout SeededRandom) -> [Float] {
    let (w, h) = side
    var values = (0..<w * h).map { _ in Float.random(in: -1...1, using: &random) }
    for _ in 0..<2 {
      for (step, length, lines) in [(1, w, h), (w, h, w)] {
        var blurred = values
        for line in 0..<lines {
          let start = step == 1 ? line * w : line
          for i in 0..<length {
            var sum: Float = 0
            for d in -6...6 { sum += values[start + step * ((i + d + length) % length)] }
            blurred[start + step * i] = sum / 13
          }
        }
        values = blurred
      }
    }
    let peak = values.map(abs).max() ?? 1
    return values.map { $0 / peak }
  }

  /// The picture at a moment, 80x45.
  func plane(at seconds: Double) -> LumaPlane {
    let (w, h) = Self.side
    let shot = shots[min(shots.count - 1, max(0, Int(seconds / shotSeconds)))]
    // The drift sways, or else a shot would be one hash over and over.
    let shifts = shot.velocities.map { velocity in
      let sway = 12 * sin(velocity.x * seconds / 8 + velocity.y)
      return (
        Int(velocity.x * seconds + sway) + 100 * w, Int(velocity.y * seconds - sway) + 100 * h
      )
    }
    var pixels: [UInt8] = []
    for y in 0..<45 {
      for x in 0..<80 {
        let a = shot.textures[0][(y + shifts[0].1) % h * w + (x + shifts[0].0) % w]
        let b = shot.textures[1][(y + shifts[1].1) % h * w + (x + shifts[1].0) % w]
        pixels.append(UInt8(127 + 60 * (a + b)))
      }
    }
    return LumaPlane(size: FrameSize(width: 80, height: 45), pixels: pixels)
  }

  /// Its fingerprint, from ten frames a second.
  func fingerprint(seconds: Double) -> Fingerprint {
    var maker = ReferenceFingerprinter()
    for k in 0..<Int(seconds * 10) { maker.append(plane(at: Double(k) / 10), at: Double(k) / 10) }
    return maker.finish()
  }
}

/// What a camcorder does to a picture, roughly.
struct Copying {
  var mirrored = false
  var noise = 12.0
  private var random: SeededRandom

  init(mirrored: Bool = false, seed: UInt64) {
    self.mirrored = mirrored
    random = SeededRandom(seed: seed)
  }

  mutating func copy(_ plane: LumaPlane) -> LumaPlane {
    let (w, h) = (plane.size.width, plane.size.height)
    var result = plane
    for y in 0..<h {
      for x in 0..<w {
        let source = Double(plane.pixels[y * w + (mirrored ? w - 1 - x : x)])
        let value = 20 + 0.6 * source + Double.random(in: -noise...noise, using: &random)
        result.pixels[y * w + x] = UInt8(max(0, min(255, value)))
      }
    }
    return result
  }
}

/// References in memory.
final class MemoryCollection: ReferenceCollection, Sendable {
  private let fingerprints: [Fingerprint]

  init(_ fingerprints: [Fingerprint]) { self.fingerprints = fingerprints }

  var count: Int { fingerprints.count }

  func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R {
    let (words, corrections) = (fingerprints[index].words, fingerprints[index].corrections)
    return try body(words.span, corrections.span)
  }

  func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws -> R {
    let keys = fingerprints[index].indexKeys
    return try body(keys.span)
  }

  func work(of index: Int) -> Int { index }

  func pictureWindow(of index: Int) -> PictureWindow { .whole }

  func frames(of index: Int) throws -> any FrameSource { NoFrames() }
}

/// A source without pictures.
final class NoFrames: FrameSource {
  var durationSeconds: Double { 0 }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] { [] }
}
