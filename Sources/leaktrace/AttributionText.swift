import Foundation
import Pipeline

/// Marks of vendors and screenings in words.
enum AttributionText {
  /// The lines on one leak; none where nothing is known.
  static func lines(_ report: MatchReport) -> [String] {
    (report.vendorMarks ?? []).map(line) + screenings(report)
  }

  /// What a vendor says of a leak.
  static func line(_ mark: MatchReport.VendorMark) -> String {
    let what = VendorText.mark(mark.result).map { ": \($0)" } ?? ""
    let agreement =
      switch mark.agreement {
      case .agrees: ", which agrees with our own"
      case .conflicts: ", which conflicts with our own"
      case .nothingToCompare: ""
      }
    let verdict = mark.result.verdict.replacing("_", with: " ")
    return "  vendor mark  \(SafeText.of(mark.result.vendor)) says \(verdict)\(SafeText.of(what))"
      + agreement
  }

  private static func screenings(_ report: MatchReport) -> [String] {
    guard let summary = report.attribution, let screenings = report.screenings else { return [] }
    let count = "\(summary.weighed)\(summary.isTruncated ? " and more" : "")"
    let answer =
      switch summary.answer {
      case "one":
        summary.weighed == 1
          ? "the list has one, and what is known points to it" : "one of \(count) stands out"
      case "several":
        summary.weighed == 1
          ? "the list has one; what is known does not point to it, or not far enough"
          : "of \(count), some are more likely than others"
      case _ where summary.weighed == 1: "the list has one, and nothing speaks for or against it"
      default: "nothing tells \(count) from each other; each is as likely as any other"
      }
    var lines = ["  screenings   \(answer)"]
    guard summary.answer != "prior" else { return lines }
    for screening in screenings.prefix(mostNamed) {
      let facility = screening.facility.map { "\(SafeText.of($0)), " } ?? ""
      let ratio = String(format: "%+.1f", screening.log10LikelihoodRatio)
      lines.append(
        "    \(ratio)  \(screening.start)  \(facility)\(SafeText.of(screening.auditorium))  "
          + "(\(SafeText.of(screening.screeningID)))"
      )
      lines += screening.evidence.map {
        "      \(String(format: "%+.1f", $0.log10LikelihoodRatio))  \(SafeText.of($0.text))"
      }
    }
    if let seat = report.seat, let ellipse = seat.ellipse {
      let side = ellipse.x < 0 ? "left" : "right"
      lines.append(
        String(
          format:
            "  seat         in the first of them: %.1f m from the screen, %.1f m to the \(side), "
            + "95 %% within %.1f by %.1f m",
          ellipse.y,
          abs(ellipse.x),
          ellipse.major,
          ellipse.minor
        )
      )
    }
    return lines + ["               \(summary.limit)"]
  }

  /// Most screenings that people are shown.
  private static let mostNamed = 5
}
