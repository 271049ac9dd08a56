import Casebook
import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Indicators for others")
struct ExportTests {
  private static func objects(_ bundle: JSON) -> [JSON] { bundle["objects"]?.elements ?? [] }

  private static func stix(_ store: BrandStore) throws -> JSON {
    let bytes = try STIXBundle.document(IndicatorSet(store, LinkFilter()))
    if let path = ProcessInfo.processInfo.environment["LEAKTRACE_STIX"] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    return try JSON(parsing: String(decoding: bytes, as: UTF8.self))
  }

  private static func misp(_ store: BrandStore) throws -> JSON {
    let bytes = try MISPEvent.document(IndicatorSet(store, LinkFilter()))
    if let path = ProcessInfo.processInfo.environment["LEAKTRACE_MISP"] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    return try JSON(parsing: String(decoding: bytes, as: UTF8.self))
  }

  @Test("STIX: every object has its structure, every reference its object, every identifier is one")
  func stixStructure() throws {
    let history = try History()
    let bundle = try Self.stix(history.store)
    #expect(try JSONSchema(named: "links-stix-1").flaws(of: bundle) == [])
    let objects = Self.objects(bundle)
    let ids = objects.compactMap { $0["id"]?.string }
    #expect(Set(ids).count == ids.count)
    #expect(ids.count == objects.count)
    for object in objects {
      let single = ["source_ref", "target_ref", "sighting_of_ref", "created_by_ref"]
        .compactMap { object[$0]?.string }
      let lists = ["object_refs", "observed_data_refs"].flatMap {
        object[$0]?.elements.compactMap(\.string) ?? []
      }
      for reference in single + lists { #expect(ids.contains(reference), "\(reference)") }
      if let created = object["created"]?.string, let modified = object["modified"]?.string {
        #expect(created <= modified)
      }
      if let start = object["start_time"]?.string, let stop = object["stop_time"]?.string {
        #expect(start < stop)
      }
    }
    func count(_ type: String) -> Int { objects.count { $0["type"]?.string == type } }
    #expect(count("threat-actor") > 12)
    #expect(count("sighting") == 12)
    #expect(count("promo-code") >= 24)
    #expect(count("file") == count("observed-data"))
    let promo = try JSONSchema(named: "stix-promo-code-1")
    for object in objects where object["type"]?.string == "promo-code" {
      #expect(try promo.flaws(of: object) == [])
    }
    #expect(try Self.stix(history.store) == bundle)
  }

  @Test("STIX: identifiers of observables are those that the standard prescribes")
  func stixIdentifiers() throws {
    let history = try History()
    let domains = Self.objects(try Self.stix(history.store)).filter {
      $0["type"]?.string == "domain-name" && $0["value"]?.string == "brand1.example"
    }
    // uuid.uuid5(uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7"), '{"value":"brand1.example"}')
    let known = domains.compactMap { $0["id"]?.string }
    #expect(known == ["domain-name--db00f090-5d9d-5f46-8445-10d5fc4b1b52"])
  }

  @Test("MISP: the event has its structure, and objects what their templates demand")
  func mispStructure() throws {
    let history = try History()
    let event = try Self.misp(history.store)
    #expect(try JSONSchema(named: "links-misp-1").flaws(of: event) == [])
    let attributes = event["Event"]?["Attribute"]?.elements ?? []
    let objects = event["Event"]?["Object"]?.elements ?? []
    #expect(!attributes.isEmpty && !objects.isEmpty)
    var uuids = attributes.compactMap { $0["uuid"]?.string }
    for object in objects {
      uuids += [object["uuid"]?.string].compactMap { $0 }
      uuids += object["Attribute"]?.elements.compactMap { $0["uuid"]?.string } ?? []
    }
    #expect(Set(uuids).count == uuids.count)
    for object in objects {
      for reference in object["ObjectReference"]?.elements ?? [] {
        #expect(reference["object_uuid"] == object["uuid"])
        #expect(uuids.contains(reference["referenced_uuid"]?.string ?? ""))
      }
      let name = try #require(object["name"]?.string)
      guard name != "file" else { continue }
      let template = try Self.template(name)
      #expect(template["uuid"] == object["template_uuid"])
      #expect(
        template["version"]?.double.map { "\(Int($0))" } == object["template_version"]?.string
      )
      let relations =
        object["Attribute"]?.elements.compactMap { $0["object_relation"]?.string } ?? []
      for relation in relations {
        let rule = try #require(template["attributes"]?[relation])
        let isMany = rule["multiple"] == .boolean(true)
        #expect(isMany || relations.count { $0 == relation } == 1)
        let types = object["Attribute"]?.elements.filter {
          $0["object_relation"]?.string == relation
        }
        #expect(types?.allSatisfy { $0["type"] == rule["misp-attribute"] } == true)
      }
      for relation in template["required"]?.elements.compactMap(\.string) ?? [] {
        #expect(relations.contains(relation))
      }
    }
    let values = attributes.map { "\($0["type"]?.string ?? "") \($0["value"]?.string ?? "")" }
    #expect(Set(values).count == values.count)
    #expect(try Self.misp(history.store) == event)
  }

  private static func template(_ name: String) throws -> JSON {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("docs/misp-objects/\(name)/definition.json")
    return try JSON(parsing: String(contentsOf: file, encoding: .utf8))
  }

  @Test("hostile words stay inside the strings that they stand in")
  func hostileWords() throws {
    let history = try History(leaks: 1)
    var sighting = SightingEntry(kind: "banner", startSeconds: 0, endSeconds: 5)
    sighting.brandID = "brand-0"
    sighting.marks = [
      .init(kind: "promo_code", value: "x' OR [file:name = 'y\\"),
      .init(kind: "promo_code", value: "\u{1B}[2J\u{202E}\u{2028}"),
      .init(kind: "url", value: "javascript:alert(1)"), .init(kind: "url", value: "a.example/ b"),
      .init(kind: "url", value: "a.example/'\""), .init(kind: "domain", value: "not a domain"),
    ]
    try history.store.casebook.record(
      leak: LeakEntry(
        sha256: ContentDigest.of(Array("hostile".utf8)),
        sizeBytes: 1,
        path: Array("/in/</script>\u{1B}]0;x.2019.TS-{{7*7}}".utf8) + [0xFF],
        seenAt: 1_700_000_000,
        analysedAt: 1_700_000_000,
        toolVersion: "1"
      ),
      matches: [],
      sightings: [sighting]
    )
    let set = try IndicatorSet(history.store, LinkFilter())
    for bytes in [try STIXBundle.document(set), try MISPEvent.document(set)] {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("\u{2028}"))
      #expect(!text.contains("javascript:"))
      #expect(!text.contains("not a domain"))
    }
    let bundle = try Self.stix(history.store)
    #expect(try JSONSchema(named: "links-stix-1").flaws(of: bundle) == [])
    let patterns = Self.objects(bundle).compactMap { $0["pattern"]?.string }
    #expect(patterns.contains("[promo-code:value = 'x\\' OR [file:name = \\'y\\\\']"))
    #expect(try JSONSchema(named: "links-misp-1").flaws(of: Self.misp(history.store)) == [])
  }
}
