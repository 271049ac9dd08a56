/// Words of the gambling trade, in Russian and English.
public enum GamblingLexicon {
  /// What a word says about the trade.
  public enum Strength: Sendable, Hashable {
    /// Gambling and hardly anything else.
    case trade
    /// An offer as shops and banks make it, too.
    case offer
    /// A word before a code; anyone has codes.
    case code
    /// A word of another trade, whose ads speak of offers and codes as well.
    case otherTrade
  }

  /// A word of the trade in a text.
  public struct Hit: Sendable, Hashable {
    /// What it says.
    public var strength: Strength
    /// The stem that was found, in lower case.
    public var term: String
    /// Where the word is, in characters of the text.
    public var range: Range<Int>
  }

  /// Stems at which words of the trade begin; what follows is inflection.
  public static let stems: [Strength: [String]] = [
    .trade: [
      "казино", "ставк", "ставок", "фриспин", "фрибет", "слоты", "слотов", "джекпот", "букмекер",
      "вращени", "рулетк", "покер", "крупье", "тотализатор", "лудоман", "азарт",
      "casino", "freespin", "freebet", "slots", "jackpot", "bookmaker", "roulette", "poker",
      "betting", "gambling",
    ],
    .offer: [
      "бонус", "депозит", "выигр", "зеркало", "барабан", "куш", "кэшбэк", "коэффициент",
      "bonus", "deposit", "cashback", "zerkalo",
    ],
    .code: ["промокод", "promocode", "promo"],
    .otherTrade: [
      "пицц", "суши", "доставк", "такси", "кафе", "ресторан", "магазин", "одежд", "обувь", "аптек",
      "курсы", "школ", "кредит", "мебел", "ремонт", "турист", "отель", "подписк", "кинотеатр",
      "pizza", "sushi", "delivery", "taxi", "restaurant", "store", "fashion", "pharmacy", "course",
      "school", "credit", "furniture", "hotel", "subscribe", "subscription", "cinema",
    ],
  ]

  private static let folded = [Strength.trade, .offer, .code, .otherTrade].flatMap { strength in
    (stems[strength] ?? []).map {
      (stem: $0, pattern: Array(TextFolding.fold($0)), strength: strength)
    }
  }

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
        hits.append(Hit(strength: entry.strength, term: entry.stem, range: range))
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
