import Matching
import TestSupport
import Testing
import VideoCore

@Suite("Pair verifier") struct PairVerifierTests {
  /// A still picture finer than any plane made of it: discs of random grey, later ones on top.
  struct Picture {
    private static let canvas = FrameSize(width: 640, height: 360)
    private(set) var plane = LumaPlane(size: canvas, fill: 110)

    init(seed: UInt64) {
      var random = SeededRandom(seed: seed)
      let (width, height) = (Self.canvas.width, Self.canvas.height)
      for _ in 0..<140 {
        let x = Int.random(in: -60..<width + 60, using: &random)
        let y = Int.random(in: -30..<height + 30, using: &random)
        let radius = Int.random(in: 10...45, using: &random)
        let grey = UInt8.random(in: 0...255, using: &random)
        for row in (y - radius..<y + radius).clamped(to: 0..<height) {
          for column in (x - radius..<x + radius).clamped(to: 0..<width) {
            let (dx, dy) = (column - x, row - y)
            if dx * dx + dy * dy < radius * radius { plane.pixels[row * width + column] = grey }
          }
        }
      }
    }

    private func grey(_ x: Double, _ y: Double) -> Int {
      guard (0..<1).contains(x), (0..<1).contains(y) else { return 0 }
      let (width, height) = (Double(Self.canvas.width), Double(Self.canvas.height))
      return Int(plane.pixels[Int(y * height) * Self.canvas.width + Int(x * width)])
    }

    /// The picture at `size`, each point of it looked up where `map` sends it, 3x3 samples a pixel.
    func plane(
      _ size: FrameSize,
      _ map: (Double, Double) -> (Double, Double) = { ($0, $1) }
    ) -> LumaPlane {
      var plane = LumaPlane(size: size)
      for row in 0..<size.height {
        for column in 0..<size.width {
          var sum = 0
          for sample in 0..<9 {
            let x = (Double(column) + (Double(sample % 3) + 0.5) / 3) / Double(size.width)
            let y = (Double(row) + (Double(sample / 3) + 0.5) / 3) / Double(size.height)
            let (u, v) = map(x, y)
            sum += grey(u, v)
          }
          plane.pixels[row * size.width + column] = UInt8(sum / 9)
        }
      }
      return plane
    }
  }

  /// Frames in memory, one a second.
  final class Film: FrameSource {
    let planes: [TimedPlane]
    var durationSeconds: Double { Double(planes.count) }

    init(_ planes: [LumaPlane], first: Double) {
      self.planes = planes.enumerated().map {
        TimedPlane(seconds: first + Double($0.offset), plane: $0.element)
      }
    }

    func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
      planes.filter { start <= $0.seconds && $0.seconds < end }
    }
  }

  private static let small = FrameSize(width: 160, height: 90)

  /// How the camera sees the screen: turned, smaller, and from one side.
  private static let geometry = Homography([
    0.90, 0.04, 0.03, -0.03, 0.86, 0.07, 0.05, -0.04, 1,
  ])

  /// The map back, by the adjugate.
  private static func inverse(_ map: Homography) -> Homography {
    let e = map.elements
    return Homography([
      e[4] * e[8] - e[5] * e[7], e[2] * e[7] - e[1] * e[8], e[1] * e[5] - e[2] * e[4],
      e[5] * e[6] - e[3] * e[8], e[0] * e[8] - e[2] * e[6], e[2] * e[3] - e[0] * e[5],
      e[3] * e[7] - e[4] * e[6], e[1] * e[6] - e[0] * e[7], e[0] * e[4] - e[1] * e[3],
    ])
  }

  /// Eight pictures as a reference, a frame at each middle of eight parts of 8 s.
  private static func reference(seed: UInt64, first: Double = 0.5) -> Film {
    Film((0..<8).map { Picture(seed: seed + $0).plane(small) }, first: first)
  }

  /// The same pictures through a camera: seen by `geometry`, dimmer, maybe mirrored.
  private static func leak(
    seed: UInt64,
    geometry: Homography = geometry,
    mirrored: Bool = false
  ) -> Film {
    let back = inverse(geometry)
    return Film(
      (0..<8).map { (shot: UInt64) in
        var plane = Picture(seed: seed + shot).plane(small) { x, y in
          back.map(mirrored ? 1 - x : x, y).map { ($0.x, $0.y) } ?? (-1, -1)
        }
        plane.pixels = plane.pixels.map { 20 + $0 / 3 }
        return plane
      },
      first: 0.5
    )
  }

  private static func candidate(mirrored: Bool = false, referenceStart: Double = 0) -> Candidate {
    Candidate(
      reference: 0,
      leakStart: 0,
      leakEnd: 8,
      referenceStart: referenceStart,
      rate: 1,
      mirrored: mirrored,
      score: 9
    )
  }

  /// The greatest distance between where two maps put the corners, in sides of the leak's frame.
  private static func cornerError(_ a: Homography, _ b: Homography) throws -> Double {
    var greatest = 0.0
    for (x, y) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)] {
      let (p, q) = try (#require(a.map(x, y)), #require(b.map(x, y)))
      greatest = max(greatest, abs(p.x - q.x), abs(p.y - q.y))
    }
    return greatest
  }

  @Test("the geometry of a leak is found to one per cent", arguments: [false, true])
  func recovers(mirrored: Bool) throws {
    let verifier = PairVerifier()
    let anchor = try #require(
      try verifier.verify(
        Self.candidate(mirrored: mirrored),
        leak: Self.leak(seed: 100, mirrored: mirrored),
        reference: Self.reference(seed: 100)
      )
    )
    #expect(anchor.inliers >= PairVerifier.acceptedInliers)
    #expect(anchor.cells > 8 && anchor.cells <= anchor.inliers)
    let mirror = Homography([-1, 0, 1, 0, 1, 0, 0, 0, 1])
    let truth = mirrored ? mirror.after(Self.geometry) : Self.geometry
    let error = try Self.cornerError(anchor.homography, truth)
    #expect(error < 0.01, "\(error), \(anchor.inliers) inliers")
  }

  @Test("a reference four times larger than the working size gives the same geometry")
  func reduces() throws {
    let verifier = PairVerifier()
    let anchor = try #require(
      try verifier.verify(
        Self.candidate(),
        leak: Self.leak(seed: 300),
        reference: Film((300..<308).map { Picture(seed: $0).plane }, first: 0.5)
      )
    )
    #expect(anchor.inliers >= PairVerifier.acceptedInliers)
    #expect(try Self.cornerError(anchor.homography, Self.geometry) < 0.01)
  }

  @Test("a screen of up to two and a half times the leak's area is believed, a larger one is not")
  func area() throws {
    let reference = Self.reference(seed: 400)
    for (zoom, believed) in [(1.5, true), (1.7, false)] {
      let shift = (1 - zoom) / 2
      let leak = Self.leak(
        seed: 400,
        geometry: Homography([zoom, 0, shift, 0, zoom, shift, 0, 0, 1])
      )
      let anchor = try PairVerifier().verify(Self.candidate(), leak: leak, reference: reference)
      #expect((anchor != nil) == believed, "zoom \(zoom)")
    }
  }

  @Test("the candidate's time map decides which frames are compared")
  func timeMap() throws {
    let leak = Self.leak(seed: 500)
    let reference = Self.reference(seed: 500, first: 40.6)
    let right = try PairVerifier().verify(
      Self.candidate(referenceStart: 40),
      leak: leak,
      reference: reference
    )
    #expect((right?.inliers ?? 0) >= PairVerifier.acceptedInliers)
    let late = try PairVerifier().verify(
      Self.candidate(referenceStart: 43),
      leak: leak,
      reference: reference
    )
    #expect((late?.inliers ?? 0) < PairVerifier.acceptedInliers)
  }

  @Test("unrelated pictures, and a mirror that is not there, stay below what is accepted")
  func unrelated() throws {
    for seed in UInt64(0)..<6 {
      let anchor = try PairVerifier().verify(
        Self.candidate(mirrored: seed % 2 == 1),
        leak: Self.leak(seed: 1000 + 10 * seed),
        reference: Self.reference(seed: 2000 + 10 * seed)
      )
      #expect((anchor?.inliers ?? 0) < PairVerifier.acceptedInliers, "seed \(seed)")
    }
    let unmirrored = try PairVerifier().verify(
      Self.candidate(mirrored: true),
      leak: Self.leak(seed: 100),
      reference: Self.reference(seed: 100)
    )
    #expect((unmirrored?.inliers ?? 0) < PairVerifier.acceptedInliers)
  }

  @Test("a repeated question has the same answer, with features remembered or found anew")
  func deterministic() throws {
    let (leak, reference) = (Self.leak(seed: 700), Self.reference(seed: 700))
    let verifier = PairVerifier()
    let first = try verifier.verify(Self.candidate(), leak: leak, reference: reference)
    #expect(first != nil)
    #expect(try verifier.verify(Self.candidate(), leak: leak, reference: reference) == first)
    #expect(try PairVerifier().verify(Self.candidate(), leak: leak, reference: reference) == first)
  }

  @Test("features remembered of one leak or of its mirror image do not answer for another")
  func memory() throws {
    let (leak, reference) = (Self.leak(seed: 700), Self.reference(seed: 700))
    let verifier = PairVerifier()
    _ = try verifier.verify(Self.candidate(mirrored: true), leak: leak, reference: reference)
    _ = try verifier.verify(Self.candidate(), leak: Self.leak(seed: 800), reference: reference)
    let anchor = try verifier.verify(Self.candidate(), leak: leak, reference: reference)
    #expect(anchor != nil)
    #expect(try PairVerifier().verify(Self.candidate(), leak: leak, reference: reference) == anchor)
  }

  @Test("flat, missing and tiny frames confirm nothing")
  func nothing() throws {
    let reference = Self.reference(seed: 900)
    let tiny = LumaPlane(size: FrameSize(width: 2, height: 1), fill: 7)
    for leak in [
      Film([], first: 0),
      Film(Array(repeating: LumaPlane(size: Self.small, fill: 90), count: 8), first: 0.5),
      Film(Array(repeating: tiny, count: 8), first: 0.5),
    ] {
      let anchor = try PairVerifier().verify(Self.candidate(), leak: leak, reference: reference)
      #expect(anchor == nil)
    }
    let leak = Self.leak(seed: 900)
    #expect(
      try PairVerifier().verify(Self.candidate(), leak: leak, reference: Film([], first: 0)) == nil
    )
  }
}
