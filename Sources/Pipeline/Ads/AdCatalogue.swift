import BrandRecognition
public import Casebook
import MediaIO
import TextReading
import VideoCore

/// The brands of a casebook, ready to be recognised, and what of recognition works here.
public final class AdCatalogue: Sendable {
  /// Why text is not read, with what to do about it; nil where it is.
  public let textNote: String?
  /// Whether anything can be recognised at all.
  public var isUsable: Bool { textNote == nil || hasLogos || !creatives.isEmpty }

  private let brands: [BrandRecognition.Brand]
  /// The brands' clips.
  let creatives: CreativeClips
  private let hasLogos: Bool
  private let names: [String: String]
  private let mirrors: [(brand: String, pattern: BoundedPattern)]
  private let codes: [(brand: String, pattern: BoundedPattern)]

  /// Prepares the brands of a casebook; nil for none.
  ///
  /// - Throws: ``PipelineError`` where the casebook is damaged.
  public init(_ casebook: Casebook?) throws(PipelineError) {
    do {
      let brands = try casebook?.brands() ?? []
      let known = try brands.map { brand in
        BrandRecognition.Brand(
          id: brand.id,
          name: brand.name,
          kind: brand.kind,
          texts: brand.texts,
          domains: brand.domains,
          promoCodes: brand.promoCodes,
          logos: try brand.logos.compactMap { logo in
            try Self.logo(try casebook?.brandFile(logo.digest) ?? [])
          }
        )
      }
      self.brands = known
      // What cannot be used is found now and not at the first leak.
      _ = try BrandRecognizer(known)
      creatives = try CreativeClips(of: brands, in: casebook)
      hasLogos = known.contains { !$0.logos.isEmpty }
      names = Dictionary(brands.map { ($0.id, $0.name) }) { first, _ in first }
      // The casebook's patterns are regular expressions, which it can bound and run.
      mirrors = try brands.flatMap { brand in
        try brand.mirrorPatterns.map { (brand.id, try BoundedPattern($0)) }
      }
      codes = try brands.flatMap { brand in
        try brand.promoPatterns.map { (brand.id, try BoundedPattern($0)) }
      }
      textNote = Self.textNote()
    } catch let error as BrandError {
      throw PipelineError(.libraryDamaged, code: error.code.rawValue, error.message)
    } catch {
      throw PipelineError(error)
    }
  }

  /// A recogniser of the brands; each belongs to one thread.
  func recognizer() throws(BrandError) -> BrandRecognizer { try BrandRecognizer(brands) }

  /// The name of a brand, as reports show it.
  func name(of brand: String) -> String { names[brand] ?? brand }

  /// What the patterns of mirrors and codes say of what was read.
  func evidence(from indicators: [Indicator]) -> [BrandEvidence] {
    indicators.flatMap { indicator -> [BrandEvidence] in
      let (patterns, kind, value): ([(brand: String, pattern: BoundedPattern)], _, _) =
        switch indicator.kind {
        case .url: (mirrors, BrandEvidence.Kind.mirror, indicator.host)
        case .promoCode: (codes, .promoPattern, indicator.value)
        default: ([], .mirror, "")
        }
      return patterns.filter { $0.pattern.matches(value) }.map {
        BrandEvidence(
          kind: kind,
          brand: $0.brand,
          entry: $0.pattern.source,
          text: indicator.text,
          confidence: kind.weight * Double(indicator.meanConfidence)
        )
      }
    }
  }

  /// A logo that shows nothing recognises nothing, and is no reason to leave out all others.
  private static func logo(_ bytes: [UInt8]) throws -> BrandRecognition.Brand.Logo? {
    let picture = try PNGPicture(bytes)
    let size = FrameSize(width: picture.width, height: picture.height)
    var (luma, alpha) = (LumaPlane(size: size), LumaPlane(size: size))
    for i in 0..<size.area {
      let (red, green, blue) = (
        Int(picture.rgba[4 * i]), Int(picture.rgba[4 * i + 1]), Int(picture.rgba[4 * i + 2])
      )
      // The weights of Rec. 709, in 256ths.
      luma.pixels[i] = UInt8((54 * red + 183 * green + 19 * blue) >> 8)
      alpha.pixels[i] = picture.rgba[4 * i + 3]
    }
    return try? BrandRecognition.Brand.Logo(luma: luma, alpha: alpha)
  }

  private static func textNote() -> String? {
    let text = TextReader.availability()
    if text.isComplete { return nil }
    let missing =
      text.version == nil
      ? "Tesseract 5 is not installed"
      : "Tesseract has no data for \(text.missingLanguages.joined(separator: " and "))"
    return "\(missing): ads are recognised by their logos alone, and nothing of them is read "
      + "(Debian: apt-get install tesseract-ocr tesseract-ocr-rus tesseract-ocr-eng)"
  }
}
