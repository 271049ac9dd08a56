import AdDetection
import AdRecognition
import Foundation
import TextReading

extension MatchReport {
  /// A place at one moment, in fractions of the frame.
  public struct Box: Sendable, Codable, Hashable {
    /// Second of the leak.
    public var t: Double
    /// Left edge.
    public var x: Double
    /// Upper edge.
    public var y: Double
    /// Width.
    public var w: Double
    /// Height.
    public var h: Double
  }

  /// Something in an ad that leads to who placed it.
  public struct AdIndicator: Sendable, Codable, Hashable {
    /// `url`, `promo_code`, `amount`, `phone` or `handle`.
    public var kind: String
    /// The normalised form.
    public var value: String
    /// The characters as they were read; a known brand's values are spelled as its catalogue does.
    public var read: String
    /// Mean confidence of its characters, 0...1.
    public var confidence: Double
    /// Least confidence of its characters, 0...1.
    public var leastConfidence: Double

    private enum CodingKeys: String, CodingKey {
      case kind, value, read, confidence
      case leastConfidence = "least_confidence"
    }
  }

  /// A gambling ad.
  public struct Ad: Sendable, Codable, Hashable {
    /// `preroll`, `midroll`, `postroll`, `corner_logo`, `banner`, `ticker`, `popup` or `bar`.
    public var kind: String
    /// Name of the brand; nil where it is unknown.
    public var brand: String?
    /// Identifier of the brand; nil where it is unknown.
    public var brandID: String?
    /// How sure the brand is, 0...1.
    public var brandConfidence: Double?
    /// What the sighting rests on.
    public var evidence: [String]
    /// How sure it is that this is an ad, 0...1.
    public var confidence: Double
    /// What is written, a line per row; nil where nothing was read.
    public var text: String?
    /// Web addresses.
    public var urls: [String]
    /// Promo codes.
    public var promoCodes: [String]
    /// All that leads to the advertiser, with confidences.
    public var indicators: [AdIndicator]
    /// First second in the leak.
    public var leakStart: Double
    /// End in the leak.
    public var leakEnd: Double
    /// Where it is, in order of time.
    public var boxes: [Box]
    /// Whether it fills the frame.
    public var fullFrame: Bool
    /// File with its picture; nil where none was written.
    public var picture: String?

    private enum CodingKeys: String, CodingKey {
      case kind, brand, evidence, confidence, text, urls, indicators, boxes, picture
      case brandID = "brand_id"
      case brandConfidence = "brand_confidence"
      case promoCodes = "promo_codes"
      case leakStart = "leak_start"
      case leakEnd = "leak_end"
      case fullFrame = "full_frame"
    }

    /// Writes `null` for a brand, a text or a picture that is not known.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(kind, forKey: .kind)
      try values.encode(brand, forKey: .brand)
      try values.encodeIfPresent(brandID, forKey: .brandID)
      try values.encode(brandConfidence, forKey: .brandConfidence)
      try values.encode(evidence, forKey: .evidence)
      try values.encode(confidence, forKey: .confidence)
      try values.encode(text, forKey: .text)
      try values.encode(urls, forKey: .urls)
      try values.encode(promoCodes, forKey: .promoCodes)
      try values.encode(indicators, forKey: .indicators)
      try values.encode(leakStart, forKey: .leakStart)
      try values.encode(leakEnd, forKey: .leakEnd)
      try values.encode(boxes, forKey: .boxes)
      try values.encode(fullFrame, forKey: .fullFrame)
      try values.encode(picture, forKey: .picture)
    }
  }

  /// Something drawn or inserted that advertises nothing.
  public struct Overlay: Sendable, Codable, Hashable {
    /// `subtitles`, `channel_logo`, `group_stamp`, `title`, `credits` or `other`.
    public var kind: String
    /// What is written, a line per row; missing where nothing was read.
    public var text: String?
    /// How sure it is that something is there, 0...1.
    public var confidence: Double
    /// First second in the leak.
    public var leakStart: Double
    /// End in the leak.
    public var leakEnd: Double
    /// Where it is, in order of time.
    public var boxes: [Box]
    /// Whether it fills the frame.
    public var fullFrame: Bool

    private enum CodingKeys: String, CodingKey {
      case kind, text, confidence, boxes
      case leakStart = "leak_start"
      case leakEnd = "leak_end"
      case fullFrame = "full_frame"
    }
  }
}

extension MatchReport.Box {
  init(_ box: OverlayTrack.TimedBox) {
    t = ReportNumber.seconds(box.seconds)
    (x, y) = (ReportNumber.share(box.box.x), ReportNumber.share(box.box.y))
    (w, h) = (ReportNumber.share(box.box.width), ReportNumber.share(box.box.height))
  }
}

extension MatchReport.Ad {
  init(_ ad: AdSighting, catalogue: AdCatalogue) {
    kind = ad.kind.rawValue
    brand = ad.brand.map { catalogue.name(of: $0) }
    brandID = ad.brand
    brandConfidence = ad.brandConfidence.map(ReportNumber.share)
    evidence = ad.evidence.map(\.rawValue)
    confidence = ReportNumber.share(ad.confidence)
    text = ad.text.isEmpty ? nil : ad.text
    urls = ad.indicators.filter { $0.kind == .url }.map(\.value)
    promoCodes = ad.indicators.filter { $0.kind == .promoCode }.map(\.value)
    indicators = ad.indicators.map {
      MatchReport.AdIndicator(
        kind: $0.kind.rawValue,
        value: $0.value,
        read: $0.text,
        confidence: ReportNumber.share(Double($0.meanConfidence)),
        leastConfidence: ReportNumber.share(Double($0.leastConfidence))
      )
    }
    leakStart = ReportNumber.seconds(ad.start)
    leakEnd = ReportNumber.seconds(ad.end)
    boxes = ad.boxes.map(MatchReport.Box.init)
    fullFrame = ad.isFullFrame
    picture = nil
  }
}

extension MatchReport.Overlay {
  init(_ overlay: NoticedOverlay) {
    kind = overlay.kind.rawValue
    text = overlay.text.isEmpty ? nil : overlay.text
    confidence = ReportNumber.share(overlay.confidence)
    leakStart = ReportNumber.seconds(overlay.start)
    leakEnd = ReportNumber.seconds(overlay.end)
    boxes = overlay.boxes.map(MatchReport.Box.init)
    fullFrame = overlay.isFullFrame
  }
}
