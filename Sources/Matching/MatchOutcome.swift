/// What matching a leak gave, with what was tried for it.
public struct MatchOutcome: Sendable, Hashable {
  /// A candidate that was verified.
  public struct Attempt: Sendable, Hashable {
    /// What was tried.
    public var candidate: Candidate
    /// Features that agreed; ``PairVerifier/acceptedInliers`` are asked for.
    public var inliers: Int
    /// Distinct places among them.
    public var cells: Int
  }

  /// The references that the leak shows, the surest first.
  public var matches: [ReleaseMatch]
  /// Parts of the leak that several works hold, so that they name none.
  public var shared: [SharedPassage]
  /// Every verification, in the order it was made.
  public var attempts: [Attempt]
  /// Verifications that `log10P` pays for: these, and those of earlier looks at the same leak.
  public var trials: Int
  /// Parts of the leak that must be decoded more closely, and searched for, before there is an answer;
  /// empty for an answer.
  public var wanted: [Range<Double>] = []

  /// Nothing found, and nothing tried.
  public static let nothing = MatchOutcome(matches: [], shared: [], attempts: [], trials: 0)

  /// The attempts that came farthest, one for each reference and place, best first.
  public func farthest(_ count: Int) -> [Attempt] {
    Array(attempts.sorted(by: Self.isFarther).prefix(max(0, count)))
  }

  /// The attempt that came farthest of those on references that are not named.
  public var runnerUp: Attempt? {
    let named = Set(matches.map(\.reference))
    return attempts.filter { !named.contains($0.candidate.reference) }.min(by: Self.isFarther)
  }

  private static func isFarther(_ a: Attempt, _ b: Attempt) -> Bool {
    if a.inliers != b.inliers { return a.inliers > b.inliers }
    return Candidate.isBetter(a.candidate, b.candidate)
  }
}
