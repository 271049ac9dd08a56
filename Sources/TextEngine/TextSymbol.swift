/// One character as an engine that reads text gives it.
public struct TextSymbol: Sendable, Hashable {
  /// The character.
  public var text: String
  /// How sure the engine is, 0...100.
  public var confidence: Float
  /// The left edge in pixels of the picture.
  public var left: Int32
  /// The upper edge.
  public var top: Int32
  /// The right edge.
  public var right: Int32
  /// The lower edge.
  public var bottom: Int32
  /// Whether it is the first of a word.
  public var startsWord: Bool
  /// Whether it is the first of a line.
  public var startsLine: Bool

  /// Creates a symbol.
  public init(
    text: String,
    confidence: Float,
    edges: (left: Int32, top: Int32, right: Int32, bottom: Int32),
    startsWord: Bool,
    startsLine: Bool
  ) {
    (self.text, self.confidence) = (text, confidence)
    (left, top, right, bottom) = edges
    (self.startsWord, self.startsLine) = (startsWord, startsLine)
  }
}
