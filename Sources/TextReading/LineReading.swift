/// What one line of a picture may say, after all attempts to read it.
public struct LineReading: Sendable, Hashable {
  /// The readings, the most plausible first; never empty.
  ///
  /// Boxes are fractions of the picture.
  public var alternatives: [RecognizedLine]
  /// Where the line is, in fractions of the picture.
  public var box: TextBox

  /// Creates a line from its readings, in any order.
  public init(alternatives: [RecognizedLine], box: TextBox) {
    let ranked = alternatives.enumerated().sorted {
      let (a, b) = (Self.plausibility(of: $0.element), Self.plausibility(of: $1.element))
      return a != b ? a > b : $0.offset < $1.offset
    }
    self.alternatives = ranked.map(\.element)
    self.box = box
  }

  /// The most plausible text.
  public var text: String { alternatives.first?.text ?? "" }
  /// Confidence of the most plausible text, 0...1.
  public var confidence: Float { alternatives.first?.confidence ?? 0 }

  /// Least plausibility of a line that is kept.
  ///
  /// Tesseract gives texture some .90 and text .96.
  public static let leastPlausibility: Float = 0.91

  /// How much a reading looks like text: the mean confidence of its characters, less for words of
  /// two scripts and for signs, more for words of the trade.
  public static func plausibility(of line: RecognizedLine) -> Float {
    var (letters, signs, mixed) = (0, 0, 0)
    for word in line.words {
      var (latin, cyrillic) = (0, 0)
      for character in word.characters.map(\.character) {
        switch Script(of: character) {
        case .latin: latin += 1
        case .cyrillic: cyrillic += 1
        case .digit: letters += 1
        case .other: signs += 1
        }
      }
      letters += latin + cyrillic
      mixed += min(latin, cyrillic)
    }
    guard letters > 2 else { return 0 }
    let all = Float(letters + signs)
    let known = GamblingLexicon.terms(in: line.text).isEmpty ? 0 : Float(0.02)
    return line.confidence - 0.2 * Float(mixed) / all - 0.1 * Float(signs) / all + known
  }

  var isPlausible: Bool {
    alternatives.first.map { Self.plausibility(of: $0) >= Self.leastPlausibility } ?? false
  }
}

/// The writing that a character belongs to, as far as it matters here.
enum Script {
  case latin, cyrillic, digit, other

  init(of character: Character) {
    guard let scalar = character.unicodeScalars.first else {
      self = .other
      return
    }
    switch scalar.value {
    case 0x30...0x39: self = .digit
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: self = .latin
    case 0x400...0x52F: self = .cyrillic
    default: self = .other
    }
  }
}
