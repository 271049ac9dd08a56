import AdDetection
import Testing
import VideoCore

/// A leak of which every other stretch of twenty seconds was passed over, with a key frame every four
/// seconds in it.
private final class PartialStack: PictureSource, UnseenPictures {
  let durationSeconds: Double
  private let whole: Stack
  private var looked: Set<Double> = []
  private(set) var gaps: [Range<Double>]
  private(set) var filled: [Range<Double>] = []
  /// Those of them of which only larger pictures were asked for.
  private(set) var filledCoarsely: [Range<Double>] = []

  init(_ whole: Stack) {
    self.whole = whole
    durationSeconds = whole.durationSeconds
    gaps = stride(from: 20, to: whole.durationSeconds, by: 40).map { $0..<($0 + 20) }
  }

  func fillCoarsely(_ gap: Range<Double>) {
    filledCoarsely.append(gap)
    fill(gap)
  }

  func pictures(from start: Double, to end: Double) -> [TimedPicture] {
    whole.pictures(from: start, to: end).filter { picture in
      looked.contains(picture.seconds) || !gaps.contains { $0.contains(picture.seconds) }
    }
  }

  func peek(into gap: Range<Double>) -> [TimedPicture] {
    let pictures = whole.pictures(from: gap.lowerBound, to: gap.upperBound).filter {
      ($0.seconds - 2).truncatingRemainder(dividingBy: 4) == 0
    }
    looked.formUnion(pictures.map(\.seconds))
    return pictures
  }

  func fill(_ gap: Range<Double>) {
    filled.append(gap)
    gaps = gaps.flatMap { whole -> [Range<Double>] in
      guard whole.overlaps(gap) else { return [whole] }
      return [whole.lowerBound..<gap.lowerBound, gap.upperBound..<whole.upperBound]
    }
  }
}

@Suite("A leak of which parts were passed over") struct PassedOverTests {
  private func leak(_ shown: [Range<Double>]) -> SyntheticLeak {
    var leak = SyntheticLeak(seconds: 100)
    leak.draw = { plane, time in
      guard shown.contains(where: { $0.contains(time) }) else { return }
      SyntheticLeak.word(&plane, x: 220, y: 20, width: 72, height: 20, seed: 8)
    }
    return leak
  }

  private func found(
    _ shown: [Range<Double>],
    knowing films: ((SyntheticLeak) -> [AlignedFilm]) = { [$0.aligned()] }
  ) throws -> (times: [Range<Double>], filled: [Range<Double>], coarsely: [Range<Double>]) {
    let synthetic = leak(shown)
    let stack = PartialStack(synthetic.leak())
    let findings = try AdDetector().findings(
      in: stack,
      native: stack,
      films: films(synthetic),
      unseen: stack
    )
    return (findings.overlays.map { $0.start..<$0.end }, stack.filled, stack.filledCoarsely)
  }

  @Test("what is there on both sides of a part is one overlay, and the part is not decoded")
  func lasting() throws {
    let (times, filled, coarsely) = try found([5..<95])
    let only = try #require(times.first)
    #expect(times.count == 1)
    #expect(abs(only.lowerBound - 5) <= 0.3 && abs(only.upperBound - 95) <= 0.3)
    #expect(filled.isEmpty && coarsely.isEmpty)
  }

  @Test("where an overlay ends a part is decoded from key frame to key frame, and the end is found")
  func ending() throws {
    let (times, filled, coarsely) = try found([46..<72])
    let only = try #require(times.first)
    #expect(times.count == 1)
    #expect(abs(only.lowerBound - 46) <= 0.3 && abs(only.upperBound - 72) <= 0.3)
    #expect(filled == [70..<74] && coarsely == filled)
  }

  @Test("where an overlay pauses at a key frame both ends of the pause are decoded")
  func pausing() throws {
    let (times, filled, coarsely) = try found([5..<25, 34..<95])
    #expect(times.count == 2)
    #expect(filled == [22..<26, 30..<34] && coarsely == filled)
  }

  @Test("an overlay that only a key frame shows is found")
  func within() throws {
    let (times, filled, coarsely) = try found([64..<69])
    let only = try #require(times.first)
    #expect(times.count == 1)
    #expect(abs(only.lowerBound - 64) <= 0.3 && abs(only.upperBound - 69) <= 0.3)
    #expect(filled == [62..<70] && coarsely == filled)
  }

  @Test("what an overlay shows in turn is seen in the looks at it")
  func turns() throws {
    var synthetic = SyntheticLeak(seconds: 100)
    synthetic.draw = { plane, time in
      guard (63..<77).contains(time) else { return }
      // Its second picture is there at one look alone.
      let isSecond = (68..<72).contains(time)
      SyntheticLeak.word(
        &plane,
        x: 220,
        y: 20,
        width: isSecond ? 90 : 40,
        height: 20,
        seed: isSecond ? 9 : 8
      )
    }
    let stack = PartialStack(synthetic.leak())
    let film = synthetic.aligned()
    let found = try AdDetector().findings(in: stack, native: stack, films: [film], unseen: stack)
    // What the second picture has beside the first may be a track of its own.
    let first = try #require(found.overlays.first)
    #expect(abs(first.start - 63) <= 0.3 && abs(first.end - 77) <= 0.3)
    #expect(first.states.flatMap(\.sampleTimes).contains(70))
    #expect(stack.filledCoarsely == [62..<66, 74..<78])
  }

  @Test("of a clean leak nothing more is decoded, of an unknown film all of it")
  func clean() throws {
    let known = try found([])
    #expect(known.times.isEmpty && known.filled.isEmpty)
    #expect(try found([], knowing: { _ in [] }).filled == [20..<40, 60..<80])
    // Two works, each of which explains one of the parts.
    let halves = [(50.0, 100.0), (0, 50)].map { start, end in
      [FilmStretch(leakStart: start, leakEnd: end, filmStart: start, rate: 1)]
    }
    let both = try found([], knowing: { leak in halves.map { leak.aligned($0) } })
    #expect(both.times.isEmpty && both.filled.isEmpty)
  }

  @Test("a part that no stretch of the film explains is decoded")
  func unexplained() throws {
    let stretches = [
      FilmStretch(leakStart: 0, leakEnd: 62, filmStart: 0, rate: 1),
      FilmStretch(leakStart: 70, leakEnd: 100, filmStart: 70, rate: 1),
    ]
    let unexplained = try found([], knowing: { [$0.aligned(stretches)] })
    // A clip needs its cuts, to the frame.
    #expect(unexplained.filled == [60..<80] && unexplained.coarsely.isEmpty)
  }
}
