public import Casebook
import Crypto

/// What a part of the history says about brands, for others to know them by.
public struct IndicatorSet: Sendable {
  /// What occurs together.
  let rows: [LinkRow]
  /// The brands that occur.
  let brands: [Brand]
  /// Their domains, addresses and codes: those of the catalogue, and those that leaks show.
  let marks: [ObservedMark]
  /// The leaks, by SHA-256.
  let leaks: [ObservedLeak]

  /// Collects what belongs to the links that `filter` asks for.
  public init(_ store: BrandStore, _ filter: LinkFilter) throws(PipelineError) {
    var filter = filter
    // What has no name is nothing to tell others.
    filter.includesUnknown = false
    let rows = try store.links(filter).filter { $0.brandName != nil }
    let keys = Set(rows.flatMap(\.leakKeys))
    let ids = Set(rows.map(\.brandID))
    let brands = try store.brands().filter { ids.contains($0.id) }
    let seen = try BrandStore.translated { try store.casebook.observedMarks(inLeaks: keys) }
    self.rows = rows
    self.brands = brands
    leaks = try BrandStore.translated { try store.casebook.observedLeaks(keys) }
    marks = Self.withCatalogued(brands, seen.filter { ids.contains($0.brandID) }, rows)
  }

  /// Adds what the catalogue knows and no leak shows; it counts as known since the brand was added.
  private static func withCatalogued(
    _ brands: [Brand],
    _ seen: [ObservedMark],
    _ rows: [LinkRow]
  ) -> [ObservedMark] {
    var marks = seen
    for brand in brands {
      let known = Set(seen.filter { $0.brandID == brand.id }.map(\.mark))
      let words =
        brand.domains.map { SightingEntry.Mark(kind: SightingEntry.Mark.domain, value: $0) }
        + brand.promoCodes.map { SightingEntry.Mark(kind: SightingEntry.Mark.promoCode, value: $0) }
      var added: Set<SightingEntry.Mark> = []
      for mark in words where !known.contains(mark) && added.insert(mark).inserted {
        marks.append(
          ObservedMark(
            brandID: brand.id,
            mark: mark,
            leakCount: 0,
            sightingCount: 0,
            firstSeen: brand.addedAt,
            lastSeen: brand.addedAt
          )
        )
      }
    }
    return marks.sorted {
      ($0.brandID, $0.mark.kind, $0.mark.value) < ($1.brandID, $1.mark.kind, $1.mark.value)
    }
  }

  /// When the leaks of a brand were seen: first and last.
  func span(ofBrand id: String) -> (first: Int64, last: Int64) { span { $0.brandID == id } }

  /// When leaks were seen of which `isWanted` holds: first and last.
  func span(where isWanted: (LinkRow) -> Bool) -> (first: Int64, last: Int64) {
    let wanted = rows.filter(isWanted)
    return (wanted.map(\.firstSeen).min() ?? 0, wanted.map(\.lastSeen).max() ?? 0)
  }

  /// A brand and a release group, with their leaks.
  struct Pair {
    var brandID: String
    var group: String
    var leaks: Set<Int64> = []
    var titles: Set<String> = []
    var first = Int64.max
    var last = Int64.min
  }

  /// Brands and named release groups that occur together, by brand and group.
  var pairs: [Pair] {
    var pairs: [[String]: Pair] = [:]
    for row in rows {
      guard let group = row.group else { continue }
      let key = [row.brandID, group]
      var pair = pairs[key] ?? Pair(brandID: row.brandID, group: group)
      pair.leaks.formUnion(row.leakKeys)
      if let title = row.title, row.isTitleMatched { pair.titles.insert(title) }
      pair.first = min(pair.first, row.firstSeen)
      pair.last = max(pair.last, row.lastSeen)
      pairs[key] = pair
    }
    return pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }
}

/// Identifiers made of names, so that one thing has the same one in every export.
enum NameUUID {
  /// What this program's own identifiers are made in.
  static let namespace = "5ee14a2c-9a35-5a53-9d0e-6f1d1c1f8f10"
  /// What STIX 2.1, section 2.9, has the identifiers of observables made in.
  static let observables = "00abedb4-aa42-466c-9c01-fed23315a9b7"

  /// The UUID of version 5 of a name; RFC 9562, section 5.5.
  static func of(_ name: String, in namespace: String = namespace) -> String {
    let digits = namespace.utf8.filter { $0 != UInt8(ascii: "-") }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      bytes.append(
        UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) ?? 0
      )
    }
    var hasher = Insecure.SHA1()
    hasher.update(data: bytes)
    hasher.update(data: Array(name.utf8))
    var uuid = Array(hasher.finalize().prefix(16))
    uuid[6] = uuid[6] & 0x0F | 0x50
    uuid[8] = uuid[8] & 0x3F | 0x80
    let text = Array(SafeText.hexadecimal(uuid))
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }
    return parts.joined(separator: "-")
  }
}
