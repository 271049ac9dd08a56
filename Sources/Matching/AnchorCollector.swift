/// Decides which candidates of a leak are verified, and keeps those that local features confirm.
///
/// Verification is dear, candidates are many: what the time map of a confirmed neighbour already
/// explains is not tried first, and stretches that nothing explains get only so many tries.
package struct AnchorCollector {
  /// The anchors of one title and mirror state.
  package typealias Confirmed = (reference: Int, mirrored: Bool, anchors: [Anchor])

  /// Confirmed candidates, in the order of their confirmation.
  package private(set) var anchors: [Anchor] = []
  /// Every verification, in the order it was made.
  package private(set) var attempts: [MatchOutcome.Attempt] = []
  /// Verifications made, those of earlier looks at the leak included.
  package var trials: Int { priorTrials + attempts.count }

  private let priorTrials: Int
  private let leakSeconds: Double
  private let verify: (Candidate) throws -> Anchor?

  package init(
    leakSeconds: Double,
    priorTrials: Int = 0,
    verify: @escaping (Candidate) throws -> Anchor?
  ) {
    self.priorTrials = priorTrials
    self.leakSeconds = max(0, leakSeconds)
    self.verify = verify
  }

  /// Verifies candidates, which come best first.
  package mutating func collect(_ candidates: [Candidate]) throws {
    var failures: [Int: Int] = [:]
    var explained: [Int: Candidate] = [:]
    let slots = Set(candidates.map(Self.slot)).count
    let attemptsPerSlot = max(Self.leastAttempts, Self.firstAttempts / max(1, slots))
    let budget = trials + Self.firstAttempts + Int(min(leakSeconds, 1e6) / Self.secondsPerAttempt)
    for candidate in candidates where trials < budget {
      let slot = Self.slot(candidate)
      if isExplained(candidate) {
        explained[slot] = explained[slot] ?? candidate
        continue
      }
      if let explanation = explained[slot] {
        let same = explanation.reference == candidate.reference
        let share = same ? Self.rivalShareOfSame : Self.rivalShare
        if candidate.score < share * explanation.score { continue }
      }
      guard failures[slot, default: 0] < attemptsPerSlot else { continue }
      if try attempt(candidate) {
        explained[slot] = explained[slot] ?? candidate
      } else {
        failures[slot, default: 0] += 1
      }
    }
  }

  /// Verifies, every few seconds where a confirmed title has no anchor, what its neighbours' time
  /// map says: that gives the geometry there, and more evidence.
  ///
  /// Nothing is tried outside of the stretches that were `seen`; nil for all of the leak.
  package mutating func extend(
    _ candidates: [Candidate],
    seen: [Range<Double>]? = nil
  ) throws {
    var groups: [Group] = []
    for anchor in anchors {
      let group = Group(anchor.candidate)
      if !groups.contains(group) { groups.append(group) }
    }
    let share = Double(Self.mostExtensions) / Double(max(1, groups.count))
    let step = max(Self.slotSeconds, min(leakSeconds, 1e9) / max(1, share))
    let points = (0..<Int((leakSeconds / step).rounded(.up))).map { (Double($0) + 0.5) * step }
      .filter { point in seen?.contains { $0.contains(point) } ?? true }
    for group in groups {
      let own = candidates.filter { Group($0) == group }
      try walk(points, group: group, candidates: own, step: step)
      try walk(points.reversed(), group: group, candidates: own, step: step)
    }
  }

  /// Verifies an alignment that no anchor of its own supports.
  package mutating func confirm(_ segment: AlignedSegment, of reference: Int, mirrored: Bool) throws
    -> Anchor?
  {
    let candidate = Candidate(
      reference: reference,
      leakStart: segment.leakStart,
      leakEnd: segment.leakEnd,
      referenceStart: segment.referenceStart,
      rate: segment.rate,
      mirrored: mirrored,
      score: 0
    )
    return try confirm(candidate)
  }

  /// Verifies a candidate; nil where features do not confirm it, or did not before.
  package mutating func confirm(_ candidate: Candidate) throws -> Anchor? {
    try attempt(candidate) ? anchors.last : nil
  }

  /// Anchors of each title in order of leak time, those of more features first.
  ///
  /// Where both a picture and its mirror image were confirmed at one time, as symmetrical pictures
  /// are, the better stays.
  package func groups() -> [Confirmed] {
    let kept = anchors.filter { anchor in
      let here = anchor.candidate
      return !anchors.contains { other in
        let there = other.candidate
        return there.reference == here.reference && there.mirrored != here.mirrored
          && there.leakStart < here.leakEnd && here.leakStart < there.leakEnd
          && (other.inliers > anchor.inliers || (other.inliers == anchor.inliers && here.mirrored))
      }
    }
    let groups = Dictionary(grouping: kept) { Group($0.candidate) }
    return groups.map { group, anchors in
      let sorted = anchors.sorted { $0.candidate.leakStart < $1.candidate.leakStart }
      return (group.reference, group.mirrored, sorted)
    }
    .sorted { ($0.reference, $0.mirrored ? 1 : 0) < ($1.reference, $1.mirrored ? 1 : 0) }
  }

  private struct Group: Hashable {
    let reference: Int
    let mirrored: Bool

    init(_ candidate: Candidate) {
      reference = candidate.reference
      mirrored = candidate.mirrored
    }
  }

  private mutating func attempt(_ candidate: Candidate) throws -> Bool {
    // Walks from both sides meet the same guesses; what failed once fails again.
    guard !attempts.contains(where: { $0.candidate == candidate }) else { return false }
    let found = try verify(candidate)
    attempts.append(
      MatchOutcome.Attempt(
        candidate: candidate,
        inliers: found?.inliers ?? 0,
        cells: found?.cells ?? 0
      )
    )
    guard let anchor = found, anchor.inliers >= PairVerifier.acceptedInliers else { return false }
    anchors.append(anchor)
    return true
  }

  /// Whether a confirmed neighbour's time map says the same.
  private func isExplained(_ candidate: Candidate) -> Bool {
    anchors.contains { anchor in
      let distance = abs(anchor.candidate.leakStart - candidate.leakStart)
      let tolerance = Self.sameSeconds + Self.rateError * distance
      return distance <= Self.reachSeconds
        && candidate.showsSame(as: anchor.candidate, within: tolerance)
    }
  }

  private mutating func walk(
    _ points: [Double],
    group: Group,
    candidates: [Candidate],
    step: Double
  ) throws {
    var misses = 0
    for point in points {
      let own = anchors.filter { Group($0.candidate) == group }.map(\.candidate)
      if own.contains(where: { abs(Self.middle($0) - point) < step / 2 }) {
        misses = 0
        continue
      }
      let guess = Self.guess(at: point, anchors: own, candidates: candidates)
      guard let guess, misses < Self.mostMisses else { continue }
      misses = try attempt(guess) ? 0 : misses + 1
    }
  }

  /// What the leak shows around a point, by the best candidate there that agrees with the anchors'
  /// time map, else by that map itself.
  private static func guess(
    at point: Double,
    anchors: [Candidate],
    candidates: [Candidate]
  ) -> Candidate? {
    let nearest = anchors.min { abs(middle($0) - point) < abs(middle($1) - point) }
    guard let nearest else { return nil }
    let tolerance = sameSeconds + rateError * abs(middle(nearest) - point)
    let near = candidates.first {
      abs(middle($0) - point) <= slotSeconds / 2 && nearest.showsSame(as: $0, within: tolerance)
        && !anchors.contains($0)
    }
    if let near { return near }
    let start = max(0, point - slotSeconds / 2)
    let reference = nearest.referenceTime(at: start)
    let end = point + slotSeconds / 2
    guard nearest.referenceTime(at: end) > 0 else { return nil }
    return Candidate(
      reference: nearest.reference,
      leakStart: start,
      leakEnd: end,
      referenceStart: reference,
      rate: nearest.rate,
      mirrored: nearest.mirrored,
      score: 0
    )
  }

  private static func middle(_ candidate: Candidate) -> Double {
    (candidate.leakStart + candidate.leakEnd) / 2
  }

  private static func slot(_ candidate: Candidate) -> Int {
    Int((middle(candidate) / slotSeconds).rounded(.down))
  }

  /// The leak is looked at in stretches of this length.
  private static let slotSeconds = 5.0
  /// Failures before a stretch is given up; a short leak gets `firstAttempts` over all instead.
  private static let leastAttempts = 3
  private static let firstAttempts = 24
  private static let secondsPerAttempt = 10.0
  /// How near in score another reference, or another place of the same one, must come to what
  /// already explains a stretch to be looked at, too: it may be held in two releases.
  private static let rivalShare = 0.5
  private static let rivalShareOfSame = 0.8
  /// Time maps agree within a second, and drift apart by what a tried rate may be off.
  private static let sameSeconds = 1.0
  private static let rateError = 0.045
  private static let reachSeconds = 30.0
  private static let mostMisses = 3
  private static let mostExtensions = 240
}
