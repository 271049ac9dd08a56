/// An advertiser: what it is called, and by what it can be told.
public struct Brand: Sendable, Hashable {
  /// Identifier: small letters, digits, `.`, `_` and `-`, at most 64.
  public var id: String
  /// Name, as it is shown.
  public var name: String
  /// What it sells: `casino`, `sport` or another word of one's own.
  public var kind: String
  /// Words and slogans of its ads.
  public var texts: [String]
  /// Its own domains.
  public var domains: [String]
  /// Regular expressions of mirror domains; each must hold for a whole host name.
  public var mirrorPatterns: [String]
  /// Promo codes.
  public var promoCodes: [String]
  /// Regular expressions of promo codes; each must hold for a whole code.
  public var promoPatterns: [String]
  /// Its logos.
  public var logos: [Logo]
  /// Its clips.
  public var creatives: [Creative]
  /// What an imported catalogue says beyond that, as a JSON object.
  public var extra: String?
  /// When it was added, in seconds since 1970-01-01T00:00:00Z.
  public var addedAt: Int64

  /// The kind of a brand of which none is said.
  public static let defaultKind = "gambling"

  /// Creates a brand without anything to tell it by but its name.
  public init(id: String, name: String, kind: String = Brand.defaultKind, addedAt: Int64 = 0) {
    self.id = id
    self.name = name
    self.kind = kind
    self.addedAt = addedAt
    (texts, domains, mirrorPatterns, promoCodes, promoPatterns) = ([], [], [], [], [])
    (logos, creatives) = ([], [])
  }

  /// A logo, a PNG file that the casebook holds.
  public struct Logo: Sendable, Hashable {
    /// Relative path that it has in an exported catalogue.
    public var name: String
    /// SHA-256 of the file.
    public var digest: String
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Creates a logo.
    public init(name: String, digest: String, width: Int, height: Int) {
      (self.name, self.digest, self.width, self.height) = (name, digest, width, height)
    }
  }

  /// A clip, of which the casebook holds the fingerprint.
  public struct Creative: Sendable, Hashable {
    /// Name of the clip's file.
    public var name: String
    /// SHA-256 of the clip.
    public var sourceDigest: String
    /// Running time in seconds.
    public var durationSeconds: Double
    /// SHA-256 of the fingerprint's bytes.
    public var digest: String

    /// Creates a creative.
    public init(name: String, sourceDigest: String, durationSeconds: Double, digest: String) {
      (self.name, self.sourceDigest) = (name, sourceDigest)
      (self.durationSeconds, self.digest) = (durationSeconds, digest)
    }
  }

  /// SHA-256 of the files that the casebook holds for it.
  var fileDigests: [String] { logos.map(\.digest) + creatives.map(\.digest) }

  /// Whether both say the same, whenever they were added.
  public func hasSameContents(as other: Brand) -> Bool {
    var other = other
    other.addedAt = addedAt
    return self == other
  }

  /// An identifier made of a name: Latin letters as they are, Cyrillic ones as they sound.
  public static func identifier(for name: String) -> String {
    var id = ""
    for scalar in name.lowercased().unicodeScalars {
      let part = Transliteration.latin(scalar)
      if part.isEmpty, !id.isEmpty, !id.hasSuffix("-") { id += "-" }
      id += part
    }
    id = String(id.prefix(64))
    while id.hasSuffix("-") { id.removeLast() }
    return id.isEmpty ? "brand-" + ContentDigest.of(Array(name.utf8)).prefix(12) : id
  }
}
