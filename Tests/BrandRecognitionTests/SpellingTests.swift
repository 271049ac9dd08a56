import BrandRecognition
import Testing
import TextReading

private func line(_ readings: [String], confidence: Float = 0.98) -> LineReading {
  let box = TextBox(x: 0, y: 0, width: 1, height: 1)
  let lines = readings.map { text in
    RecognizedLine(
      words: text.split(separator: " ").map { word in
        RecognizedWord(
          characters: word.map { RecognizedCharacter($0, confidence: confidence) },
          box: box
        )
      }
    )
  }
  return LineReading(alternatives: lines, box: box)
}

private let catalogue = [
  Brand(
    id: "fox",
    name: "Казино Лисица",
    domains: ["kazino-lisica.example", "fox77-vip.example", "1fox.example"],
    promoCodes: ["ЛИСА100", "FOXSPIN"]
  )
]

@Suite("Spelling of the catalogue")
struct SpellingTests {
  private func spelled(_ lines: [LineReading], _ kind: Indicator.Kind) throws -> [String] {
    try BrandRecognizer(catalogue)
      .spelled(IndicatorExtractor.indicators(in: lines), in: lines, brand: "fox")
      .filter { $0.kind == kind }.map(\.value).sorted()
  }

  @Test(
    "what looks like a brand's address or was read with slight damage is it",
    arguments: [
      ("Ifox.example", "1fox.example"), ("lfox.example", "1fox.example"),
      ("fox77-vlp.example", "fox77-vip.example"),
      ("kozino-lisica.examplo", "kazino-lisica.example"),
      ("kazinolisica example", "kazino-lisica.example"),
      ("смотри tkazino-lisica.example *", "kazino-lisica.example"),
    ]
  )
  func addresses(text: String, expected: String) throws {
    #expect(try spelled([line([text])], .url) == [expected])
  }

  @Test(
    "other digits and words make another address, which stays as it was read",
    arguments: [
      "fox79-vip.example", "kazino-lisica2.example", "kazino-lisica-zerkalo.example",
      "bestfox.example", "kazino-lisica1.example",
    ]
  )
  func mirrors(text: String) throws {
    #expect(try spelled([line([text])], .url) == [text])
  }

  @Test("one reading of a line that is the catalogue's does away with the others")
  func codes() throws {
    let codes = line(["ПРОМОКОД ЛИСА1ОО", "ПРОМОКОД JIUCA10O", "ПРОМОКОД ЛМСА700"])
    #expect(try spelled([codes], .promoCode) == ["ЛИСА100"])
    #expect(try spelled([line(["ПРОМОКОД F0XSPIN"])], .promoCode) == ["FOXSPIN"])
    // A digit more is another code.
    #expect(try spelled([line(["ПРОМОКОД ЛИСА300"])], .promoCode) == ["ЛИСА300"])
    #expect(try spelled([line(["ПРОМОКОД FOXSPIN5"])], .promoCode) == ["FOXSPIN5"])
  }

  @Test("words that stand beside each other are no code")
  func sentence() throws {
    let beside = ["Казино ЛИСА * 100 вращений", "Лиса 100 раз"]
    for text in beside { #expect(try spelled([line([text])], .promoCode) == []) }
    #expect(try spelled([line(["ПРОМОКОД ЛИСА 100"])], .promoCode) == ["ЛИСА100"])
  }

  @Test("a value that was put right is trusted less than one that was read so")
  func confidence() throws {
    func confidence(_ text: String) throws -> Float {
      let lines = [line([text])]
      let found = try BrandRecognizer(catalogue)
        .spelled(IndicatorExtractor.indicators(in: lines), in: lines, brand: "fox")
      return try #require(found.first).meanConfidence
    }
    #expect(try confidence("kozino-lisica.example") < confidence("kazino-lisica.example"))
  }
}
