/// Spells a promotion code like a name beside it, where both look the same.
///
/// Codes are mostly a name and a number, and stand in capitals, of which many are digits or letters of
/// another alphabet to the eye: `QUAZZ140` beside `quazzi-win.example` is `QUAZZI40`, and `BAPOH300` beside
/// `Барон Ставка` is `БАРОН300`. Words of letters alone are read with less doubt.
enum CodeSpelling {
  /// Fewest letters of a name.
  private static let leastName = 4

  /// The indicators of some lines with their codes spelled so; where several names look like the
  /// beginning of a code, or none does, the code is as it was read.
  static func spelled(_ indicators: [Indicator], in lines: [LineReading]) -> [Indicator] {
    guard indicators.contains(where: { $0.kind == .promoCode }) else { return indicators }
    let texts =
      lines.map(\.text) + indicators.filter { $0.kind == .url }.map(\.host)
    let names = Set(
      texts.flatMap { $0.split { !$0.isLetter && !$0.isNumber } }
        .filter { $0.count >= leastName && $0.allSatisfy(\.isLetter) }.map { $0.uppercased() }
    )
    return indicators.map { indicator in
      guard indicator.kind == .promoCode else { return indicator }
      let spellings = Set(names.compactMap { spelling(of: indicator.value, by: $0) })
      var indicator = indicator
      if spellings.count == 1, let only = spellings.first { indicator.value = only }
      return indicator
    }
  }

  /// A code with a name for its beginning; nil where that looks different, or letters follow it.
  private static func spelling(of code: String, by name: String) -> String? {
    let (read, own) = (shape(code), shape(name))
    guard read.count == code.count, own.count == name.count, read.starts(with: own) else {
      return nil
    }
    let rest = code.dropFirst(name.count)
    return rest.allSatisfy(\.isNumber) ? name + rest : nil
  }

  /// What a text looks like; `б`, `в`, 6 and 8 are taken for each other.
  static func shape(_ text: String) -> String {
    String(TextFolding.fold(text).map { $0 == "6" ? "b" : $0 })
  }
}
