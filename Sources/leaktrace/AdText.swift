import Foundation
import Pipeline
import SystemPackage

/// Ads as people read them.
enum AdText {
  /// The answer of `leaktrace ads` for one file.
  static func answer(_ path: FilePath, _ report: MatchReport) -> [String] {
    let name = Console.bold(SafeText.of(path))
    let film = report.matches.first.map { " in \(SafeText.of($0.title))" } ?? ""
    let ads = report.ads ?? []
    let count = ads.isEmpty ? "no ads" : ads.count == 1 ? "1 ad" : "\(ads.count) ads"
    return ["\(name): \(count)\(film)"] + lines(report)
  }

  /// A table of the ads, and a line on what else was drawn.
  static func lines(_ report: MatchReport) -> [String] {
    let ads = report.ads ?? []
    var lines: [String] = []
    if !ads.isEmpty {
      lines.append("  ads          leak                         brand                 says")
      lines += ads.map(row)
    }
    let overlays = report.overlays ?? []
    if !overlays.isEmpty {
      let kinds = Dictionary(grouping: overlays, by: \.kind).mapValues(\.count)
        .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.value) \($0.key)" }
      lines.append("  no ads       " + kinds.joined(separator: ", "))
    }
    return lines
  }

  private static func row(_ ad: MatchReport.Ad) -> String {
    let interval = ReportNumber.clock(ad.leakStart) + " - " + ReportNumber.clock(ad.leakEnd)
    let brand = ad.brand.map { SafeText.of($0) } ?? "unknown"
    let leads = ad.urls + ad.promoCodes.map { "code \($0)" }
    let text = ad.text?.split(separator: "\n").joined(separator: " / ") ?? ""
    let says = SafeText.of(leads.isEmpty ? text : leads.joined(separator: ", "))
    let cells = [padded(ad.kind, 11), interval, padded(brand, 20)].joined(separator: "  ")
    let row = "  \(cells)  \(cut(says, 80))"
    return String(row.reversed().drop { $0 == " " }.reversed())
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    let text = cut(text, width)
    return text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func cut(_ text: String, _ width: Int) -> String {
    text.count > width ? text.prefix(width - 1) + "…" : text
  }
}
