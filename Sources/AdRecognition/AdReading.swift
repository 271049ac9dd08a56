import BrandRecognition
import TextReading

/// What was read off an overlay or a shot, and what it amounts to.
struct AdReading {
  /// The lines, those of one look after those of another.
  var lines: [LineReading] = []
  /// The evidence for brands, that of text and that of signs.
  var brandEvidence: [BrandEvidence] = []
  /// Addresses, codes and so on.
  var indicators: [Indicator] = []
  /// The brand; nil where none is sure.
  var verdict: BrandVerdict?

  /// How many words of a kind are in it: forms of one word begin alike and count once.
  var terms: (trade: Int, offer: Int, code: Int, otherTrade: Int) {
    let hits = lines.flatMap { GamblingLexicon.terms(in: $0.text) }
    func count(_ strength: GamblingLexicon.Strength) -> Int {
      Set(
        hits.filter { $0.strength == strength }.map { TextFolding.fold($0.term).prefix(4) }
      ).count
    }
    return (count(.trade), count(.offer), count(.code), count(.otherTrade))
  }

  /// Whether it speaks as the trade does.
  ///
  /// What is burned into a pirated film and makes an offer is an ad for gambling, unless it speaks of
  /// another trade.
  var speaksOfGambling: Bool {
    let terms = terms
    return terms.trade > 0 || terms.offer + terms.code > 0 && terms.otherTrade == 0
  }

  /// The lines as people read them, none twice.
  var text: String {
    var seen: Set<String> = []
    return lines.map(\.text).filter { !$0.isEmpty && seen.insert(TextFolding.fold($0)).inserted }
      .joined(separator: "\n")
  }

  /// Whether something other than its sign speaks for the brand.
  var isNamedInText: Bool { verdict?.evidence.contains { $0.kind != .logo } ?? false }

  /// Whether the brand's sign is in it.
  var hasLogo: Bool { verdict?.evidence.contains { $0.kind == .logo } ?? false }

  /// Whether it holds an address that was read without doubt, its full stop too: in noise, words of
  /// subtitles run into one another and look like addresses.
  var hasClearAddress: Bool {
    indicators.contains {
      $0.kind == .url && $0.meanConfidence > AdRule.clearReading && $0.text.contains(".")
    }
  }

  func has(_ kind: Indicator.Kind) -> Bool { indicators.contains { $0.kind == kind } }
}

/// Says what is an ad: geometry alone never makes one.
enum AdRule {
  /// Where text has to say more before it is an ad.
  enum Place {
    /// Anywhere.
    case anywhere
    /// Where subtitles stand; they speak of casinos, too.
    case subtitles
  }

  /// Least confidence in a brand that only a sign speaks for, a correlation of .76: texture was
  /// taken for a sign at up to .72 in simulated leaks.
  static let leastLogoAlone = 0.85
  /// Mean confidence of an address that was read without doubt.
  static let clearReading: Float = 0.97

  /// How sure it is that what was read advertises gambling, 0...1; nil where it does not.
  static func confidence(of reading: AdReading, at place: Place) -> Double? {
    if names(reading, at: place), let verdict = reading.verdict { return verdict.confidence }
    guard reading.speaksOfGambling else { return nil }
    let terms = reading.terms
    let isPlain = terms.trade > 0 || terms.offer > 1
    if place == .anywhere ? reading.has(.url) : reading.hasClearAddress {
      return isPlain ? 0.9 : 0.75
    }
    guard place == .anywhere else { return nil }
    if reading.has(.promoCode) { return isPlain ? 0.8 : 0.6 }
    return terms.trade > 0 && terms.trade + terms.offer + terms.code >= 2 ? 0.7 : nil
  }

  /// Whether what was read names a brand so that it needs no word of the trade.
  static func names(_ reading: AdReading, at place: Place) -> Bool {
    guard let verdict = reading.verdict else { return false }
    return switch place {
    case .anywhere:
      verdict.evidence.contains { $0.kind != .logo && $0.kind != .slogan }
        || verdict.confidence >= leastLogoAlone
    case .subtitles:
      verdict.evidence.contains {
        [.domain, .mirror, .promoCode, .promoPattern, .name].contains($0.kind)
      }
    }
  }
}
