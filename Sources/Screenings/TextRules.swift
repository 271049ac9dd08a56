import Foundation

/// Texts reduced to what tells them apart.
public enum TextKey {
  /// The key of a name: letters of one case, one blank between words.
  public static func of(_ name: String) -> String {
    // Most names of large lists are plain ASCII, for which Foundation is not needed.
    if name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      return name.lowercased().split(separator: " ").joined(separator: " ")
    }
    let folded = name.precomposedStringWithCompatibilityMapping.lowercased()
    return folded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// What texts of files have to be like.
enum TextRules {
  /// Longest text of one value, in bytes of UTF-8.
  static let longest = 1024

  /// A value without blanks around it; line ends and tabs become blanks; nil where nothing is left.
  static func value(_ text: String, _ name: String) throws(ValueFlaw) -> String? {
    guard text.utf8.count <= longest else {
      throw ValueFlaw("the \(name) has \(text.utf8.count) bytes, \(longest) are allowed")
    }
    var isPlain = true
    for byte in text.utf8 where byte < 0x20 || byte >= 0x7F { isPlain = false }
    if isPlain {
      guard text.utf8.first == 0x20 || text.utf8.last == 0x20 else {
        return text.isEmpty ? nil : text
      }
      return trimmed(text)
    }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\r" || scalar == "\t" {
        scalars.append(" ")
      } else if scalar.properties.generalCategory == .control {
        throw ValueFlaw("the \(name) holds control characters")
      } else {
        scalars.append(scalar)
      }
    }
    return trimmed(String(scalars))?.precomposedStringWithCanonicalMapping
  }

  private static func trimmed(_ text: String) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// A UUID in small letters, with or without `urn:uuid:` before it.
  static func uuid(_ text: String, _ name: String) throws(ValueFlaw) -> String {
    // A list has a million of them: bytes, not characters.
    var bytes = Array(text.utf8)
    if bytes.count == 45, bytes.prefix(9).elementsEqual("urn:uuid:".utf8, by: isSame) {
      bytes.removeFirst(9)
    }
    var isValid = bytes.count == 36
    for (index, byte) in bytes.enumerated() where isValid {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
        isValid = !hyphens.contains(index)
      case UInt8(ascii: "A")...UInt8(ascii: "F"):
        isValid = !hyphens.contains(index)
        bytes[index] = byte | 0x20
      default:
        isValid = byte == UInt8(ascii: "-") && hyphens.contains(index)
      }
    }
    guard isValid else {
      throw ValueFlaw("the \(name) \"\(excerpt(text))\" is not a UUID")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Where the hyphens of a UUID are.
  private static let hyphens = [8, 13, 18, 23]

  private static func isSame(_ byte: UInt8, _ small: UInt8) -> Bool {
    byte == small || byte | 0x20 == small && (0x61...0x7A).contains(small)
  }

  /// The beginning of a text, for a message.
  static func excerpt(_ text: String) -> String {
    text.count <= 60 ? text : text.prefix(59) + "…"
  }
}
