/// The expressions of a TOML document, as far as their places go: what each line adds.
///
/// toml++ 3.4 ends the process by an assertion where the name in `[…]` begins with a sign that no name
/// begins with, such as a letter that is not ASCII or the end of the line, and for some mistakes in
/// lists, such as `[,]`. So it gets no document with such a head, nor one with lists or tables as
/// values, which no setting has. Up to the first thing that is wrong in a document, what is read here
/// as string and comment is what the parser reads.
struct TOMLExpressions {
  /// What the parser must not see, in words.
  enum Flaw: String {
    /// The name in a table's head begins with no letter, digit, `_`, `-` or quote.
    case head = "the name of a table begins with a letter of a to z, a digit, _, - or a quote"
    /// A value is a list or a table.
    case compound = "a value is text in quotes, a number, true or false; lists are of [[tables]]"
  }

  /// The line, from 1, on which each begins, blank lines and comments among them; ascending.
  private(set) var firstLines: [Int] = []
  /// The first flaw and its line; nil where there is none.
  private(set) var flaw: (line: Int, kind: Flaw)?

  init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    while !scanner.isAtEnd, flaw == nil {
      let line = scanner.line
      firstLines.append(line)
      scanner.skip(while: Self.isBlank)
      if scanner.current == UInt8(ascii: "["), !scanner.beginsName() { flaw = (line, .head) }
      if scanner.skipExpression() { flaw = flaw ?? (line, .compound) }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private struct Scanner {
    let bytes: [UInt8]
    var place = 0
    var line = 1

    init(bytes: [UInt8]) {
      self.bytes = bytes
      // The mark that some editors put before UTF-8.
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    var isAtEnd: Bool { place >= bytes.count }
    var current: UInt8? { isAtEnd ? nil : bytes[place] }

    mutating func skip(while condition: (UInt8) -> Bool) {
      while let byte = current, condition(byte) { step() }
    }

    /// Whether what follows `[` or `[[` is something that the parser copes with; nothing is read.
    func beginsName() -> Bool {
      var next = place + 1
      if next < bytes.count, bytes[next] == UInt8(ascii: "[") { next += 1 }
      while next < bytes.count, TOMLExpressions.isBlank(bytes[next]) { next += 1 }
      guard next < bytes.count else { return true }
      switch bytes[next] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "]"):
        return true
      default: return false
      }
    }

    /// Goes behind the end of the line that closes an expression; whether its value is a list or a
    /// table.
    mutating func skipExpression() -> Bool {
      var isCompound = false
      var hasValue = false
      while let byte = current {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          skipString(byte)
          continue
        case UInt8(ascii: "#"):
          skip { $0 != 0x0A }
          continue
        case UInt8(ascii: "=") where !hasValue:
          hasValue = true
          step()
          skip(while: TOMLExpressions.isBlank)
          isCompound = current == UInt8(ascii: "[") || current == UInt8(ascii: "{")
          continue
        default: break
        }
        step()
        if byte == 0x0A { break }
      }
      return isCompound
    }

    private mutating func skipString(_ quote: UInt8) {
      let isLong = bytes[place...].starts(with: [quote, quote, quote])
      let isBasic = quote == UInt8(ascii: "\"")
      for _ in 0..<(isLong ? 3 : 1) { step() }
      while let byte = current {
        if byte == UInt8(ascii: "\\"), isBasic {
          step()
        } else if byte == quote, isLong {
          // Up to two quotes more belong to the text.
          if bytes[place...].starts(with: [quote, quote, quote]) {
            return skip { $0 == quote }
          }
        } else if byte == quote {
          return step()
        } else if byte == 0x0A, !isLong {
          return
        }
        if !isAtEnd { step() }
      }
    }

    private mutating func step() {
      if bytes[place] == 0x0A { line += 1 }
      place += 1
    }
  }
}
