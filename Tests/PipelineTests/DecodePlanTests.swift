import Pipeline
import Testing

@Suite("What of a leak is decoded")
struct DecodePlanTests {
  private static let keyframes = stride(from: 0.0, to: 7256, by: 4).map { $0 }

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
      200.0, 600, 7200, 7257, 7266,
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

  @Test(
    "where key frames are rare a leak is read in one go, as densely as for ads",
    arguments: [
      [], [0], [0, 300], [0, 100, 200, 300, 400, 500],
    ]
  )
  func rareKeyframes(times: [Double]) {
    let plan = DecodePlan(durationSeconds: 600, density: .sparse) { times }
    #expect(!plan.isSparse)
    #expect(plan == DecodePlan(durationSeconds: 600) { times })
  }

  @Test(
    "a scant plan has eight seconds of four minutes, four times at least",
    arguments: [
      (61.0, 4), (300, 4), (600, 4), (960, 4), (7200, 30),
    ]
  )
  func scant(seconds: Double, count: Int) throws {
    let stretches = try #require(Self.stretches(seconds, .scant))
    #expect(stretches.count == count)
    #expect(Self.decoded(stretches) == Double(8 * count))
    #expect(stretches.allSatisfy { Self.keyframes.contains($0.lowerBound) })
    #expect(Self.stretches(60, .scant) == nil)
  }

  @Test("dense stretches are half of a leak")
  func dense() throws {
    let stretches = try #require(Self.stretches(600, .dense))
    #expect(abs(Self.decoded(stretches) - 300) <= 20)
  }
}
