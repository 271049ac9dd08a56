public import Casebook
import Screenings
public import SystemPackage

/// One line of `leaktrace vendor import --json`: what became of one report.
public struct VendorImportReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.vendor-import/1"
  /// Name of the report as it was given.
  public var path: String
  /// The exact bytes of a name that is not UTF-8.
  public var pathBase64: String?
  /// SHA-256 of the report; missing where it could not be read.
  public var reportSHA256: String?
  /// Columns or keys that were not used.
  public var unusedNames: [String]?
  /// Identifiers of the results in it, in its order.
  public var ids: [String] = []
  /// Results that are new.
  public var added = 0
  /// Results that were there already.
  public var unchanged = 0
  /// Results that were not imported.
  public var refused: [ScreeningImportReport.Refusal] = []
  /// Why nothing was imported.
  public var error: MatchReport.Failure?

  private enum CodingKeys: String, CodingKey {
    case schema, path, ids, added, unchanged, refused, error
    case pathBase64 = "path_base64"
    case reportSHA256 = "report_sha256"
    case unusedNames = "unused_names"
  }

  init(_ path: FilePath) {
    let text = PathText(path)
    (self.path, pathBase64) = (text.text, text.base64)
  }

  /// The report on a file of which nothing was imported.
  public init(_ path: FilePath, failure: PipelineError) {
    self.init(path)
    error = MatchReport.Failure(failure)
  }
}

/// A vendor's result as it stands in reports.
public struct VendorRecord: Sendable, Codable, Hashable {
  /// Identifier: the same for the same statement.
  public var id: String
  /// SHA-256 of the leak.
  public var leakSHA256: String
  /// Who made the detector.
  public var vendor: String
  /// `found`, `not_found` or `inconclusive`, as the vendor says.
  public var verdict: String
  /// URI of the marking algorithm.
  public var algorithm: String?
  /// Version of the detector.
  public var detectorVersion: String?
  /// First second of the leak that was looked at.
  public var leakStart: Double?
  /// End of what was looked at.
  public var leakEnd: Double?
  /// `picture` or `audio`.
  public var channel: String?
  /// The payload as the vendor writes it.
  public var payload: String?
  /// Widths of the payload's fields in bits.
  public var fieldWidths: [Int]?
  /// The location or serial number in the mark.
  public var markID: Int64?
  /// The time stamp in the mark, a number.
  public var markTime: Int64?
  /// The time stamp in the mark, a moment.
  public var markMoment: String?
  /// The vendor's score.
  public var score: Double?
  /// The vendor's threshold.
  public var threshold: Double?
  /// The false-positive rate that the vendor states; null where it is not stated.
  public var falsePositiveRate: Double?
  /// SHA-256 of the report that it was first read from.
  public var reportSHA256: String
  /// That report's name.
  public var reportName: String
  /// When that was, UTC.
  public var importedAt: String

  private enum CodingKeys: String, CodingKey {
    case id, vendor, verdict, channel, payload, score, threshold
    case leakSHA256 = "leak_sha256"
    case algorithm = "algorithm_uri"
    case detectorVersion = "detector_version"
    case leakStart = "leak_start"
    case leakEnd = "leak_end"
    case fieldWidths = "field_widths"
    case markID = "mark_id"
    case markTime = "mark_time"
    case markMoment = "mark_moment"
    case falsePositiveRate = "stated_false_positive_rate"
    case reportSHA256 = "report_sha256"
    case reportName = "report_name"
    case importedAt = "imported_at"
  }

  /// Creates a record.
  public init(_ recorded: RecordedVendorResult) {
    let result = recorded.result
    id = result.id
    leakSHA256 = result.leakSHA256
    vendor = result.vendor
    verdict = result.verdict.rawValue
    algorithm = result.algorithm
    detectorVersion = result.detectorVersion
    leakStart = result.start.map(ReportNumber.seconds)
    leakEnd = result.end.map(ReportNumber.seconds)
    channel = result.channel?.rawValue
    payload = result.payload
    fieldWidths = result.fieldWidths.isEmpty ? nil : result.fieldWidths
    (markID, markTime) = (result.markID, result.markTime)
    markMoment = result.moment?.text
    (score, threshold) = (result.score, result.threshold)
    falsePositiveRate = result.falsePositiveRate
    reportSHA256 = recorded.source.digest
    reportName = PathText(recorded.source.name).text
    importedAt = ReportTime.text(recorded.source.importedAt)
  }

  /// Writes the record; what is not stated stands as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(leakSHA256, forKey: .leakSHA256)
    try container.encode(vendor, forKey: .vendor)
    try container.encode(verdict, forKey: .verdict)
    try container.encodeIfPresent(algorithm, forKey: .algorithm)
    try container.encodeIfPresent(detectorVersion, forKey: .detectorVersion)
    try container.encodeIfPresent(leakStart, forKey: .leakStart)
    try container.encodeIfPresent(leakEnd, forKey: .leakEnd)
    try container.encodeIfPresent(channel, forKey: .channel)
    try container.encodeIfPresent(payload, forKey: .payload)
    try container.encodeIfPresent(fieldWidths, forKey: .fieldWidths)
    try container.encodeIfPresent(markID, forKey: .markID)
    try container.encodeIfPresent(markTime, forKey: .markTime)
    try container.encodeIfPresent(markMoment, forKey: .markMoment)
    try container.encodeIfPresent(score, forKey: .score)
    try container.encodeIfPresent(threshold, forKey: .threshold)
    try container.encode(falsePositiveRate, forKey: .falsePositiveRate)
    try container.encode(reportSHA256, forKey: .reportSHA256)
    try container.encode(reportName, forKey: .reportName)
    try container.encode(importedAt, forKey: .importedAt)
  }
}

/// The document of `leaktrace vendor list --json`, `vendor show --json` and `vendor remove --json`.
public struct VendorResultsReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.vendor-results/1"
  /// Folder of the library.
  public var library: String
  /// The results, by leak, vendor and place in it; those that were removed.
  public var results: [VendorRecord]

  /// Creates a document.
  public init(library: FilePath, _ results: [RecordedVendorResult]) {
    self.library = PathText(library).text
    self.results = results.map(VendorRecord.init)
  }
}
