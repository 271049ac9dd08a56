import Captures
import Casebook
public import SystemPackage
import VideoCore

/// The document of `leaktrace capture camera --json`.
public struct CamerasReport: Sendable, Codable, Hashable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.cameras/1"
  /// The leaks, in the order in which they were named.
  public var leaks: [CameraRecord]
  /// All pairs of them.
  public var pairs: [CameraPairReport]

  /// Compares each leak with each other; `library` is the one whose history tells which leaks show the
  /// same film.
  ///
  /// - Throws: ``PipelineError`` where the history cannot be read.
  public init(
    _ traces: [CameraTrace],
    library: FilePath,
    flag: CancellationFlag
  ) throws(PipelineError) {
    leaks = traces.map(\.record)
    let films = try Self.films(of: leaks.map(\.sha256), library)
    pairs = []
    for second in traces.indices {
      for first in traces.indices.prefix(second) {
        try flag.check()
        let shareFilm = !films[first].isDisjoint(with: films[second])
        pairs.append(CameraPairReport(traces[first], traces[second], shareFilm: shareFilm))
      }
    }
  }

  /// The releases that the history knows each leak to show.
  private static func films(
    of leaks: [String],
    _ library: FilePath
  ) throws(PipelineError) -> [Set<String>] {
    let recorder = CaseRecorder(at: library, records: false)
    guard let casebook = recorder.readable else { return leaks.map { _ in [] } }
    return try BrandStore.translated {
      try leaks.map { Set(try casebook.captures(ofLeak: $0).map(\.entry.releaseID)) }
    }
  }
}

/// What a leak shows of a camera's sensor.
public struct CameraRecord: Sendable, Codable, Hashable {
  /// The file.
  public var path: String
  /// SHA-256 of it.
  public var sha256: String
  /// Pixels of a frame from left to right.
  public var width: Int
  /// Pixels of a frame from top to bottom.
  public var height: Int
  /// Frames that were measured.
  public var frames = 0
  /// How well its two halves agree; missing where they were not compared.
  public var repetition: SensorReport?
  /// Why there is not enough to compare; missing where there is.
  public var reason: Reason?

  /// Why a leak shows not enough of a sensor.
  public enum Reason: String, Sendable, Codable {
    /// The frames are smaller than those of cameras.
    case smallFrames = "small_frames"
    /// It has too few frames.
    case fewFrames = "few_frames"
    /// Nothing repeats from its first half to its second.
    case noPattern = "no_pattern"
  }

  private enum CodingKeys: String, CodingKey {
    case path, sha256, width, height, frames, repetition
    case reason = "not_enough"
  }

  init(path: String, sha256: String, size: FrameSize) {
    (self.path, self.sha256) = (path, sha256)
    (width, height) = (size.width, size.height)
  }
}

/// How well two patterns of a sensor agree.
public struct SensorReport: Sendable, Codable, Hashable {
  /// The agreement over its error.
  public var score: Double
  /// The greatest of the patterns shifted against each other.
  public var background: Double
  /// Whether one is mirrored.
  public var isMirrored: Bool

  private enum CodingKeys: String, CodingKey {
    case score, background
    case isMirrored = "mirrored"
  }

  init(_ comparison: SensorComparison) {
    score = ReportNumber.significant(comparison.score)
    background = ReportNumber.significant(comparison.background)
    isMirrored = comparison.isMirrored
  }
}

/// Two leaks and what is said of their cameras.
public struct CameraPairReport: Sendable, Codable, Hashable {
  /// SHA-256 of one leak.
  public var leak: String
  /// SHA-256 of the other.
  public var other: String
  /// What is said.
  public var verdict: Verdict
  /// What it rests on; missing where they were not compared.
  public var evidence: SensorReport?

  /// What is said of two leaks; that the cameras differ never follows, as a frame that was cropped or
  /// stretched hides what they have in common.
  public enum Verdict: String, Sendable, Codable {
    /// One camera.
    case same
    /// Both show a sensor, and not the same in the same place.
    case notShown = "not_shown"
    /// One of them shows no sensor, or they are of different sizes.
    case notEnough = "not_enough"
    /// Both show one film, whose own picture may agree: see the captures.
    case sameFilm = "same_film"
  }

  init(_ first: CameraTrace, _ second: CameraTrace, shareFilm: Bool) {
    (leak, other) = (first.record.sha256, second.record.sha256)
    guard !shareFilm, leak != other else {
      verdict = .sameFilm
      return
    }
    guard let one = first.pattern, let two = second.pattern, one.size == two.size,
      first.record.width == second.record.width, first.record.height == second.record.height
    else {
      verdict = .notEnough
      return
    }
    let comparison = SensorComparison(one, two)
    verdict = comparison.isSame ? .same : .notShown
    evidence = SensorReport(comparison)
  }
}
