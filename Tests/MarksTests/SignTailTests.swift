import Glibc
import Marks
import TestSupport
import Testing

@Suite("Tails of signed sums")
struct SignTailTests {
  /// P(Σ ε_i a_i ≥ z) by trying all signs.
  private static func counted(_ weights: [Float], reaching z: Double) -> Double {
    let length = weights.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let all = 1 << weights.count
    let hits = (0..<all).count { signs in
      let sum = weights.indices.reduce(0.0) {
        $0 + (signs >> $1 & 1 == 1 ? Double(weights[$1]) : -Double(weights[$1]))
      }
      return sum / length >= z
    }
    return Double(hits) / Double(all)
  }

  @Test("is a bound on what all signs give, and a close one", arguments: 1...8)
  func bounds(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let weights = (0..<14).map { _ in Float.random(in: -3...3, using: &random) }
    let tail = SignTail(weights: weights)
    for z in stride(from: 0.3, to: 3.2, by: 0.17) {
      let counted = Self.counted(weights, reaching: z)
      let stated = tail.log10(reaching: z)
      guard counted > 0 else { continue }
      #expect(stated >= log10(counted) - 1e-9)
      // What rounding costs: less than a tenth of a deviation.
      #expect(stated <= log10(Self.counted(weights, reaching: z - 0.1)) + 1e-9)
    }
  }

  @Test("equals the binomial distribution for equal weights, deep in the tail")
  func binomial() {
    let count = 400
    let tail = SignTail(weights: Array(repeating: 0.7, count: count))
    for ups in [260, 270, 280] {
      let z = Double(2 * ups - count) / Double(count).squareRoot()
      var sum = 0.0
      for k in ups...count {
        sum += exp(
          lgamma(Double(count + 1)) - lgamma(Double(k + 1)) - lgamma(Double(count - k + 1))
            - Double(count) * log(2)
        )
      }
      let stated = tail.log10(reaching: z - 1e-9)
      #expect(stated >= log10(sum) - 1e-6)
      #expect(stated < log10(sum) + 0.25)
    }
  }

  @Test("is between a normal tail and what holds for any weights, for many like weights")
  func normal() {
    var random = SeededRandom(seed: 3)
    let tail = SignTail(weights: (0..<480).map { _ in Float.random(in: 0.5...1.5, using: &random) })
    for z in [5.5, 6.5, 7.3] {
      let normal = log10(erfc(z / 2.squareRoot()) / 2)
      #expect(tail.log10(reaching: z) <= SignTail.log10Bound(reaching: z))
      #expect(tail.log10(reaching: z) > normal - 0.6)
      #expect(tail.log10(reaching: z) < normal + 0.2)
    }
    #expect(abs(tail.threshold(log10: -11.72) - 6.94) < 0.08)
  }

  @Test("has the bounds alone where weights are too many, few, or nothing")
  func bare() {
    for weights in [[], [0, 0], Array(repeating: Float(1), count: 1201)] as [[Float]] {
      let tail = SignTail(weights: weights)
      #expect(tail.log10(reaching: 7) == SignTail.log10Bound(reaching: 7))
    }
    #expect(SignTail.log10Bound(reaching: 0) == 0)
    #expect(SignTail.log10Bound(reaching: 0.2) <= 0)
    // Hoeffding's is the lesser of the two where z is small.
    #expect(abs(SignTail.log10Bound(reaching: 0.3) + 0.01954) < 1e-4)
    #expect(abs(SignTail.log10Bound(reaching: 7) + 11.3914) < 1e-3)
  }
}
