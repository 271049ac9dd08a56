import Foundation

/// Numbers as they stand in reports.
public enum ReportNumber {
  /// Seconds with millisecond digits.
  public static func seconds(_ value: Double) -> Double { rounded(value, 1000) }

  /// A share of a whole, with four digits after the point.
  static func share(_ value: Double) -> Double { rounded(min(1, max(0, value)), 10_000) }

  /// A logarithm, with two digits after the point.
  static func logarithm(_ value: Double) -> Double { rounded(value, 100) }

  /// A number with six significant digits.
  static func significant(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return 0 }
    return Double(String(format: "%.5e", value)) ?? 0
  }

  /// Seconds as `hh:mm:ss.mmm`.
  public static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "--:--:--.---" }
    let total = Int((abs(seconds) * 1000).rounded())
    let sign = seconds < 0 && total > 0 ? "-" : ""
    let (whole, millis) = total.quotientAndRemainder(dividingBy: 1000)
    let fields = [whole / 3600, whole / 60 % 60, whole % 60].map { two($0) }
    let fraction = String(repeating: "0", count: 3 - String(millis).count) + String(millis)
    return sign + fields.joined(separator: ":") + "." + fraction
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func rounded(_ value: Double, _ scale: Double) -> Double {
    guard value.isFinite else { return 0 }
    let scaled = (value * scale).rounded()
    // No negative zero: it reads like a mistake.
    return scaled == 0 ? 0 : scaled / scale
  }
}
