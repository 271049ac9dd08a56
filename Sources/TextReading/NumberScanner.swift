/// Finds amounts of money and telephone numbers.
enum NumberScanner {
  private static let currencies: [(words: [String], code: String)] = [
    (["₽", "руб", "рублей", "рубля", "рубль", "rub", "rur"], "RUB"),
    (["$", "usd", "долл", "долларов", "доллара"], "USD"),
    (["€", "eur", "евро"], "EUR"),
    (["₴", "грн", "uah"], "UAH"),
    (["₸", "тенге", "kzt", "тг"], "KZT"),
    (["usdt"], "USDT"),
    (["btc"], "BTC"),
  ]

  /// Numbers with a currency before or after, such as `9 000 000 руб.` or `$500`.
  static func amounts(in text: [Character]) -> [ScannedValue] {
    numbers(in: text).compactMap { number in
      if let (code, end) = currency(after: number.range.upperBound, in: text) {
        return ScannedValue(
          value: "\(number.value) \(code)",
          range: number.range.lowerBound..<end
        )
      }
      guard number.range.lowerBound > 0 else { return nil }
      let sign = String(text[number.range.lowerBound - 1])
      guard let found = currencies.first(where: { $0.words[0] == sign }) else { return nil }
      return ScannedValue(
        value: "\(number.value) \(found.code)",
        range: number.range.lowerBound - 1..<number.range.upperBound
      )
    }
  }

  /// Ten to fifteen digits that begin with a plus sign, 8 or 7, with the usual signs between them.
  static func phones(in text: [Character]) -> [ScannedValue] {
    var found: [ScannedValue] = []
    var index = 0
    while index < text.count {
      guard text[index] == "+" || isDigit(text[index]),
        index == 0 || !(text[index - 1].isLetter || isDigit(text[index - 1]))
      else {
        index += 1
        continue
      }
      var end = index + 1
      var last = index + 1
      while end < text.count, isDigit(text[end]) || " -()‑–.".contains(text[end]) {
        end += 1
        if isDigit(text[end - 1]) { last = end }
      }
      let digits = text[index..<last].filter { isDigit($0) }
      let isInternational = text[index] == "+"
      let isRussian = digits.count == 11 && (digits.first == "8" || digits.first == "7")
      if isInternational ? (10...15).contains(digits.count) : isRussian {
        let value = (isInternational ? "+" : "") + String(digits)
        found.append(ScannedValue(value: value, range: index..<last))
      }
      index = max(end, index + 1)
    }
    return found
  }

  /// Whole numbers with groups of three digits parted by spaces, stops or commas.
  private static func numbers(in text: [Character]) -> [ScannedValue] {
    var found: [ScannedValue] = []
    var index = 0
    while index < text.count {
      guard isDigit(text[index]) else {
        index += 1
        continue
      }
      var end = index
      while end < text.count, isDigit(text[end]) { end += 1 }
      var digits = Array(text[index..<end])
      while digits.count < 18, end + 3 < text.count, " .,'’".contains(text[end]),
        text[end + 1..<end + 4].allSatisfy(isDigit),
        end + 4 == text.count || !isDigit(text[end + 4])
      {
        digits += text[end + 1..<end + 4]
        end += 4
      }
      if digits.count <= 18 {
        found.append(ScannedValue(value: String(digits), range: index..<end))
      }
      index = end
    }
    return found
  }

  private static func currency(after end: Int, in text: [Character]) -> (code: String, end: Int)? {
    var first = end
    if first < text.count, text[first] == " " { first += 1 }
    var last = first
    while last < text.count, last - first < 9, text[last].isLetter || "₽$€₴₸".contains(text[last]) {
      last += 1
    }
    let word = String(text[first..<last]).lowercased()
    guard let found = currencies.first(where: { $0.words.contains(word) }) else { return nil }
    return (found.code, last)
  }

  private static func isDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character)
  }
}
