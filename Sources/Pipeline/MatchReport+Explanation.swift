import Fingerprinting
import Matching
import ReferenceLibrary
import VideoCore

extension MatchReport {
  /// What was tried to answer a leak: what an expert asks of the answer.
  public struct Explanation: Sendable, Codable, Hashable {
    /// Picture windows, in fractions of the frame as left, top, right and bottom, in which the film
    /// was looked for, as it is and mirrored.
    public var pictureWindows: [[Double]]
    /// Speeds that were looked for, in seconds of the release for each second of the leak.
    public var rates: [Double]
    /// Pairs of frames that each verification compared.
    public var framePairs: Int
    /// Agreeing features that confirm a candidate.
    public var acceptedInliers: Int
    /// The most that `log10_p` may be for a release to be named.
    public var namedLog10P: Double
    /// Candidates that were verified; `log10_p` pays for each of them.
    public var trials: Int
    /// The attempts that came farthest, best first.
    public var attempts: [Attempt]
    /// The attempt that came farthest of those on releases that are not named.
    public var runnerUp: Attempt?

    private enum CodingKeys: String, CodingKey {
      case rates, trials, attempts
      case pictureWindows = "picture_windows"
      case framePairs = "frame_pairs"
      case acceptedInliers = "accepted_inliers"
      case namedLog10P = "named_log10_p"
      case runnerUp = "runner_up"
    }

    /// A candidate that was verified.
    public struct Attempt: Sendable, Codable, Hashable {
      /// Name of the work.
      public var title: String
      /// Identifier of the release.
      public var releaseID: String
      /// First second in the leak.
      public var leakStart: Double
      /// End in the leak.
      public var leakEnd: Double
      /// Second of the release that is shown first.
      public var referenceStart: Double
      /// Seconds of the release for each second of the leak.
      public var rate: Double
      /// Whether the leak was mirrored for it.
      public var mirrored: Bool
      /// Evidence of the motion hashes, in standard deviations; 0 where a neighbour's time map
      /// suggested the place.
      public var score: Double
      /// Features that agreed on one geometry.
      public var inliers: Int
      /// Distinct places among them, which is what `log10_p` counts.
      public var cells: Int

      private enum CodingKeys: String, CodingKey {
        case title, rate, mirrored, score, inliers, cells
        case releaseID = "release_id"
        case leakStart = "leak_start"
        case leakEnd = "leak_end"
        case referenceStart = "reference_start"
      }

      init(_ attempt: MatchOutcome.Attempt, of release: Release) {
        let candidate = attempt.candidate
        title = release.metadata.title
        releaseID = release.id
        leakStart = ReportNumber.seconds(candidate.leakStart)
        leakEnd = ReportNumber.seconds(candidate.leakEnd)
        referenceStart = ReportNumber.seconds(candidate.referenceStart)
        rate = ReportNumber.significant(candidate.rate)
        mirrored = candidate.mirrored
        score = ReportNumber.logarithm(candidate.score)
        inliers = attempt.inliers
        cells = attempt.cells
      }
    }

    /// Explains an outcome; `release` names the release of a reference's number.
    init(_ outcome: MatchOutcome, release: (Int) -> Release) {
      pictureWindows = QueryTracks.defaultWindows.map {
        [$0.left, $0.top, $0.right, $0.bottom].map(ReportNumber.seconds)
      }
      rates = QueryTracks.rates.map(ReportNumber.significant)
      framePairs = PairVerifier.pairCount
      acceptedInliers = PairVerifier.acceptedInliers
      namedLog10P = NullModel.namedLog10P
      trials = outcome.trials
      attempts = outcome.farthest(Self.mostAttempts).map {
        Attempt($0, of: release($0.candidate.reference))
      }
      runnerUp = outcome.runnerUp.map { Attempt($0, of: release($0.candidate.reference)) }
    }

    private static let mostAttempts = 12
  }
}
