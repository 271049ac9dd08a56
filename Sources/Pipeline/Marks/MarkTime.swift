import Marks

/// Steps of a quarter of an hour as people write them.
public enum MarkTime {
  /// The step of `text`: a number, or `YYYY-MM-DDThh:mm` in UTC, of which the year is not kept.
  public static func step(_ text: String) -> Int? {
    if let number = Int(text), number >= 0 { return number }
    guard text.utf8.count == 16 else { return nil }
    return ReportTime.seconds(text + ":00Z").flatMap(step)
  }

  /// The step of a moment in seconds since 1970-01-01T00:00:00Z.
  public static func step(of seconds: Int64) -> Int? {
    let year = ReportTime.seconds(String(ReportTime.text(seconds).prefix(4)) + "-01-01")
    return year.map { Int(seconds - $0) / 900 }
  }

  /// The step's month, day and time in UTC, of a leap year and of another where they differ.
  public static func text(_ step: Int) -> String? {
    guard (0..<MarkLayout.stepsOfYear).contains(step) else { return nil }
    func day(of year: String) -> String? {
      guard let start = ReportTime.seconds(year + "-01-01") else { return nil }
      let text = ReportTime.text(start + Int64(step) * 900)
      guard text.hasPrefix(year) else { return nil }
      return String(text.dropFirst(5).prefix(11)).replacing("T", with: " ") + " UTC"
    }
    let (usual, leap) = (day(of: "2026"), day(of: "2028"))
    guard let leap else { return usual }
    guard let usual, usual != leap else { return leap }
    return "\(usual), in a leap year \(leap)"
  }
}
