import Matching
import Testing

@Suite("Homography") struct HomographyTests {
  private let mirror = Homography([-1, 0, 1, 0, 1, 0, 0, 0, 1])
  private let keystone = Homography([1.1, 0.02, -0.03, 0.01, 0.95, 0.04, 0.12, -0.05, 1])

  @Test("the identity leaves points, the mirror swaps left and right")
  func points() throws {
    let a = try #require(Homography.identity.map(0.3, 0.7))
    #expect(a.x == 0.3 && a.y == 0.7)
    let b = try #require(mirror.map(0.3, 0.7))
    #expect(abs(b.x - 0.7) < 1e-12 && b.y == 0.7)
  }

  @Test("one map after another is the same as both in turn")
  func product() throws {
    let both = mirror.after(keystone)
    for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.25, 0.8), (1.0, 1.0)] {
      let first = try #require(keystone.map(x, y))
      let then = try #require(mirror.map(first.x, first.y))
      let once = try #require(both.map(x, y))
      #expect(abs(then.x - once.x) < 1e-12 && abs(then.y - once.y) < 1e-12)
    }
  }

  @Test("points behind the camera have no place")
  func behind() {
    #expect(Homography([1, 0, 0, 0, 1, 0, -2, 0, 1]).map(1, 0) == nil)
  }

  @Test("maps are scaled so that the last number is 1")
  func scale() {
    #expect(Homography([2, 0, 0, 0, 2, 0, 0, 0, 2]) == .identity)
  }
}

@Suite("Candidate") struct CandidateTests {
  @Test("the time map starts at the stretch's start and runs at its rate")
  func timeMap() {
    let candidate = Candidate(
      reference: 0,
      leakStart: 10,
      leakEnd: 20,
      referenceStart: 100,
      rate: 0.96,
      mirrored: false,
      score: 9
    )
    #expect(candidate.referenceTime(at: 10) == 100)
    #expect(abs(candidate.referenceTime(at: 20) - 109.6) < 1e-9)
  }
}
