import Foundation
import Matching
import Testing

private func candidate(
  _ reference: Int,
  at start: Double,
  offset: Double = 100,
  score: Double = 12,
  mirrored: Bool = false
) -> Candidate {
  Candidate(
    reference: reference,
    leakStart: start,
    leakEnd: start + 10,
    referenceStart: start + offset,
    rate: 1,
    mirrored: mirrored,
    score: score
  )
}

private func anchor(_ candidate: Candidate, inliers: Int = 200, cells: Int = 60) -> Anchor {
  Anchor(candidate: candidate, inliers: inliers, cells: cells, homography: .identity)
}

@Suite("Confidence") struct ConfidenceTests {
  private let model = NullModel()

  @Test("nothing confirmed is certain to be chance")
  func none() { #expect(model.log10P(of: [], trials: 50) == 0) }

  @Test("eight cells are worth a decade, ten trials cost one")
  func single() {
    let (one, more) = (
      anchor(candidate(0, at: 0), cells: 40), anchor(candidate(0, at: 0), cells: 48)
    )
    #expect(abs(model.log10P(of: [one], trials: 1) + 5.2) < 1e-9)
    #expect(abs(model.log10P(of: [more], trials: 1) + 6.2) < 1e-9)
    #expect(abs(model.log10P(of: [one], trials: 10) + 4.2) < 1e-9)
  }

  @Test("what wrong candidates were seen to give names nothing")
  func measuredNull() {
    let wrong = anchor(candidate(0, at: 0), inliers: 25, cells: 20)
    #expect(model.log10P(of: [wrong], trials: 1) > NullModel.namedLog10P)
    // Pairs with that many cells and more, of 2477 verified, and the model's probability.
    for (cells, pairs) in [
      (6, 73), (8, 47), (10, 23), (12, 12), (14, 6), (16, 3), (18, 1), (20, 1),
    ] {
      let stated = model.log10P(of: [anchor(candidate(0, at: 0), cells: cells)], trials: 1)
      #expect(Double(pairs) / 2477 < pow(10, stated))
    }
  }

  @Test("overlapping stretches count once, separate ones add up")
  func independence() {
    let first = anchor(candidate(0, at: 0), cells: 30)
    let better = anchor(candidate(0, at: 5), cells: 40)
    let later = anchor(candidate(0, at: 15), cells: 32)
    #expect(abs(model.log10P(of: [first, better], trials: 1) + 5.2) < 1e-9)
    #expect(abs(model.log10P(of: [first, better, later], trials: 1) + 9.4) < 1e-9)
  }

  @Test("no window and no leak claims more than the model knows")
  func limits() {
    let sure = (0..<40).map { anchor(candidate(0, at: 20 * Double($0)), cells: 900) }
    #expect(model.log10P(of: [sure[0]], trials: 1) == -12)
    #expect(model.log10P(of: sure, trials: 1) == -200)
  }

  @Test("chance is never worse than certain")
  func chance() {
    #expect(model.log10P(of: [anchor(candidate(0, at: 0), cells: 2)], trials: 1000) == 0)
  }

  @Test("coverage counts overlapping stretches once and nothing beyond the film")
  func coverage() {
    #expect(ReleaseMatch.covered([(0, 4), (2, 6), (8, 20)], of: 10) == 0.8)
    #expect(ReleaseMatch.covered([(-5, 3)], of: 10) == 0.3)
    #expect(ReleaseMatch.covered([(1, 2)], of: 0) == 0)
  }
}

@Suite("Anchor collection") struct AnchorCollectorTests {
  @Test("a leak of which nothing is confirmed costs a bounded number of trials")
  func budget() throws {
    var collector = AnchorCollector(leakSeconds: 600) { _ in nil }
    let candidates = (0..<120).flatMap { slot in
      (0..<24).map { candidate($0, at: 5 * Double(slot)) }
    }
    try collector.collect(candidates)
    try collector.extend(candidates)
    #expect(collector.anchors.isEmpty)
    #expect(collector.trials == 84)
  }

  @Test("too few inliers confirm nothing")
  func threshold() throws {
    var collector = AnchorCollector(leakSeconds: 20) {
      anchor($0, inliers: $0.reference == 0 ? 29 : 30)
    }
    try collector.collect([candidate(0, at: 0), candidate(1, at: 0)])
    #expect(collector.anchors.map(\.candidate.reference) == [1])
  }

  @Test("a title is followed along its time map and no further")
  func follows() throws {
    var collector = AnchorCollector(leakSeconds: 100) { tried in
      let isTrue = abs(tried.referenceTime(at: tried.leakStart) - tried.leakStart - 100) < 0.3
      return isTrue && tried.leakEnd <= 60 ? anchor(tried) : nil
    }
    let one = candidate(3, at: 30)
    try collector.collect([one])
    try collector.extend([one])
    let group = try #require(collector.groups().first)
    #expect(collector.groups().count == 1 && group.reference == 3 && !group.mirrored)
    #expect(group.anchors.first?.candidate.leakStart == 0)
    #expect(group.anchors.last?.candidate.leakEnd == 60)
    #expect(collector.trials < 20)
  }

  @Test("nothing is tried where the leak was not decoded, and that ends no walk")
  func passesOver() throws {
    let seen = [0.0..<12, 100.0..<112]
    var tried: [Candidate] = []
    var collector = AnchorCollector(leakSeconds: 200) { candidate in
      tried.append(candidate)
      return anchor(candidate)
    }
    let one = candidate(3, at: 0)
    try collector.collect([one])
    try collector.extend([one], seen: seen)
    for candidate in tried {
      let middle = (candidate.leakStart + candidate.leakEnd) / 2
      #expect(seen.contains { $0.contains(middle) })
    }
    #expect(tried.contains { $0.leakStart >= 97 })
  }

  @Test("both releases of one film are confirmed")
  func twoReleases() throws {
    var collector = AnchorCollector(leakSeconds: 20) { anchor($0) }
    try collector.collect([candidate(0, at: 0), candidate(1, at: 0, offset: 130, score: 10)])
    #expect(collector.groups().map(\.reference) == [0, 1])
  }

  @Test("a second title in another part of the leak is confirmed")
  func twoTitles() throws {
    var collector = AnchorCollector(leakSeconds: 60) { $0.reference == 2 ? nil : anchor($0) }
    try collector.collect([
      candidate(0, at: 0, score: 30), candidate(2, at: 40, score: 7),
      candidate(1, at: 40, score: 6),
    ])
    #expect(collector.groups().map(\.reference) == [0, 1])
  }

  @Test("of a symmetrical picture and its mirror image the better stays")
  func mirror() throws {
    var collector = AnchorCollector(leakSeconds: 20) { anchor($0, inliers: $0.mirrored ? 90 : 60) }
    try collector.collect([candidate(0, at: 0), candidate(0, at: 0, mirrored: true)])
    #expect(collector.anchors.count == 2)
    #expect(collector.groups().map(\.mirrored) == [true])
  }
}
