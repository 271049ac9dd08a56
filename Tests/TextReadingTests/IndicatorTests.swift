import Testing

import TextReading

private func line(_ text: String, confidence: Float = 0.9) -> RecognizedLine {
  let words = text.split(separator: " ").map { word in
    RecognizedWord(
      characters: word.map { RecognizedCharacter($0, confidence: confidence) },
      box: TextBox(x: 0, y: 0, width: 1, height: 1)
    )
  }
  return RecognizedLine(words: words)
}

private func values(_ text: String, _ kind: Indicator.Kind) -> [String] {
  IndicatorExtractor.indicators(in: line(text)).filter { $0.kind == kind }.map(\.value)
}

@Suite("Indicators")
struct IndicatorTests {
  @Test(
    "addresses are found and made whole",
    arguments: [
      ("забирай на lucky-fox.example сейчас", "lucky-fox.example"),
      ("lucky-fox,example", "lucky-fox.example"),
      ("lucky-fox . example", "lucky-fox.example"),
      ("lucky- fox. example", "lucky-fox.example"),
      ("Lucky'example", "lucky.example"),
      ("https://www.Lucky-Fox.com/bonus?a=1.", "lucky-fox.com/bonus?a=1"),
      ("fох77.сом", "fox77.com"),
      ("казино-лис.рф", "казино-лис.рф"),
      ("filin-casino.example", "filin-casino.example"),
    ]
  )
  func addresses(text: String, expected: String) {
    #expect(values(text, .url) == [expected])
  }

  @Test(
    "running text has no addresses",
    arguments: [
      "Казино • Слоты • Live", "крупье, онлайн", "Позвони мне утром.", "Вера Лунина ... Соня",
      "24/7 без лимитов", "от 1.5 до 2.7", "Что ты им сказал?",
    ]
  )
  func noAddresses(text: String) {
    #expect(values(text, .url).isEmpty)
  }

  @Test("an international name has a form for the domain name system")
  func punycode() {
    // Examples that the registries publish.
    #expect(Punycode.ascii(host: "пример.рф") == "xn--e1afmkfd.xn--p1ai")
    #expect(Punycode.ascii(host: "bücher.example") == "xn--bcher-kva.example")
    #expect(Punycode.ascii(host: String(repeating: "я", count: 64)) == nil)
  }

  @Test(
    "promotion codes are found behind the word for it and standing alone",
    arguments: [
      ("промокод FOX77", "FOX77"), ("npoмoкoд: FOX200", "FOX200"), ("проможол FOX200", "FOX200"),
      ("ПРОМОКОД FOX 200", "FOX200"), ("PROMO CODE WINNER", "WINNER"), ("ПРОМОКОДLISA50", "LISA50"),
      ("бери AB12CD сегодня", "AB12CD"), ("промокод ЛИСА1ОО", "ЛИСА100"),
      ("код ENOTЗ00", "ENOT300"),
    ]
  )
  func codes(text: String, expected: String) {
    #expect(values(text, .promoCode) == [expected])
  }

  @Test(
    "slogans have no promotion codes",
    arguments: [
      "Бонус 200% на первый депозит", "+130% к депозиту по промокоду", "AZARTO-77", "ТИХИЙ БЕРЕГ",
    ]
  )
  func noCodes(text: String) {
    #expect(values(text, .promoCode).isEmpty)
  }

  @Test("money, telephones and accounts are found and normalised")
  func numbers() {
    #expect(values("Джекпот 9 000 000 руб.", .amount) == ["9000000 RUB"])
    #expect(values("до $500 сразу", .amount) == ["500 USD"])
    #expect(values("звони 8 (800) 555-35-35", .phone) == ["88005553535"])
    #expect(values("+7 999 123-45-67", .phone) == ["+79991234567"])
    #expect(values("пиши @lucky_fox77", .handle) == ["@lucky_fox77"])
    #expect(values("t.me/lucky_fox", .handle) == ["t.me/lucky_fox"])
    #expect(values("@AZARTO-77", .handle).isEmpty)
  }

  @Test("confidences are those of the characters of the indicator alone")
  func confidence() throws {
    var read = line("код FOX77", confidence: 0.5)
    read.words[1].characters = zip("FOX77", [0.9, 0.8, 0.7, 0.9, 0.7] as [Float]).map {
      RecognizedCharacter($0, confidence: $1)
    }
    let code = try #require(IndicatorExtractor.indicators(in: read).first)
    #expect(abs(code.meanConfidence - 0.8) < 1e-5)
    #expect(code.leastConfidence == 0.7)
    #expect(code.range == 4..<9)
  }

  @Test("the value that most readings agree on wins over a more confident one")
  func consensus() {
    let reading = LineReading(
      alternatives: [
        line("kezino-fox.example", confidence: 0.97), line("kazino-fox.example", confidence: 0.95),
        line("kazino-fox.example", confidence: 0.95),
      ],
      box: TextBox(x: 0, y: 0, width: 1, height: 1)
    )
    #expect(IndicatorExtractor.indicators(in: [reading]).map(\.value) == ["kazino-fox.example"])
  }

  @Test(
    "codes are spelled like a name beside them that looks the same",
    arguments: [
      (["QUAZZI", "Промокод QUAZZ140"], "QUAZZI40"),
      (["quazzi-win.example", "PROMO QUAZZ140"], "QUAZZI40"),
      (["Барон Ставка", "Промокод BAPOH300"], "БАРОН300"),
      // Nothing but a number may follow the name, and the name must be one.
      (["Барон Ставка", "Промокод BAPOHX30"], "BAPOHX30"),
      (["QUAZZ1", "Промокод QUAZZ140"], "QUAZZ140"),
      (["Барин", "Промокод BAPOH300"], "BAPOH300"),
      // Two names that look alike leave it as it was read.
      (["COBET", "СОВЕТ", "promo COBET7"], "COBET7"),
    ]
  )
  func codesBesideNames(_ texts: [String], _ code: String) {
    let lines = texts.map {
      LineReading(alternatives: [line($0)], box: TextBox(x: 0, y: 0, width: 1, height: 1))
    }
    let codes = IndicatorExtractor.indicators(in: lines).filter { $0.kind == .promoCode }
    #expect(codes.map(\.value) == [code])
  }

  @Test("Russian codes of which one letter alone has no Latin look-alike stay Russian")
  func russianCodes() {
    func code(_ first: RecognizedLine, _ second: RecognizedLine) -> [String] {
      let box = TextBox(x: 0, y: 0, width: 1, height: 1)
      return IndicatorExtractor.indicators(
        in: [LineReading(alternatives: [first, second], box: box)]
      ).filter { $0.kind == .promoCode }.map(\.value)
    }
    // A reader of Latin alone has nothing else for them.
    #expect(
      code(
        line("Промокод БАРОН300", confidence: 0.95),
        line("Npomokod BAPOH300", confidence: 0.96)
      ) == ["БАРОН300"]
    )
    // What has Latin letters of its own is Latin, and so is what either may be.
    #expect(
      code(line("Промокод БОХЕR77", confidence: 0.95), line("Npomokod BOXER77", confidence: 0.96))
        == ["BOXER77"]
    )
    #expect(
      code(line("Промокод ВОХ777", confidence: 0.95), line("Npomokod BOX777", confidence: 0.96))
        == ["BOX777"]
    )
  }

  @Test("look-alikes fold to one form")
  func folding() {
    #expect(TextFolding.fold("АZАRТО") == TextFolding.fold("azart0"))
    #expect(TextFolding.fold("Казино!") == TextFolding.fold("KA3ИHO"))
    #expect(TextFolding.fold("ЁЖ") != TextFolding.fold("УЖ"))
  }

  @Test("short names must be whole words and exact, long ones may have errors")
  func fuzzy() {
    #expect(FuzzyMatch.find("1ROLL", in: FoldedText("@ 1ROLL x")) != nil)
    #expect(FuzzyMatch.find("1ROLL", in: FoldedText("troller")) == nil)
    #expect(FuzzyMatch.find("1ROLL", in: FoldedText("1ROLF")) == nil)
    let match = FuzzyMatch.find("золотая лисица", in: FoldedText("вот золотая лиспца тут"))
    #expect(match?.errors == 1)
    #expect(match?.range == 4..<18)
    #expect(FuzzyMatch.find("золотая лисица", in: FoldedText("золотой телец")) == nil)
  }

  @Test("words of the trade are found with inflection, and not in plain talk")
  func lexicon() {
    #expect(GamblingLexicon.terms(in: "100 вращений без депозита").count == 2)
    #expect(GamblingLexicon.terms(in: "Ставки слишком высоки").map(\.term) == ["ставк"])
    #expect(GamblingLexicon.terms(in: "Позвони мне утром").isEmpty)
  }
}
