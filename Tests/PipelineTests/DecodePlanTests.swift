import Pipeline
import Testing

@Suite("What of a leak is decoded")
struct DecodePlanTests {
  private static let keyframes = stride(from: 0.0, to: 7200, by: 4).map { $0 }

  private static func stretches(_ seconds: Double, _ density: DecodeDensity) -> [Range<Double>]? {
    DecodePlan(durationSeconds: seconds, density: density) { keyframes }.stretches
  }

  private static func decoded(_ stretches: [Range<Double>]) -> Double {
    stretches.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
  }

  @Test("leaks of three minutes and those of unknown length are decoded in full")
  func short() {
    for density in [DecodeDensity.sparse, .dense] {
      #expect(Self.stretches(180, density) == nil)
      let unknown = DecodePlan(durationSeconds: nil, density: density) { Self.keyframes }
      #expect(unknown == .full)
    }
  }

  @Test(
    "sparse stretches are a small part, spread evenly, at key frames",
    arguments: [
      200.0, 600, 7200,
    ]
  )
  func sparse(seconds: Double) throws {
    let stretches = try #require(Self.stretches(seconds, .sparse))
    #expect(stretches.count >= 4)
    #expect(Self.decoded(stretches) <= max(40, 0.09 * seconds))
    for stretch in stretches {
      #expect(Self.keyframes.contains(stretch.lowerBound))
      #expect(stretch.lowerBound < seconds)
    }
    for (one, next) in zip(stretches, stretches.dropFirst()) {
      #expect(next.lowerBound - one.lowerBound <= 124)
      #expect(one.upperBound < next.lowerBound)
    }
  }

  @Test("dense stretches are half of a leak")
  func dense() throws {
    let stretches = try #require(Self.stretches(600, .dense))
    #expect(abs(Self.decoded(stretches) - 300) <= 20)
  }
}
