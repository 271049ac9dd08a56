/// The expressions of a TOML document, as far as their places go: what each line adds.
///
/// Up to the first thing that is wrong in a document, what is read here as string, comment and bracket
/// is what the parser reads.
struct TOMLExpressions {
  /// The line, from 1, on which each begins, blank lines and comments among them; ascending.
  private(set) var firstLines: [Int] = []
  /// The line of the first head of a table that the parser must not see; nil where there is none.
  ///
  /// toml++ 3.4 ends the process by an assertion where the name in `[…]` begins with a sign that no
  /// name begins with, such as a letter that is not ASCII or the end of the line; everything else
  /// that is wrong it reports.
  private(set) var flawedHead: Int?

  init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    while !scanner.isAtEnd {
      firstLines.append(scanner.line)
      scanner.skip(while: Self.isBlank)
      if flawedHead == nil, scanner.current == UInt8(ascii: "["), !scanner.beginsName() {
        flawedHead = scanner.line
      }
      scanner.skipExpression()
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

    /// Goes behind the end of the line that closes an expression.
    mutating func skipExpression() {
      var depth = 0
      while let byte = current {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          skipString(byte)
          continue
        case UInt8(ascii: "#"):
          skip { $0 != 0x0A }
          continue
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: break
        }
        step()
        if byte == 0x0A, depth <= 0 { return }
      }
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
