import Casebook
import Foundation
import Pipeline
import TestSupport
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite("The drawing of links")
struct DrawingTests {
  @Test("of 200 leaks is well-formed, the same each time, and no label lies on another")
  func layout() throws {
    let history = try History()
    let rows = try history.store.links(LinkFilter())
    let drawing = LinkGraphSVG.document(rows)
    #expect(try LinkGraphSVG.document(history.store.links(LinkFilter())) == drawing)
    if let path = ProcessInfo.processInfo.environment["LEAKTRACE_DRAWING"] {
      try Data(drawing).write(to: URL(fileURLWithPath: path))
    }
    let document = try XMLDocument(data: Data(drawing))
    #expect(document.rootElement()?.name == "svg")
    let text = String(decoding: drawing, as: UTF8.self)
    var places: [Substring: [Double]] = [:]
    for match in text.matches(of: /<text x="([0-9.]+)" y="([0-9.]+)"/) {
      places[match.output.1, default: []].append(try #require(Double(match.output.2)))
    }
    let columns = places.values.filter { $0.count > 4 }
    #expect(columns.count >= 3)
    for column in columns {
      let sorted = column.sorted()
      for (one, other) in zip(sorted, sorted.dropFirst()) { #expect(other - one >= 14) }
    }
    let size = try #require(text.firstMatch(of: /<svg [^>]*height="([0-9.]+)"/))
    let height = try #require(Double(size.output.1))
    #expect(places.values.joined().allSatisfy { $0 > 0 && $0 < height })
    #expect(height < 2500)
    let words = document.rootElement()?.stringValue ?? ""
    #expect(text.contains("12 brands, 25 release groups, "))
    #expect(text.contains(", 190 leaks, seen 2023-11-14 to "))
    for brand in Set(rows.compactMap(\.brandName)) { #expect(words.contains(brand)) }
  }

  @Test("has hostile words as words: no markup, no control characters")
  func hostileWords() throws {
    let row = LinkRow(
      brandID: "x",
      brandName: "</text><script>alert(1)</script>\u{1B}[31m\u{202E}\u{FFFE}&'\"",
      group: "<!--",
      title: "]]>&#0;\u{0}",
      isTitleMatched: true,
      leakKeys: [1],
      sightingCount: 1,
      firstSeen: 0,
      lastSeen: 1
    )
    let drawing = LinkGraphSVG.document([row])
    let text = String(decoding: drawing, as: UTF8.self)
    #expect(!text.contains("<script"))
    #expect(
      !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control }
    )
    #expect(!text.contains("\u{202E}"))
    let document = try XMLDocument(data: Data(drawing))
    #expect(try document.nodes(forXPath: "//*[local-name()='script']").isEmpty)
  }

  @Test("of nothing is a drawing, and of very much one of bounded size")
  func extremes() throws {
    #expect(try XMLDocument(data: Data(LinkGraphSVG.document([]))).rootElement() != nil)
    var random = SeededRandom(seed: 5)
    let rows = (0..<3000).map { index in
      LinkRow(
        brandID: "b\(random.next() % 200)",
        brandName: String(repeating: "Ж", count: Int(random.next() % 300)),
        group: "g\(random.next() % 500)",
        title: "t\(random.next() % 2000)",
        isTitleMatched: true,
        leakKeys: [Int64(index)],
        sightingCount: 1,
        firstSeen: 0,
        lastSeen: 1
      )
    }
    let text = String(decoding: LinkGraphSVG.document(rows), as: UTF8.self)
    #expect(text.contains("more films"))
    #expect(text.contains("more brands"))
    #expect(text.contains("3000 leaks"))
    #expect(text.utf8.count < 8 << 20)
  }
}
