import Fingerprinting
import Matching
import Testing
import TestSupport
import VideoCore

@Suite("Alignment of a leak with a reference")
struct SegmentAlignerTests {
  let film = Film(seed: 11, duration: 90)
  /// A pose of a camcorder, rather skew.
  static let pose = Homography([0.86, 0.03, 0.07, -0.02, 0.9, 0.05, -0.03, 0.02, 1])

  @Test("A cut, an inserted clip and a rate of 0.96 are found to fractions of a frame")
  func cutInsertAndRate() throws {
    let pieces = [
      Piece(leakStart: 0, leakEnd: 14, referenceStart: 20),
      Piece(leakStart: 14, leakEnd: 25, referenceStart: 20 + 14 * 0.96 + 3),
      Piece(leakStart: 30, leakEnd: 42, referenceStart: 20 + 25 * 0.96 + 3),
    ]
    let leak = Leak(
      film: film,
      pieces: pieces,
      rate: 0.96,
      duration: 42,
      pose: Self.pose,
      noise: 12
    )
    let segments = try SegmentAligner().align(
      anchors: Self.anchors(pieces, rate: 0.96, guessedRate: 1),
      leak: leak,
      reference: film
    )
    try #require(segments.count == pieces.count)
    for (segment, piece) in zip(segments, pieces) {
      #expect(abs(segment.leakStart - piece.leakStart) < 0.15)
      #expect(abs(segment.leakEnd - piece.leakEnd) < 0.15)
      #expect(abs(segment.rate - 0.96) < 0.002)
      #expect(segment.correlation > 0.5)
      for time in [segment.leakStart, segment.leakEnd] {
        let truth = piece.referenceStart + (time - piece.leakStart) * 0.96
        #expect(abs(segment.referenceTime(at: time) - truth) < 0.042)
      }
      #expect(abs(segment.referenceEnd - segment.referenceTime(at: segment.leakEnd)) < 1e-9)
      #expect(!segment.geometry.isEmpty)
    }
    #expect(segments.first?.leakStart == 0)
    #expect(segments.last?.leakEnd == 42)
  }

  @Test("A segment that runs across the search's minutes is one segment")
  func longSegment() throws {
    let pieces = [Piece(leakStart: 3, leakEnd: 68, referenceStart: 10)]
    let leak = Leak(
      film: film,
      pieces: pieces,
      rate: 1.02,
      duration: 70,
      pose: Self.pose,
      noise: 8
    )
    let segments = try SegmentAligner().align(
      anchors: Self.anchors(pieces, rate: 1.02, guessedRate: 1.0417),
      leak: leak,
      reference: film
    )
    try #require(segments.count == 1)
    #expect(abs(segments[0].leakStart - 3) < 0.15)
    #expect(abs(segments[0].leakEnd - 68) < 0.15)
    #expect(abs(segments[0].rate - 1.02) < 0.0005)
    #expect(abs(segments[0].referenceTime(at: 35) - (10 + 32 * 1.02)) < 0.042)
    #expect((segments[0].errorMilliseconds ?? .infinity) < 42)
    #expect(segments[0].geometry.map(\.leakTime) == segments[0].geometry.map(\.leakTime).sorted())
  }

  @Test(
    "A part of the leak that was not looked at does not cut a segment, one with other frames does"
  )
  func unseenPart() throws {
    for isUnseen in [true, false] {
      let pieces = [
        Piece(leakStart: 0, leakEnd: 50, referenceStart: 5),
        Piece(leakStart: 63, leakEnd: 80, referenceStart: 5 + 63),
      ]
      let whole = Leak(
        film: film,
        pieces: pieces,
        rate: 1,
        duration: 80,
        pose: Self.pose,
        noise: 8
      )
      let leak: any FrameSource = isUnseen ? Sampled(whole, without: 50..<63) : whole
      let segments = try SegmentAligner().align(
        anchors: Self.anchors(pieces, rate: 1, guessedRate: 1),
        leak: leak,
        reference: film
      )
      try #require(segments.count == (isUnseen ? 1 : 2))
      #expect(abs(segments[segments.count - 1].referenceTime(at: 70) - 75) < 0.042)
    }
  }

  @Test("A mirrored leak is aligned through its mirrored geometry")
  func mirrored() throws {
    let pieces = [Piece(leakStart: 0, leakEnd: 20, referenceStart: 30)]
    let mirror = Self.pose.after(Homography([-1, 0, 1, 0, 1, 0, 0, 0, 1]))
    let leak = Leak(
      film: film,
      pieces: pieces,
      rate: 1,
      duration: 20,
      pose: mirror,
      noise: 8
    )
    let segments = try SegmentAligner().align(
      anchors: Self.anchors(pieces, rate: 1, guessedRate: 1, pose: mirror),
      leak: leak,
      reference: film
    )
    try #require(segments.count == 1)
    #expect(abs(segments[0].leakEnd - segments[0].leakStart - 20) < 0.15)
    #expect(abs(segments[0].referenceTime(at: 10) - 40) < 0.042)
  }

  @Test("An unrelated reference gives no segment worth reporting")
  func unrelated() throws {
    let pieces = [Piece(leakStart: 0, leakEnd: 30, referenceStart: 20)]
    let leak = Leak(
      film: film,
      pieces: pieces,
      rate: 1,
      duration: 30,
      pose: Self.pose,
      noise: 8
    )
    let segments = try SegmentAligner().align(
      anchors: Self.anchors(pieces, rate: 1, guessedRate: 1),
      leak: leak,
      reference: Film(seed: 12, duration: 90)
    )
    #expect(segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart } < 1.5)
  }

  @Test("Equal input gives equal segments")
  func deterministic() throws {
    let pieces = [Piece(leakStart: 0, leakEnd: 12, referenceStart: 40)]
    let leak = Leak(
      film: film,
      pieces: pieces,
      rate: 1,
      duration: 12,
      pose: Self.pose,
      noise: 8
    )
    let anchors = Self.anchors(pieces, rate: 1, guessedRate: 1)
    let first = try SegmentAligner().align(anchors: anchors, leak: leak, reference: film)
    let second = try SegmentAligner().align(
      anchors: anchors.reversed(),
      leak: leak,
      reference: film
    )
    #expect(!first.isEmpty)
    #expect(first == second)
  }

  @Test("Anchors that cannot be worked with are left out")
  func hostileAnchors() throws {
    let still = Film(seed: 3, duration: 12)
    let numbers = [Double.nan, .infinity, -.infinity, 1e300, -5]
    for number in numbers {
      var anchor = Self.anchors(
        [Piece(leakStart: 0, leakEnd: 10, referenceStart: 0)],
        rate: 1,
        guessedRate: 1
      )[0]
      anchor.candidate.rate = number
      #expect(
        try SegmentAligner().align(anchors: [anchor], leak: still, reference: still).isEmpty
      )
      anchor.candidate.rate = 1
      anchor.candidate.referenceStart = number
      _ = try SegmentAligner().align(anchors: [anchor], leak: still, reference: still)
      anchor.candidate.referenceStart = 0
      anchor.homography = Homography([number, 0, 0, 0, number, 0, 0, 0, 1])
      _ = try SegmentAligner().align(anchors: [anchor], leak: still, reference: still)
    }
    #expect(try SegmentAligner().align(anchors: [], leak: still, reference: still).isEmpty)
  }

  /// Anchors of about ten seconds, off by a fifth of a second in turn and a hundredth in place.
  static func anchors(
    _ pieces: [Piece],
    rate: Double,
    guessedRate: Double,
    pose: Homography = pose
  ) -> [Anchor] {
    var anchors: [Anchor] = []
    for piece in pieces {
      var start = piece.leakStart
      while piece.leakEnd - start >= 3 {
        let end = min(piece.leakEnd, start + 10)
        let middle = (start + end) / 2
        let error = anchors.count % 2 == 0 ? 0.2 : -0.2
        let truth = piece.referenceStart + (middle - piece.leakStart) * rate
        let candidate = Candidate(
          reference: 0,
          leakStart: start,
          leakEnd: end,
          referenceStart: truth + error - (middle - start) * guessedRate,
          rate: guessedRate,
          mirrored: false,
          score: 10
        )
        var elements = pose.elements
        elements[2] += error / 25
        elements[5] -= error / 25
        anchors.append(
          Anchor(candidate: candidate, inliers: 60, cells: 30, homography: Homography(elements))
        )
        start = end
      }
    }
    return anchors
  }
}

/// A stretch of a leak that shows the film.
struct Piece {
  var leakStart: Double
  var leakEnd: Double
  var referenceStart: Double
}

/// An invented film: soft blobs that wander, and a new scene every two to four seconds.
final class Film: FrameSource {
  struct Blob {
    var x: Double
    var y: Double
    var speedX: Double
    var speedY: Double
    var radius: Double
    var grey: Double
  }

  static let framesPerSecond = 24.0
  static let size = FrameSize(width: 96, height: 54)
  let durationSeconds: Double
  private var scenes: [(start: Double, blobs: [Blob])] = []
  private var planes: [Int: LumaPlane] = [:]

  init(seed: UInt64, duration: Double) {
    durationSeconds = duration
    var random = SeededRandom(seed: seed)
    var start = 0.0
    while start < duration {
      let blobs = (0..<24).map { _ in
        Blob(
          x: .random(in: 0...1, using: &random),
          y: .random(in: 0...1, using: &random),
          speedX: .random(in: -0.12...0.12, using: &random),
          speedY: .random(in: -0.12...0.12, using: &random),
          radius: .random(in: 0.03...0.12, using: &random),
          grey: .random(in: -110...110, using: &random)
        )
      }
      scenes.append((start, blobs))
      start += .random(in: 2...4, using: &random)
    }
  }

  func frames(from start: Double, to end: Double) -> [TimedPlane] {
    let first = max(0, Int((start * Self.framesPerSecond - 1e-6).rounded(.up)))
    let last = min(end, durationSeconds) * Self.framesPerSecond
    guard Double(first) < last else { return [] }
    return (first..<Int((last - 1e-6).rounded(.up))).map {
      TimedPlane(seconds: Double($0) / Self.framesPerSecond, plane: plane($0))
    }
  }

  /// The frame that is on the screen at a time.
  func plane(at time: Double) -> LumaPlane {
    plane(Int((time * Self.framesPerSecond + 1e-6).rounded(.down)))
  }

  private func plane(_ number: Int) -> LumaPlane {
    if let plane = planes[number] { return plane }
    let time = Double(number) / Self.framesPerSecond
    guard let scene = scenes.last(where: { $0.start <= time }) else {
      return LumaPlane(size: Self.size)
    }
    let (width, height) = (Self.size.width, Self.size.height)
    var sums = [Double](repeating: 120, count: Self.size.area)
    for blob in scene.blobs {
      let x = blob.x + (time - scene.start) * blob.speedX
      let y = blob.y + (time - scene.start) * blob.speedY
      for row in 0..<height {
        let v = ((Double(row) + 0.5) / Double(height) - y) / blob.radius
        guard abs(v) < 1 else { continue }
        for column in 0..<width {
          let u = ((Double(column) + 0.5) / Double(width) - x) / blob.radius
          let inside = 1 - u * u - v * v
          if inside > 0 { sums[row * width + column] += blob.grey * inside.squareRoot() }
        }
      }
    }
    let plane = LumaPlane(
      size: Self.size,
      pixels: sums.map { UInt8(max(0, min(255, $0))) }
    )
    planes[number] = plane
    return plane
  }
}

/// A camcorder's copy of pieces of a film, with another film between them.
final class Leak: FrameSource {
  static let size = FrameSize(width: 160, height: 90)
  let durationSeconds: Double
  private let all: [TimedPlane]

  init(
    film: Film,
    pieces: [Piece],
    rate: Double,
    duration: Double,
    pose: Homography,
    noise: Double
  ) {
    durationSeconds = duration
    let insert = Film(seed: 999, duration: duration)
    var random = SeededRandom(seed: 5)
    let places = Self.places(pose)
    all = (0..<Int(duration * 25)).map { number in
      let time = Double(number) / 25
      let piece = pieces.first { time >= $0.leakStart - 1e-9 && time < $0.leakEnd - 1e-9 }
      let plane =
        piece.map { film.plane(at: $0.referenceStart + (time - $0.leakStart) * rate) }
        ?? insert.plane(at: time)
      let pixels = places.map { place -> UInt8 in
        let light = place.map { 0.7 * Double(plane.pixels[$0]) + 20 } ?? 15
        return UInt8(
          max(0, min(255, light + Double.random(in: -noise...noise, using: &random)))
        )
      }
      return TimedPlane(seconds: time, plane: LumaPlane(size: Self.size, pixels: pixels))
    }
  }

  func frames(from start: Double, to end: Double) -> [TimedPlane] {
    all.filter { $0.seconds >= start && $0.seconds < end }
  }

  /// For each pixel of the leak the film's pixel that lies there.
  private static func places(_ pose: Homography) -> [Int?] {
    let e = pose.elements
    let inverse = [
      e[4] * e[8] - e[5] * e[7], e[2] * e[7] - e[1] * e[8], e[1] * e[5] - e[2] * e[4],
      e[5] * e[6] - e[3] * e[8], e[0] * e[8] - e[2] * e[6], e[2] * e[3] - e[0] * e[5],
      e[3] * e[7] - e[4] * e[6], e[1] * e[6] - e[0] * e[7], e[0] * e[4] - e[1] * e[3],
    ]
    return (0..<size.area).map { index in
      let x = (Double(index % size.width) + 0.5) / Double(size.width)
      let y = (Double(index / size.width) + 0.5) / Double(size.height)
      let w = inverse[6] * x + inverse[7] * y + inverse[8]
      let u = (inverse[0] * x + inverse[1] * y + inverse[2]) / w
      let v = (inverse[3] * x + inverse[4] * y + inverse[5]) / w
      guard (0..<1).contains(u), (0..<1).contains(v) else { return nil }
      return Int(v * Double(Film.size.height)) * Film.size.width + Int(u * Double(Film.size.width))
    }
  }
}

/// A source of which a part was not decoded.
private final class Sampled: FrameSource {
  private let whole: any FrameSource
  private let gap: Range<Double>

  init(_ whole: any FrameSource, without gap: Range<Double>) {
    (self.whole, self.gap) = (whole, gap)
  }

  var durationSeconds: Double { whole.durationSeconds }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
    try whole.frames(from: start, to: end).filter { !gap.contains($0.seconds) }
  }
}
