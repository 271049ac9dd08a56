import Casebook

/// Indicators as an event of MISP, in its core format.
///
/// Brands and release groups are attributes of type `threat-actor`; domains and addresses those of
/// their types. Leaks are objects of MISP's template `file`. Promo codes, and who sponsors whom, have
/// no template there: `gambling-promo-code` and `leak-sponsorship` are this program's own, in
/// `docs/misp-objects`. Identifiers and times depend on the history alone.
public enum MISPEvent {
  /// A template, by which MISP tells what an object is.
  struct Template {
    var name: String
    var category: String
    var description: String
    var uuid: String
    var version: String
  }

  static let file = Template(
    name: "file",
    category: "file",
    description: "File object describing a file with meta-information",
    uuid: "688c46fb-5edb-40a3-8273-1af7923e2215",
    version: "25"
  )
  static let promoCode = Template(
    name: "gambling-promo-code",
    category: "misc",
    description: "A promo code that an ad asks to be given to its advertiser",
    uuid: "b3b7f1a4-5f3e-4c0e-9a39-0f6a4f6a7c21",
    version: "1"
  )
  static let sponsorship = Template(
    name: "leak-sponsorship",
    category: "misc",
    description: "An advertiser whose ads are in the film leaks of a release group",
    uuid: "d0c1e9b2-7a84-4b5e-8d7c-2f3f8f0c9e52",
    version: "1"
  )

  /// The event as a JSON document.
  public static func document(_ set: IndicatorSet) throws -> [UInt8] {
    let last = set.rows.map(\.lastSeen).max() ?? 0
    let ids = set.brands.map(\.id) + set.leaks.map(\.sha256)
    let event: JSONValue = [
      "Event": [
        "uuid": .text(NameUUID.of("event " + ids.joined(separator: " "))),
        "info": .text(
          "Gambling ads in film leaks: \(set.brands.count) brands, \(set.leaks.count) leaks"
        ),
        // Not published, for this organisation alone: both are its own to decide.
        "date": .text(ReportTime.day(last)), "published": false, "distribution": "0",
        "threat_level_id": "4", "analysis": "2", "timestamp": .text("\(max(0, last))"),
        "Attribute": .list(attributes(set)), "Object": .list(objects(set)),
      ]
    ]
    return Array((try JSONDocument.pretty(event) + "\n").utf8)
  }

  // MARK: Attributes

  private static func attributes(_ set: IndicatorSet) -> [JSONValue] {
    var list: [JSONValue] = []
    for brand in set.brands {
      let span = set.span(ofBrand: brand.id)
      list.append(
        attribute(
          "threat-actor",
          "Attribution",
          brand.name,
          comment: "advertiser (\(brand.kind))",
          key: brandKey(brand.id),
          span
        )
      )
    }
    for group in Set(set.pairs.map(\.group)).sorted() {
      list.append(
        attribute(
          "threat-actor",
          "Attribution",
          group,
          comment: "release group, as the names of leaks claim",
          key: "group \(group)",
          set.span { $0.group == group }
        )
      )
    }
    let names = Dictionary(uniqueKeysWithValues: set.brands.map { ($0.id, $0.name) })
    var seen: Set<String> = []
    for mark in set.marks {
      let found: (type: String, value: String?) =
        switch mark.mark.kind {
        case SightingEntry.Mark.domain: ("domain", WebAddress.domain(mark.mark.value))
        case SightingEntry.Mark.url: ("url", WebAddress.url(mark.mark.value))
        default: ("", nil)
        }
      // MISP takes one value of one type in one category once.
      guard let value = found.value, seen.insert("\(found.type) \(value)").inserted else {
        continue
      }
      list.append(
        attribute(
          found.type,
          "Network activity",
          value,
          isIndicator: true,
          comment: names[mark.brandID] ?? "",
          key: "mark \(mark.brandID) \(found.type) \(value)",
          (mark.firstSeen, mark.lastSeen)
        )
      )
    }
    return list
  }

  private static func brandKey(_ id: String) -> String { "brand \(id)" }

  private static func attribute(
    _ type: String,
    _ category: String,
    _ value: String,
    relation: String? = nil,
    isIndicator: Bool = false,
    comment: String = "",
    key: String,
    _ span: (first: Int64, last: Int64)
  ) -> JSONValue {
    var attribute: [String: JSONValue] = [
      "uuid": .text(NameUUID.of("misp \(key)")), "type": .text(type), "category": .text(category),
      "value": .text(value), "to_ids": .boolean(isIndicator), "distribution": "5",
      "comment": .text(comment), "timestamp": .text("\(max(0, span.last))"),
      "first_seen": time(span.first), "last_seen": time(max(span.first, span.last)),
    ]
    attribute["object_relation"] = relation.map(JSONValue.text)
    return .object(attribute)
  }

  // MARK: Objects

  private static func objects(_ set: IndicatorSet) -> [JSONValue] {
    let names = Dictionary(uniqueKeysWithValues: set.brands.map { ($0.id, $0.name) })
    var list: [JSONValue] = []
    for mark in set.marks where mark.mark.kind == SightingEntry.Mark.promoCode {
      list.append(
        object(
          promoCode,
          key: "promo \(mark.brandID) \(mark.mark.value)",
          (mark.firstSeen, mark.lastSeen),
          [
            ("promo-code", "text", "Other", mark.mark.value),
            ("brand", "text", "Other", names[mark.brandID] ?? mark.brandID),
            ("leak-count", "counter", "Other", "\(mark.leakCount)"),
            ("sighting-count", "counter", "Other", "\(mark.sightingCount)"),
          ],
          belongsTo: brandKey(mark.brandID)
        )
      )
    }
    for pair in set.pairs {
      list.append(
        object(
          sponsorship,
          key: "pair \(pair.brandID) \(pair.group)",
          (pair.first, pair.last),
          [
            ("brand", "text", "Other", names[pair.brandID] ?? pair.brandID),
            ("release-group", "text", "Other", pair.group),
            ("leak-count", "counter", "Other", "\(pair.leaks.count)"),
          ] + pair.titles.sorted().map { ("title", "text", "Other", $0) },
          belongsTo: brandKey(pair.brandID)
        )
      )
    }
    for leak in set.leaks {
      list.append(
        object(
          file,
          key: "leak \(leak.sha256)",
          (leak.firstSeen, leak.lastSeen),
          [
            ("sha256", "sha256", "Payload delivery", leak.sha256),
            (
              "filename", "filename", "Payload delivery", String(decoding: leak.name, as: UTF8.self)
            ),
            ("size-in-bytes", "size-in-bytes", "Other", "\(leak.sizeBytes)"),
          ]
        )
      )
    }
    return list
  }

  private static func object(
    _ template: Template,
    key: String,
    _ span: (first: Int64, last: Int64),
    _ attributes: [(relation: String, type: String, category: String, value: String)],
    belongsTo owner: String? = nil
  ) -> JSONValue {
    let uuid = NameUUID.of("misp object \(key)")
    let parts = attributes.enumerated().map { index, part in
      attribute(
        part.type,
        part.category,
        part.value,
        relation: part.relation,
        key: "\(key) \(part.relation) \(index)",
        span
      )
    }
    var object: [String: JSONValue] = [
      "uuid": .text(uuid), "name": .text(template.name), "meta-category": .text(template.category),
      "description": .text(template.description), "template_uuid": .text(template.uuid),
      "template_version": .text(template.version), "distribution": "5",
      "timestamp": .text("\(max(0, span.last))"), "first_seen": time(span.first),
      "last_seen": time(max(span.first, span.last)), "Attribute": .list(parts),
    ]
    if let owner {
      object["ObjectReference"] = [
        [
          "uuid": .text(NameUUID.of("misp reference \(key)")), "object_uuid": .text(uuid),
          "referenced_uuid": .text(NameUUID.of("misp \(owner)")),
          "relationship_type": "attributed-to", "timestamp": .text("\(max(0, span.last))"),
        ]
      ]
    }
    return .object(object)
  }

  private static func time(_ seconds: Int64) -> JSONValue {
    .text(ReportTime.text(seconds).replacing("Z", with: "+00:00"))
  }
}
