import TextReading

/// Spells addresses and codes as the catalogue does, where what was read is theirs but for letters
/// that look alike or were read wrongly.
///
/// Small print reads `Iroll` for `1roll`; once the brand is known, its own addresses and codes are far
/// more likely than others that look the same. A mirror has other digits or words in its address, and
/// such differences are never taken for errors of reading.
struct CatalogueSpelling {
  private struct Entry {
    let value: String
    let folded: [Character]
    let kind: Indicator.Kind
    /// Errors of reading that are allowed: an eighth of an address, one in a long code.
    var most: Int { kind == .url ? folded.count / 8 : folded.count >= 7 ? 1 : 0 }
  }

  private struct Hit {
    var entry: Entry
    var errors: Int
    var line: LineReading
    var characters: ArraySlice<RecognizedCharacter>
    /// Where it is in the line, give or take a few characters in other readings of it.
    var place: Range<Int> {
      max(0, characters.startIndex - CatalogueSpelling.slack)..<characters.endIndex
        + CatalogueSpelling.slack
    }
    /// Mean confidence of the characters.
    var confidence: Float
  }

  private let entries: [String: [Entry]]
  /// Characters by which readings of one line are shifted.
  private static let slack = 2
  /// Fewest letters of a part that is taken for the rest of an entry.
  private static let leastPart = 4

  init(_ brands: [Brand]) {
    entries = Dictionary(
      brands.map { brand in
        let domains = brand.domains.map { domain in
          let host = DomainRecognizer.host(domain)
          return Entry(value: host, folded: Array(TextFolding.fold(host)), kind: .url)
        }
        let codes = brand.promoCodes.map { code in
          Entry(
            value: code.uppercased(),
            folded: Array(TextFolding.fold(code)),
            kind: .promoCode
          )
        }
        return (brand.id, (domains + codes).filter { $0.folded.count >= 4 })
      }
    ) { first, _ in first }
  }

  /// The indicators with those of a brand as its catalogue spells them, and those that were only
  /// found now.
  func spelled(_ indicators: [Indicator], in lines: [LineReading], brand: String) -> [Indicator] {
    var result = indicators
    for hit in hits(in: lines, brand: brand) {
      let own = hit.entry.folded
      let atPlace = Set(
        IndicatorExtractor.indicators(in: [hit.line]).filter {
          $0.kind == hit.entry.kind && $0.range.overlaps(hit.place)
        }.map(\.value)
      )
      // Other readings of the same address or code.
      result.removeAll { other in
        guard other.kind == hit.entry.kind else { return false }
        if atPlace.contains(other.value) { return true }
        let text = other.kind == .url ? other.host : other.value
        let folded = Array(TextFolding.fold(text))
        // The word before was glued to it, or its beginning was lost.
        if folded.count >= Self.leastPart, folded.ends(with: own) || own.ends(with: folded) {
          return true
        }
        return EditDistance.between(folded, own, most: max(1, own.count / 4)) != nil
          && !(other.kind == .url && isMirror(text, of: hit.entry))
      }
      result.append(
        Indicator(
          kind: hit.entry.kind,
          value: hit.entry.value,
          characters: hit.characters,
          similarity: 1 - Float(hit.errors) / Float(own.count)
        )
      )
    }
    return result
  }

  /// The best reading of each entry of a brand that was read.
  private func hits(in lines: [LineReading], brand: String) -> [Hit] {
    var best: [Hit] = []
    for entry in entries[brand] ?? [] {
      var found: Hit?
      for (line, reading) in lines.flatMap({ line in
        line.alternatives.prefix(16).map { (line, $0) }
      }) {
        guard let hit = hit(entry, in: reading, of: line) else { continue }
        if let known = found,
          (known.errors, -known.confidence) <= (hit.errors, -hit.confidence)
        {
          continue
        }
        found = hit
      }
      if let found { best.append(found) }
    }
    // What was read as two entries is the one that it resembles more.
    return best.filter { hit in
      !best.contains { other in
        other.entry.kind == hit.entry.kind && other.errors < hit.errors
          && other.characters == hit.characters
      }
    }
  }

  private func hit(_ entry: Entry, in reading: RecognizedLine, of line: LineReading) -> Hit? {
    let characters = Array(reading.characters.prefix(IndicatorExtractor.longestLine))
    let text = FoldedText(characters.map(\.character))
    guard let match = FuzzyMatch.find(folded: entry.folded, in: text, most: entry.most) else {
      return nil
    }
    // Letters that touch it belong to it: one may be a sign between words, more are another name.
    let part = characters[whole(around: match.range, in: characters)]
    let read = part.map(\.character)
    guard
      let errors = EditDistance.between(
        FoldedText(read).characters,
        entry.folded,
        most: max(entry.most, entry.kind == .url ? 1 : 0)
      ),
      errors == 0 || isReadingError(read, entry), Self.isOneWord(read, entry.kind)
    else { return nil }
    let sum = part.reduce(0) { $0 + $1.confidence }
    return Hit(
      entry: entry,
      errors: errors,
      line: line,
      characters: part,
      confidence: sum / Float(max(1, part.count))
    )
  }

  /// A range with all letters and digits that touch it.
  private func whole(
    around range: Range<Int>,
    in characters: [RecognizedCharacter]
  ) -> Range<Int> {
    func isPart(_ index: Int) -> Bool {
      characters[index].character.isLetter || characters[index].character.isNumber
    }
    var (first, last) = (range.lowerBound, range.upperBound)
    while first > 0, isPart(first - 1) { first -= 1 }
    while last < characters.count, isPart(last) { last += 1 }
    return first..<last
  }

  /// Whether a difference can only be one of reading: there are no more digits, and those that have no
  /// letter's shape are the same.
  private func isReadingError(_ read: [Character], _ entry: Entry) -> Bool {
    let own = Array(entry.value)
    let length = FoldedText(read).characters.count
    // A digit more is the number of a mirror or another code, whatever letter it looks like.
    if length > entry.folded.count, read.count(where: \.isNumber) > own.count(where: \.isNumber) {
      return false
    }
    if entry.kind == .promoCode, length != entry.folded.count { return false }
    return Self.clearDigits(read) == Self.clearDigits(own)
  }

  /// Whether it can be one address or code: `РУБИН * 100` are two words of a sentence.
  private static func isOneWord(_ read: [Character], _ kind: Indicator.Kind) -> Bool {
    let signs = read.filter { !$0.isLetter && !$0.isNumber }
    if kind == .url { return !signs.contains { "*+#&=<>()[]".contains($0) } }
    // A number is often torn from the letters before it.
    return signs.count <= 1 && signs.allSatisfy { " -_.!|".contains($0) }
      && 2 * read.count(where: \.isLowercase) <= read.count(where: \.isLetter)
  }

  private func isMirror(_ host: String, of entry: Entry) -> Bool {
    Self.clearDigits(Array(host)) != Self.clearDigits(Array(entry.value))
  }

  /// Digits that are not taken for letters.
  private static func clearDigits(_ text: [Character]) -> [Character] {
    text.filter { "234679".contains($0) }
  }
}

extension [Character] {
  fileprivate func ends(with other: [Character]) -> Bool {
    count >= other.count && suffix(other.count).elementsEqual(other)
  }
}
