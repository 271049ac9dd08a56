/// Parsers of the identifiers that a release may carry; each gives the canonical spelling.
enum ContentIdentifiers {
  /// What is wrong with an identifier, to be shown after the field and its value.
  struct Problem: Error {
    let message: String
  }

  /// Checks an EIDR content identifier, `10.5240/XXXX-XXXX-XXXX-XXXX-XXXX-C`, and its check
  /// character; gives it in capitals.
  static func eidr(_ text: String) throws(Problem) -> String {
    let shape = "10.5240/XXXX-XXXX-XXXX-XXXX-XXXX-C"
    let prefix = "10.5240/"
    let upper = text.uppercased()
    guard upper.hasPrefix(prefix) else { throw Problem(message: "an EIDR looks like \(shape)") }
    let groups = groups(upper.dropFirst(prefix.count))
    guard groups.map(\.count) == [4, 4, 4, 4, 4, 1] else {
      throw Problem(message: "an EIDR looks like \(shape)")
    }
    try check(groups.dropLast().joined(), against: groups[5])
    return upper
  }

  /// Checks an ISAN, with or without its version part and the word in front, and its check
  /// characters; gives `XXXX-XXXX-XXXX-XXXX-C` or `XXXX-XXXX-XXXX-XXXX-C-XXXX-XXXX-C`.
  ///
  /// - Source: ISO 15706-1 and ISO 15706-2 (V-ISAN): the second check character covers all 24
  ///   digits, without the first check character.
  static func isan(_ text: String) throws(Problem) -> String {
    var upper = text.uppercased()
    if upper.hasPrefix("ISAN") {
      upper = String(upper.dropFirst(4).drop { $0 == " " || $0 == ":" })
    }
    let groups = groups(upper[...])
    let sizes = groups.map(\.count)
    guard sizes == [4, 4, 4, 4, 1] || sizes == [4, 4, 4, 4, 1, 4, 4, 1] else {
      throw Problem(
        message: "an ISAN looks like XXXX-XXXX-XXXX-XXXX-C or XXXX-XXXX-XXXX-XXXX-C-XXXX-XXXX-C"
      )
    }
    let root = groups[0..<4].joined()
    try check(root, against: groups[4])
    if groups.count == 8 { try check(root + groups[5] + groups[6], against: groups[7]) }
    return upper
  }

  /// Checks the UUID of a composition playlist, with or without `urn:uuid:`; gives it in small
  /// letters without the prefix.
  static func compositionPlaylist(_ text: String) throws(Problem) -> String {
    let lower = text.lowercased()
    let bare = lower.hasPrefix("urn:uuid:") ? lower.dropFirst(9) : lower[...]
    let groups = groups(bare)
    guard groups.map(\.count) == [8, 4, 4, 4, 12],
      groups.allSatisfy({ Hex.isValid($0, count: $0.utf8.count) })
    else {
      throw Problem(
        message: "a CPL identifier is a UUID such as "
          + "0a1b2c3d-0000-4000-8000-0123456789ab"
      )
    }
    return String(bare)
  }

  /// Checks a calendar date `YYYY-MM-DD` of the Gregorian calendar.
  static func date(_ text: String) throws(Problem) -> String {
    let groups = groups(text[...])
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard groups.map(\.utf8.count) == [4, 2, 2],
      groups.allSatisfy({ $0.utf8.allSatisfy(digits.contains) }),
      let year = Int(groups[0]), let month = Int(groups[1]), let day = Int(groups[2])
    else { throw Problem(message: "a date looks like 2024-05-31") }
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else {
      throw Problem(message: "the calendar has no such day")
    }
    return text
  }

  private static func groups(_ text: Substring) -> [String] {
    text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
  }

  private static func check(_ digits: String, against character: String) throws(Problem) {
    let isHexadecimal = Hex.isValid(digits.lowercased(), count: digits.utf8.count)
    guard isHexadecimal, let expected = CheckCharacter.mod37_36(digits.utf8) else {
      throw Problem(message: "only hexadecimal digits may stand before the check character")
    }
    guard Array(character.utf8) == [expected] else {
      throw Problem(
        message: "the check character should be \(Character(Unicode.Scalar(expected))), "
          + "a digit is probably wrong"
      )
    }
  }
}
