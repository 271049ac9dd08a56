import Crypto

/// What a vendor's closed detector of forensic marks says of one leak.
///
/// Its confidence is its vendor's: nothing of it is ever merged with what LeakTrace finds itself.
public struct VendorResult: Sendable, Hashable {
  /// What was looked at.
  public enum Channel: String, Sendable, CaseIterable {
    /// The picture.
    case picture
    /// The sound.
    case audio
  }

  /// What the vendor says.
  public enum Verdict: String, Sendable, CaseIterable {
    /// A mark is there.
    case found
    /// None is.
    case notFound = "not_found"
    /// It cannot be told.
    case inconclusive
  }

  /// SHA-256 of the file that was looked at, 64 hexadecimal digits in small letters.
  public var leakSHA256: String
  /// Who made the detector.
  public var vendor: String
  /// What the vendor says.
  public var verdict: Verdict
  /// URI of the marking algorithm.
  public var algorithm: String?
  /// Version of the detector.
  public var detectorVersion: String?
  /// First second of the leak that was looked at.
  public var start: Double?
  /// End of what was looked at, in seconds of the leak.
  public var end: Double?
  /// What was looked at.
  public var channel: Channel?
  /// The payload as the vendor writes it.
  public var payload: String?
  /// Widths of the payload's fields in bits, in their order.
  public var fieldWidths: [Int] = []
  /// The location or serial number in the mark.
  public var markID: Int64?
  /// The time stamp in the mark, as a number.
  public var markTime: Int64?
  /// The time stamp in the mark, where the vendor makes a moment of it.
  public var moment: ZonedTime?
  /// The vendor's score, in the vendor's own unit.
  public var score: Double?
  /// The vendor's threshold for it.
  public var threshold: Double?
  /// The false-positive rate that the vendor states; nil where it is not stated.
  public var falsePositiveRate: Double?

  /// Creates a result that says no more than its verdict.
  public init(leakSHA256: String, vendor: String, verdict: Verdict) {
    (self.leakSHA256, self.vendor, self.verdict) = (leakSHA256, vendor, verdict)
  }

  /// The same for the same statement, whatever file it came in.
  public var id: String {
    func text(_ value: (some CustomStringConvertible)?) -> String {
      value.map { "=\($0)" } ?? ""
    }
    let parts = [
      leakSHA256, vendor, verdict.rawValue, text(algorithm), text(detectorVersion), text(start),
      text(end), text(channel?.rawValue), text(payload),
      fieldWidths.map(String.init).joined(separator: "+"), text(markID), text(markTime),
      text(moment?.text), text(score), text(threshold), text(falsePositiveRate),
    ]
    let digest = SHA256.hash(data: Array(parts.joined(separator: "\u{1F}").utf8))
    let digits = Array("0123456789abcdef".utf8)
    let hex = digest.prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "v-" + String(decoding: hex, as: UTF8.self)
  }
}
