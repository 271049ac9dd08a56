import Casebook
import Foundation
import Pipeline
import SystemPackage
import TestSupport

/// A synthetic history: 200 leaks, 12 brands, 25 groups, 60 films.
final class History {
  let folder: TemporaryDirectory
  let store: BrandStore

  static let words = [
    "Salt", "Road", "Winter", "Harbour", "Night", "Тихая", "Река", "Последний", "Поезд", "Glass",
    "Mountain", "Echo", "Огонь", "и", "Лёд", "Second", "Sun", "Кукушка", "Orchard", "Paper",
  ]

  init(leaks: Int = 200, seed: UInt64 = 11) throws {
    folder = try TemporaryDirectory()
    store = try BrandStore(at: FilePath(folder.path("library")), forWriting: true)
    var random = SeededRandom(seed: seed)
    func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    /// Small numbers far more often than large ones.
    func skewed(_ count: Int) -> Int { min(pick(count), pick(count)) }
    let brands = (0..<12).map { index in
      var brand = Brand(
        id: "brand-\(index)",
        name: ["AZARTO-\(index)", "Казино Рубин \(index)", "\(index)ROLL", "Bet & <Win> \(index)"][
          index % 4
        ],
        kind: index % 2 == 0 ? "casino" : "sport",
        addedAt: 1_700_000_000
      )
      brand.domains = ["brand\(index).example"]
      brand.promoCodes = ["CODE\(index)", "КИНО\(index)"]
      return brand
    }
    _ = try store.add(brands.map { BrandDraft(brand: $0, files: []) }, mayReplace: false)
    var titles: [String] = []
    while titles.count < 60 {
      let title = (0...(1 + pick(3))).map { _ in Self.words[pick(Self.words.count)] }
        .joined(separator: " ")
      if !titles.contains(title) { titles.append(title) }
    }
    let analyses = (0..<leaks).map { index in
      // Every group and film occurs, some of them often.
      let group = index < 25 ? index : skewed(25)
      let seen = 1_700_000_000 + Int64(index) * 86_400
      let leak = LeakEntry(
        sha256: ContentDigest.of(Array("leak \(index)".utf8)),
        sizeBytes: 700_000_000,
        path: Array("/in/\(index)/Film.2023.HDCAM.x264-GROUP\(group).mkv".utf8),
        seenAt: seen,
        analysedAt: seen + 60,
        toolVersion: "1.0",
        captureID: index % 5 == 0 ? "cap-\(index / 5)" : nil
      )
      let match = MatchEntry(
        releaseID: "r-0123456789abcdef",
        title: titles[index < 80 ? index % 60 : skewed(60)],
        log10P: -30,
        coverage: 0.9
      )
      let sightings = (0...(pick(2))).map { number in
        let brand = (group + skewed(4)) % 12
        var sighting = SightingEntry(
          kind: ["preroll", "corner_logo", "banner"][pick(3)],
          startSeconds: Double(number) * 100,
          endSeconds: Double(number) * 100 + 20
        )
        sighting.brandID = index % 20 == 19 ? nil : "brand-\(brand)"
        sighting.text = "играй brand\(brand)"
        sighting.marks = [
          .init(kind: "url", value: "https://brand\(brand).example/\(index % 3)"),
          .init(kind: "domain", value: "mirror\(index % 4).brand\(brand).example"),
          .init(kind: "promo_code", value: "CODE\(brand)"), .init(kind: "phone", value: "+7 000"),
        ]
        return sighting
      }
      return LeakAnalysis(leak: leak, matches: index % 9 == 0 ? [] : [match], sightings: sightings)
    }
    try store.casebook.record(analyses)
  }
}
