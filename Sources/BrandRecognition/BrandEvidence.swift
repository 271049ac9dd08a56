/// One reason to name a brand.
public struct BrandEvidence: Sendable, Hashable {
  /// What was found.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// An address of the brand.
    case domain
    /// An address that a mirror of the brand's would have.
    case mirror
    /// A promotion code of the brand.
    case promoCode = "promo_code"
    /// A promotion code that fits one of the brand's regular expressions.
    case promoPattern = "promo_pattern"
    /// The brand's name.
    case name
    /// A slogan of the brand; others may use it, too.
    case slogan
    /// The brand's sign.
    case logo

    /// How sure the brand is where evidence of this kind is read without an error.
    ///
    /// Names, addresses and codes belong to one brand. Slogans are shared, so that one alone never
    /// reaches ``BrandVerdict/leastConfidence``.
    public var weight: Double {
      switch self {
      case .domain: 0.99
      case .mirror: 0.93
      case .promoCode: 0.95
      case .promoPattern: 0.85
      case .name: 0.97
      case .slogan: 0.5
      case .logo: 0.97
      }
    }
  }

  /// What was found.
  public var kind: Kind
  /// The identifier of the brand.
  public var brand: String
  /// What the catalogue says, for example the code in its right spelling; empty for a logo.
  public var entry: String
  /// What was read; empty for a logo.
  public var text: String
  /// Weight of the kind, times the square of the similarity, times the mean confidence of the characters; for a logo
  /// the weight times a ramp from 0.8 at the threshold of the correlation to 1 at 0.9.
  public var confidence: Double

  /// Creates evidence.
  public init(kind: Kind, brand: String, entry: String, text: String, confidence: Double) {
    self.kind = kind
    self.brand = brand
    self.entry = entry
    self.text = text
    self.confidence = confidence
  }
}

/// The brand that an ad names, and why.
public struct BrandVerdict: Sendable, Hashable {
  /// The identifier of the brand.
  public var brand: String
  /// One minus the product of what the best evidence of each kind leaves open, 0...1.
  public var confidence: Double
  /// By how much that exceeds the confidence of the next brand.
  public var margin: Double
  /// The reasons, the strongest first.
  public var evidence: [BrandEvidence]
}

extension BrandVerdict {
  /// Least confidence at which a brand is named.
  public static let leastConfidence = 0.7
  /// Least difference to the next brand.
  public static let leastMargin = 0.15

  /// Weighs evidence for several brands; nil where none suffices or two are near each other.
  public static func weigh(_ evidence: [BrandEvidence]) -> BrandVerdict? {
    var brands: [String: [BrandEvidence.Kind: BrandEvidence]] = [:]
    for item in evidence {
      if item.confidence > brands[item.brand]?[item.kind]?.confidence ?? 0 {
        brands[item.brand, default: [:]][item.kind] = item
      }
    }
    let ranked = brands.map { brand, kinds in
      (brand: brand, confidence: 1 - kinds.values.reduce(1) { $0 * (1 - $1.confidence) })
    }.sorted { ($0.confidence, $1.brand) > ($1.confidence, $0.brand) }
    guard let first = ranked.first, first.confidence >= leastConfidence else { return nil }
    let margin = first.confidence - (ranked.dropFirst().first?.confidence ?? 0)
    guard margin >= leastMargin, let kinds = brands[first.brand] else { return nil }
    return BrandVerdict(
      brand: first.brand,
      confidence: first.confidence,
      margin: margin,
      evidence: kinds.values.sorted {
        ($0.confidence, $1.kind.rawValue) > ($1.confidence, $0.kind.rawValue)
      }
    )
  }
}
