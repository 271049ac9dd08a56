import SystemPackage

/// Text made safe for one line of a terminal or a log.
enum PrintableText {
  /// `text` with control characters and line separators escaped.
  static func of(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        result += scalar.escaped(asASCII: true)
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `path` as text; bytes that are not UTF-8 become `\xNN`, so that no two files look alike.
  static func of(_ path: FilePath) -> String {
    let bytes = unsafe path.withPlatformString { start in
      var bytes: [UInt8] = []
      var index = 0
      while unsafe start[index] != 0 {
        bytes.append(UInt8(bitPattern: unsafe start[index]))
        index += 1
      }
      return bytes
    }
    if let text = String(validating: bytes, as: UTF8.self) { return of(text) }
    var result = ""
    for byte in bytes {
      if byte >= 0x20 && byte < 0x7F {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "\\x" + Hex.text([byte])
      }
    }
    return result
  }

  /// `text` cut to a length that fits a message, in quotes.
  static func quoted(_ text: String) -> String {
    let limit = 80
    let head = text.unicodeScalars.prefix(limit + 1)
    if head.count <= limit { return "\"\(of(text))\"" }
    return "\"\(of(String(String.UnicodeScalarView(head.prefix(limit)))))…\""
  }
}

/// Lower-case hexadecimal digits.
enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two digits per byte.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var result: [UInt8] = []
    for byte in bytes {
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether `text` holds exactly `count` lower-case hexadecimal digits.
  static func isValid(_ text: some StringProtocol, count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { digits.contains($0) }
  }
}
