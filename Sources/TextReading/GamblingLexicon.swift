/// Words of the gambling trade, in Russian and English.
public enum GamblingLexicon {
  /// A word of the trade in a text.
  public struct Hit: Sendable, Hashable {
    /// The stem that was found, in lower case.
    public var term: String
    /// Where the word is, in characters of the text.
    public var range: Range<Int>
  }

  /// Stems at which words of the trade begin; what follows is inflection.
  public static let stems = [
    "казино", "ставк", "ставок", "бонус", "фриспин", "фрибет", "промокод", "слоты", "слотов",
    "джекпот", "букмекер", "депозит", "вращени", "выигр", "рулетк", "покер", "зеркало", "крупье",
    "барабан", "куш", "кэшбэк", "тотализатор", "лудоман", "азарт", "коэффициент",
    "casino", "bonus", "freespin", "freebet", "promocode", "promo", "slots", "jackpot",
    "bookmaker", "deposit", "roulette", "poker", "betting", "cashback", "zerkalo", "gambling",
  ]

  private static let folded = stems.map { (stem: $0, pattern: Array(TextFolding.fold($0))) }

  /// Finds words that begin with a stem; stems of seven characters and more may have one of them
  /// read wrongly.
  ///
  /// A stem of four characters or fewer must be the whole word.
  public static func terms(in text: String) -> [Hit] {
    let characters = FoldedText(text)
    var hits: [Hit] = []
    var first = 0
    while first < characters.characters.count {
      var last = first + 1
      while !characters.startsWord[last] { last += 1 }
      let word = characters.characters[first..<last]
      if let entry = folded.first(where: { begins(word, with: $0.pattern) }) {
        let range = characters.positions[first]..<characters.positions[last - 1] + 1
        hits.append(Hit(term: entry.stem, range: range))
      }
      first = last
    }
    return hits
  }

  private static func begins(_ word: ArraySlice<Character>, with stem: [Character]) -> Bool {
    guard word.count >= stem.count, stem.count > 4 || word.count == stem.count else { return false }
    let wrong = zip(word, stem).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    return wrong <= (stem.count >= 7 ? 1 : 0)
  }
}
