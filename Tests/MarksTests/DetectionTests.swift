import Marks
import TestSupport
import Testing
import VideoCore

/// Observations as a leak gives them: a mark of known gains in coloured noise with cuts.
private func observations(
  key: MarkKey,
  asset: String = "film",
  payload: MarkPayload?,
  seconds: Double,
  from start: Double = 0,
  noise: Double = 0.004,
  seed: UInt64 = 1
) -> [ModeObservation] {
  var random = SeededRandom(seed: seed)
  var train = payload.map {
    ChipTrain(sequences: ChipSequences(key: key, asset: asset), layout: .usual, payload: $0)
  }
  var state = SIMD4<Double>.zero
  return (0..<Int(seconds * 24)).map { number in
    let time = start + Double(number) / 24
    for mode in 0..<4 {
      let sum = (0..<6).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &random) }
      state[mode] = 0.8 * state[mode] + noise * sum
    }
    let shot = Int(time / 4)
    let level = SIMD4(repeating: Double(shot % 5) * 0.01)
    let signal = (train?.signals(at: time) ?? .zero) * (LFM1.usualStrength / 2)
    return ModeObservation(
      filmSeconds: time,
      gains: SIMD4<Float>(signal + state + level),
      residual: 1,
      shot: shot
    )
  }
}

@Suite("Mark detection")
struct DetectionTests {
  private static let key = MarkKey(bytes: Array(0..<32))
  private static let other = MarkKey(bytes: Array(1...32))

  @Test("claims the payload, by the bound and the margin")
  func claims() throws {
    let key = try #require(Self.key)
    let payload = MarkPayload(location: 300_001, time: 11_600)
    let seen = observations(key: key, payload: payload, seconds: 120, from: 230)
    let reading = try #require(MarkDetector(key: key, asset: "film").read(seen))
    #expect(reading.verdict == .claimed)
    #expect(reading.payload == payload)
    #expect(reading.location.log10Bound < -6)
    #expect(reading.location.margin >= 2)
    #expect(reading.location.valuesTried == 524_288)
    #expect(reading.time.valuesTried == 35_136)
  }

  @Test("claims nothing under another key, for another asset, or without a mark")
  func nulls() throws {
    let (key, other) = (try #require(Self.key), try #require(Self.other))
    let payload = MarkPayload(location: 17, time: 99)
    let seen = observations(key: key, payload: payload, seconds: 60)
    #expect(MarkDetector(key: other, asset: "film").read(seen)?.verdict == MarkVerdict.none)
    // One in five hundred is inconclusive by chance, and none is claimed.
    let others = (0..<8).map { number in
      MarkDetector(key: key, asset: "another \(number)").read(seen)?.verdict
    }
    #expect(!others.contains(.claimed))
    #expect(others.count { $0 == MarkVerdict.none } >= 7)
    let bare = observations(key: key, payload: nil, seconds: 60)
    #expect(MarkDetector(key: key, asset: "film").read(bare)?.verdict == MarkVerdict.none)
  }

  @Test("says inconclusive, with a ranking, where a passage is too short for a claim")
  func inconclusive() throws {
    let key = try #require(Self.key)
    let payload = MarkPayload(location: 5, time: 6)
    var verdicts: Set<String> = []
    for seconds in [4.0, 8, 12, 16, 20, 24, 28] {
      let seen = observations(key: key, payload: payload, seconds: seconds, noise: 0.003)
      let reading = try #require(MarkDetector(key: key, asset: "film").read(seen))
      #expect(reading.location.ranking.count == 5)
      // Never wrong, however little there is.
      if reading.verdict == .claimed { #expect(reading.payload == payload) }
      verdicts.insert(reading.verdict.rawValue)
    }
    #expect(verdicts.contains("inconclusive"))
  }

  @Test("z of wrong keys has the deviation of chance, whatever the film does")
  func calibration() throws {
    let key = try #require(Self.key)
    let payload = MarkPayload(location: 5, time: 6)
    let seen = observations(key: key, payload: payload, seconds: 40)
    let wrong = try #require(Self.other)
    let values = ValueCorrelation(
      ChipScores(seen),
      field: .location,
      layout: MarkLayout(locationBits: 14, timeBits: 8),
      sequences: ChipSequences(key: wrong, asset: "film")
    )
    let count = Double(values.z.count)
    let squares = values.z.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs((squares / count).squareRoot() - 1) < 0.03)
    #expect(abs(values.z.reduce(0.0) { $0 + Double($1) } / count) < 0.03)
  }

  @Test("a list ranks its screenings alone, and those of one payload do not compete")
  func closedSet() throws {
    let key = try #require(Self.key)
    let payload = MarkPayload(location: 800, time: 50)
    let seen = observations(key: key, payload: payload, seconds: 60)
    let list = [
      MarkCandidate(name: "later", payload: MarkPayload(location: 800, time: 51)),
      MarkCandidate(name: "right", payload: payload),
      MarkCandidate(name: "same", payload: payload),
      MarkCandidate(name: "elsewhere", payload: MarkPayload(location: 801, time: 50)),
    ]
    let reading = try #require(MarkDetector(key: key, asset: "film").read(seen, candidates: list))
    let set = try #require(reading.closedSet)
    #expect(set.payloads == 3)
    #expect(set.ranking.prefix(2).map(\.candidate.name) == ["right", "same"])
    #expect(set.verdict == .claimed)
  }

  @Test("the bound is that of any signed sum, over all trials")
  func bound() {
    // 3.178 Q(7.8) is 9.8e-15.
    #expect(abs(MarkDetector.log10Bound(z: 7.8, trials: 524_288 * 27) + 6.85) < 0.05)
    #expect(MarkDetector.log10Bound(z: -1, trials: 10) == 0)
    #expect(MarkDetector.log10Bound(z: 1, trials: 1000) == 0)
  }

  @Test("the distribution of scores is asked where the bound for any scores is not enough")
  func closeBound() throws {
    let key = try #require(Self.key)
    let payload = MarkPayload(location: 5, time: 6)
    var isSeen = false
    for step in 0..<24 {
      let seen = observations(
        key: key,
        payload: payload,
        seconds: 20 + 0.5 * Double(step),
        noise: 0.003
      )
      let reading = try #require(MarkDetector(key: key, asset: "film").read(seen))
      for field in [reading.location, reading.time] {
        let z = try #require(field.ranking.first).z
        let any = MarkDetector.log10Bound(z: z, trials: Double(field.valuesTried))
        #expect(field.log10Bound <= any)
        // The threshold and the bound say the same.
        #expect((field.log10Bound <= -6) == (z >= field.threshold - 0.001))
        guard field.log10Bound < any - 0.1 else { continue }
        isSeen = true
        // It is never further below than what the lattice and few scores can give.
        #expect(field.log10Bound > any - 3)
      }
    }
    #expect(isSeen)
  }

  @Test("keys never show their bytes")
  func secrets() throws {
    let key = try #require(Self.key)
    #expect("\(key)" == "mark key \(key.id)")
    #expect(String(reflecting: key).count < 40)
    var text = ""
    dump(key, to: &text)
    #expect(!text.contains("31"))
    #expect(key.id.count == 16)
    #expect(key.id != Self.other?.id)
    #expect(MarkKey(bytes: [1, 2, 3]) == nil)
  }
}
