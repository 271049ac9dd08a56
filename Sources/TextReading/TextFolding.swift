/// Folds what looks alike to one form, so that `АZАRТО`, `AZART0` and `azarto` are equal.
///
/// Cyrillic, Latin and digits of one shape become one lower-case character; everything that is
/// neither letter nor digit goes. Folded text is for comparing only.
public enum TextFolding {
  /// Cyrillic letters and signs, and the Latin letters or digits that their shapes are taken for.
  ///
  /// Pairs are of capitals or small letters as they are printed, upright.
  private static let shapes: [Character: Character] = [
    "а": "a", "в": "b", "г": "r", "е": "e", "ё": "e", "з": "3", "и": "u", "й": "u", "к": "k",
    "м": "m", "н": "h", "о": "o", "п": "n", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x",
    "ч": "4", "б": "6", "і": "l", "ї": "l", "ѕ": "s", "ј": "j", "є": "e",
    "0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z", "$": "s",
    "é": "e", "è": "e", "ö": "o", "ó": "o", "á": "a", "à": "a", "ä": "a", "í": "l", "ü": "u",
  ]

  /// Folds one character; nil where it is neither letter, digit nor taken for one.
  public static func fold(_ character: Character) -> Character? {
    let lowered = character.lowercased()
    guard lowered.count == 1, let small = lowered.first else { return nil }
    if let shape = shapes[small] { return shape }
    return small.isLetter || small.isNumber ? small : nil
  }

  /// Folds a text.
  public static func fold(_ text: String) -> String { FoldedText(text).text }
}

/// A text in folded form that knows where each character comes from.
public struct FoldedText: Sendable, Hashable {
  /// The folded letters and digits.
  public private(set) var characters: [Character] = []
  /// For each of them its position in the text, in characters.
  public private(set) var positions: [Int] = []
  /// For each of them whether it begins a word; one more at the end.
  public private(set) var startsWord: [Bool] = []

  /// Folds `text`.
  ///
  /// A stroke or an exclamation mark between letters is one of the slim letters.
  public init(_ text: some Sequence<Character>) {
    let source = Array(text)
    var isStart = true
    for (position, character) in source.enumerated() {
      var folded = TextFolding.fold(character)
      if character == "!" || character == "|", position > 0, position + 1 < source.count,
        TextFolding.fold(source[position - 1]) != nil, TextFolding.fold(source[position + 1]) != nil
      {
        folded = "l"
      }
      guard let folded else {
        isStart = true
        continue
      }
      characters.append(folded)
      positions.append(position)
      startsWord.append(isStart)
      isStart = false
    }
    startsWord.append(true)
  }

  /// The folded text.
  public var text: String { String(characters) }
}
