/// One character that was read.
public struct RecognizedCharacter: Sendable, Hashable {
  /// What it was read as.
  public var character: Character
  /// How sure the reader is, 0...1.
  public var confidence: Float

  /// Creates a character.
  public init(_ character: Character, confidence: Float) {
    self.character = character
    self.confidence = confidence
  }
}

/// A rectangle in fractions of the plane that was read; x grows to the right, y downwards.
public struct TextBox: Sendable, Hashable {
  /// The left edge.
  public var x: Float
  /// The upper edge.
  public var y: Float
  /// From the left to the right edge.
  public var width: Float
  /// From the upper to the lower edge.
  public var height: Float

  /// Creates a rectangle.
  public init(x: Float, y: Float, width: Float, height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The smallest rectangle around this one and `other`.
  public func union(_ other: TextBox) -> TextBox {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return TextBox(
      x: left,
      y: top,
      width: max(x + width, other.x + other.width) - left,
      height: max(y + height, other.y + other.height) - top
    )
  }

  /// The part of this rectangle that `other` covers, 0...1.
  public func coverage(by other: TextBox) -> Float {
    let across = min(x + width, other.x + other.width) - max(x, other.x)
    let down = min(y + height, other.y + other.height) - max(y, other.y)
    guard across > 0, down > 0, width > 0, height > 0 else { return 0 }
    return across * down / (width * height)
  }
}

/// Characters between two spaces.
public struct RecognizedWord: Sendable, Hashable {
  /// The characters in reading order; never empty.
  public var characters: [RecognizedCharacter]
  /// Where the word is.
  public var box: TextBox

  /// Creates a word.
  public init(characters: [RecognizedCharacter], box: TextBox) {
    self.characters = characters
    self.box = box
  }

  /// The word as text.
  public var text: String { String(characters.map(\.character)) }

  /// The mean confidence of the characters, 0...1.
  public var confidence: Float {
    characters.isEmpty
      ? 0 : characters.reduce(0) { $0 + $1.confidence } / Float(characters.count)
  }
}

/// The words of one line.
public struct RecognizedLine: Sendable, Hashable {
  /// The words in reading order.
  public var words: [RecognizedWord]

  /// Creates a line.
  public init(words: [RecognizedWord]) { self.words = words }

  /// The words with spaces between them.
  public var text: String { words.map(\.text).joined(separator: " ") }

  /// All characters, with spaces of confidence 1 between the words; as many as `text` has.
  public var characters: [RecognizedCharacter] {
    Array(words.map(\.characters).joined(separator: [RecognizedCharacter(" ", confidence: 1)]))
  }

  /// The mean confidence of the characters without spaces, 0...1.
  public var confidence: Float {
    let all = words.flatMap(\.characters)
    return all.isEmpty ? 0 : all.reduce(0) { $0 + $1.confidence } / Float(all.count)
  }

  /// Where the line is; nil where it has no words.
  public var box: TextBox? {
    guard let first = words.first else { return nil }
    return words.dropFirst().reduce(first.box) { $0.union($1.box) }
  }
}
