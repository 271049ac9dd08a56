/// Finds addresses, promotion codes, money, telephone numbers and accounts in what was read.
public enum IndicatorExtractor {
  /// Longest line that is searched, in characters.
  public static let longestLine = 1024

  /// The indicators of lines, with the best of their readings for each.
  ///
  /// A value that several readings of a line agree on is trusted more than one of greater
  /// confidence: the readers err in different ways.
  public static func indicators(in lines: [LineReading]) -> [Indicator] {
    var found: [Indicator] = []
    for line in lines {
      let readings = line.alternatives.prefix(16)
      let all = readings.flatMap { indicators(in: $0) }
      let best = readings.first.map { indicators(in: $0) } ?? []
      for indicator in consensus(of: all) where !found.contains(where: { isSame($0, indicator) }) {
        // Texture and foreign letters make numbers and accounts easily: the best reading must agree.
        let isDistinct = indicator.kind == .url || indicator.kind == .promoCode
        if isDistinct || best.contains(where: { isSame($0, indicator) }) { found.append(indicator) }
      }
    }
    // What another place shows whole was cut here.
    let whole = found.filter { part in
      !found.contains { whole in
        whole.kind == part.kind && whole.value != part.value && part.kind != .amount
          && isPart(TextFolding.fold(part.value), of: TextFolding.fold(whole.value))
      }
    }
    return CodeSpelling.spelled(whole, in: lines)
  }

  private static func isPart(_ part: String, of whole: String) -> Bool {
    part.count < whole.count && part.count >= 3 && (whole.hasSuffix(part) || whole.hasPrefix(part))
  }

  /// The indicators of one reading, in order of their kinds and places.
  public static func indicators(in line: RecognizedLine) -> [Indicator] {
    let characters = Array(line.characters.prefix(longestLine))
    let text = characters.map(\.character)
    var found: [Indicator] = []
    for place in AddressScanner.addresses(in: text) {
      let part = characters[place.range]
      let kind: Indicator.Kind = AddressScanner.isMessenger(place.value) ? .handle : .url
      found.append(Indicator(kind: kind, value: place.value, characters: part))
    }
    for (kind, places) in [
      (Indicator.Kind.promoCode, PromoCodeScanner.codes(in: text)),
      (.amount, NumberScanner.amounts(in: text)),
      (.phone, NumberScanner.phones(in: text)),
      (.handle, AddressScanner.handles(in: text)),
    ] {
      for place in places where !found.contains(where: { $0.range.overlaps(place.range) }) {
        found.append(
          Indicator(kind: kind, value: place.value, characters: characters[place.range])
        )
      }
    }
    return found
  }

  /// One indicator for each group that resembles each other.
  private static func consensus(of all: [Indicator]) -> [Indicator] {
    var groups: [[Indicator]] = []
    for indicator in all {
      if let group = groups.firstIndex(where: { isSame($0[0], indicator) }) {
        groups[group].append(indicator)
      } else {
        groups.append([indicator])
      }
    }
    // One place of a line says one thing: what several readings saw there counts.
    func weight(_ group: [Indicator]) -> Float { group.reduce(0) { $0 + $1.meanConfidence } }
    let clear = groups.filter { group in
      !groups.contains { other in
        other[0].kind == group[0].kind && weight(other) > weight(group)
          && other.contains { $0.range.overlaps(group[0].range) }
      }
    }
    return clear.compactMap { group in
      var votes: [String: Float] = [:]
      for indicator in group { votes[shape(of: indicator), default: 0] += indicator.meanConfidence }
      let most = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }
      let agreed = group.filter { shape(of: $0) == most?.key }
      let best = agreed.max { $0.meanConfidence < $1.meanConfidence }
      // Without Russian, Russian words come out in Latin letters, and confidently so.
      let russian = agreed.filter { isRussian($0.value, beside: best?.value ?? "") }
        .max { $0.meanConfidence < $1.meanConfidence }
      if let russian, let best, russian.meanConfidence > best.meanConfidence - 0.03 {
        return russian
      }
      return best
    }
  }

  private static func shape(of indicator: Indicator) -> String {
    CodeSpelling.shape(indicator.value)
  }

  /// Whether two letters have no Latin look-alike; one, where `other` has look-alikes alone: Latin
  /// letters are not read as Russian ones of another shape, Russian ones have nothing else to become.
  private static func isRussian(_ value: String, beside other: String) -> Bool {
    let own = value.lowercased().count {
      Script(of: $0) == .cyrillic && !"авекмнорстух".contains($0)
    }
    let isForced = other.lowercased().allSatisfy {
      Script(of: $0) != .latin || "abcehkmoptxy".contains($0)
    }
    return own >= (isForced ? 1 : 2)
  }

  /// Whether two indicators are readings of one.
  private static func isSame(_ a: Indicator, _ b: Indicator) -> Bool {
    guard a.kind == b.kind else { return false }
    let (first, second) = (TextFolding.fold(a.value), TextFolding.fold(b.value))
    if first == second { return true }
    guard min(first.count, second.count) >= 5 else { return false }
    let most = max(1, max(first.count, second.count) / 4)
    guard abs(first.count - second.count) <= most else { return false }
    return EditDistance.between(Array(first), Array(second), most: most) != nil
  }
}

/// A normalised value and where it was found.
struct ScannedValue {
  var value: String
  var range: Range<Int>
}

/// The number of insertions, deletions and substitutions between two texts.
package enum EditDistance {
  /// The distance, or nil where it exceeds `most`.
  package static func between(_ a: [Character], _ b: [Character], most: Int) -> Int? {
    guard abs(a.count - b.count) <= most else { return nil }
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] += 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
      if (row.min() ?? 0) > most { return nil }
    }
    return row[b.count] <= most ? row[b.count] : nil
  }
}
