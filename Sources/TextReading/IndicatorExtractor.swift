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
      let all = line.alternatives.prefix(16).flatMap { indicators(in: $0) }
      for indicator in consensus(of: all) where !found.contains(where: { isSame($0, indicator) }) {
        found.append(indicator)
      }
    }
    return found
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
    return groups.compactMap { group in
      var votes: [String: Float] = [:]
      for indicator in group {
        votes[TextFolding.fold(indicator.value), default: 0] += indicator.meanConfidence
      }
      return group.enumerated().max { a, b in
        let (first, second) = (
          votes[TextFolding.fold(a.element.value)] ?? 0,
          votes[TextFolding.fold(b.element.value)] ?? 0
        )
        if first != second { return first < second }
        if a.element.meanConfidence != b.element.meanConfidence {
          return a.element.meanConfidence < b.element.meanConfidence
        }
        return a.offset > b.offset
      }?.element
    }
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
