/// Puts words into one script whose letters were read from two.
enum ScriptRepair {
  // Capitals that share a shape in both scripts, and small letters where they do, too.
  private static let pairs: [(cyrillic: Character, latin: Character)] = [
    ("А", "A"), ("В", "B"), ("Е", "E"), ("К", "K"), ("М", "M"), ("Н", "H"), ("О", "O"), ("Р", "P"),
    ("С", "C"), ("Т", "T"), ("У", "Y"), ("Х", "X"), ("а", "a"), ("е", "e"), ("о", "o"), ("р", "p"),
    ("с", "c"), ("у", "y"), ("х", "x"), ("к", "k"),
  ]
  // Small letters whose shapes differ more, for addresses, which are Latin nearly always.
  private static let near: [Character: Character] = [
    "в": "b", "г": "r", "и": "u", "й": "u", "м": "m", "н": "h", "п": "n", "т": "m", "з": "3",
    "б": "6", "ё": "e", "і": "i", "!": "l", "|": "l",
  ]
  private static let toLatin = Dictionary(
    uniqueKeysWithValues: pairs.map { ($0.cyrillic, $0.latin) }
  )
  private static let toCyrillic = Dictionary(
    uniqueKeysWithValues: pairs.map { ($0.latin, $0.cyrillic) }
  )

  /// The word in the script that most of its letters belong to without doubt.
  static func unified(_ word: [Character]) -> [Character] {
    var (latin, cyrillic, either) = (0, 0, 0)
    for character in word {
      switch Script(of: character) {
      case .latin: toCyrillic[character] == nil ? (latin += 1) : (either += 1)
      case .cyrillic: toLatin[character] == nil ? (cyrillic += 1) : (either += 1)
      default: break
      }
    }
    if latin > cyrillic { return word.map { toLatin[$0] ?? $0 } }
    if cyrillic > latin { return word.map { toCyrillic[$0] ?? $0 } }
    guard either > 0, latin == 0 else { return word }
    // Nothing decides: what it was read as.
    let read = word.reduce(0) { sum, character in
      switch Script(of: character) {
      case .latin: sum + 1
      case .cyrillic: sum - 1
      default: sum
      }
    }
    return read >= 0 ? word.map { toLatin[$0] ?? $0 } : word.map { toCyrillic[$0] ?? $0 }
  }

  /// The word in Latin letters by shape; nil where a letter has no Latin look-alike.
  static func latin(_ word: [Character]) -> [Character]? {
    var result: [Character] = []
    for character in word {
      switch Script(of: character) {
      case .cyrillic:
        guard let letter = toLatin[character] ?? near[character] else { return nil }
        result.append(letter)
      default: result.append(near[character] ?? character)
      }
    }
    return result
  }

  /// The word with a tail of digits and what looks like digits made digits: `ENOTЗОО` to `ENOT300`.
  static func withDigits(_ word: [Character]) -> [Character] {
    let digits: [Character: Character] = [
      "O": "0", "О": "0", "o": "0", "о": "0", "З": "3", "з": "3", "I": "1", "l": "1", "|": "1",
      "б": "6",
    ]
    var first = word.count
    var sure = 0
    while first > 0 {
      let character = word[first - 1]
      if Script(of: character) == .digit {
        sure += 1
      } else if digits[character] == nil {
        break
      }
      first -= 1
    }
    guard sure > 0, word.count - first > 1, first > 0 else { return word }
    return word[..<first] + word[first...].map { digits[$0] ?? $0 }
  }
}
