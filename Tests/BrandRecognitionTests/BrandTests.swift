import BrandRecognition
import TestSupport
import Testing
import TextReading
import VideoCore

private func reading(_ text: String, confidence: Float = 0.97) -> LineReading {
  let words = text.split(separator: " ").map { word in
    RecognizedWord(
      characters: word.map { RecognizedCharacter($0, confidence: confidence) },
      box: TextBox(x: 0, y: 0, width: 1, height: 1)
    )
  }
  return LineReading(
    alternatives: [RecognizedLine(words: words)],
    box: TextBox(x: 0, y: 0, width: 1, height: 1)
  )
}

private let catalogue = [
  Brand(
    id: "fox",
    name: "Казино Лисица",
    texts: ["Казино Лисица", "Хватай удачу за хвост"],
    domains: ["kazino-lisica.example", "fox77-vip.example"],
    mirrorPatterns: ["lisa#.example"],
    promoCodes: ["ЛИСА100", "FOXSPIN"],
    promoPatterns: ["FOX[0-9]{3}"]
  ),
  Brand(id: "bet", name: "9STAR", domains: ["9star.example"], promoCodes: ["STAR900"]),
]

@Suite("Brands by text")
struct BrandTextTests {
  @Test(
    "a brand is named by its name, address, mirror and code, read with slight damage",
    arguments: [
      ("КАЗИНО ЛИСИЦА", "fox"), ("KA3ИHО ЛИСИЦА", "fox"), ("казино лисииа", "fox"),
      ("kazino-lisica,example", "fox"), ("fox77-vip12.example", "fox"),
      ("fox77-zerkalo.com", "fox"),
      ("lisa24.example", "fox"), ("промокод FOXSPIN", "fox"), ("промокод FOX345", "fox"),
      ("@ 9STAR", "bet"), ("9star-mirror3.example", "bet"), ("промокод STAR900", "bet"),
    ]
  )
  func named(text: String, brand: String) throws {
    let recognizer = try TextRecognizer(catalogue)
    #expect(recognizer.recognize([reading(text)])?.brand == brand)
  }

  @Test(
    "what is not of the catalogue stays unknown",
    arguments: [
      "Казино Куница", "kazino-kunica.example", "kunica77.example", "промокод KUNICA300", "Казино",
      "5STAR", "STARS", "Хватай удачу за хвост", "Ставки слишком высоки, чтобы отступать.",
      "промокод FOX3456", "Мы всё потеряли в том казино.", "vip.example", "zerkalo.example",
    ]
  )
  func unknown(text: String) throws {
    let recognizer = try TextRecognizer(catalogue)
    #expect(recognizer.recognize([reading(text)]) == nil)
  }

  @Test("two brands in one ad are named by neither")
  func ambiguous() throws {
    let recognizer = try TextRecognizer(catalogue)
    #expect(recognizer.recognize([reading("Казино Лисица"), reading("9star.example")]) == nil)
  }

  @Test("a slogan adds to other evidence, and never names a brand alone")
  func slogan() throws {
    let recognizer = try TextRecognizer(catalogue)
    let slogan = recognizer.evidence(in: [reading("Хватай удачу за хвост")])
    #expect(slogan.map(\.kind) == [.slogan])
    let name = try #require(recognizer.recognize([reading("Казино Лисица")]))
    let both = recognizer.recognize([reading("Казино Лисица"), reading("Хватай удачу за хвост")])
    #expect((both?.confidence ?? 0) > name.confidence)
  }

  @Test("evidence carries the catalogue's spelling of a code that was misread")
  func spelling() throws {
    let recognizer = try TextRecognizer(catalogue)
    let evidence = recognizer.evidence(in: [reading("промокод FOXSPlN")])
    #expect(evidence.first { $0.kind == .promoCode }?.entry == "FOXSPIN")
  }

  @Test(
    "expressions that are wrong or could run for ever are refused",
    arguments: ["FOX[0-9", "(a+)+$", "(a*)*b", "(FOX)\\1", String(repeating: "a", count: 200)]
  )
  func expressions(pattern: String) {
    let brand = Brand(id: "x", name: "X", promoPatterns: [pattern])
    #expect(throws: BrandError.self) { _ = try TextRecognizer([brand]) }
  }

  @Test("a duplicate identifier is refused")
  func duplicate() {
    let brands = [Brand(id: "x", name: "Aaaa"), Brand(id: "x", name: "Bbbb")]
    #expect(throws: BrandError.self) { _ = try TextRecognizer(brands) }
  }
}
