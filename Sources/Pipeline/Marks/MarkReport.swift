import Foundation
public import Marks
import Matching
public import SystemPackage

/// What a leak says of the mark of one key and one asset.
public struct MarkReport: Sendable, Codable, Hashable {
  /// What was said, what of it holds, and under which bound.
  public struct Field: Sendable, Codable, Hashable {
    /// `claimed`, `inconclusive` or `none`.
    public var verdict: MarkVerdict
    /// The best value; only where it is claimed.
    public var value: Int?
    /// The best values, best first.
    public var ranking: [Rank]
    /// z of the best value, in deviations.
    public var score: Double
    /// z that a claim needs.
    public var threshold: Double
    /// Log10 of the bound on the probability of a false claim, over all values and alignments.
    public var log10P: Double
    /// z of the best value less that of the second.
    public var margin: Double
    /// Margin that a claim needs.
    public var leastMargin: Double
    /// Values that were tried.
    public var valuesTried: Int
    /// Alignments that were tried.
    public var alignments: Int
    /// Keys that were tried.
    public var keys: Int
    /// Chips of 0.25 s that something was known of.
    public var chips: Int

    private enum CodingKeys: String, CodingKey {
      case verdict, value, ranking, score, threshold, margin, alignments, keys, chips
      case log10P = "log10_p"
      case leastMargin = "least_margin"
      case valuesTried = "values_tried"
    }

    init(_ reading: FieldReading, leastMargin: Double) {
      verdict = reading.verdict
      value = reading.verdict == .claimed ? reading.ranking.first?.value : nil
      ranking = reading.ranking.map { Rank(value: $0.value, score: ReportNumber.logarithm($0.z)) }
      score = ReportNumber.logarithm(reading.ranking.first?.z ?? 0)
      threshold = ReportNumber.logarithm(reading.threshold)
      log10P = ReportNumber.logarithm(reading.log10Bound)
      margin = ReportNumber.logarithm(reading.margin)
      self.leastMargin = leastMargin
      valuesTried = reading.valuesTried
      alignments = reading.alignments
      keys = reading.keys
      chips = reading.chips
    }
  }

  /// A value and its score.
  public struct Rank: Sendable, Codable, Hashable {
    /// The value.
    public var value: Int
    /// z, in deviations.
    public var score: Double
  }

  /// A payload.
  public struct Payload: Sendable, Codable, Hashable {
    /// Location or serial number.
    public var location: Int
    /// Step of a quarter of an hour at which the film began.
    public var time: Int
    /// The step in words; missing where steps are not those of a year.
    public var timeText: String?

    private enum CodingKeys: String, CodingKey {
      case location, time
      case timeText = "time_text"
    }
  }

  /// A screening of the list with its score.
  public struct Candidate: Sendable, Codable, Hashable {
    /// The screening's identifier.
    public var screening: String
    /// What its mark would say.
    public var location: Int
    /// What its mark would say.
    public var time: Int
    /// z over both fields, in deviations.
    public var score: Double
  }

  /// A ranking of screenings, which holds only if the true one is among them.
  public struct ClosedSet: Sendable, Codable, Hashable {
    /// What that means.
    public var condition = "the true screening is on the list"
    /// Different payloads on the list.
    public var payloads: Int
    /// `claimed`, `inconclusive` or `none`, on the condition.
    public var verdict: MarkVerdict
    /// The best screenings, best first.
    public var ranking: [Candidate]
    /// z that a claim needs.
    public var threshold: Double
    /// Log10 of the bound, over the list.
    public var log10P: Double
    /// z of the best payload less that of the second.
    public var margin: Double

    private enum CodingKeys: String, CodingKey {
      case condition, payloads, verdict, ranking, threshold, margin
      case log10P = "log10_p"
    }
  }

  /// A stretch of the leak that was looked at.
  public struct Range: Sendable, Codable, Hashable {
    /// First second in the leak.
    public var leakStart: Double
    /// End in the leak.
    public var leakEnd: Double
    /// First second in the film.
    public var filmStart: Double
    /// End in the film.
    public var filmEnd: Double
    /// Frames in it.
    public var frames: Int
    /// Frames that could be used.
    public var usedFrames: Int
    /// By how much the film was found to be later than the match says, in milliseconds.
    public var shiftMilliseconds: Double

    private enum CodingKeys: String, CodingKey {
      case frames
      case leakStart = "leak_start"
      case leakEnd = "leak_end"
      case filmStart = "film_start"
      case filmEnd = "film_end"
      case usedFrames = "used_frames"
      case shiftMilliseconds = "shift_ms"
    }

    init(_ range: MarkScanner.Range) {
      leakStart = ReportNumber.seconds(range.leakStart)
      leakEnd = ReportNumber.seconds(range.leakEnd)
      filmStart = ReportNumber.seconds(range.filmStart)
      filmEnd = ReportNumber.seconds(range.filmEnd)
      frames = range.frames
      usedFrames = range.usedFrames
      shiftMilliseconds = ReportNumber.logarithm(range.shift * 1000)
    }
  }

  /// What was assumed and asked for.
  public struct Parameters: Sendable, Codable, Hashable {
    /// Bits of the location.
    public var locationBits: Int
    /// Bits of the time.
    public var timeBits: Int
    /// Log10 of the bound that a claim must not exceed.
    public var claimLog10P: Double
    /// Log10 of the bound above which nothing is said.
    public var noteLog10P: Double

    private enum CodingKeys: String, CodingKey {
      case locationBits = "location_bits"
      case timeBits = "time_bits"
      case claimLog10P = "claim_log10_p"
      case noteLog10P = "note_log10_p"
    }
  }

  /// How the film's own part of the picture was known.
  public enum Method: String, Sendable, Codable {
    /// From the release in the library.
    case informed
    /// From the leak itself.
    case blind
  }

  /// The scheme.
  public var scheme = LFM1.name
  /// Identifier of the key.
  public var keyID: String
  /// The asset that was asked for.
  public var asset: String
  /// `claimed` where both fields are, `none` where neither says anything, else `inconclusive`.
  public var verdict: MarkVerdict
  /// The payload; only where it is claimed.
  public var payload: Payload?
  /// The location.
  public var location: Field
  /// The time.
  public var time: Field
  /// The ranking of a list; missing where none was given.
  public var closedSet: ClosedSet?
  /// How the film was known.
  public var method: Method
  /// The release that the frames were compared with; missing without one.
  public var releaseID: String?
  /// Its title.
  public var title: String?
  /// What was looked at.
  public var ranges: [Range]
  /// What was assumed.
  public var parameters: Parameters
  /// What the verdict means, in words.
  public var note: String
  /// What a mark does not say.
  public var statement = "A mark names a screening, never a person."

  private enum CodingKeys: String, CodingKey {
    case scheme, asset, verdict, payload, location, time, method, title, ranges, parameters, note
    case statement
    case keyID = "key_id"
    case closedSet = "closed_set"
    case releaseID = "release_id"
  }

  init(
    _ reading: MarkReading,
    request: MarkRequest.Mark,
    method: Method,
    ranges: [MarkScanner.Range]
  ) {
    let settings = request.settings
    keyID = request.key.id
    asset = request.asset
    verdict = reading.verdict
    payload = reading.payload.map {
      Payload(
        location: $0.location,
        time: $0.time,
        timeText: settings.layout.timeBits == 16 ? MarkTime.text($0.time) : nil
      )
    }
    location = Field(reading.location, leastMargin: settings.leastMargin)
    time = Field(reading.time, leastMargin: settings.leastMargin)
    closedSet = reading.closedSet.map { set in
      ClosedSet(
        payloads: set.payloads,
        verdict: set.verdict,
        ranking: set.ranking.map {
          Candidate(
            screening: $0.candidate.name,
            location: $0.candidate.payload.location,
            time: $0.candidate.payload.time,
            score: ReportNumber.logarithm($0.z)
          )
        },
        threshold: ReportNumber.logarithm(set.threshold),
        log10P: ReportNumber.logarithm(set.log10Bound),
        margin: ReportNumber.logarithm(set.margin)
      )
    }
    self.method = method
    self.ranges = ranges.map(Range.init)
    parameters = Parameters(
      locationBits: settings.layout.locationBits,
      timeBits: settings.layout.timeBits,
      claimLog10P: settings.claimLog10,
      noteLog10P: settings.noteLog10
    )
    note =
      switch reading.verdict {
      case .claimed: "both fields meet the bound and lead by the margin"
      case .inconclusive: "not enough for a claim; the ranking is no finding"
      case .none:
        "no mark of this asset under this key: it may have another key (wrong key), belong to "
          + "another asset, or not be there"
      }
  }
}

/// Which of two masters a leak shows, ten seconds by ten seconds.
public struct VariantsReport: Sendable, Codable, Hashable {
  /// A master.
  public struct Master: Sendable, Codable, Hashable {
    /// Name as it was given.
    public var path: String
    /// SHA-256 of the file.
    public var sha256: String
  }

  /// Ten seconds of the film.
  public struct Segment: Sendable, Codable, Hashable {
    /// First second in the film.
    public var filmStart: Double
    /// End in the film.
    public var filmEnd: Double
    /// `A`, `B`, or missing where it cannot be told.
    public var variant: Variant?
    /// z, in deviations, positive for A.
    public var score: Double
    /// The difference as found over what it is: near 0.5 for A, -0.5 for B.
    public var contrast: Double
    /// Frames that counted.
    public var frames: Int
    /// `too_short`, `masters_alike` or `unclear`; missing where a variant is named.
    public var reason: String?

    private enum CodingKeys: String, CodingKey {
      case variant, score, contrast, frames, reason
      case filmStart = "film_start"
      case filmEnd = "film_end"
    }
  }

  /// The first master.
  public var first: Master
  /// The second master.
  public var second: Master
  /// The variants in order, `?` where one cannot be told.
  public var sequence: String
  /// z that a variant needs.
  public var threshold: Double
  /// The segments.
  public var segments: [Segment]
  /// The release that times and geometry come from.
  public var releaseID: String

  private enum CodingKeys: String, CodingKey {
    case sequence, threshold, segments
    case first = "a"
    case second = "b"
    case releaseID = "release_id"
  }

  init(_ readings: [VariantReading], first: Master, second: Master, releaseID: String) {
    (self.first, self.second, self.releaseID) = (first, second, releaseID)
    sequence = readings.map { $0.variant?.rawValue ?? "?" }.joined()
    threshold = VariantReader.leastZ
    segments = readings.map {
      Segment(
        filmStart: Double($0.segment) * VariantReader.segmentSeconds,
        filmEnd: Double($0.segment + 1) * VariantReader.segmentSeconds,
        variant: $0.variant,
        score: ReportNumber.logarithm($0.z),
        contrast: ReportNumber.logarithm($0.contrast),
        frames: $0.frames,
        reason: $0.reason
      )
    }
  }
}

/// The document of `leaktrace mark detect --json`, see `docs/schema`.
public struct MarkDetectReport: Sendable, Codable, Hashable {
  /// The program.
  public struct Tool: Sendable, Codable, Hashable {
    /// Its name.
    public var name = "leaktrace"
    /// Its version.
    public var version = Doctor.version
  }

  /// How a leak was answered.
  public enum Status: String, Sendable, Codable {
    /// A payload is claimed, or each variant that can be told was.
    case claimed
    /// Something is there, not enough for a claim.
    case inconclusive
    /// Nothing was found.
    case none
    /// The leak could not be examined.
    case failed
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.mark-detect/1"
  /// The program.
  public var tool = Tool()
  /// The file.
  public var leak: MatchReport.LeakFile
  /// The answer.
  public var status: Status
  /// Why the leak could not be examined.
  public var error: MatchReport.Failure?
  /// The marks, in the order of their keys; missing where none was looked for.
  public var marks: [MarkReport]?
  /// What vendors' detectors say of the leak; missing where nothing was imported.
  public var vendorMarks: [MatchReport.VendorMark]?
  /// The variants; missing where no masters were given.
  public var variants: VariantsReport?
  /// Time spent, in seconds.
  public var elapsedSeconds: Double
  /// Seconds of it that went to the mark, beside decoding and matching.
  public var markSeconds: Double
  /// Frames decoded of the leak's file.
  public var decodedFrames: Int

  private enum CodingKeys: String, CodingKey {
    case schema, tool, leak, status, error, marks, variants
    case vendorMarks = "vendor_marks"
    case elapsedSeconds = "elapsed_s"
    case markSeconds = "mark_s"
    case decodedFrames = "decoded_frames"
  }

  /// The answer to a leak that was matched.
  public init(_ result: LeakMatcher.Result) {
    leak = result.report.leak
    marks = result.marks.flatMap { $0.marks.isEmpty ? nil : $0.marks }
    variants = result.marks?.variants
    elapsedSeconds = result.report.elapsedSeconds
    markSeconds = ReportNumber.seconds(result.marks?.seconds ?? 0)
    decodedFrames = result.report.decodedFrames
    let told = variants?.segments.count { $0.variant != nil } ?? 0
    let verdicts = Set((marks ?? []).map(\.verdict))
    if verdicts.contains(.claimed) || (marks == nil && told > 0) {
      status = .claimed
    } else {
      status = verdicts.contains(.inconclusive) ? .inconclusive : .none
    }
  }

  /// The answer to a leak that could not be examined.
  public init(path: FilePath, error: PipelineError) {
    let report = MatchReport(path: path, status: .failed, error: error)
    leak = report.leak
    self.error = report.error
    status = .failed
    (elapsedSeconds, markSeconds, decodedFrames) = (0, 0, 0)
  }
}
