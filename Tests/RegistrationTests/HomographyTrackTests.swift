import Registration
import TestSupport
import Testing

@Suite("Homographies over time") struct HomographyTrackTests {
  typealias Point = FeatureSet.Point

  /// A skew screen that drifts with a hand and, at `jump`, is re-framed.
  private static func truth(_ seconds: Double, jump: Double = .infinity) -> [Double] {
    let sway = 0.01 * (seconds * 0.7).truncatingRemainder(dividingBy: 2)
    let shift = seconds >= jump ? 0.12 : 0
    return [0.82, 0.03, 0.08 + sway + shift, -0.02, 0.86, 0.06 - sway, -0.04, 0.05, 1]
  }

  private static func map(_ h: [Double], _ p: Point) -> Point {
    let w = h[6] * p.x + h[7] * p.y + h[8]
    return Point(
      x: (h[0] * p.x + h[1] * p.y + h[2]) / w,
      y: (h[3] * p.x + h[4] * p.y + h[5]) / w
    )
  }

  /// Half of the pairs are wrong, the others off by about a pixel of 160x90.
  private static func moments(
    seconds: Double,
    pairs: Int,
    jump: Double = .infinity
  ) -> [HomographyTrack.Moment] {
    var random = SeededRandom(seed: 77)
    func point() -> Point {
      Point(x: .random(in: 0...1, using: &random), y: .random(in: 0...1, using: &random))
    }
    return (0..<Int(seconds * 2)).map { number in
      let time = Double(number) / 2
      let from = (0..<pairs).map { _ in point() }
      let to = from.enumerated().map { index, from in
        guard index % 2 == 0 else { return point() }
        let exact = map(truth(time, jump: jump), from)
        return Point(
          x: exact.x + .random(in: -0.006...0.006, using: &random),
          y: exact.y + .random(in: -0.011...0.011, using: &random)
        )
      }
      return HomographyTrack.Moment(seconds: time, from: from, to: to)
    }
  }

  /// The greatest distance of a corner from where it is, in fractions of the frame.
  private static func error(_ track: HomographyTrack, at time: Double, jump: Double = .infinity)
    -> Double
  {
    [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map { x, y in
      let own = map(track.elements(at: time), Point(x: x, y: y))
      let exact = map(truth(time, jump: jump), Point(x: x, y: y))
      return max(abs(own.x - exact.x), abs(own.y - exact.y))
    }.max() ?? .infinity
  }

  @Test("a drifting screen is followed through wrong and inexact pairs")
  func drift() throws {
    let moments = Self.moments(seconds: 30, pairs: 60)
    let track = try #require(HomographyTrack(moments, spacing: 0.5) { _ in Self.truth(15) })
    #expect(track.knots.first == 0 && track.knots.count == 60)
    for time in stride(from: 0.0, to: 29.5, by: 0.25) {
      #expect(Self.error(track, at: time) < 0.015, "at \(time)")
    }
  }

  @Test("moments with few pairs of their own take the geometry of their neighbours")
  func sparse() throws {
    var moments = Self.moments(seconds: 30, pairs: 60)
    for index in 24..<36 { moments[index] = .init(seconds: Double(index) / 2, from: [], to: []) }
    let track = try #require(HomographyTrack(moments, spacing: 0.5) { _ in Self.truth(15) })
    for time in stride(from: 12.0, to: 18, by: 0.5) {
      #expect(Self.error(track, at: time) < 0.03, "at \(time)")
    }
  }

  @Test("a re-framing is a jump, not a glide")
  func reframing() throws {
    let moments = Self.moments(seconds: 24, pairs: 80, jump: 12)
    let start = { (time: Double) in Self.truth(time, jump: 12) }
    let track = try #require(HomographyTrack(moments, spacing: 0.5, start: start))
    for time in [4.0, 10, 11, 12.5, 13, 20] {
      #expect(Self.error(track, at: time, jump: 12) < 0.02, "at \(time)")
    }
  }

  @Test("equal pairs give equal tracks, ends go on, nothing gives nothing")
  func edges() throws {
    let moments = Self.moments(seconds: 5, pairs: 30)
    let start = { (_: Double) in Self.truth(2) }
    let track = try #require(HomographyTrack(moments, spacing: 0.5, start: start))
    #expect(track == HomographyTrack(moments, spacing: 0.5, start: start))
    #expect(track.elements(at: -10) == track.elements(at: 0))
    #expect(track.elements(at: 99) == track.elements(at: 4.5))
    #expect(HomographyTrack([], spacing: 1, start: start) == nil)
    let empty = HomographyTrack.Moment(seconds: 1, from: [], to: [])
    #expect(HomographyTrack([empty], spacing: 1, start: start) == nil)
    let single = try #require(HomographyTrack([moments[3]], spacing: 1, start: start))
    #expect(Self.error(single, at: 1.5) < 0.05)
  }

  @Test("pairs that are all wrong leave a finite geometry or none")
  func nonsense() {
    var random = SeededRandom(seed: 3)
    let moments = (0..<10).map { number in
      let points = (0..<40).map { _ in
        Point(x: .random(in: 0...1, using: &random), y: .random(in: 0...1, using: &random))
      }
      return HomographyTrack.Moment(seconds: Double(number), from: points, to: points.reversed())
    }
    let track = HomographyTrack(moments, spacing: 1) { _ in [1, 0, 0, 0, 1, 0, 0, 0, 1] }
    #expect(track?.elements(at: 3).allSatisfy { $0.isFinite } != false)
  }
}
