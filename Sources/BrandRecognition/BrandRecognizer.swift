public import TextReading
public import VideoCore

/// Names the brand of an ad from its text and its look.
///
/// A wrong brand is worse than none: evidence is weighed by what it proves, and the second brand
/// must lie well behind.
public struct BrandRecognizer {
  private let text: TextRecognizer
  private let logos: LogoRecognizer
  private let spelling: CatalogueSpelling

  /// Prepares a catalogue.
  ///
  /// - Throws: ``BrandError`` where a brand cannot be used.
  public init(_ brands: [Brand]) throws(BrandError) {
    text = try TextRecognizer(brands)
    logos = LogoRecognizer(brands)
    spelling = CatalogueSpelling(brands)
  }

  /// The evidence of lines that were read.
  public func evidence(in lines: [LineReading]) -> [BrandEvidence] { text.evidence(in: lines) }

  /// The evidence of an address or code from another source.
  public func evidence(from indicator: Indicator) -> [BrandEvidence] {
    text.evidence(from: indicator)
  }

  /// The evidence of the sign that a picture shows: of one brand or none.
  public func evidence(in picture: LumaPlane, pixelAspect: Double = 1) -> [BrandEvidence] {
    evidence(from: logos.matches(in: picture, pixelAspect: pixelAspect))
  }

  /// The evidence of ranked matches of signs: of one brand or none.
  public func evidence(from matches: [LogoRecognizer.Match]) -> [BrandEvidence] {
    guard let match = LogoRecognizer.decide(matches) else { return [] }
    let ramp =
      (match.correlation - LogoRecognizer.leastCorrelation)
      / (0.9 - LogoRecognizer.leastCorrelation)
    let confidence = BrandEvidence.Kind.logo.weight * Double(0.8 + 0.2 * max(0, min(1, ramp)))
    return [
      BrandEvidence(kind: .logo, brand: match.brand, entry: "", text: "", confidence: confidence)
    ]
  }

  /// Indicators with the addresses and codes of a brand as its catalogue spells them, and those that
  /// were too damaged to be found without it.
  public func spelled(
    _ indicators: [Indicator],
    in lines: [LineReading],
    brand: String
  ) -> [Indicator] {
    spelling.spelled(indicators, in: lines, brand: brand)
  }

  /// The brand that evidence of all sorts names; nil where it is not sure.
  public func verdict(on evidence: [BrandEvidence]) -> BrandVerdict? {
    BrandVerdict.weigh(evidence)
  }
}
