import AudioFingerprinting
import Foundation
import TestSupport

/// Sound that is made up: voices that glide from note to note over hiss, as repeatable as its seed.
struct Sounds {
  static let rate = Double(SoundLandmarks.sampleRate)

  /// A film's sound; played at `speed`, with its pitch moved by `pitch`.
  static func film(
    seed: UInt64,
    seconds: Double,
    speed: Double = 1,
    pitch: Double = 1
  ) -> [Float] {
    var samples = [Float](repeating: 0, count: Int(seconds / speed * rate))
    var random = SeededRandom(seed: seed)
    for _ in 0..<3 {
      var start = Double.random(in: 0..<0.3, using: &random)
      while start < seconds {
        let length = Double.random(in: 0.08...0.5, using: &random)
        let base = 180 * exp2(Double.random(in: 0...2.5, using: &random))
        let glide = Double.random(in: -0.3...0.3, using: &random)
        let overtones = (1...5).map { _ in Float.random(in: 0...0.08, using: &random) }
        let first = Int(start / speed * rate)
        let last = min(samples.count, Int((start + length) / speed * rate))
        for index in first..<max(first, last) {
          let time = Double(index - first) / rate * speed
          let swell = Float(sin(.pi * time / length))
          let phase = 2 * .pi * base * pitch / speed * time * (1 + glide * time / 2)
          for (number, loudness) in overtones.enumerated() {
            samples[index] += swell * loudness * Float(sin(Double(number + 1) * phase))
          }
        }
        start += length + Double.random(in: 0...0.2, using: &random)
      }
    }
    return samples
  }

  /// What a microphone far from the screen hears: an echo that dies away in `echo` seconds, less
  /// treble and bass, and noise of `noise` times the sound's own loudness.
  static func room(_ sound: [Float], echo: Double, noise: Float, seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    var heard = sound
    for _ in 0..<60 {
      let delay = Double.random(in: 0.005..<echo, using: &random)
      let gain = Float(0.35 * pow(10, -2 * delay / echo)) * (Bool.random(using: &random) ? 1 : -1)
      let shift = Int(delay * rate)
      for index in shift..<sound.count { heard[index] += gain * sound[index - shift] }
    }
    let power = heard.reduce(0) { $0 + $1 * $1 } / Float(max(1, heard.count))
    var (low, high): (Float, Float) = (0, 0)
    for index in heard.indices {
      let hiss = Float.random(in: -1.7...1.7, using: &random) * power.squareRoot() * noise
      low += 0.75 * (heard[index] + hiss - low)
      high += 0.15 * (low - high)
      heard[index] = 0.2 * (low - high)
    }
    return heard
  }

  /// Landmarks of sound that starts at `start` seconds, handed over in pieces.
  static func landmarks(
    _ samples: [Float],
    from start: Double = 0,
    piece: Int = 1024
  ) -> SoundLandmarks {
    var fingerprinter = SoundFingerprinter()
    let first = Int((start * rate).rounded())
    for place in stride(from: 0, to: samples.count, by: piece) {
      let part = Array(samples[place..<min(samples.count, place + piece)])
      fingerprinter.append(part.span, at: first + place)
    }
    return fingerprinter.finish()
  }
}
