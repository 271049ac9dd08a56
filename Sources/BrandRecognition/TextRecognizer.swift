public import TextReading

/// Names brands by what their ads say: name, slogan, address, mirror address, promotion code.
public struct TextRecognizer {
  /// Most brands of a catalogue.
  public static let mostBrands = 10_000
  /// Most entries of one list of a brand, and most characters of an entry.
  public static let mostEntries = 256

  private struct Entry {
    let brand: String
    let text: String
    let folded: [Character]
    /// The entry without words that half of the trade has in its names.
    let distinctive: [Character]
    let kind: BrandEvidence.Kind
  }

  private let phrases: [Entry]
  private let domains: DomainRecognizer
  private let codes: [Entry]
  private let patterns: [(brand: String, pattern: PromoPattern)]

  /// Prepares a catalogue.
  ///
  /// - Throws: ``BrandError`` for a duplicate identifier, a wrong expression or too large lists.
  public init(_ brands: [Brand]) throws(BrandError) {
    guard brands.count <= Self.mostBrands else {
      throw BrandError(.tooLarge, "a catalogue has at most \(Self.mostBrands) brands")
    }
    var seen: Set<String> = []
    for brand in brands {
      guard !brand.id.isEmpty, seen.insert(brand.id).inserted else {
        throw BrandError(.duplicate, "two brands have the identifier '\(brand.id)'; rename one")
      }
      let lists = [
        brand.texts, brand.domains, brand.mirrorPatterns, brand.promoCodes, brand.promoPatterns,
        [brand.name],
      ]
      let isSmall = lists.allSatisfy { list in
        list.count <= Self.mostEntries && list.allSatisfy { $0.count <= Self.mostEntries }
      }
      guard isSmall else {
        throw BrandError(.tooLarge, "brand '\(brand.id)' has too many or too long entries")
      }
    }
    phrases = brands.flatMap { brand in
      let name = Self.entry(brand, brand.name, .name)
      let others = brand.texts.map { text in
        let isName = TextFolding.fold(text) == TextFolding.fold(brand.name)
        return Self.entry(brand, text, isName ? .name : .slogan)
      }
      // Short slogans say nothing; short names are matched exactly.
      return ([name] + others).filter { $0.folded.count >= ($0.kind == .name ? 4 : 10) }
    }
    domains = DomainRecognizer(brands)
    codes = brands.flatMap { brand in
      brand.promoCodes.map { Self.entry(brand, $0, .promoCode) }.filter { $0.folded.count >= 4 }
    }
    var compiled: [(String, PromoPattern)] = []
    for brand in brands {
      for source in brand.promoPatterns { compiled.append((brand.id, try PromoPattern(source))) }
    }
    patterns = compiled
  }

  private static func entry(_ brand: Brand, _ text: String, _ kind: BrandEvidence.Kind) -> Entry {
    let generic = GamblingLexicon.terms(in: text)
    let rest = text.enumerated().filter { index, _ in
      !generic.contains { $0.range.contains(index) }
    }.map(\.element)
    return Entry(
      brand: brand.id,
      text: text,
      folded: Array(TextFolding.fold(text)),
      distinctive: Array(TextFolding.fold(String(rest))),
      kind: kind
    )
  }

  /// Everything in the lines that speaks for a brand, the best of each brand, kind and entry.
  public func evidence(in lines: [LineReading]) -> [BrandEvidence] {
    var found: [BrandEvidence] = []
    for line in lines {
      for reading in line.alternatives.prefix(16) {
        let characters = Array(reading.characters.prefix(IndicatorExtractor.longestLine))
        let text = FoldedText(characters.map(\.character))
        for entry in phrases {
          if let match = match(entry, in: text) {
            found.append(evidence(entry, match, in: characters))
          }
        }
        for indicator in IndicatorExtractor.indicators(in: reading) {
          found += evidence(from: indicator)
        }
      }
    }
    return Self.best(found)
  }

  /// What an address or promotion code says about brands.
  public func evidence(from indicator: Indicator) -> [BrandEvidence] {
    switch indicator.kind {
    case .url: domains.evidence(from: indicator)
    case .promoCode: codeEvidence(from: indicator)
    default: []
    }
  }

  /// The brand that the lines name; nil where none is sure or two are near each other.
  public func recognize(_ lines: [LineReading]) -> BrandVerdict? {
    BrandVerdict.weigh(evidence(in: lines))
  }

  private func match(_ entry: Entry, in text: FoldedText) -> FuzzyMatch? {
    guard let match = FuzzyMatch.find(folded: entry.folded, in: text) else { return nil }
    guard entry.kind == .name, match.errors > 0 else { return match }
    // Errors may not fall all on the part that tells one casino from the next.
    guard !entry.distinctive.isEmpty, entry.distinctive.count < entry.folded.count else {
      return match
    }
    let allowed = entry.distinctive.count >= 5 ? 1 : 0
    return FuzzyMatch.find(folded: entry.distinctive, in: text, most: allowed) == nil ? nil : match
  }

  private func evidence(
    _ entry: Entry,
    _ match: FuzzyMatch,
    in characters: [RecognizedCharacter]
  ) -> BrandEvidence {
    let part = characters[match.range]
    let sum = part.reduce(0) { $0 + Double($1.confidence) }
    return BrandEvidence(
      kind: entry.kind,
      brand: entry.brand,
      entry: entry.text,
      text: String(part.map(\.character)),
      confidence: entry.kind.weight * match.similarity * match.similarity * sum
        / Double(max(1, part.count))
    )
  }

  private func codeEvidence(from indicator: Indicator) -> [BrandEvidence] {
    let read = FoldedText(indicator.value)
    var found: [BrandEvidence] = []
    for entry in codes {
      // A code of seven and more may have an error; one that differs more is another code.
      let most = entry.folded.count >= 7 ? 1 : 0
      guard
        let errors = EditDistance.between(entry.folded, read.characters, most: most)
      else { continue }
      let similarity = 1 - Double(errors) / Double(entry.folded.count)
      found.append(
        BrandEvidence(
          kind: .promoCode,
          brand: entry.brand,
          entry: entry.text,
          text: indicator.text,
          confidence: entry.kind.weight * similarity * similarity * Double(indicator.meanConfidence)
        )
      )
    }
    for (brand, pattern) in patterns where pattern.matches(indicator.value) {
      let weight = BrandEvidence.Kind.promoPattern.weight
      found.append(
        BrandEvidence(
          kind: .promoPattern,
          brand: brand,
          entry: pattern.source,
          text: indicator.text,
          confidence: weight * Double(indicator.meanConfidence)
        )
      )
    }
    return found
  }

  private static func best(_ all: [BrandEvidence]) -> [BrandEvidence] {
    var best: [String: BrandEvidence] = [:]
    for item in all {
      let key = "\(item.brand)\u{0}\(item.kind.rawValue)\u{0}\(item.entry)"
      if item.confidence > best[key]?.confidence ?? 0 { best[key] = item }
    }
    return best.sorted { ($0.value.confidence, $1.key) > ($1.value.confidence, $0.key) }
      .map(\.value)
  }
}
