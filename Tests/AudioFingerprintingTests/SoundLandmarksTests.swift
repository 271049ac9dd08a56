import AudioFingerprinting
import Foundation
import TestSupport
import Testing

@Suite("Landmarks of sound")
struct SoundLandmarksTests {
  private let film = Sounds.film(seed: 5, seconds: 12)

  private func times(_ landmarks: SoundLandmarks) -> [Double] {
    landmarks.encoded.dropFirst().map { (Double($0 >> 8) * 128 + 512) / 8000 }
  }

  @Test("do not depend on the pieces in which sound comes")
  func pieces() {
    let whole = Sounds.landmarks(film, piece: film.count)
    #expect(whole.count > 100)
    for piece in [1, 127, 1152, 9999] { #expect(Sounds.landmarks(film, piece: piece) == whole) }
  }

  @Test("do not depend on loudness")
  func loudness() {
    let whole = Set(Sounds.landmarks(film).encoded)
    let quiet = Set(Sounds.landmarks(film.map { $0 * 0.1 }).encoded)
    #expect(whole.intersection(quiet).count * 10 > whole.count * 8)
  }

  @Test("lie where a tone begins, in its band")
  func tone() {
    let samples = (0..<32_000).map { index in
      (12_000..<14_000).contains(index) ? Float(0.3 * sin(2 * .pi * 800 / 8000 * Double(index))) : 0
    }
    let landmarks = Sounds.landmarks(samples)
    let bands = landmarks.encoded.dropFirst().map { Int($0 & 0xFF) }
    #expect(bands.contains { abs($0 - 120) <= 1 })
    #expect(times(landmarks).allSatisfy { $0 > 1.4 && $0 < 1.85 })
  }

  @Test("are at most twenty a second, also in noise")
  func density() {
    var random = SeededRandom(seed: 6)
    let noise = (0..<80_000).map { _ in Float.random(in: -1...1, using: &random) }
    let landmarks = Sounds.landmarks(noise)
    #expect(landmarks.count > 100)
    #expect(landmarks.count <= 20 * 11)
  }

  @Test("silence and a steady tone have none, but for their ends")
  func silence() {
    #expect(Sounds.landmarks([Float](repeating: 0, count: 80_000)).isEmpty)
    #expect(Sounds.landmarks([]).isEmpty)
    let tone = (0..<160_000).map { Float(0.5 * sin(0.9 * Double($0))) }
    #expect(times(Sounds.landmarks(tone)).filter { $0 > 3 && $0 < 17 }.count < 40)
  }

  @Test("keep their times over pauses, short and long, and from an odd start")
  func pauses() {
    let whole = times(Sounds.landmarks(film))
    for pause in [0.5, 1.5, 3600.0] {
      var fingerprinter = SoundFingerprinter()
      fingerprinter.append(film.span, at: 8000)
      fingerprinter.append(film.span, at: 8000 + film.count + Int(pause * 8000))
      let found = times(fingerprinter.finish())
      #expect(found == found.sorted())
      let shift = 1 + Double(film.count) / 8000 + pause
      let second = found.filter { $0 > shift + 0.5 }
      let expected = whole.filter { $0 > 0.5 }.map { $0 + shift }
      let agreed = expected.filter { time in second.contains { abs($0 - time) < 0.017 } }
      #expect(agreed.count * 10 > expected.count * 8)
    }
    let late = times(Sounds.landmarks(film, from: 0.0101))
    #expect(whole.filter { time in late.contains { abs($0 - time - 0.0101) < 0.017 } }.count > 80)
  }

  @Test("what comes again, or lies before the film, is dropped")
  func overlaps() {
    var fingerprinter = SoundFingerprinter()
    fingerprinter.append(film.span, at: -8000)
    fingerprinter.append(film.span, at: -8000)
    fingerprinter.append(film.span, at: .min)
    fingerprinter.append(film.span, at: .max)
    let found = fingerprinter.finish()
    #expect(found.count > 100)
    #expect(times(found).allSatisfy { $0 < Double(film.count) / 8000 - 1 })
  }

  @Test("are the same after storing; other numbers are refused")
  func storing() {
    let landmarks = Sounds.landmarks(film)
    #expect(read(landmarks.encoded) == landmarks)
    #expect(read([1])?.isEmpty == true)
    for wrong: [UInt32] in [[], [2, 256], [1, 512, 256], [1, 256, 256], [1, 255]] {
      #expect(read(wrong) == nil)
    }
  }

  private func read(_ numbers: [UInt32]) -> SoundLandmarks? {
    let span = numbers.span
    return SoundLandmarks(encoded: span)
  }

  @Test("the spectrum is that of the plain sum")
  func spectrum() {
    var random = SeededRandom(seed: 7)
    let samples = (0..<1100).map { _ in Float.random(in: -1...1, using: &random) }
    var power = [Float](repeating: 0, count: 512)
    var spectrum = PowerSpectrum()
    spectrum.measure(samples, from: 50, into: &power)
    for bin in [0, 1, 2, 37, 255, 256, 400, 511] {
      var (re, im) = (0.0, 0.0)
      for index in 0..<1024 {
        let window = 0.5 - 0.5 * cos(2 * .pi * Double(index) / 1024)
        let value = Double(samples[50 + index]) * window
        re += value * cos(2 * .pi * Double(bin * index) / 1024)
        im -= value * sin(2 * .pi * Double(bin * index) / 1024)
      }
      let expected = re * re + im * im
      #expect(abs(Double(power[bin]) - expected) < 1e-3 * (1 + expected))
    }
  }
}
