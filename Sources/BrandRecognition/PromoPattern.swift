/// A regular expression for promotion codes from a catalogue that nobody has checked.
struct PromoPattern {
  /// Longest expression that is taken, in characters.
  static let longest = 128

  let source: String
  private let expression: Regex<AnyRegexOutput>

  /// Compiles an expression.
  ///
  /// Backtracking takes exponential time where a repeated group has a repetition inside, so those
  /// and references back are refused; codes have at most 24 characters.
  init(_ source: String) throws(BrandError) {
    guard source.count <= Self.longest else {
      throw BrandError(.badPattern, "the expression has more than \(Self.longest) characters")
    }
    guard !Self.isCostly(source) else {
      throw BrandError(
        .badPattern,
        "'\(source)' repeats a repetition or refers back; write it without"
      )
    }
    do {
      expression = try Regex(source).ignoresCase()
    } catch {
      throw BrandError(.badPattern, "'\(source)' is no regular expression; correct it")
    }
    self.source = source
  }

  /// Whether the whole code fits.
  func matches(_ code: String) -> Bool {
    guard code.count <= 24 else { return false }
    return ((try? expression.wholeMatch(in: code)) ?? nil) != nil
  }

  private static func isCostly(_ source: String) -> Bool {
    var open: [Bool] = []
    var (escaped, inClass, closedRepeating) = (false, false, false)
    var repetitions = 0
    for character in source {
      if escaped {
        if character.isNumber || character == "k" { return true }
        (escaped, closedRepeating) = (false, false)
        continue
      }
      switch character {
      case "\\": escaped = true
      case "[": inClass = true
      case "]": inClass = false
      case "(" where !inClass: open.append(false)
      case ")" where !inClass:
        closedRepeating = open.popLast() ?? false
        if closedRepeating, !open.isEmpty { open[open.count - 1] = true }
        continue
      case "*" where !inClass, "+" where !inClass, "{" where !inClass:
        if closedRepeating { return true }
        repetitions += 1
        // Neighbouring repetitions multiply, too.
        if repetitions > 4 { return true }
        if !open.isEmpty { open[open.count - 1] = true }
      default: break
      }
      closedRepeating = false
    }
    return false
  }
}
