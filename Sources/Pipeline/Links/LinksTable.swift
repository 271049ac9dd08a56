public import Casebook

/// Links as rows of texts, for terminals and spreadsheets.
public enum LinksTable {
  /// Longest cell on a terminal, in characters.
  static let widestCell = 40

  /// Lines for a terminal, in columns; empty where there are no rows.
  ///
  /// Words of strangers are escaped first and cut to the column then.
  public static func lines(_ rows: [LinkRow]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let header = ["BRAND", "GROUP", "TITLE", "CAPTURE", "LEAKS", "ADS", "FIRST SEEN", "LAST SEEN"]
    var cells = [header]
    for row in rows {
      let title = row.title.map { row.isTitleMatched ? $0 : $0 + " (claimed)" }
      let words = [row.brandName ?? row.brandID, row.group, title, row.captureID]
      cells.append(
        words.map { $0.map { cut(SafeText.of($0)) } ?? "-" } + [
          "\(row.leakCount)", "\(row.sightingCount)", ReportTime.day(row.firstSeen),
          ReportTime.day(row.lastSeen),
        ]
      )
    }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      let line = row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        let isNumber = column == 4 || column == 5
        return isNumber ? blanks + row[column] : row[column] + blanks
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func cut(_ text: String) -> String {
    text.count <= widestCell ? text : text.prefix(widestCell - 1) + "…"
  }

  /// A CSV file for spreadsheets: UTF-8 with a byte order mark, lines ended by CR LF.
  ///
  /// What a spreadsheet would take for a formula gets an apostrophe before it, which these programs
  /// do not show; that goes for cells that begin with `=`, `+`, `-`, `@`, a tab or a line end, and
  /// for those that do so behind blanks or in full-width signs. Line ends inside cells become blanks.
  public static func csv(_ rows: [LinkRow], separator: Character = ",") -> [UInt8] {
    var lines = [
      [
        "brand_id", "brand", "group", "title", "title_matched", "capture_id", "leaks", "sightings",
        "first_seen", "last_seen",
      ]
    ]
    for row in rows {
      lines.append([
        row.brandID, row.brandName ?? "", row.group ?? "", row.title ?? "",
        row.title == nil ? "" : row.isTitleMatched ? "yes" : "no", row.captureID ?? "",
        "\(row.leakCount)", "\(row.sightingCount)", ReportTime.text(row.firstSeen),
        ReportTime.text(row.lastSeen),
      ])
    }
    let text = lines.map { line in
      line.map { cell($0, separator) }.joined(separator: String(separator)) + "\r\n"
    }.joined()
    return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
  }

  private static let formulaSigns: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−", "|", "%",
  ]

  /// One field, made harmless and quoted where that is needed.
  static func cell(_ text: String, _ separator: Character) -> String {
    let first = text.unicodeScalars.first {
      !$0.properties.isWhitespace || $0 == "\t" || $0 == "\r" || $0 == "\n"
    }
    var text = text
    if let first, formulaSigns.contains(first) { text = "'" + text }
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      // NUL ends a cell in some programs, line ends a row in others.
      let isBreak = ["\r", "\n", "\u{0}", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"]
        .contains(scalar)
      line.append(isBreak ? " " : scalar)
    }
    let safe = SafeText.of(String(line).replacing("\t", with: " "))
    let needsQuotes =
      safe.contains { $0 == "\"" || $0 == separator || $0 == ";" || $0 == "," }
      || safe.hasPrefix(" ") || safe.hasSuffix(" ")
    return needsQuotes ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
  }
}
