import Matching
import Testing
import VideoCore

@Suite("Versions of one film") struct VersionComparisonTests {
  private let film = Film(seed: 21, duration: 60)
  private static let pose = SegmentAlignerTests.pose

  /// The film with other pictures from `start` to `end`: a card, or credits in another language.
  private final class Version: FrameSource {
    private let film: Film
    private let range: Range<Double>
    private let other = Film(seed: 555, duration: 60)

    init(of film: Film, replacing range: Range<Double>) { (self.film, self.range) = (film, range) }

    var durationSeconds: Double { film.durationSeconds }

    func frames(from start: Double, to end: Double) -> [TimedPlane] {
      film.frames(from: start, to: end).map { frame in
        guard range.contains(frame.seconds) else { return frame }
        return TimedPlane(seconds: frame.seconds, plane: other.plane(at: frame.seconds))
      }
    }
  }

  private var leak: Leak {
    Leak(
      film: film,
      pieces: [Piece(leakStart: 0, leakEnd: 40, referenceStart: 8)],
      rate: 1,
      duration: 40,
      pose: Self.pose,
      noise: 12
    )
  }

  private func entry(
    _ reference: Int,
    _ frames: any FrameSource,
    _ pieces: [(Double, Double)] = [(0, 40)]
  ) -> VersionComparison.Entry {
    let segments = pieces.map {
      AlignedSegment(
        leakStart: $0.0,
        leakEnd: $0.1,
        referenceStart: $0.0 + 8,
        referenceEnd: $0.1 + 8,
        rate: 1,
        correlation: 0.8,
        errorMilliseconds: nil,
        geometry: [GeometrySample(leakTime: ($0.0 + $0.1) / 2, homography: Self.pose)]
      )
    }
    return VersionComparison.Entry(reference: reference, segments: segments, frames: frames)
  }

  @Test("the release whose pictures the leak shows is told from one with another passage")
  func differentPassage() throws {
    let other = Version(of: film, replacing: 20..<24)
    let verdicts = try VersionComparison(leak: leak).verdicts([
      entry(7, film), entry(3, other),
    ])
    let shown = try #require(verdicts[0])
    let rival = try #require(verdicts[1])
    #expect(shown.answer == .shown && shown.log10Odds > 5)
    #expect(rival.answer == .notShown && rival.log10Odds < -5)
    let passage = try #require(shown.passages.first)
    #expect(shown.passages.count == 1 && passage.favours == 7)
    #expect(abs(passage.leakStart - 12) < 0.6 && abs(passage.leakEnd - 16) < 0.6)
    #expect(rival.passages == shown.passages)
  }

  @Test("a scene that only one release has decides")
  func missingScene() throws {
    let verdicts = try VersionComparison(leak: leak).verdicts([
      entry(0, film, [(0, 18), (25, 40)]), entry(1, film),
    ])
    #expect(verdicts[0]?.answer == .notShown)
    #expect(verdicts[1]?.answer == .shown)
    let passage = try #require(verdicts[1]?.passages.first)
    #expect(abs(passage.leakStart - 18) < 0.6 && abs(passage.leakEnd - 25) < 0.6)
  }

  @Test("between equal releases, and where the difference is not in the leak, it cannot be told")
  func undecided() throws {
    for other in [Version(of: film, replacing: 0..<0), Version(of: film, replacing: 50..<58)] {
      let verdicts = try VersionComparison(leak: leak).verdicts([
        entry(0, film), entry(1, other),
      ])
      for verdict in verdicts {
        #expect(verdict?.answer == .cannotBeTold)
        #expect(verdict?.passages == [])
        #expect(verdict?.log10Odds == 0)
      }
    }
  }

  @Test("a jump that one release needs and the other does not decides")
  func jump() throws {
    // The one lacks ten seconds that the leak lacks, too; both show each picture of the leak.
    let cut = entry(1, film)
    var whole = entry(2, film, [(0, 20), (20, 40)])
    let frames = Inserted(into: film, at: 28, seconds: 10)
    whole = VersionComparison.Entry(
      reference: 2,
      segments: whole.segments.enumerated().map { index, segment in
        var moved = segment
        if index == 1 {
          moved.referenceStart += 10
          moved.referenceEnd += 10
        }
        return moved
      },
      frames: frames
    )
    let verdicts = try VersionComparison(leak: leak).verdicts([cut, whole])
    #expect(verdicts[0]?.answer == .shown)
    #expect(verdicts[1]?.answer == .notShown)
    #expect(verdicts[0]?.passages.contains { $0.leakStart < 20 && $0.leakEnd > 20 } ?? false)
  }

  /// The film with another scene inserted.
  private final class Inserted: FrameSource {
    private let film: Film
    private let (start, length): (Double, Double)
    private let other = Film(seed: 556, duration: 60)

    init(into film: Film, at start: Double, seconds: Double) {
      (self.film, self.start, length) = (film, start, seconds)
    }

    var durationSeconds: Double { film.durationSeconds + length }

    func frames(from begin: Double, to end: Double) -> [TimedPlane] {
      let before = film.frames(from: begin, to: min(end, start))
      let scene = other.frames(from: max(begin, start), to: min(end, start + length))
      let after = film.frames(from: max(begin - length, start), to: end - length).map {
        TimedPlane(seconds: $0.seconds + length, plane: $0.plane)
      }
      return before + scene + after
    }
  }

  /// The film with its pictures changed.
  private final class Changed: FrameSource {
    private let film: Film
    private let change: (TimedPlane) -> LumaPlane

    init(film: Film, change: @escaping (TimedPlane) -> LumaPlane) {
      (self.film, self.change) = (film, change)
    }

    var durationSeconds: Double { film.durationSeconds }

    func frames(from start: Double, to end: Double) -> [TimedPlane] {
      film.frames(from: start, to: end).map {
        TimedPlane(seconds: $0.seconds, plane: change($0))
      }
    }
  }

  @Test("words that only one release has over the same pictures decide, where they are shown")
  func words() throws {
    let lettered = Changed(film: film) { frame in
      var plane = frame.plane
      guard (20..<26).contains(frame.seconds) else { return plane }
      let (width, height) = (plane.size.width, plane.size.height)
      for y in height * 4 / 9..<height * 5 / 9 {
        for x in width / 5..<width * 4 / 5 where (x / 3 + x * x / 70) % 3 == 0 {
          plane.pixels[y * width + x] = 250
        }
      }
      return plane
    }
    let verdicts = try VersionComparison(leak: leak).verdicts([
      entry(0, lettered), entry(1, film),
    ])
    #expect(verdicts[0]?.answer == .notShown)
    #expect(verdicts[1]?.answer == .shown)
    let passage = try #require(verdicts[1]?.passages.first)
    #expect(abs(passage.leakStart - 12) < 0.6 && abs(passage.leakEnd - 18) < 0.6)
  }

  @Test("a poor copy of a release cannot be told from a good one")
  func poorCopy() throws {
    let poor = Changed(film: film) { frame in
      var plane = frame.plane
      let (width, height) = (plane.size.width, plane.size.height)
      // What a low bit rate leaves: blocks of two, and steps of grey.
      for y in stride(from: 0, to: height - 1, by: 2) {
        for x in stride(from: 0, to: width - 1, by: 2) {
          let corner = y * width + x
          let block = [corner, corner + 1, corner + width, corner + width + 1]
          let mean = block.reduce(0) { $0 + Int(frame.plane.pixels[$1]) } / 4
          for at in block { plane.pixels[at] = UInt8(mean / 12 * 12) }
        }
      }
      return plane
    }
    let verdicts = try VersionComparison(leak: leak).verdicts([entry(0, poor), entry(1, film)])
    #expect(verdicts.allSatisfy { $0?.answer == .cannotBeTold })
  }

  @Test("passages that contradict each other decide nothing")
  func contradiction() throws {
    let verdicts = try VersionComparison(leak: leak).verdicts([
      entry(0, Version(of: film, replacing: 14..<18)),
      entry(1, Version(of: film, replacing: 30..<34)),
    ])
    #expect(verdicts.allSatisfy { $0?.answer == .cannotBeTold })
    #expect(verdicts[0]?.passages.map(\.favours) == [1, 0])
  }

  @Test("releases of different parts of the leak, and one alone, are no rivals")
  func noRivals() throws {
    let comparison = VersionComparison(leak: leak)
    #expect(try comparison.verdicts([entry(0, film)]) == [nil])
    #expect(try comparison.verdicts([]) == [])
    let parts = [entry(0, film, [(0, 20)]), entry(1, film, [(20, 40)])]
    #expect(try comparison.verdicts(parts) == [nil, nil])
  }
}
