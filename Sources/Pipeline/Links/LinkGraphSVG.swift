public import Casebook
import Foundation

/// Links as a drawing: who pays whom for which film, in bands as wide as the number of leaks.
public enum LinkGraphSVG {
  /// Width of the drawing.
  static let width = 1460.0
  private static let labelSize = 12.0
  /// Room for the labels of the three columns.
  private static let labelRooms = [222.0, 190.0, 372.0]

  /// Colours of brands: twelve that can be told apart, and then again.
  private static let colours = [
    "#4269d0", "#e8962e", "#c9404f", "#3a9d8f", "#5b8c2a", "#a463c7", "#d0669e", "#8a6a4f",
    "#2a7fb8", "#9a8b12", "#6a55c2", "#b5562b",
  ]
  private static let unknownColour = "#8a8f98"

  /// The drawing as an SVG document: words as text, nothing that runs, nothing that is fetched.
  public static func document(_ rows: [LinkRow]) -> [UInt8] {
    let graph = LinkGraph(rows)
    let layout = LinkGraphLayout(graph)
    let height = layout.bottom + 84
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
      viewBox="0 0 \(number(width)) \(number(height))" font-family="'DejaVu Sans', Verdana, \
      sans-serif" font-size="\(number(labelSize))" fill="#1f2328">
      """,
      "<title>Brands, release groups and films</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ]
    lines += heading(graph)
    lines += layout.bands.map { band(graph, layout, $0) }
    for index in graph.nodes.indices { lines += node(graph, layout, index) }
    lines += legend(layout)
    lines.append("</svg>")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func heading(_ graph: LinkGraph) -> [String] {
    func count(_ layer: LinkGraph.Layer) -> Int {
      graph.nodes.filter {
        $0.layer == layer && ($0.name != nil || $0.count > 1)
      }
      .reduce(0) { $0 + $1.count }
    }
    let numbers = [
      amount(count(.brand), "brand"), amount(count(.group), "release group"),
      amount(count(.title), "film"), amount(graph.leaks.count, "leak"),
    ].joined(separator: ", ")
    var text = numbers
    if let first = graph.nodes.map(\.firstSeen).min(), let last = graph.nodes.map(\.lastSeen).max()
    {
      text += ", seen \(ReportTime.day(first)) to \(ReportTime.day(last))"
    }
    let x = LinkGraphLayout.columns
    return [
      "<text x=\"28\" y=\"38\" font-size=\"20\" font-weight=\"bold\">Who pays whom for which film</text>",
      "<text x=\"28\" y=\"60\" fill=\"#59636e\">\(escaped(text))</text>",
      column("Brands", x[0] + LinkGraphLayout.barWidth, "end"),
      column("Release groups", x[1], "start"),
      column("Films", x[2], "start"),
    ]
  }

  private static func column(_ name: String, _ x: Double, _ anchor: String) -> String {
    """
    <text x="\(number(x))" y="\(number(LinkGraphLayout.top - 18))" text-anchor="\(anchor)" \
    font-weight="bold" font-size="13">\(name)</text>
    """
  }

  private static func colour(_ graph: LinkGraph, _ brand: Int) -> String {
    graph.nodes[brand].isUncertain ? unknownColour : colours[brand % colours.count]
  }

  private static func band(
    _ graph: LinkGraph,
    _ layout: LinkGraphLayout,
    _ band: LinkGraphLayout.Band
  ) -> String {
    let edge = graph.edges[band.edge]
    let middle = (band.x0 + band.x1) / 2
    let words = [edge.source, edge.target].map { name(graph.nodes[$0]) }.joined(separator: " – ")
    let brand =
      graph.nodes[edge.source].layer == .group ? " (\(name(graph.nodes[edge.brand])))" : ""
    return """
      <path d="M\(number(band.x0)) \(number(band.y0))C\(number(middle)) \(number(band.y0)) \
      \(number(middle)) \(number(band.y1)) \(number(band.x1)) \(number(band.y1))" fill="none" \
      stroke="\(colour(graph, edge.brand))" stroke-opacity="0.45" \
      stroke-width="\(number(band.width))"><title>\(escaped(words + brand)): \
      \(amount(edge.leaks.count, "leak"))</title></path>
      """
  }

  private static func node(
    _ graph: LinkGraph,
    _ layout: LinkGraphLayout,
    _ index: Int
  ) -> [String] {
    let node = graph.nodes[index]
    let bar = layout.bars[index]
    let fill = node.layer == .brand ? colour(graph, index) : "#3d444d"
    let days = "\(ReportTime.day(node.firstSeen)) to \(ReportTime.day(node.lastSeen))"
    let tip = "\(name(node)): \(amount(node.leaks.count, "leak")), \(days)"
    let isLeft = node.layer == .brand
    let x = isLeft ? bar.x - 8 : bar.x + LinkGraphLayout.barWidth + 6
    let count = "\(node.leaks.count)"
    let room = labelRooms[node.layer.rawValue] - LabelWidth.of(count, size: labelSize) - 6
    let label = LabelWidth.cut(SafeText.of(name(node)), to: room, size: labelSize)
    let style = node.isUncertain ? " font-style=\"italic\" fill=\"#59636e\"" : ""
    // A white rim keeps labels readable above the bands.
    return [
      """
      <rect x="\(number(bar.x))" y="\(number(bar.y))" width="\(number(LinkGraphLayout.barWidth))" \
      height="\(number(bar.height))" rx="2" fill="\(fill)"><title>\(escaped(tip))</title></rect>
      """,
      """
      <text x="\(number(x))" y="\(number(bar.middle + 4.2))" \
      text-anchor="\(isLeft ? "end" : "start")" stroke="#ffffff" stroke-width="3.5" \
      stroke-linejoin="round" paint-order="stroke"\(style)>\(escaped(label))\
      <tspan dx="6" fill="#59636e" font-style="normal">\(count)</tspan><title>\(escaped(tip))</title></text>
      """,
    ]
  }

  private static func legend(_ layout: LinkGraphLayout) -> [String] {
    let y = layout.bottom + 36
    var lines = [
      "<text x=\"28\" y=\"\(number(y + 4))\" fill=\"#59636e\">Width of a band:</text>"
    ]
    var x = 146.0
    for leaks in [1, 5, 20] where Double(leaks) * layout.unit <= 40 {
      lines.append(
        """
        <path d="M\(number(x)) \(number(y))h36" stroke="\(unknownColour)" stroke-opacity="0.6" \
        stroke-width="\(number(Double(leaks) * layout.unit))"/>
        <text x="\(number(x + 44))" y="\(number(y + 4))" fill="#59636e">\(amount(leaks, "leak"))</text>
        """
      )
      x += 118
    }
    lines.append(
      """
      <text x="28" y="\(number(y + 30))" fill="#59636e">Colours are brands, grey where none is \
      known. Numbers count leaks. Groups are claims of file names; films in italics are, too, the \
      others were recognised.</text>
      """
    )
    return lines
  }

  private static func name(_ node: LinkGraph.Node) -> String {
    if let name = node.name { return name }
    switch node.layer {
    case .brand: return node.count > 1 ? "\(node.count) more brands" : "(no brand)"
    case .group: return node.count > 1 ? "\(node.count) more groups" : "(no group named)"
    case .title: return node.count > 1 ? "\(node.count) more films" : "(unknown film)"
    }
  }

  private static func amount(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// Text as it may stand in SVG: control characters as words, signs of the markup as entities.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.of(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Widths of labels, by the kind of their letters; a drawing that is read elsewhere has no font to
/// ask.
enum LabelWidth {
  /// Estimated width in a sans-serif of that size; errs on the wide side.
  static func of(_ text: String, size: Double) -> Double {
    text.reduce(0) { $0 + em($1) } * size
  }

  /// `text` cut so that it fits, with an ellipsis where something is left out.
  static func cut(_ text: String, to room: Double, size: Double) -> String {
    guard of(text, size: size) > room else { return text }
    var width = em("…") * size
    var result = ""
    for character in text {
      width += em(character) * size
      if width > room { break }
      result.append(character)
    }
    return result + "…"
  }

  private static func em(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x20, 0x21, 0x27, 0x2C, 0x2E, 0x3A, 0x3B, 0x49, 0x69, 0x6A, 0x6C, 0x7C: return 0.36
    case 0x30...0x39: return 0.64
    case 0x57, 0x4D, 0x6D, 0x77, 0x416, 0x428, 0x429, 0x42E, 0x436, 0x448, 0x449, 0x44E: return 0.99
    case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
      0xFF00...0xFF60, 0x1F000...0x3FFFF:
      return 1.05
    default: return scalar.properties.isUppercase ? 0.76 : 0.64
    }
  }
}
