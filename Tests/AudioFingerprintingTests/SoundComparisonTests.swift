import AudioFingerprinting
import Foundation
import TestSupport
import Testing

@Suite("Comparing the sound of a leak with that of a release")
struct SoundComparisonTests {
  private let film = Sounds.film(seed: 1, seconds: 40)

  /// Seconds 10 to 30 of the film.
  private var excerpt: [Float] { Array(film[80_000..<240_000]) }

  /// Compares a leak whose pictures show the film from second 10 on with it.
  private func compare(
    _ leak: [Float],
    delay: Double = 0,
    rate: Double = 1,
    seconds: Double = 20
  ) -> SoundComparison {
    SoundComparison(
      leak: Sounds.landmarks(leak, from: 2 + delay),
      reference: Sounds.landmarks(film),
      stretches: [
        SoundStretch(leakStart: 2, leakEnd: 2 + seconds / rate, referenceStart: 10, rate: rate)
      ]
    )
  }

  @Test("knows an untouched copy, from a line and in time")
  func copy() {
    let result = compare(excerpt)
    #expect(result.verdict == .original)
    #expect(result.recording == .line)
    #expect(abs(result.offset) < 0.005)
    #expect(result.log10P == -99)
    #expect(result.sharedPart > 0.8)
  }

  @Test("knows it through a room, however loud", arguments: [(0.4, 0.1, 1), (0.8, 0.3, 0.05)])
  func room(_ setting: (echo: Double, noise: Float, gain: Float)) {
    let heard = Sounds.room(excerpt, echo: setting.echo, noise: setting.noise, seed: 3)
    let result = compare(heard.map { $0 * setting.gain })
    #expect(result.verdict == .original)
    #expect(result.recording != .line)
    #expect(result.log10P < -20)
    #expect(abs(result.offset) < 0.05)
  }

  @Test("measures how late or early the sound is", arguments: [-2.5, -0.413, -0.02, 0.168, 1.9])
  func offset(_ delay: Double) {
    let result = compare(excerpt, delay: delay)
    #expect(result.verdict == .original)
    #expect(abs(result.offset - delay) < 0.008)
  }

  @Test(
    "follows speeds with and without their pitch",
    arguments: [0.96, 0.98, 25 / 24.0, 1.04]
  )
  func speed(_ rate: Double) {
    for keepsPitch in [false, true] {
      let whole = Sounds.film(
        seed: 1,
        seconds: 40,
        speed: rate,
        pitch: keepsPitch ? 1 : rate
      )
      let leak = Array(whole[Int(80_000 / rate)..<Int(240_000 / rate)])
      let result = compare(leak, delay: 0.1, rate: rate)
      #expect(result.verdict == .original)
      #expect(result.keepsPitch == keepsPitch)
      #expect(abs(result.offset - 0.1) < 0.02)
    }
  }

  @Test("adds up stretches of one leak")
  func stretches() {
    let cut = Array(excerpt[..<24_000]) + Array(excerpt[48_000..<72_000])
    func stretch(_ leakStart: Double, _ referenceStart: Double) -> SoundStretch {
      SoundStretch(
        leakStart: leakStart,
        leakEnd: leakStart + 3,
        referenceStart: referenceStart,
        rate: 1
      )
    }
    let marks = (leak: Sounds.landmarks(cut), reference: Sounds.landmarks(film))
    func result(_ stretches: [SoundStretch]) -> SoundComparison {
      SoundComparison(leak: marks.leak, reference: marks.reference, stretches: stretches)
    }
    let (first, second) = (stretch(0, 10), stretch(3, 16))
    #expect(result([first, second]).votes > result([first]).votes + result([second]).votes / 2)
    #expect(result([first, second]).verdict == .original)
  }

  @Test("tells another sound from the film's, in a room or not")
  func other() {
    let dub = Sounds.film(seed: 2, seconds: 20)
    #expect(compare(dub).verdict == .different)
    let heard = Sounds.room(dub, echo: 0.5, noise: 0.2, seed: 4)
    #expect(compare(heard).verdict == .different)
    #expect(compare(heard).recording == nil)
  }

  @Test("a place of the film that the pictures do not show is another sound")
  func elsewhere() {
    #expect(compare(Array(film[160_000...])).verdict == .different)
  }

  @Test("says nothing of silence, or of a few seconds of another sound")
  func little() {
    let silence = compare([Float](repeating: 0, count: 160_000))
    #expect(silence.leakLandmarks == 0)
    #expect(silence.verdict == .undetermined)
    #expect(silence.log10P == 0)
    let short = compare(Array(Sounds.film(seed: 2, seconds: 5)), seconds: 5)
    #expect(short.verdict == .undetermined)
    #expect(short.isShortOfSound)
    #expect(compare([]).verdict == .undetermined)
  }

  @Test("chance gives a probability no more often than it says")
  func chance() {
    let films = (10..<22).map { Sounds.landmarks(Sounds.film(seed: $0, seconds: 24)) }
    var tried = 0
    for (a, leak) in films.enumerated() {
      for (b, reference) in films.enumerated() where a != b {
        for shift in [0.0, 3, 6] {
          let stretch = SoundStretch(leakStart: 2, leakEnd: 16, referenceStart: shift, rate: 1)
          let result = SoundComparison(leak: leak, reference: reference, stretches: [stretch])
          #expect(result.log10P > -2.6)
          tried += 1
        }
      }
    }
    #expect(tried == 396)
  }

  @Test("survives stretches that make no sense")
  func nonsense() {
    let marks = Sounds.landmarks(excerpt)
    for number in [0, -1, .nan, .infinity, 1e300, -1e300] {
      for (start, rate) in [(number, 1), (0, number), (number, number)] {
        let stretch = SoundStretch(
          leakStart: start,
          leakEnd: start + 5,
          referenceStart: number,
          rate: rate
        )
        let result = SoundComparison(leak: marks, reference: marks, stretches: [stretch])
        #expect(result.log10P <= 0 && result.offset.isFinite)
      }
    }
  }

  @Test("what the room adds is left over, at its time and pitch", arguments: [0.0, 0.4])
  func remainder(_ delay: Double) {
    var heard = excerpt
    // Three whistles at seconds 4, 9 and 14 of the excerpt.
    let whistles = [4.0, 9.0, 14.0]
    for start in whistles {
      for index in 0..<1600 {
        let time = Double(index) / Sounds.rate
        heard[Int(start * Sounds.rate) + index] += Float(sin(2 * .pi * 3000 * time)) * 0.6
      }
    }
    let leak = Sounds.landmarks(heard, from: 2 + delay)
    let reference = Sounds.landmarks(film)
    let stretches = [SoundStretch(leakStart: 2, leakEnd: 22, referenceStart: 10, rate: 1)]
    let comparison = SoundComparison(leak: leak, reference: reference, stretches: stretches)
    #expect(comparison.verdict == .original)
    let remainder = SoundRemainder(
      of: leak,
      reference: reference,
      stretches: stretches,
      comparison: comparison
    )
    for start in whistles {
      #expect(
        remainder.marks.contains { mark in
          (-0.1...0.3).contains(mark.seconds - 10 - start) && (228...242).contains(mark.band)
        }
      )
    }
    // Of the film's own sound hardly anything is left over.
    let few = remainder.marks.count { mark in !(228...242).contains(mark.band) }
    #expect(few < leak.count / 6, "\(few) of \(leak.count)")
  }
}
