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

  /// Words of the trade in it, each once: forms of one word begin alike.
  var terms: Set<String> {
    Set(
      lines.flatMap { GamblingLexicon.terms(in: $0.text) }
        .map { String(TextFolding.fold($0.term).prefix(4)) }
    )
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

  /// How sure it is that what was read advertises gambling, 0...1; nil where it does not.
  static func confidence(of reading: AdReading, at place: Place) -> Double? {
    if let verdict = reading.verdict, isEnough(verdict, at: place) { return verdict.confidence }
    let terms = reading.terms
    if reading.has(.url), !terms.isEmpty { return 0.9 }
    guard place == .anywhere else { return nil }
    if reading.has(.promoCode), !terms.isEmpty { return 0.8 }
    return terms.count >= 2 ? 0.7 : nil
  }

  private static func isEnough(_ verdict: BrandVerdict, at place: Place) -> Bool {
    switch place {
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
