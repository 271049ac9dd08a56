import Captures
import Casebook
import Foundation
public import SystemPackage

extension MatchReport {
  /// What the history has of the recording that a leak comes from.
  public struct Capture: Sendable, Codable, Hashable {
    /// Identifier of the capture; missing where no other leak is known to come from it.
    public var id: String?
    /// Seconds of film that the recording was measured in.
    public var measuredSeconds: Double
    /// Other leaks of the same release that it was compared with.
    public var compared: Int
    /// Those of them that are another recording.
    public var different: Int
    /// Those of which it cannot be told.
    public var undetermined: Int
    /// Those that come from the same recording, the surest first.
    public var links: [CaptureLinkReport]

    private enum CodingKeys: String, CodingKey {
      case id, compared, different, links
      case measuredSeconds = "measured_s"
      case undetermined = "cannot_be_told"
    }
  }
}

/// Two leaks and what is said of their recordings.
public struct CaptureLinkReport: Sendable, Codable, Hashable {
  /// SHA-256 of the leak; missing in `match`, whose leak it is.
  public var leak: String?
  /// SHA-256 of the other leak.
  public var other: String
  /// Where the other leak was seen last.
  public var path: String?
  /// The release whose seconds were compared.
  public var releaseID: String
  /// What is said.
  public var verdict: Verdict
  /// Logarithm, base 10, of how much more likely the two are if they come from one recording.
  public var log10Ratio: Double
  /// Seconds of film that both have.
  public var commonSeconds: Double
  /// What it rests on.
  public var evidence: CaptureEvidence

  /// What is said of two leaks.
  public enum Verdict: String, Sendable, Codable {
    /// One recording.
    case same
    /// Two recordings.
    case different
    /// It could be either.
    case cannotBeTold = "cannot_be_told"
  }

  private enum CodingKeys: String, CodingKey {
    case leak, other, path, verdict, evidence
    case releaseID = "release_id"
    case log10Ratio = "log10_ratio"
    case commonSeconds = "common_s"
  }

  init(_ comparison: CaptureComparison, other: String, path: String?, releaseID: String) {
    (self.other, self.path, self.releaseID) = (other, path, releaseID)
    verdict = Verdict(comparison.verdict)
    log10Ratio = ReportNumber.logarithm(comparison.log10Ratio)
    commonSeconds = ReportNumber.seconds(comparison.seconds)
    evidence = CaptureEvidence(comparison)
  }

  init(_ link: CaptureGroup.Link) {
    leak = link.leakSHA256
    other = link.entry.otherSHA256
    releaseID = link.entry.releaseID
    verdict = .same
    log10Ratio = ReportNumber.logarithm(link.entry.log10Ratio)
    commonSeconds = ReportNumber.seconds(link.entry.seconds)
    let stored = try? JSONDecoder().decode(
      CaptureEvidence.self,
      from: Data(link.entry.evidence.utf8)
    )
    evidence = stored ?? CaptureEvidence()
  }
}

extension CaptureLinkReport.Verdict {
  init(_ verdict: CaptureComparison.Verdict) {
    self =
      switch verdict {
      case .same: .same
      case .different: .different
      case .cannotBeTold: .cannotBeTold
      }
  }
}

/// What is said of two recordings rests on this.
public struct CaptureEvidence: Sendable, Codable, Hashable {
  /// The movement of the cameras over one time scale.
  public struct Movement: Sendable, Codable, Hashable {
    /// Length of the stretches that were compared, in seconds.
    public var scaleSeconds: Double
    /// Correlation of the two movements, -1...1.
    public var correlation: Double
    /// The correlation that one recording would have, by the errors of measurement.
    public var expected: Double
    /// Number of differences.
    public var count: Int
    /// Logarithm, base 10, of the ratio that it adds.
    public var log10Ratio: Double

    private enum CodingKeys: String, CodingKey {
      case correlation, expected, count
      case scaleSeconds = "scale_s"
      case log10Ratio = "log10_ratio"
    }
  }

  /// Marks of both at the same moments of the film.
  public struct Shared: Sendable, Codable, Hashable {
    /// Marks that both have.
    public var shared: Int
    /// Marks of the leak that has fewer.
    public var of: Int
    /// Mean number that both would have by chance.
    public var byChance: Double
    /// Logarithm, base 10, of the probability of so many by chance.
    public var log10P: Double

    private enum CodingKeys: String, CodingKey {
      case shared, of
      case byChance = "by_chance"
      case log10P = "log10_p"
    }

    init(_ coincidence: Coincidence) {
      (shared, of) = (coincidence.shared, coincidence.count)
      byChance = ReportNumber.significant(coincidence.byChance)
      log10P = ReportNumber.logarithm(coincidence.log10P)
    }
  }

  /// By time scale.
  public var movement: [Movement] = []
  /// Seconds by which the film time of one had to be shifted.
  public var shiftSeconds = 0.0
  /// Agreement of what hid the picture, -1...1; missing where nothing did.
  public var occlusion: Double?
  /// Correlation of the contrast over time, -1...1; missing where it did not change.
  public var exposure: Double?
  /// Sounds that are not the film's; missing where one leak has hardly any.
  public var roomSound: Shared?
  /// Frames that are missing; missing where one leak hardly lacks any.
  public var droppedFrames: Shared?

  private enum CodingKeys: String, CodingKey {
    case movement, occlusion, exposure
    case shiftSeconds = "shift_s"
    case roomSound = "room_sound"
    case droppedFrames = "dropped_frames"
  }

  init() {}

  init(_ comparison: CaptureComparison) {
    movement = comparison.movement.map {
      Movement(
        scaleSeconds: ReportNumber.significant($0.scaleSeconds),
        correlation: ReportNumber.significant($0.correlation),
        expected: ReportNumber.share($0.expected),
        count: $0.count,
        log10Ratio: ReportNumber.logarithm($0.log10Ratio)
      )
    }
    shiftSeconds = ReportNumber.seconds(comparison.shiftSeconds)
    occlusion = comparison.occlusion.map(ReportNumber.significant)
    exposure = comparison.exposure.map(ReportNumber.significant)
    roomSound = comparison.roomSound.map(Shared.init)
    droppedFrames = comparison.droppedFrames.map(Shared.init)
  }

  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }
}

/// A capture, as the command line shows it.
public struct CaptureRecord: Sendable, Codable, Hashable {
  /// A leak of a capture.
  public struct Leak: Sendable, Codable, Hashable {
    /// SHA-256 of the file.
    public var sha256: String
    /// Where it was seen last.
    public var path: String
    /// When it was first seen.
    public var firstSeen: String
    /// The release group that its names claim.
    public var group: String?

    private enum CodingKeys: String, CodingKey {
      case sha256, path, group
      case firstSeen = "first_seen"
    }
  }

  /// The identifier.
  public var id: String
  /// The films.
  public var titles: [String]
  /// The leaks, in the order in which they were first seen.
  public var leaks: [Leak]
  /// What links them.
  public var links: [CaptureLinkReport]

  init(_ group: CaptureGroup) {
    id = group.id
    titles = group.titles
    leaks = group.members.map {
      Leak(
        sha256: $0.leakSHA256,
        path: PathText($0.path).text,
        firstSeen: ReportTime.text($0.firstSeen),
        group: $0.releaseGroup
      )
    }
    links = group.links.map(CaptureLinkReport.init)
  }
}

/// The document of `leaktrace capture list --json` and `leaktrace capture show --json`.
public struct CapturesReport: Sendable, Codable, Hashable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.captures/1"
  /// Folder of the library.
  public var library: String
  /// The captures.
  public var captures: [CaptureRecord] = []
  /// What is said of single leaks; only where they were asked for.
  public var leaks: [LeakCaptureRecord]?

  /// Starts a report.
  public init(library: FilePath) { self.library = SafeText.of(library) }
}

/// One leak, and how it compares with all others of the same releases.
public struct LeakCaptureRecord: Sendable, Codable, Hashable {
  /// SHA-256 of the leak.
  public var sha256: String
  /// What the history has of its recording.
  public var capture: MatchReport.Capture
  /// All comparisons, those of one recording first.
  public var comparisons: [CaptureLinkReport]
}
