public import Casebook

/// A brand as it stands in reports.
public struct BrandRecord: Sendable, Codable, Hashable {
  /// Identifier of the brand.
  public var brandID: String
  /// Name of the brand.
  public var name: String
  /// What it sells.
  public var kind: String
  /// Words and slogans of its ads.
  public var texts: [String]
  /// Its own domains.
  public var domains: [String]
  /// Regular expressions of mirror domains.
  public var mirrors: [String]
  /// Promo codes.
  public var promoCodes: [String]
  /// Regular expressions of promo codes.
  public var promoPatterns: [String]
  /// Its logos.
  public var logos: [Logo]
  /// Its clips.
  public var creatives: [Creative]
  /// What an imported catalogue says beyond that.
  public var extra: JSONValue?
  /// When it was added, UTC.
  public var addedAt: String

  private enum CodingKeys: String, CodingKey {
    case name, kind, texts, domains, mirrors, logos, creatives, extra
    case brandID = "brand_id"
    case promoCodes = "promo_codes"
    case promoPatterns = "promo_patterns"
    case addedAt = "added_at"
  }

  /// A logo.
  public struct Logo: Sendable, Codable, Hashable {
    /// Relative path in an exported catalogue.
    public var name: String
    /// SHA-256 of the PNG file.
    public var sha256: String
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
  }

  /// A clip.
  public struct Creative: Sendable, Codable, Hashable {
    /// Name of the clip's file.
    public var name: String
    /// SHA-256 of the clip.
    public var sha256: String
    /// Running time in seconds.
    public var duration: Double
    /// SHA-256 of its fingerprint.
    public var fingerprintSHA256: String

    private enum CodingKeys: String, CodingKey {
      case name, sha256, duration
      case fingerprintSHA256 = "fingerprint_sha256"
    }
  }

  /// The record of a brand.
  public init(_ brand: Brand) {
    brandID = brand.id
    name = brand.name
    kind = brand.kind
    (texts, domains, mirrors) = (brand.texts, brand.domains, brand.mirrorPatterns)
    (promoCodes, promoPatterns) = (brand.promoCodes, brand.promoPatterns)
    logos = brand.logos.map {
      Logo(name: $0.name, sha256: $0.digest, width: $0.width, height: $0.height)
    }
    creatives = brand.creatives.map {
      Creative(
        name: $0.name,
        sha256: $0.sourceDigest,
        duration: ReportNumber.seconds($0.durationSeconds),
        fingerprintSHA256: $0.digest
      )
    }
    extra = brand.extra.flatMap { BrandCatalogue.parsed($0) }
    addedAt = ReportTime.text(brand.addedAt)
  }
}
