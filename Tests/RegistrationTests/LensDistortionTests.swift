import Foundation
import Registration
import TestSupport
import Testing

@Suite("Distortion of a lens") struct LensDistortionTests {
  private static let identity: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]

  /// Pairs of a picture that fills the frame, seen through a lens, with errors of half a pixel of
  /// 160x90 and some wrong ones.
  private static func moments(k1: Double, seed: UInt64, count: Int = 40) -> [HomographyTrack.Moment]
  {
    var random = SeededRandom(seed: seed)
    let half = (160.0 * 160 + 90 * 90).squareRoot() / 2
    return (0..<count).map { number in
      var (from, to) = ([FeatureSet.Point](), [FeatureSet.Point]())
      for _ in 0..<30 {
        let (x, y) = (
          Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random)
        )
        let (u, v) = ((x - 0.5) * 160, (y - 0.5) * 90)
        let scale = 1 + k1 * (u * u + v * v) / (half * half)
        let error = { (random: inout SeededRandom) in Double.random(in: -0.5...0.5, using: &random)
        }
        var place = (u * scale + error(&random), v * scale + error(&random))
        if Int.random(in: 0..<10, using: &random) == 0 { place.0 += 20 }
        from.append(FeatureSet.Point(x: x, y: y))
        to.append(FeatureSet.Point(x: place.0 / 160 + 0.5, y: place.1 / 90 + 0.5))
      }
      return HomographyTrack.Moment(seconds: Double(number), from: from, to: to)
    }
  }

  @Test("barrel and cushion are measured to a hundredth", arguments: [-0.08, -0.03, 0.04])
  func measured(k1: Double) throws {
    let lens = try #require(
      LensDistortion(Self.moments(k1: k1, seed: 5)) { _ in Self.identity }
    )
    #expect(abs(lens.k1 - k1) < 0.01)
    #expect(abs(lens.k1 - k1) < 6 * lens.deviation)
    #expect(lens.isSignificant)
  }

  @Test("a straight lens is none of significance", arguments: [UInt64(1), 2, 3, 4, 5])
  func straight(seed: UInt64) throws {
    let lens = try #require(
      LensDistortion(Self.moments(k1: 0, seed: seed)) { _ in Self.identity }
    )
    #expect(!lens.isSignificant)
  }

  @Test("few pairs, and homographies that are none, tell nothing")
  func nothing() {
    #expect(LensDistortion([]) { _ in Self.identity } == nil)
    #expect(LensDistortion(Self.moments(k1: 0, seed: 1, count: 1)) { _ in Self.identity } == nil)
    #expect(
      LensDistortion(Self.moments(k1: 0, seed: 1)) { _ in [0, 0, 0, 0, 0, 0, 0, 0, 0] } == nil
    )
  }
}
