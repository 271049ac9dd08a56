public import Casebook
import Foundation
import MediaIO
public import SystemPackage

/// A catalogue of brands as a JSON file, with logos and fingerprints of clips beside it.
///
/// ```
/// {"brands": [{"id": "x", "name": "X", "kind": "casino", "texts": […], "domains": […],
///   "mirrors": […], "promo_codes": […], "promo_patterns": […], "logos": ["x/main.png"],
///   "creatives": ["clip.mp4", {"name": …, "sha256": …, "duration": …, "fingerprint": "x/1.ltf"}]}]}
/// ```
///
/// Only `name` is required. Paths are relative to the file and stay below its folder. Keys that are
/// not known are kept with the brand and written again.
public enum BrandCatalogue {
  /// Largest catalogue that is read, in bytes.
  static let mostBytes = 16 << 20
  /// Most brands of a catalogue.
  static let mostBrands = 10_000

  private static let knownKeys: Set<String> = [
    "id", "name", "kind", "texts", "domains", "mirrors", "promo_codes", "promo_patterns", "logos",
    "creatives",
  ]

  // MARK: Reading

  /// Reads a catalogue and all files that it names; all of it or nothing.
  ///
  /// - Throws: ``PipelineError`` that names the catalogue, the brand and the cause.
  public static func read(
    _ path: FilePath,
    importer: BrandImporter,
    addedAt: Int64
  ) throws(PipelineError) -> [BrandDraft] {
    do {
      return try drafts(path, importer: importer, addedAt: addedAt)
    } catch {
      throw error.naming(path)
    }
  }

  private static func drafts(
    _ path: FilePath,
    importer: BrandImporter,
    addedAt: Int64
  ) throws(PipelineError) -> [BrandDraft] {
    let bytes = try InputFile.read(path, limit: mostBytes)
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      throw flaw("not a JSON document")
    }
    guard let list = value.members?["brands"]?.elements else {
      throw flaw("not a catalogue of brands: there is no list \"brands\"")
    }
    guard list.count <= mostBrands else { throw flaw("more than \(mostBrands) brands") }
    var drafts: [BrandDraft] = []
    var ids: Set<String> = []
    var names: Set<String> = []
    for (index, item) in list.enumerated() {
      let draft = try draft(item, index, below: path.removingLastComponent(), importer, addedAt)
      let brand = draft.brand
      // Said here, where the file can be named, and before clips of others are decoded.
      guard ids.insert(brand.id).inserted else {
        throw flaw("two brands have the identifier \"\(brand.id)\"")
      }
      guard names.insert(brand.name.lowercased()).inserted else {
        throw flaw("two brands have the name \"\(brand.name)\"")
      }
      drafts.append(draft)
    }
    return drafts
  }

  private static func flaw(_ message: String) -> PipelineError {
    PipelineError(.input, code: "bad_catalogue", message)
  }

  private static func draft(
    _ item: JSONValue,
    _ index: Int,
    below folder: FilePath,
    _ importer: BrandImporter,
    _ addedAt: Int64
  ) throws(PipelineError) -> BrandDraft {
    guard let members = item.members, let name = members["name"]?.string else {
      throw flaw("brand \(index + 1) has no name")
    }
    do {
      var brand = Brand(
        id: try text("id", members) ?? Brand.identifier(for: name),
        name: name,
        kind: try text("kind", members) ?? Brand.defaultKind,
        addedAt: addedAt
      )
      brand.texts = try texts("texts", members)
      brand.domains = try texts("domains", members)
      brand.mirrorPatterns = try texts("mirrors", members)
      brand.promoCodes = try texts("promo_codes", members)
      brand.promoPatterns = try texts("promo_patterns", members)
      let others = members.filter { !knownKeys.contains($0.key) }
      if !others.isEmpty { brand.extra = try? JSONDocument.line(JSONValue.object(others)) }
      // Before an hour goes into clips.
      brand = try BrandStore.translated { try brand.validated() }
      var draft = BrandDraft(brand: brand, files: [])
      try addLogos(members, &draft, folder)
      try addCreatives(members, &draft, folder, importer)
      draft.brand = try BrandStore.translated { try draft.brand.validated() }
      return draft
    } catch {
      let kind = error.kind == .usage ? .input : error.kind
      throw PipelineError(kind, code: error.code, "brand \"\(name)\": \(error.message)")
    }
  }

  private static func text(
    _ key: String,
    _ members: [String: JSONValue]
  ) throws(PipelineError) -> String? {
    guard let value = members[key], value != .null else { return nil }
    guard let text = value.string else { throw flaw("\"\(key)\" is not a text") }
    return text
  }

  private static func texts(
    _ key: String,
    _ members: [String: JSONValue]
  ) throws(PipelineError) -> [String] {
    guard let value = members[key], value != .null else { return [] }
    let texts = value.elements?.compactMap(\.string) ?? []
    guard let list = value.elements, texts.count == list.count else {
      throw flaw("\"\(key)\" is not a list of texts")
    }
    return texts
  }

  private static func addLogos(
    _ members: [String: JSONValue],
    _ draft: inout BrandDraft,
    _ folder: FilePath
  ) throws(PipelineError) {
    for name in try texts("logos", members) {
      let path = try file(name, below: folder)
      let (logo, file) = try BrandImporter.logo(path, name: name)
      draft.brand.logos.append(logo)
      draft.files.append(file)
    }
  }

  private static func addCreatives(
    _ members: [String: JSONValue],
    _ draft: inout BrandDraft,
    _ folder: FilePath,
    _ importer: BrandImporter
  ) throws(PipelineError) {
    guard let value = members["creatives"], value != .null else { return }
    guard let list = value.elements else { throw flaw("\"creatives\" is not a list") }
    for item in list {
      if let name = item.string {
        let path = try file(name, below: folder)
        let (creative, file) = try importer.namedCreative(path)
        draft.brand.creatives.append(creative)
        draft.files.append(file)
        continue
      }
      guard let fields = item.members, let name = fields["name"]?.string,
        let digest = fields["sha256"]?.string, let seconds = fields["duration"]?.double,
        let fingerprint = fields["fingerprint"]?.string
      else {
        throw flaw("a creative is neither a path nor has name, sha256, duration and fingerprint")
      }
      let path = try file(fingerprint, below: folder)
      guard BrandImporter.isFingerprint(path) else {
        throw flaw("not a fingerprint of a clip").naming(path)
      }
      let file = BrandFile(try InputFile.read(path, limit: Casebook.mostFileBytes))
      draft.files.append(file)
      draft.brand.creatives.append(
        Brand.Creative(
          name: name,
          sourceDigest: digest,
          durationSeconds: seconds,
          digest: file.digest
        )
      )
    }
  }

  private static func file(
    _ name: String,
    below folder: FilePath
  ) throws(PipelineError) -> FilePath {
    guard Brand.isValidRelativePath(name) else {
      throw flaw("the path \"\(name)\" does not stay below the catalogue's folder")
    }
    return folder.pushing(FilePath(name))
  }

  /// The value of a JSON text; nil where it is none.
  static func parsed(_ text: String) -> JSONValue? {
    try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  // MARK: Writing

  /// Writes a catalogue, and logos and fingerprints beside it; gives the number of these files.
  ///
  /// The catalogue itself is written last, and replaces an older one as a whole.
  ///
  /// - Throws: ``PipelineError`` that names the file that cannot be read or written.
  public static func write(
    _ brands: [Brand],
    to path: FilePath,
    from store: BrandStore
  ) throws(PipelineError) -> Int {
    let folder = path.removingLastComponent()
    var written: [String: String] = [:]
    func put(_ wanted: String, _ digest: String, _ id: String) throws(PipelineError) -> String {
      var name = wanted
      // Two brands may have named different logos the same.
      if let other = written[name], other != digest {
        name = "\(id)/\(digest.prefix(16))-\(id).png"
      }
      guard written[name] == nil else { return name }
      let bytes = try BrandStore.translated { try store.casebook.brandFile(digest) }
      let target = folder.pushing(FilePath(name))
      try OutputFile.makeDirectories(target.removingLastComponent())
      try OutputFile.write(bytes, to: target)
      written[name] = digest
      return name
    }
    var items: [JSONValue] = []
    for brand in brands {
      var item = brand.extra.flatMap { parsed($0)?.members } ?? [:]
      item["id"] = .text(brand.id)
      item["name"] = .text(brand.name)
      item["kind"] = .text(brand.kind)
      let lists: [(String, [String], isOptional: Bool)] = [
        ("texts", brand.texts, false), ("domains", brand.domains, false),
        ("promo_codes", brand.promoCodes, false), ("mirrors", brand.mirrorPatterns, true),
        ("promo_patterns", brand.promoPatterns, true),
      ]
      for (key, values, isOptional) in lists where !(isOptional && values.isEmpty) {
        item[key] = .list(values.map(JSONValue.text))
      }
      var logos: [JSONValue] = []
      for logo in brand.logos { logos.append(.text(try put(logo.name, logo.digest, brand.id))) }
      item["logos"] = .list(logos)
      var creatives: [JSONValue] = []
      for creative in brand.creatives {
        let name = "\(brand.id)/\(creative.digest.prefix(16)).ltf"
        creatives.append([
          "name": .text(creative.name), "sha256": .text(creative.sourceDigest),
          "duration": .number(creative.durationSeconds),
          "fingerprint": .text(try put(name, creative.digest, brand.id)),
        ])
      }
      if !creatives.isEmpty { item["creatives"] = .list(creatives) }
      items.append(.object(item))
    }
    let text = try BrandStore.translated {
      try JSONDocument.pretty(JSONValue.object(["brands": .list(items)]))
    }
    if !folder.isEmpty { try OutputFile.makeDirectories(folder) }
    try OutputFile.write(Array((text + "\n").utf8), to: path)
    return written.count
  }
}
