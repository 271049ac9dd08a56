/// Finds promotion codes: what follows the word for it, and words of capitals and digits.
enum PromoCodeScanner {
  private struct Context {
    var word: [Character]
    /// Errors that the word may have.
    var most: Int
    /// Whether what follows must have letters and digits.
    var needsDigits: Bool
  }

  private static let contexts = [
    ("промокод", 2, false), ("promocode", 2, false), ("промо", 0, false), ("promo", 0, false),
    ("code", 0, false), ("код", 0, false), ("бонус", 0, true), ("bonus", 0, true),
    ("купон", 0, false), ("coupon", 1, false),
  ].map { word, most, needsDigits in
    Context(word: Array(TextFolding.fold(word)), most: most, needsDigits: needsDigits)
  }

  static func codes(in text: [Character]) -> [ScannedValue] {
    let words = words(in: text)
    var found: [ScannedValue] = []
    var index = 0
    while index < words.count {
      if let context = context(of: text[words[index]]) {
        var first = index + 1
        // `PROMO CODE X` has two words for it.
        while first < words.count, self.context(of: text[words[first]]) != nil { first += 1 }
        if first < words.count,
          let code = code(at: first, of: words, in: text, needsDigits: context.needsDigits)
        {
          found.append(code.value)
          index = code.next
          continue
        }
      } else if let glued = glued(text, words[index]) {
        found.append(glued)
      } else if let code = standingAlone(text, words[index]) {
        found.append(code)
      }
      index += 1
    }
    return found
  }

  /// Runs of letters and digits; signs that are taken for letters count inside.
  private static func words(in text: [Character]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for i in 0...text.count {
      let isInside =
        i < text.count
        && (text[i].isLetter || text[i].isNumber
          || (start != nil && "|-_".contains(text[i]) && i + 1 < text.count
            && (text[i + 1].isLetter || text[i + 1].isNumber)))
      if isInside {
        start = start ?? i
      } else if let first = start {
        words.append(first..<i)
        start = nil
      }
    }
    return words
  }

  private static func context(of word: ArraySlice<Character>) -> Context? {
    let folded = Array(TextFolding.fold(String(word)))
    return contexts.first { context in
      // Inflected Russian words are longer by a letter or two.
      let shortened = Array(folded.prefix(context.word.count))
      let tail = folded.count - shortened.count
      guard tail <= (context.word.count >= 8 ? 2 : 0) else { return false }
      return EditDistance.between(shortened, context.word, most: context.most) != nil
    }
  }

  /// The code at a word, with a number that was torn from it.
  private static func code(
    at first: Int,
    of words: [Range<Int>],
    in text: [Character],
    needsDigits: Bool
  ) -> (value: ScannedValue, next: Int)? {
    var range = words[first]
    var next = first + 1
    if next < words.count, words[next].lowerBound == range.upperBound + 1,
      text[range.upperBound] == " ", range.count + words[next].count <= 12,
      text[words[next]].allSatisfy({ $0.isNumber || $0.isUppercase }),
      text[words[next]].contains(where: \.isNumber)
        || "OОЗI".contains(text[words[next].lowerBound]),
      text[range].contains(where: \.isLetter)
    {
      range = range.lowerBound..<words[next].upperBound
      next += 1
    }
    let word = text[range].filter { $0 != " " }
    let isCode =
      !needsDigits || (word.contains(where: \.isNumber) && word.contains(where: \.isLetter))
    guard isCode, let value = normalised(word), hasCapitals(word) else { return nil }
    // What is the beginning of an address is no code.
    if range.upperBound < text.count, text[range.upperBound] == ".",
      range.upperBound + 1 < text.count, text[range.upperBound + 1].isLetter
    {
      return nil
    }
    return (ScannedValue(value: value, range: range), next)
  }

  /// A code that was read as one word with the word for it before.
  private static func glued(_ text: [Character], _ range: Range<Int>) -> ScannedValue? {
    let word = text[range]
    guard let context = contexts.first, word.count >= context.word.count + 3 else { return nil }
    let head = TextFolding.fold(String(word.prefix(context.word.count)))
    guard EditDistance.between(Array(head), context.word, most: 1) != nil else { return nil }
    let rest = range.lowerBound + context.word.count..<range.upperBound
    guard let value = normalised(Array(text[rest])), hasCapitals(Array(text[rest])) else {
      return nil
    }
    return ScannedValue(value: value, range: rest)
  }

  /// Capitals with at least two letters and two digits.
  private static func standingAlone(_ text: [Character], _ range: Range<Int>) -> ScannedValue? {
    let word = Array(text[range])
    let digits = word.count { $0.isNumber }
    let letters = word.count { $0.isLetter }
    guard (5...16).contains(word.count), digits >= 2, letters >= 2, digits + letters == word.count,
      word.allSatisfy({ !$0.isLowercase }),
      range.lowerBound == 0 || text[range.lowerBound - 1] == " ",
      range.upperBound == text.count || !".-/".contains(text[range.upperBound])
    else { return nil }
    return normalised(word).map { ScannedValue(value: $0, range: range) }
  }

  private static func hasCapitals(_ word: [Character]) -> Bool {
    let capitals = word.count { $0.isUppercase }
    let small = word.count { $0.isLowercase }
    return capitals >= small && (capitals > 0 || word.contains(where: \.isNumber))
  }

  private static func normalised(_ word: [Character]) -> String? {
    let kept = word.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    guard (3...24).contains(kept.count) else { return nil }
    return String(ScriptRepair.withDigits(ScriptRepair.unified(kept))).uppercased()
  }
}
