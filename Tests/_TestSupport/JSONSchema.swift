import Foundation

/// Checks values against the part of JSON Schema 2020-12 that `docs/schema` uses; a keyword that it
/// does not know is an error, so that none is passed over.
public struct JSONSchema {
  private let root: JSON

  /// A keyword that is not known.
  public struct Unknown: Error {
    /// The keyword.
    public var keyword: String
  }

  /// Reads a schema of `docs/schema` by its name.
  public init(named name: String) throws {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("docs/schema/\(name).json")
    root = try JSON(parsing: String(contentsOf: file, encoding: .utf8))
  }

  /// What is wrong with `value`, each with its place; empty where it is valid.
  public func flaws(of value: JSON) throws -> [String] { try check(value, root, "$") }

  private func check(_ value: JSON, _ schema: JSON, _ place: String) throws -> [String] {
    guard case .object(let keywords) = schema else { throw Unknown(keyword: "not an object") }
    var flaws: [String] = []
    for (keyword, rule) in keywords {
      flaws += try apply(keyword, rule, keywords, value).map { "\(place): \($0)" }
      flaws += try descend(keyword, rule, keywords, value, place)
    }
    return flaws
  }

  /// Rules that hold for a value as a whole.
  private func apply(
    _ keyword: String,
    _ rule: JSON,
    _ schema: [String: JSON],
    _ value: JSON
  ) throws -> [String] {
    switch (keyword, value) {
    case ("$schema", _), ("$id", _), ("title", _), ("description", _), ("$defs", _),
      ("contentEncoding", _), ("properties", _), ("items", _), ("additionalProperties", _),
      ("$ref", _), ("oneOf", _), ("anyOf", _), ("not", _):
      return []
    case ("type", _):
      let types = rule.string.map { [$0] } ?? rule.elements.compactMap(\.string)
      return types.contains { Self.isOf($0, value) } ? [] : ["not of type \(rule)"]
    case ("const", _): return value == rule ? [] : ["not \(rule)"]
    case ("enum", _): return rule.elements.contains(value) ? [] : ["not among \(rule)"]
    case ("required", .object(let members)):
      return rule.elements.compactMap(\.string).filter { members[$0] == nil }.map { "no \($0)" }
    case ("pattern", .text(let text)):
      let found = text.range(of: rule.string ?? "", options: .regularExpression)
      return found == nil ? ["\(text) does not look like \(rule)"] : []
    case ("minimum", .number(let number)): return Self.hold(number >= rule.double ?? .nan, keyword)
    case ("maximum", .number(let number)): return Self.hold(number <= rule.double ?? .nan, keyword)
    case ("exclusiveMinimum", .number(let number)):
      return Self.hold(number > rule.double ?? .nan, keyword)
    case ("minItems", .list(let list)):
      return Self.hold(Double(list.count) >= rule.double ?? .nan, keyword)
    case ("maxItems", .list(let list)):
      return Self.hold(Double(list.count) <= rule.double ?? .nan, keyword)
    case ("required", _), ("pattern", _), ("minimum", _), ("maximum", _), ("exclusiveMinimum", _),
      ("minItems", _), ("maxItems", _):
      return []
    default: throw Unknown(keyword: keyword)
    }
  }

  /// Rules that hold for parts of a value, or bring in other schemas.
  private func descend(
    _ keyword: String,
    _ rule: JSON,
    _ schema: [String: JSON],
    _ value: JSON,
    _ place: String
  ) throws -> [String] {
    switch (keyword, value) {
    case ("$ref", _):
      let name = (rule.string ?? "").split(separator: "/").last.map(String.init) ?? ""
      guard let target = root["$defs"]?[name] else { throw Unknown(keyword: "\(rule)") }
      return try check(value, target, place)
    case ("oneOf", _):
      let results = try rule.elements.map { try check(value, $0, place) }
      let count = results.count { $0.isEmpty }
      return count == 1 ? [] : ["\(place): \(count) of oneOf hold"] + results.joined()
    case ("anyOf", _):
      let results = try rule.elements.map { try check(value, $0, place) }
      return results.contains { $0.isEmpty } ? [] : results.flatMap { $0 }
    case ("not", _): return try check(value, rule, place).isEmpty ? ["\(place): not holds"] : []
    case ("properties", .object(let members)):
      guard case .object(let rules) = rule else { throw Unknown(keyword: keyword) }
      return try members.flatMap { name, member in
        try rules[name].map { try check(member, $0, "\(place).\(name)") } ?? []
      }
    case ("additionalProperties", .object(let members)):
      var known: Set<String> = []
      if case .object(let rules)? = schema["properties"] { known = Set(rules.keys) }
      return try members.filter { !known.contains($0.key) }.flatMap { name, member in
        rule == .boolean(false)
          ? ["\(place): unknown key \(name)"] : try check(member, rule, "\(place).\(name)")
      }
    case ("items", .list(let list)):
      return try list.enumerated().flatMap { try check($1, rule, "\(place)[\($0)]") }
    default: return []
    }
  }

  private static func hold(_ condition: Bool, _ keyword: String) -> [String] {
    condition ? [] : ["\(keyword) does not hold"]
  }

  private static func isOf(_ type: String, _ value: JSON) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .list), ("string", .text), ("number", .number),
      ("boolean", .boolean), ("null", .null):
      true
    case ("integer", .number(let number)): number.rounded() == number
    default: false
    }
  }
}
