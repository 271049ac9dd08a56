/// Makes results of what reports say.
struct VendorResultReader {
  private let options: VendorReport.Options
  private let clock: ZoneClock?

  init(_ options: VendorReport.Options) throws(ScreeningsError) {
    self.options = options
    do throws(ValueFlaw) {
      clock = if let zone = options.zone { try ZoneClock(zone) } else { nil }
    } catch {
      throw ScreeningsError(.badOption, "--zone: \(error.message)")
    }
  }

  /// The result; a field that is there and makes no sense refuses all of it.
  func result(_ values: [VendorField: String]) throws(ValueFlaw) -> VendorResult {
    func value(_ field: VendorField) throws(ValueFlaw) -> String? {
      guard let text = values[field] else { return nil }
      return try TextRules.value(text, field.rawValue)
    }
    guard let vendor = try value(.vendor) ?? options.vendor else {
      throw ValueFlaw("the vendor is missing; --vendor names it for the whole file")
    }
    guard let leak = try value(.leak) ?? options.leakSHA256 else {
      throw ValueFlaw("the input_sha256 is missing; --leak names the file it was")
    }
    guard let word = try value(.verdict) else { throw ValueFlaw("the verdict is missing") }
    var result = VendorResult(
      leakSHA256: try Self.digest(leak),
      vendor: vendor,
      verdict: try Self.verdict(word)
    )
    result.algorithm = try value(.algorithm)
    result.detectorVersion = try value(.detectorVersion)
    (result.start, result.end) = try Self.range(
      try value(.start),
      try value(.end),
      try value(.range)
    )
    if let channel = try value(.channel) { result.channel = try Self.channel(channel) }
    result.payload = try value(.payload)
    if let widths = try value(.widths) { result.fieldWidths = try Self.widths(widths) }
    if let text = try value(.markID) { result.markID = try Self.whole(text, "mark_id") }
    if let stamp = try value(.stamp) { try read(stamp, into: &result) }
    if let text = try value(.score) { result.score = try Self.number(text, "vendor_score") }
    if let text = try value(.threshold) { result.threshold = try Self.number(text, "threshold") }
    if let text = try value(.rate) { result.falsePositiveRate = try Self.rate(text) }
    if result.verdict == .found, result.markID == nil, result.payload == nil {
      throw ValueFlaw("a mark was found, but neither mark_id nor raw_payload says which")
    }
    return result
  }

  private func read(_ stamp: String, into result: inout VendorResult) throws(ValueFlaw) {
    if stamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || stamp.lowercased().hasPrefix("0x") {
      result.markTime = try Self.whole(stamp, "time_stamp")
    } else {
      let written = try WrittenTime(stamp)
      result.moment = try written.moment(in: written.offset == nil ? clock : nil)
    }
  }

  private static func digest(_ text: String) throws(ValueFlaw) -> String {
    let lower = text.lowercased()
    guard lower.utf8.count == 64,
      lower.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else {
      throw ValueFlaw("the input_sha256 \"\(TextRules.excerpt(text))\" is not a SHA-256")
    }
    return lower
  }

  private static let verdicts: [VendorResult.Verdict: [String]] = [
    .found: ["found", "detected", "positive", "match", "yes", "true", "1"],
    .notFound: ["not found", "not detected", "negative", "none", "no match", "no", "false", "0"],
    .inconclusive: ["inconclusive", "uncertain", "undetermined", "unknown"],
  ]

  private static func verdict(_ text: String) throws(ValueFlaw) -> VendorResult.Verdict {
    let word = ScreeningField.key(text)
    guard let found = verdicts.first(where: { $0.value.contains(word) }) else {
      throw ValueFlaw(
        "the verdict \"\(TextRules.excerpt(text))\" is neither found, not_found nor inconclusive"
      )
    }
    return found.key
  }

  private static func channel(_ text: String) throws(ValueFlaw) -> VendorResult.Channel {
    switch text.lowercased() {
    case "picture", "video", "image": return .picture
    case "audio", "sound": return .audio
    default:
      throw ValueFlaw("the channel \"\(TextRules.excerpt(text))\" is neither picture nor audio")
    }
  }

  private static func widths(_ text: String) throws(ValueFlaw) -> [Int] {
    let parts = text.split { !$0.isNumber }.map { Int($0) ?? 0 }
    guard !parts.isEmpty, parts.count <= 16, parts.allSatisfy({ (1...64).contains($0) }) else {
      throw ValueFlaw("the field_widths \"\(TextRules.excerpt(text))\" are not such as 19+16")
    }
    return parts
  }

  private static func whole(_ text: String, _ name: String) throws(ValueFlaw) -> Int64 {
    let isHex = text.lowercased().hasPrefix("0x")
    let digits = isHex ? String(text.dropFirst(2)) : text
    guard digits.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) ?? false,
      let number = Int64(digits, radix: isHex ? 16 : 10)
    else {
      throw ValueFlaw("the \(name) \"\(TextRules.excerpt(text))\" is not a whole number")
    }
    return number
  }

  private static func number(_ text: String, _ name: String) throws(ValueFlaw) -> Double {
    // No hexadecimal, no "nan": digits as people write them.
    let signs = Array("+-.,eE".utf8)
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || signs.contains($0) }),
      let number = Double(text.replacing(",", with: ".")), number.isFinite
    else {
      throw ValueFlaw("the \(name) \"\(TextRules.excerpt(text))\" is not a number")
    }
    return number
  }

  private static func rate(_ text: String) throws(ValueFlaw) -> Double? {
    if ["not stated", "n a", "na", "unknown", ""].contains(ScreeningField.key(text)) { return nil }
    let rate = try number(text, "false_positive_rate")
    guard rate > 0, rate <= 1 else {
      throw ValueFlaw("the false_positive_rate \(rate) is not a probability above 0")
    }
    return rate
  }

  // MARK: Times in the leak

  private static func range(
    _ start: String?,
    _ end: String?,
    _ range: String?
  ) throws(ValueFlaw) -> (Double?, Double?) {
    var (first, last) = (start, end)
    if let range, start == nil, end == nil {
      let parts = range.split { "-–/".contains($0) }
      guard parts.count == 2 else {
        throw ValueFlaw(
          "the time_range \"\(TextRules.excerpt(range))\" is not such as 00:10:00-00:15:00"
        )
      }
      (first, last) = (String(parts[0]), String(parts[1]))
    }
    let from = try first.map { text throws(ValueFlaw) in try seconds(text) }
    let to = try last.map { text throws(ValueFlaw) in try seconds(text) }
    if let from, let to, to <= from { throw ValueFlaw("the time range ends before it begins") }
    return (from, to)
  }

  /// Seconds of `12.5`, `10:00`, `01:10:00.5`.
  private static func seconds(_ text: String) throws(ValueFlaw) -> Double {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var total = 0.0
    for part in parts {
      let digits = part.filter { $0 != " " }
      guard parts.count <= 3, !digits.isEmpty,
        digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
        let number = Double(digits), number < 1e7
      else {
        throw ValueFlaw("\"\(TextRules.excerpt(text))\" is not a time in the leak")
      }
      total = total * 60 + number
    }
    return total
  }
}
