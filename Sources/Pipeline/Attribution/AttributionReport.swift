import Attribution
import Casebook
import Screenings

extension MatchReport {
  /// A screening of the list that the leak may have been recorded in.
  public struct ScreeningLikelihood: Sendable, Codable, Hashable {
    /// Identifier of the screening.
    public var screeningID: String
    /// The facility, by its name where there is one.
    public var facility: String?
    /// Its city.
    public var city: String?
    /// Number or name of the auditorium.
    public var auditorium: String
    /// Start, local time with its offset.
    public var start: String
    /// log10 of the likelihood ratio of all evidence together.
    public var log10LikelihoodRatio: Double
    /// Probability that it is this one, given that it is one of the list.
    public var share: Double
    /// What moved it, strongest first; empty where it stands at the prior.
    public var evidence: [Evidence]

    /// What moved a screening.
    public struct Evidence: Sendable, Codable, Hashable {
      /// `mark`, `vendor_mark`, `version`, `sound`, `time`, `capture` or `seat`.
      public var kind: String
      /// log10 of its likelihood ratio.
      public var log10LikelihoodRatio: Double
      /// The evidence in words.
      public var text: String

      private enum CodingKeys: String, CodingKey {
        case kind, text
        case log10LikelihoodRatio = "log10_likelihood_ratio"
      }
    }

    private enum CodingKeys: String, CodingKey {
      case facility, city, auditorium, start, share, evidence
      case screeningID = "screening_id"
      case log10LikelihoodRatio = "log10_likelihood_ratio"
    }

    init(_ line: Attribution.Line, _ recorded: RecordedScreening) {
      let place = recorded.screening.place
      screeningID = line.candidate.id
      facility = place.facility ?? recorded.facilityName ?? place.facilityID
      city = place.city ?? recorded.facilityCity
      auditorium = place.auditorium
      start = recorded.screening.start.text
      log10LikelihoodRatio = ReportNumber.logarithm(line.log10Ratio)
      share = ReportNumber.significant(line.share)
      evidence = line.evidence.map {
        Evidence(
          kind: $0.kind.rawValue,
          log10LikelihoodRatio: ReportNumber.logarithm($0.log10Ratio),
          text: $0.text
        )
      }
    }
  }

  /// How the ranking of ``MatchReport/screenings`` came about.
  public struct AttributionSummary: Sendable, Codable, Hashable {
    /// `one` where a screening stands out, `several` where some are more likely than others, `prior`
    /// where nothing tells any from the others.
    public var answer: String
    /// Title whose screenings were weighed.
    public var title: String
    /// Screenings that were weighed; the report names the most likely.
    public var weighed: Int
    /// Whether the list has more than were weighed.
    public var isTruncated: Bool
    /// log10 of how much more likely the first is than the second.
    public var margin: Double?
    /// What the ranking rests on beside the evidence.
    public var condition =
      "every screening of the list is taken to be as likely as any other before "
      + "the evidence, and the true one to be on the list"
    /// What it does not say.
    public var limit = "a screening is named, never a person"

    private enum CodingKeys: String, CodingKey {
      case answer, title, weighed, margin, condition, limit
      case isTruncated = "truncated"
    }
  }

  /// What a vendor's detector says of this leak, beside our own.
  public struct VendorMark: Sendable, Codable, Hashable {
    /// How it goes with what LeakTrace itself claims.
    public enum Agreement: String, Sendable, Codable {
      /// Both name one location, and no different times.
      case agrees
      /// They name different locations or times.
      case conflicts
      /// One of them names none.
      case nothingToCompare = "nothing_to_compare"
    }

    /// The vendor's own words.
    public var result: VendorRecord
    /// How it goes with our claim.
    public var agreement: Agreement
  }
}
