import Foundation

/// A regular expression whose cost is known before it runs.
///
/// A matcher that goes back on its choices, as that of Foundation does, can be made to run for
/// hours by a short pattern such as `(a+)+b`. So only a small language is accepted: characters,
/// `.`, classes in brackets, `\d \w \s \D \W \S \b`, escaped signs, groups, `|`, `^`, `$` and the
/// quantifiers `? * + {m} {m,} {m,n}`. There are no look-arounds, no back references, no flags.
/// From the syntax follows an upper bound on the number of ways in which the matcher can try to
/// read one text, where `*` and `+` count as up to ``longestText`` repetitions; patterns with more
/// than ``mostWays`` are refused, and longer texts are never matched.
public struct BoundedPattern: Sendable, Hashable {
  /// Longest pattern, in Unicode scalars.
  public static let longestPattern = 200
  /// Longest text that is matched, in UTF-16 units; host names and codes are shorter.
  public static let longestText = 256
  /// Most ways to read one text: two open repetitions in a row, or a class repeated a few times.
  static let mostWays = 200_000.0

  /// The expression as it was written.
  public let source: String
  private let expression: NSRegularExpression

  /// Checks and compiles an expression.
  ///
  /// - Throws: ``CasebookError/Code/invalidValue`` that says what is wrong with it.
  public init(_ source: String) throws(CasebookError) {
    self.source = source
    guard source.unicodeScalars.count <= Self.longestPattern else {
      throw Self.refusal(source, "it is longer than \(Self.longestPattern) characters")
    }
    do {
      var parser = PatternParser(source)
      let ways = try parser.parse()
      guard ways <= Self.mostWays else {
        throw PatternParser.Flaw(
          message: "it could be matched in too many ways; give its repetitions an end, as in {1,8}"
        )
      }
      expression = try NSRegularExpression(
        pattern: "\\A(?:\(source))\\z",
        options: [.caseInsensitive]
      )
    } catch let flaw as PatternParser.Flaw {
      throw Self.refusal(source, flaw.message)
    } catch {
      throw Self.refusal(source, "it is not a regular expression")
    }
  }

  private static func refusal(_ source: String, _ cause: String) -> CasebookError {
    let head = String(source.prefix(80)) + (source.count > 80 ? "…" : "")
    return CasebookError(.invalidValue, "the regular expression \"\(head)\" is refused: \(cause)")
  }

  /// Whether the expression holds for the whole of `text`, whatever the case of its letters.
  public func matches(_ text: String) -> Bool {
    let length = text.utf16.count
    guard length <= Self.longestText else { return false }
    let range = NSRange(location: 0, length: length)
    return expression.firstMatch(in: text, range: range) != nil
  }

  /// Whether both were written the same.
  public static func == (one: BoundedPattern, other: BoundedPattern) -> Bool {
    one.source == other.source
  }

  /// Hashes the source.
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Reads the small language of ``BoundedPattern`` and counts the ways of matching.
private struct PatternParser {
  struct Flaw: Error {
    let message: String
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private static let deepest = 8
  private static let mostRepetitions = 64

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// Upper bound of the ways to match the whole pattern from one place.
  mutating func parse() throws -> Double {
    guard !scalars.isEmpty else { throw Flaw(message: "it is empty") }
    let ways = try alternatives()
    guard index == scalars.count else { throw Flaw(message: "a bracket is closed but not opened") }
    return ways
  }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    index += 1
    return true
  }

  private mutating func alternatives() throws -> Double {
    var ways = try sequence()
    while take("|") { ways += try sequence() }
    return ways
  }

  private mutating func sequence() throws -> Double {
    var ways = 1.0
    while let scalar = current, scalar != "|", scalar != ")" {
      let atom = try atom(scalar)
      ways *= try quantified(atom)
    }
    return ways
  }

  /// Reads one thing; gives the ways to match it and whether it may be repeated.
  private mutating func atom(_ scalar: Unicode.Scalar) throws -> (ways: Double, mayRepeat: Bool) {
    index += 1
    switch scalar {
    case "(":
      if take("?") {
        guard take(":") else { throw Flaw(message: "of groups with '?' only (?:…) is allowed") }
      }
      depth += 1
      guard depth <= Self.deepest else { throw Flaw(message: "its groups are too deep") }
      let ways = try alternatives()
      guard take(")") else { throw Flaw(message: "a group is not closed") }
      depth -= 1
      return (ways, true)
    case "[":
      try characterClass()
      return (1, true)
    case "\\":
      return (1, try escape())
    case "^", "$": return (1, false)
    case "*", "+", "?", "{": throw Flaw(message: "there is nothing to repeat before '\(scalar)'")
    case "]", "}": throw Flaw(message: "'\(scalar)' must be written as \\\(scalar)")
    default: return (1, true)
    }
  }

  /// Reads what follows a backslash; says whether it may be repeated.
  private mutating func escape() throws -> Bool {
    guard let scalar = current else { throw Flaw(message: "it ends in a backslash") }
    index += 1
    switch scalar {
    case "d", "w", "s", "D", "W", "S": return true
    case "b": return false
    default:
      let isSign = scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9" ~= scalar)
      guard isSign else { throw Flaw(message: "\\\(scalar) is not allowed") }
      return true
    }
  }

  private mutating func characterClass() throws {
    _ = take("^")
    var isEmpty = true
    while let scalar = current, scalar != "]" {
      index += 1
      isEmpty = false
      if scalar == "\\" {
        guard try escape() else { throw Flaw(message: "\\b is not allowed in brackets") }
      } else if scalar == "[" || scalar == "&" {
        // ICU would read sets of sets and their intersections.
        throw Flaw(message: "'\(scalar)' in brackets must be written as \\\(scalar)")
      }
    }
    guard take("]"), !isEmpty else { throw Flaw(message: "a class in brackets is not closed") }
  }

  private mutating func quantified(_ atom: (ways: Double, mayRepeat: Bool)) throws -> Double {
    guard let scalar = current, ["?", "*", "+", "{"].contains(scalar) else { return atom.ways }
    guard atom.mayRepeat else { throw Flaw(message: "an anchor cannot be repeated") }
    index += 1
    let range: ClosedRange<Int>
    switch scalar {
    case "?": range = 0...1
    case "*": range = 0...BoundedPattern.longestText
    case "+": range = 1...BoundedPattern.longestText
    default: range = try count()
    }
    // Lazy and possessive forms are matched in no more ways.
    if !take("?") { _ = take("+") }
    if let next = current, ["?", "*", "+", "{"].contains(next) {
      throw Flaw(message: "a repetition cannot be repeated")
    }
    var ways = 0.0
    var power = 1.0
    for count in 0...range.upperBound {
      if count >= range.lowerBound { ways += power }
      power *= atom.ways
      guard ways + power < 1e12 else { return 1e12 }
    }
    return ways
  }

  /// `{m}`, `{m,}` or `{m,n}`, after its first brace.
  private mutating func count() throws -> ClosedRange<Int> {
    let least = try number()
    var most: Int? = least
    if take(",") { most = current == "}" ? nil : try number() }
    guard take("}") else { throw Flaw(message: "a repetition is not closed") }
    let end = most ?? BoundedPattern.longestText
    guard least <= end else { throw Flaw(message: "a repetition ends before it begins") }
    return least...end
  }

  private mutating func number() throws -> Int {
    var digits = ""
    while let scalar = current, "0"..."9" ~= scalar {
      digits.unicodeScalars.append(scalar)
      index += 1
    }
    guard let number = Int(digits), number <= Self.mostRepetitions else {
      throw Flaw(message: "a repetition needs a number up to \(Self.mostRepetitions)")
    }
    return number
  }
}
