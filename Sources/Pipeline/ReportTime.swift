import Foundation

/// Points in time as they stand in reports.
public enum ReportTime {
  /// `YYYY-MM-DDThh:mm:ssZ` of seconds since 1970-01-01T00:00:00Z.
  public static func text(_ seconds: Int64) -> String {
    // Years of four digits; others are nobody's clock.
    let seconds = min(max(seconds, 0), 253_402_300_799)
    return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }

  /// `YYYY-MM-DD` of seconds since 1970-01-01T00:00:00Z.
  public static func day(_ seconds: Int64) -> String { String(text(seconds).prefix(10)) }

  /// The seconds of `YYYY-MM-DD`, its first, or of `YYYY-MM-DDThh:mm:ssZ`; nil for other texts.
  public static func seconds(_ text: String) -> Int64? {
    let full = text.utf8.count == 10 ? text + "T00:00:00Z" : text
    guard full.utf8.count == 20, let date = try? Date(full, strategy: .iso8601),
      // Days that no month has are carried over by some readers.
      Self.text(Int64(date.timeIntervalSince1970)) == full
    else { return nil }
    return Int64(date.timeIntervalSince1970)
  }
}
