import Foundation

/// Texts reduced to what tells them apart.
enum TextKeys {
  /// The key of a name: letters of one case, one blank between words.
  static func nameKey(_ name: String) -> String {
    let folded = name.precomposedStringWithCompatibilityMapping.lowercased()
    return folded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The words of a text that was read off a picture, without what readers mistake: case, signs,
  /// and letters of one script that look like those of another.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in text.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal {
        word.unicodeScalars.append(lookAlikes[scalar] ?? scalar)
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The key of a promo code.
  static func codeKey(_ code: String) -> String { words(code).joined() }

  /// Letters and digits that one picture can stand for; the smaller set of shapes wins.
  private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = [
    "а": "a", "в": "b", "е": "e", "ё": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",
    "с": "c", "т": "t", "у": "y", "х": "x", "з": "3", "і": "i", "0": "o", "1": "i", "l": "i",
  ]
}

/// Cyrillic letters in Latin ones.
enum Transliteration {
  /// How a small letter is written in identifiers; empty for what has no place there.
  static func latin(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII {
      return scalar.properties.isAlphabetic || "0"..."9" ~= scalar ? String(scalar) : ""
    }
    return cyrillic[scalar] ?? ""
  }

  private static let cyrillic: [Unicode.Scalar: String] = [
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch",
    "ы": "y", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "i", "є": "e",
  ]
}
