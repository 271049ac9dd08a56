/// A place of a text that resembles a pattern.
public struct FuzzyMatch: Sendable, Hashable {
  /// Insertions, deletions and substitutions, in folded characters.
  public var errors: Int
  /// Folded characters of the pattern.
  public var length: Int
  /// Where it is, in characters of the text.
  public var range: Range<Int>

  /// 1 for an exact match, less by each error's share of the pattern.
  public var similarity: Double { length == 0 ? 0 : max(0, 1 - Double(errors) / Double(length)) }

  /// Errors that a pattern of `length` folded characters may have: none up to 6, a fifth up to 9,
  /// else a quarter.
  ///
  /// Measured on ads of simulated leaks, where shorter names turned credits into ads.
  public static func allowance(length: Int) -> Int {
    length <= 6 ? 0 : length <= 9 ? length / 5 : length / 4
  }

  /// Longest pattern and text that are compared, in folded characters.
  public static let longestPattern = 128
  /// Longest text that is searched, in folded characters.
  public static let longestText = 4096

  /// The place of `text` that is nearest to `pattern`, with at most `most` errors.
  ///
  /// Patterns of fewer than ten characters match whole words only.
  ///
  /// - Complexity: O(pattern · text).
  /// - Source: Sellers: "The theory and computation of evolutionary distances", J. Algorithms 1980.
  public static func find(
    _ pattern: String,
    in text: FoldedText,
    most: Int? = nil
  ) -> FuzzyMatch? {
    find(folded: Array(TextFolding.fold(pattern)), in: text, most: most)
  }

  /// The same for a pattern that is folded already.
  package static func find(
    folded pattern: [Character],
    in text: FoldedText,
    most: Int? = nil
  ) -> FuzzyMatch? {
    let (rows, columns) = (pattern.count, text.characters.count)
    let allowed = most ?? allowance(length: rows)
    guard rows > 0, rows <= longestPattern, columns > 0, columns <= longestText,
      columns + allowed >= rows
    else { return nil }
    let wholeWords = rows < 10
    let far = rows + columns
    // cost[j] and start[j]: the best match of the pattern so far that ends before column j.
    var cost = (0...columns).map { wholeWords && !text.startsWord[$0] ? far : 0 }
    var start = Array(0...columns)
    for row in 1...rows {
      var (diagonal, origin) = (cost[0], start[0])
      cost[0] += 1
      for column in 1...columns {
        let (above, aboveStart) = (cost[column], start[column])
        var best = diagonal + (pattern[row - 1] == text.characters[column - 1] ? 0 : 1)
        var from = origin
        if above + 1 < best { (best, from) = (above + 1, aboveStart) }
        if cost[column - 1] + 1 < best { (best, from) = (cost[column - 1] + 1, start[column - 1]) }
        (cost[column], start[column]) = (best, from)
        (diagonal, origin) = (above, aboveStart)
      }
    }
    var found: (errors: Int, end: Int)?
    for column in 1...columns where !wholeWords || text.startsWord[column] {
      if cost[column] <= allowed, cost[column] < (found?.errors ?? far) {
        found = (cost[column], column)
      }
    }
    guard let found, start[found.end] < found.end else { return nil }
    return FuzzyMatch(
      errors: found.errors,
      length: rows,
      range: text.positions[start[found.end]]..<text.positions[found.end - 1] + 1
    )
  }
}
