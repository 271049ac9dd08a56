public import VideoCore

/// A brand of the catalogue and what it is known by.
public struct Brand: Sendable, Hashable {
  /// A picture of a brand's sign.
  public struct Logo: Sendable, Hashable {
    /// Luma, full range.
    public var luma: LumaPlane
    /// Opacity of each pixel, 0 clear to 255 opaque; of the size of `luma`.
    public var alpha: LumaPlane

    /// Most pixels of a logo.
    public static let mostPixels = 4096 * 4096

    /// Creates a logo.
    ///
    /// - Throws: ``BrandError/Code/unusableLogo`` where the planes differ in size, are larger than
    ///   ``mostPixels`` or show nothing.
    public init(luma: LumaPlane, alpha: LumaPlane) throws(BrandError) {
      guard luma.size == alpha.size, luma.size.area > 0, luma.size.area <= Self.mostPixels else {
        throw BrandError(.unusableLogo, "a logo of \(luma.size) pixels cannot be used")
      }
      guard alpha.pixels.contains(where: { $0 > 16 }) else {
        throw BrandError(
          .unusableLogo,
          "the logo is wholly transparent; give one that shows a sign"
        )
      }
      self.luma = luma
      self.alpha = alpha
    }
  }

  /// The identifier, unique in a catalogue.
  public var id: String
  /// The name as it is shown.
  public var name: String
  /// What it is, such as `casino` or `sport`; free text.
  public var kind: String
  /// Names and slogans that its ads show.
  public var texts: [String]
  /// Its addresses, without `www.`.
  public var domains: [String]
  /// Patterns of mirror addresses: `*` stands for letters, digits and hyphens, `#` for digits.
  public var mirrorPatterns: [String]
  /// Its promotion codes.
  public var promoCodes: [String]
  /// Regular expressions that a whole promotion code matches.
  public var promoPatterns: [String]
  /// Its signs.
  public var logos: [Logo]

  /// Creates a brand.
  public init(
    id: String,
    name: String,
    kind: String = "",
    texts: [String] = [],
    domains: [String] = [],
    mirrorPatterns: [String] = [],
    promoCodes: [String] = [],
    promoPatterns: [String] = [],
    logos: [Logo] = []
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.texts = texts
    self.domains = domains
    self.mirrorPatterns = mirrorPatterns
    self.promoCodes = promoCodes
    self.promoPatterns = promoPatterns
    self.logos = logos
  }
}

/// Why a brand cannot be used.
public struct BrandError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, as a stable word; an open set.
  public struct Code: Sendable, Hashable, RawRepresentable {
    /// The word as it stands in reports.
    public var rawValue: String

    /// Creates a code from its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Two brands of a catalogue have one identifier, or a brand has none.
    public static let duplicate = Code(rawValue: "duplicate_brand")
    /// A logo has no picture that can be used.
    public static let unusableLogo = Code(rawValue: "unusable_logo")
    /// A regular expression is wrong or could take too long.
    public static let badPattern = Code(rawValue: "bad_pattern")
    /// A field is too long or a list has too many entries.
    public static let tooLarge = Code(rawValue: "brand_too_large")
  }

  /// What is wrong.
  public var code: Code
  /// One sentence that ends in what to do.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
