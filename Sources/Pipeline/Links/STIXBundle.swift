import Casebook
import Foundation

/// Indicators as a bundle of STIX 2.1 objects.
///
/// A brand is a `threat-actor` with the role `sponsor`: it pays for the theft, and a name on a banner
/// is no organisation that an `identity` could stand for. A release group is one with the role
/// `agent`. Domains make a brand's `infrastructure`; domains, addresses and promo codes are
/// `indicator`s of it. A leak is `observed-data` of a `file`, and what a brand was seen in is a
/// `sighting` of it. Promo codes have no object in STIX: `promo-code` is an extension of this
/// program's, defined in the bundle. Identifiers and times depend on the history alone.
///
/// - Source: STIX Version 2.1, OASIS Standard, 10 June 2021.
public enum STIXBundle {
  private static let producer = "identity--" + NameUUID.of("producer")
  private static let promoExtension = "extension-definition--" + NameUUID.of("promo-code")
  /// What the producer and the extension were made at: constants of the program.
  private static let origin: Int64 = 1_704_067_200

  /// The bundle as a JSON document.
  public static func document(_ set: IndicatorSet) throws -> [UInt8] {
    let objects = objects(set)
    let ids = objects.compactMap { $0["id"]?.string }.joined(separator: "\n")
    let bundle: JSONValue = [
      "type": "bundle", "id": .text("bundle--" + NameUUID.of(ids)),
      "objects": .list(objects.map(JSONValue.object)),
    ]
    return Array((try JSONDocument.pretty(bundle) + "\n").utf8)
  }

  private typealias Object = [String: JSONValue]

  private static func objects(_ set: IndicatorSet) -> [Object] {
    var objects: [Object] = [
      base("identity", producer, origin, origin).merging([
        "name": "LeakTrace", "identity_class": "system",
      ]) { $1 }
    ]
    if set.marks.contains(where: { $0.mark.kind == SightingEntry.Mark.promoCode }) {
      objects.append(
        base("extension-definition", promoExtension, origin, origin).merging([
          "name": "promo-code", "version": "1.0", "extension_types": ["new-sco"],
          "description":
            "A code of letters and digits that an ad asks to be given to its advertiser.",
          "schema": "https://leaktrace.invalid/schema/stix-promo-code-1.json",
        ]) { $1 }
      )
    }
    for brand in set.brands { objects += describe(brand, set) }
    objects += groups(set)
    objects += leaks(set)
    objects += sightings(set)
    // One domain may be that of two brands: an object stands once.
    var seen: Set<String> = []
    return objects.filter { seen.insert($0["id"]?.string ?? "").inserted }
  }

  // MARK: Brands

  private static func describe(_ brand: Brand, _ set: IndicatorSet) -> [Object] {
    let span = set.span(ofBrand: brand.id)
    let actor = actorID(brand.id)
    var object = base("threat-actor", actor, span.first, span.last)
    object["name"] = .text(brand.name)
    object["description"] = .text(
      "Advertiser (\(brand.kind)) whose ads are burned into film leaks."
    )
    object["threat_actor_types"] = ["criminal"]
    object["roles"] = ["sponsor"]
    object["first_seen"] = time(span.first)
    if span.last > span.first { object["last_seen"] = time(span.last) }
    var objects = [object]
    let infrastructure = "infrastructure--" + NameUUID.of("sites of \(brand.id)")
    var hasSites = false
    for mark in set.marks where mark.brandID == brand.id {
      guard let found = observable(mark) else { continue }
      objects += found.objects
      objects += indicator(mark, found.pattern, actor)
      guard let domain = found.domainID else { continue }
      if !hasSites {
        hasSites = true
        var sites = base("infrastructure", infrastructure, span.first, span.last)
        sites["name"] = .text("Web sites of \(brand.name)")
        sites["infrastructure_types"] = ["unknown"]
        objects.append(sites)
        objects.append(relation("uses", actor, infrastructure, span.first, span.last))
      }
      objects.append(relation("consists-of", infrastructure, domain, span.first, span.last))
    }
    return objects
  }

  private struct Observable {
    var objects: [Object] = []
    var pattern: String
    var domainID: String?
  }

  /// The observable of a mark, with the pattern that finds it; nil for what STIX has no place for.
  private static func observable(_ mark: ObservedMark) -> Observable? {
    switch mark.mark.kind {
    case SightingEntry.Mark.domain:
      guard let domain = WebAddress.domain(mark.mark.value) else { return nil }
      let object = observable("domain-name", ["value": .text(domain)])
      return Observable(
        objects: [object],
        pattern: "[domain-name:value = \(quoted(domain))]",
        domainID: object["id"]?.string
      )
    case SightingEntry.Mark.url:
      guard let url = WebAddress.url(mark.mark.value) else { return nil }
      return Observable(
        objects: [observable("url", ["value": .text(url)])],
        pattern: "[url:value = \(quoted(url))]"
      )
    case SightingEntry.Mark.promoCode:
      var object = observable("promo-code", ["value": .text(mark.mark.value)])
      object["extensions"] = [promoExtension: ["extension_type": "new-sco"]]
      return Observable(
        objects: [object],
        pattern: "[promo-code:value = \(quoted(mark.mark.value))]"
      )
    default: return nil
    }
  }

  private static func indicator(
    _ mark: ObservedMark,
    _ pattern: String,
    _ actor: String
  ) -> [Object] {
    let id = "indicator--" + NameUUID.of("\(actor) \(pattern)")
    var object = base("indicator", id, mark.firstSeen, mark.lastSeen)
    object["name"] = .text("\(mark.mark.kind) \(mark.mark.value)")
    object["indicator_types"] = ["attribution"]
    object["pattern"] = .text(pattern)
    object["pattern_type"] = "stix"
    object["valid_from"] = time(mark.firstSeen)
    object["description"] = .text(
      mark.leakCount == 0
        ? "Known from the catalogue of brands."
        : "Shown by \(mark.sightingCount) ads in \(mark.leakCount) leaks."
    )
    return [object, relation("indicates", id, actor, mark.firstSeen, mark.lastSeen)]
  }

  // MARK: Groups and leaks

  private static func groups(_ set: IndicatorSet) -> [Object] {
    var objects: [Object] = []
    for group in Set(set.pairs.map(\.group)).sorted() {
      let span = set.span { $0.group == group }
      var object = base("threat-actor", groupID(group), span.first, span.last)
      object["name"] = .text(group)
      object["description"] = "Release group, as the names of leaks claim."
      object["threat_actor_types"] = ["criminal"]
      object["roles"] = ["agent"]
      objects.append(object)
    }
    for pair in set.pairs {
      var object = relation(
        "related-to",
        actorID(pair.brandID),
        groupID(pair.group),
        pair.first,
        pair.last
      )
      object["description"] = .text("Ads of the brand in \(pair.leaks.count) leaks of the group.")
      object["start_time"] = time(pair.first)
      if pair.last > pair.first { object["stop_time"] = time(pair.last) }
      objects.append(object)
    }
    return objects
  }

  private static func leaks(_ set: IndicatorSet) -> [Object] {
    set.leaks.flatMap { leak -> [Object] in
      let file = observable(
        "file",
        [
          "hashes": ["SHA-256": .text(leak.sha256)],
          "name": .text(String(decoding: leak.name, as: UTF8.self)),
        ],
        others: ["size": .integer(leak.sizeBytes)]
      )
      var object = base("observed-data", leakID(leak), leak.firstSeen, leak.lastSeen)
      object["first_observed"] = time(leak.firstSeen)
      object["last_observed"] = time(leak.lastSeen)
      object["number_observed"] = 1
      object["object_refs"] = .list([file["id"] ?? .null])
      return [file, object]
    }
  }

  private static func sightings(_ set: IndicatorSet) -> [Object] {
    set.brands.map { brand in
      let span = set.span(ofBrand: brand.id)
      let keys = Set(set.rows.filter { $0.brandID == brand.id }.flatMap(\.leakKeys))
      let id = "sighting--" + NameUUID.of("sighting of \(brand.id)")
      var object = base("sighting", id, span.first, span.last)
      object["first_seen"] = time(span.first)
      if span.last > span.first { object["last_seen"] = time(span.last) }
      object["count"] = .integer(Int64(keys.count))
      object["sighting_of_ref"] = .text(actorID(brand.id))
      object["observed_data_refs"] = .list(
        set.leaks.filter { keys.contains($0.key) }.map { .text(leakID($0)) }
      )
      return object
    }
  }

  // MARK: Parts

  private static func actorID(_ brand: String) -> String {
    "threat-actor--" + NameUUID.of("brand \(brand)")
  }

  private static func groupID(_ group: String) -> String {
    "threat-actor--" + NameUUID.of("release group \(group.lowercased())")
  }

  private static func leakID(_ leak: ObservedLeak) -> String {
    "observed-data--" + NameUUID.of("leak \(leak.sha256)")
  }

  private static func base(_ type: String, _ id: String, _ from: Int64, _ to: Int64) -> Object {
    [
      "type": .text(type), "spec_version": "2.1", "id": .text(id), "created": time(from),
      "modified": time(max(from, to)), "created_by_ref": .text(producer),
    ]
  }

  private static func relation(
    _ type: String,
    _ source: String,
    _ target: String,
    _ from: Int64,
    _ to: Int64
  ) -> Object {
    let id = "relationship--" + NameUUID.of("\(source) \(type) \(target)")
    return base("relationship", id, from, to).merging([
      "relationship_type": .text(type), "source_ref": .text(source), "target_ref": .text(target),
    ]) { $1 }
  }

  /// An observable; its identifier is made of the properties that tell it from others.
  private static func observable(
    _ type: String,
    _ identity: [String: JSONValue],
    others: [String: JSONValue] = [:]
  ) -> Object {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings always encode.
    let name = (try? encoder.encode(JSONValue.object(identity))) ?? Data()
    let uuid = NameUUID.of(
      String(decoding: name, as: UTF8.self),
      in: NameUUID.observables
    )
    return identity.merging(others) { $1 }.merging([
      "type": .text(type), "spec_version": "2.1", "id": .text("\(type)--\(uuid)"),
    ]) { $1 }
  }

  /// A string of the pattern language.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }

  private static func time(_ seconds: Int64) -> JSONValue {
    .text(ReportTime.text(seconds).replacing("Z", with: ".000Z"))
  }
}
