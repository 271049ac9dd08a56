/// What a column of a vendor's report, or a key of it in JSON, holds; the raw value is its name in
/// messages.
enum VendorField: String, CaseIterable {
  case vendor
  case algorithm = "algorithm_uri"
  case detectorVersion = "detector_version"
  case leak = "input_sha256"
  case start = "time_start"
  case end = "time_end"
  case range = "time_range"
  case channel
  case payload = "raw_payload"
  case widths = "field_widths"
  case markID = "mark_id"
  case stamp = "time_stamp"
  case score = "vendor_score"
  case threshold
  case rate = "false_positive_rate"
  case verdict

  /// The field of a header or key, whatever its case; nil for others.
  static func named(_ header: String) -> VendorField? { byName[ScreeningField.key(header)] }

  private static let synonyms: [VendorField: [String]] = [
    .vendor: ["vendor name", "manufacturer", "product"],
    .algorithm: ["algorithm", "algorithm id", "scheme"],
    .detectorVersion: ["version", "tool version", "software version"],
    .leak: ["sha256", "sha 256", "file sha256", "input hash", "file hash"],
    .start: ["start", "start s", "from", "range start", "begin"],
    .end: ["end", "end s", "to", "range end"],
    .range: ["range", "interval"],
    .payload: ["payload", "raw", "bits"],
    .widths: ["widths", "field width", "layout"],
    .markID: ["mark", "location", "mark location", "serial", "location id"],
    .stamp: ["timestamp", "mark time", "time", "date"],
    .score: ["score", "confidence", "correlation"],
    .threshold: ["vendor threshold", "limit"],
    .rate: ["stated false positive rate", "fpr", "far", "false alarm rate"],
    .verdict: ["result", "status", "decision"],
    .channel: ["track", "essence"],
  ]

  private static let byName: [String: VendorField] = {
    var fields: [String: VendorField] = [:]
    for field in allCases {
      fields[ScreeningField.key(field.rawValue)] = field
      for synonym in synonyms[field] ?? [] { fields[synonym] = field }
    }
    return fields
  }()
}
