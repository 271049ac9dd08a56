import Casebook
import Foundation
import Pipeline
import Testing

@Suite("Links as tables")
struct TableTests {
  private static func row(_ brand: String, group: String? = nil, title: String? = nil) -> LinkRow {
    LinkRow(
      brandID: "x",
      brandName: brand,
      group: group,
      title: title,
      isTitleMatched: false,
      leakKeys: [1, 2],
      sightingCount: 5,
      firstSeen: 1_700_000_000,
      lastSeen: 1_700_100_000
    )
  }

  @Test("stand in columns on a terminal, with hostile words escaped and long ones cut")
  func terminal() {
    #expect(LinksTable.lines([]).isEmpty)
    let rows = [
      Self.row("A\u{1B}[2J\u{202E}"), Self.row("B", group: "grp", title: "T"),
      Self.row(String(repeating: "ж", count: 100)),
    ]
    let lines = LinksTable.lines(rows)
    #expect(lines.count == 4)
    #expect(lines[1].hasPrefix("A\\u{1B}[2J\\u{202E} "))
    #expect(lines[2].contains("T (claimed)"))
    #expect(lines[3].hasPrefix(String(repeating: "ж", count: 39) + "…  -"))
    #expect(Set(lines[1...].map { $0.count }).count == 1)
    #expect(lines[1].hasSuffix("2023-11-14  2023-11-16"))
  }

  @Test(
    "hold no formula for a spreadsheet",
    arguments: [
      "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{A0}=1", "＝1", "＋1", "－1",
      "＠x", "=HYPERLINK(\"http://x\";\"y\")", "|calc", "%x", "\"=1\"", "'=1", "x\n=1", "x;=1",
      "x,=1",
    ]
  )
  func formulas(_ text: String) throws {
    for separator in [",", ";", "\t"] as [Character] {
      let bytes = LinksTable.csv([Self.row(text)], separator: separator)
      #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
      let table = String(decoding: bytes.dropFirst(3), as: UTF8.self)
      let lines = table.components(separatedBy: "\r\n")
      #expect(lines.count == 3)
      let cells = Self.cells(lines[1], separator)
      #expect(cells.count == 10)
      let first = try #require(cells[1].trimmingCharacters(in: .whitespaces).unicodeScalars.first)
      #expect(!"=+-@|%＝＋－＠".unicodeScalars.contains(first), "\(cells[1])")
      #expect(cells[6] == "2")
    }
  }

  /// The fields of one line, as RFC 4180 has them.
  private static func cells(_ line: String, _ separator: Character) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" { isQuoted.toggle() }
      if character == separator, !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells.map { cell in
      guard cell.hasPrefix("\""), cell.hasSuffix("\""), cell.count >= 2 else { return cell }
      return String(cell.dropFirst().dropLast()).replacing("\"\"", with: "\"")
    }
  }

  @Test("tell days that are none from days")
  func days() {
    #expect(ReportTime.seconds("2024-02-29") == 1_709_164_800)
    #expect(ReportTime.seconds("2023-02-29") == nil)
    #expect(ReportTime.seconds("2024-05-31T10:00:01Z") == 1_717_149_601)
    #expect(ReportTime.seconds("31.05.2024") == nil)
    #expect(ReportTime.text(1_717_149_601) == "2024-05-31T10:00:01Z")
  }
}
