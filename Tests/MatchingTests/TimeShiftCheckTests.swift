import Matching
import Testing
import VideoCore

@Suite("Times that a pan hides") struct TimeShiftCheckTests {
  /// A slow pan over one picture, with discs of another that stand still before it.
  private final class Pan: FrameSource {
    private static let background = PairVerifierTests.Picture(seed: 71)
    private static let foreground = PairVerifierTests.Picture(seed: 72)
    private let geometry: Homography?
    private let delay: Double
    let durationSeconds = 12.0
    private var planes: [Int: LumaPlane] = [:]

    /// The film, or a leak of it that begins `delay` seconds into it, seen through `geometry`.
    init(geometry: Homography? = nil, delay: Double = 0) {
      (self.geometry, self.delay) = (geometry, delay)
    }

    func frames(from start: Double, to end: Double) -> [TimedPlane] {
      let first = max(0, Int((start * 16).rounded(.up)))
      let last = Int((min(end, durationSeconds) * 16).rounded(.up))
      return (first..<max(first, last)).map {
        TimedPlane(seconds: Double($0) / 16, plane: plane($0))
      }
    }

    private func plane(_ number: Int) -> LumaPlane {
      if let known = planes[number] { return known }
      let shift = 0.03 * (Double(number) / 16 + delay)
      let size = FrameSize(width: 160, height: 90)
      let place = { [geometry] (x: Double, y: Double) -> (Double, Double) in
        // The leak is zoomed in and shifted; a film's frame is as it is.
        guard let e = geometry?.elements else { return (x, y) }
        return ((x - e[2]) / e[0], (y - e[5]) / e[4])
      }
      let back = Self.background.plane(size) { x, y in
        let (u, v) = place(x, y)
        return (0.05 + 0.45 * u + shift, 0.2 + 0.5 * v)
      }
      let front = Self.foreground.plane(size) { x, y in
        let (u, v) = place(x, y)
        return (u, v)
      }
      var result = back
      for y in 0..<90 {
        for x in 0..<160 {
          let (u, v) = place(Double(x) / 160, Double(y) / 90)
          if (0.3..<0.6).contains(u), (0.35..<0.9).contains(v) {
            result.pixels[y * 160 + x] = front.pixels[y * 160 + x]
          }
        }
      }
      planes[number] = result
      return result
    }
  }

  private static let zoom = Homography([0.92, 0, 0.05, 0, 0.92, 0.03, 0, 0, 1])

  private static func segment(referenceStart: Double) -> AlignedSegment {
    AlignedSegment(
      leakStart: 0,
      leakEnd: 8,
      referenceStart: referenceStart,
      referenceEnd: referenceStart + 8,
      rate: 1,
      correlation: 0.8,
      errorMilliseconds: nil,
      geometry: [GeometrySample(leakTime: 4, homography: zoom)]
    )
  }

  @Test("a time that is off is put right, one that is right stays", arguments: [-0.75, 0, 0.5])
  func shifted(error: Double) throws {
    let check = TimeShiftCheck(
      verifier: PairVerifier(),
      mirrored: false,
      leak: Pan(geometry: Self.zoom, delay: 2),
      reference: Pan()
    )
    let shift = try check.shift(of: Self.segment(referenceStart: 2 + error), rivals: [])
    #expect(abs(shift + error) < 0.1)
  }

  @Test("a neighbour's time map is found from further away than can be climbed")
  func rival() throws {
    let check = TimeShiftCheck(
      verifier: PairVerifier(),
      mirrored: false,
      leak: Pan(geometry: Self.zoom, delay: 3.5),
      reference: Pan()
    )
    let shift = try check.shift(
      of: Self.segment(referenceStart: 0.5),
      rivals: [Self.segment(referenceStart: 3.5)]
    )
    #expect(abs(shift - 3) < 0.1)
  }

  @Test("pictures without anything to hold on to are left where they are")
  func nothing() throws {
    let check = TimeShiftCheck(
      verifier: PairVerifier(),
      mirrored: false,
      leak: NoFrames(),
      reference: NoFrames()
    )
    #expect(try check.shift(of: Self.segment(referenceStart: 0), rivals: []) == 0)
  }
}
