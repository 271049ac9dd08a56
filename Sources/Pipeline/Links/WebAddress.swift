import Foundation

/// Web addresses as ads show them, often without a scheme.
enum WebAddress {
  /// The address as RFC 3986 has it, `http` where no scheme is shown; nil where it is none.
  static func url(_ text: String) -> String? {
    let full = text.contains("://") ? text : "http://" + text
    guard full.utf8.count <= 2000,
      !full.unicodeScalars.contains(where: {
        $0.properties.isWhitespace || $0.properties.generalCategory == .control
          || $0.properties.generalCategory == .format || "<>\"{}|\\^`'".unicodeScalars.contains($0)
      }), let components = URLComponents(string: full),
      ["http", "https"].contains(components.scheme?.lowercased() ?? ""),
      let host = components.host, host.contains("."), let url = components.url
    else { return nil }
    return url.absoluteString
  }

  /// The domain in small letters; nil where it is none.
  static func domain(_ text: String) -> String? {
    let small = text.lowercased()
    let labels = small.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, small.utf8.count <= 253,
      labels.allSatisfy({ label in
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.unicodeScalars.allSatisfy {
            $0 == "-" || $0 == "_" || $0.properties.isAlphabetic
              || $0.properties.numericType == .decimal
          }
      })
    else { return nil }
    return small
  }
}
