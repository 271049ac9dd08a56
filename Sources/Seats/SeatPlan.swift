import Glibc

/// The plan of an auditorium with the region of a camera, as a drawing.
public enum SeatPlan {
  /// An SVG document; the screen is at the top, its left as the audience sees it at the left.
  ///
  /// - Parameters:
  ///   - answer: the camera's place, or why there is none.
  ///   - screen: the screen.
  ///   - map: the seats, where they are known.
  ///   - caption: a line below the plan.
  /// - Returns: The document.
  public static func svg(
    _ answer: SeatAnswer,
    screen: AuditoriumScreen,
    map: SeatMap? = nil,
    caption: String = ""
  ) -> String {
    var estimate: SeatEstimate?
    if case .place(let found) = answer { estimate = found }
    let throwDistance = screen.throwDistance ?? 2.5 * screen.width
    let seats = map?.seats ?? []
    let reach = estimate.map { $0.ellipse.major } ?? 0
    let farX =
      max(
        screen.width * 0.7,
        seats.map { abs($0.x) }.max() ?? 0,
        estimate.map { abs($0.ellipse.center.x) + reach } ?? 0
      ) + 1
    let farZ =
      max(
        throwDistance,
        seats.map(\.y).max() ?? 0,
        estimate.map { $0.ellipse.center.y + reach } ?? 0
      ) + 1
    let scale = 800 / (2 * farX)
    let (width, height) = (800.0, (farZ + 2) * scale + 40)
    func x(_ metres: Double) -> String { number((metres + farX) * scale) }
    func y(_ metres: Double) -> String { number((metres + 1) * scale) }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" viewBox=\"0 0 \(number(width)) \(number(height))\" "
        + "font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ]
    // The screen, curved where it is.
    let points = (0...20).map { step in
      let share = Double(step) / 20
      let place = screen.place(share, 0.5)
      return "\(x(place.x)),\(y(place.z))"
    }
    lines.append(
      "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"#202020\" "
        + "stroke-width=\"4\"/>"
    )
    lines.append(
      "<text x=\"\(x(0))\" y=\"\(number(scale * 0.6))\" text-anchor=\"middle\">"
        + "screen \(number(screen.width)) x \(number(screen.height)) m</text>"
    )
    if let throwDistance = screen.throwDistance {
      lines.append(
        "<circle cx=\"\(x(0))\" cy=\"\(y(throwDistance))\" r=\"5\" fill=\"none\" "
          + "stroke=\"#202020\"/><text x=\"\(x(0.4))\" y=\"\(y(throwDistance))\">projector</text>"
      )
    }
    let range = estimate.flatMap { found in map.flatMap { SeatRange(found, in: $0) } }
    for seat in seats {
      let isInside =
        range?.rows.contains { $0.row == seat.row && $0.seats.contains(seat.number) } ?? false
      lines.append(
        "<rect x=\"\(x(seat.x - 0.22))\" y=\"\(y(seat.y - 0.22))\" width=\"\(number(0.44 * scale))\" "
          + "height=\"\(number(0.44 * scale))\" fill=\"\(isInside ? "#e8a33d" : "#d8dce2")\">"
          + "<title>row \(escaped(seat.row)), seat \(escaped(seat.number))</title></rect>"
      )
    }
    if let estimate {
      let ellipse = estimate.ellipse
      lines.append(
        "<ellipse cx=\"\(x(ellipse.center.x))\" cy=\"\(y(ellipse.center.y))\" "
          + "rx=\"\(number(ellipse.major * scale))\" ry=\"\(number(ellipse.minor * scale))\" "
          + "transform=\"rotate(\(number(ellipse.angle)) \(x(ellipse.center.x)) "
          + "\(y(ellipse.center.y)))\" fill=\"#c0392b\" fill-opacity=\"0.18\" stroke=\"#c0392b\"/>"
      )
      lines.append(
        "<circle cx=\"\(x(ellipse.center.x))\" cy=\"\(y(ellipse.center.y))\" r=\"3\" "
          + "fill=\"#c0392b\"/>"
      )
    }
    lines.append(
      "<text x=\"10\" y=\"\(number(height - 14))\">\(escaped(caption))</text>"
    )
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// A number with two decimals at most.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    guard rest != 0 else { return sign + String(whole) }
    return sign + String(whole) + "." + (rest < 10 ? "0" : "") + String(rest)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for letter in text.unicodeScalars {
      switch letter {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(letter.value < 32 ? " " : letter)
      }
    }
    return result
  }
}
