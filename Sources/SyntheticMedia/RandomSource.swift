/// The generator's own source of random numbers (SplitMix64): equal seeds give equal films for ever.
///
/// - Source: Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct RandomSource: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A source for one named part of a film, independent of how many numbers other parts draw.
  init(seed: UInt64, stream: UInt64) {
    state = RandomSource.mix(seed ^ RandomSource.mix(stream &+ 0x51_7CC1_B727_220A))
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A hash of `value` as a number from 0 up to 1.
  static func unit(_ value: UInt64) -> Float { Float(mix(value) >> 40) * (1 / 16_777_216) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to 1.
  mutating func unit() -> Double { Double(next() >> 11) * (1 / 9_007_199_254_740_992) }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    uniform(range.lowerBound, range.upperBound)
  }

  /// An integer from 0 up to `bound`.
  mutating func index(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// -1 or 1.
  mutating func sign() -> Double { next() & 1 == 0 ? -1 : 1 }

  mutating func pick<Element>(_ values: [Element]) -> Element { values[index(values.count)] }

  /// A normally distributed number: the sum of twelve uniform ones, which needs no libm.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }
}
