import Captures
import TestSupport
import Testing

@Suite("Comparison of recordings")
struct ComparisonTests {
  /// A hand that holds a camera: wanders about, and trembles.
  private func hand(_ seed: UInt64, size: Double = 0.004, count: Int = 300) -> [SIMD4<Double>] {
    var random = SeededRandom(seed: seed)
    var place = SIMD4<Double>.zero
    var speed = SIMD4<Double>.zero
    return (0..<count).map { _ in
      for lane in 0..<4 {
        speed[lane] = 0.8 * speed[lane] + Double.random(in: -1...1, using: &random)
        place[lane] = 0.97 * place[lane] + speed[lane]
      }
      return place * size * SIMD4(0.5, 0.4, 0.2, 0.2)
    }
  }

  /// What a leak shows of it: through a map of its own, with errors of its own and a share of errors
  /// that the film brings about.
  private func leak(
    _ motion: [SIMD4<Double>],
    edit: [SIMD2<Double>],
    error: Double,
    seed: UInt64,
    from first: Int = 0
  ) throws -> CaptureSignature {
    var random = SeededRandom(seed: seed)
    var film = SeededRandom(seed: 4711)
    let map = try #require(PlaneMap(corners: edit))
    func noise(_ random: inout SeededRandom) -> Double {
      (0..<4).reduce(0) { sum, _ in sum + Double.random(in: -1...1, using: &random) } * error
    }
    return CaptureSignature(
      try motion.enumerated().map { index, move in
        let (s, c) = (move.w, 1 + move.z)
        let common = (noise(&film), noise(&film))
        let corners = try [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map { x, y in
          let (u, v) = (x - 0.5, y - 0.5)
          let place = SIMD2(
            0.5 + u * c - v * s + move.x + 0.5 * common.0 + noise(&random),
            0.5 + u * s + v * c + move.y + 0.5 * common.1 + noise(&random)
          )
          return try #require(map.map(place.x, place.y))
        }
        return CaptureSample(
          index: first + index,
          corners: corners,
          gain: 0.7,
          hidden: 0
        )
      }
    )
  }

  private let plain = [SIMD2(0.0, 0.0), SIMD2(1.0, 0.0), SIMD2(1.0, 1.0), SIMD2(0.0, 1.0)]
  /// Cropped, straightened in part, mirrored.
  private let edited = [SIMD2(1.08, -0.1), SIMD2(-0.06, 0.02), SIMD2(-0.12, 1.02), SIMD2(1.1, 1.1)]

  @Test("one recording is found through crop, keystone and mirror", arguments: 0..<10)
  func same(_ number: UInt64) throws {
    let motion = hand(100 + number)
    let comparison = CaptureComparison(
      try leak(motion, edit: plain, error: 0.0005, seed: 2 * number),
      try leak(motion, edit: edited, error: 0.0008, seed: 2 * number + 1)
    )
    #expect(comparison.verdict == .same)
    #expect(comparison.log10Ratio > 5)
    #expect(comparison.seconds > 27)
  }

  @Test("two recordings of one film are never linked", arguments: 0..<60)
  func different(_ number: UInt64) throws {
    let comparison = CaptureComparison(
      try leak(hand(1000 + 2 * number), edit: plain, error: 0.0005, seed: 3 * number),
      try leak(hand(1001 + 2 * number), edit: plain, error: 0.0005, seed: 3 * number + 1)
    )
    #expect(comparison.verdict == .different)
    #expect(comparison.log10Ratio < -5)
  }

  @Test("cameras that stand still cannot be told apart, and are not linked", arguments: 0..<20)
  func still(_ number: UInt64) throws {
    let still = [SIMD4<Double>](repeating: .zero, count: 300)
    let comparison = CaptureComparison(
      try leak(still, edit: plain, error: 0.0005, seed: 5 * number),
      try leak(still, edit: edited, error: 0.0005, seed: 5 * number + 1)
    )
    #expect(comparison.verdict == .cannotBeTold)
  }

  @Test("the same tremor in another size is another recording")
  func size() throws {
    let comparison = CaptureComparison(
      try leak(hand(7), edit: plain, error: 0.0002, seed: 1),
      try leak(hand(7, size: 0.02), edit: plain, error: 0.0002, seed: 2)
    )
    #expect(comparison.verdict != .same)
  }

  @Test("little film in common says nothing")
  func short() throws {
    let motion = hand(8)
    let comparison = CaptureComparison(
      try leak(Array(motion[..<200]), edit: plain, error: 0.0005, seed: 1),
      try leak(Array(motion[160...]), edit: plain, error: 0.0005, seed: 2, from: 160)
    )
    #expect(comparison.verdict == .cannotBeTold)
    let apart = CaptureComparison(
      try leak(motion, edit: plain, error: 0.0005, seed: 1),
      try leak(motion, edit: plain, error: 0.0005, seed: 2, from: 4000)
    )
    #expect(apart.verdict == .cannotBeTold)
    #expect(apart.seconds == 0)
    #expect(apart.movement.isEmpty)
  }

  @Test("wild measurements do not hide one recording, nor make one of two")
  func wild() throws {
    var random = SeededRandom(seed: 12)
    func spoiled(_ signature: CaptureSignature) -> CaptureSignature {
      CaptureSignature(
        signature.samples.map { sample in
          var sample = sample
          if Int.random(in: 0..<12, using: &random) == 0 {
            let shift = Double.random(in: -0.1...0.1, using: &random)
            for corner in 0..<4 { sample.corners[corner].x += shift }
          }
          return sample
        }
      )
    }
    let motion = hand(9)
    let first = spoiled(try leak(motion, edit: plain, error: 0.0005, seed: 1))
    let second = spoiled(try leak(motion, edit: edited, error: 0.0005, seed: 2))
    let third = spoiled(try leak(hand(10), edit: edited, error: 0.0005, seed: 3))
    #expect(CaptureComparison(first, second).verdict == .same)
    #expect(CaptureComparison(first, third).verdict != .same)
  }

  @Test("a comparison does not depend on which leak comes first")
  func order() throws {
    let motion = hand(11)
    let a = try leak(motion, edit: plain, error: 0.0005, seed: 1)
    let b = try leak(motion, edit: edited, error: 0.0005, seed: 2)
    let (one, other) = (CaptureComparison(a, b), CaptureComparison(b, a))
    #expect(one.verdict == other.verdict)
    #expect(abs(one.log10Ratio - other.log10Ratio) < 0.5)
  }
}
