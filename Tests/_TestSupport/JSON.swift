import Foundation

/// A JSON value.
public indirect enum JSON: Hashable, Sendable {
  /// One kind of JSON value.
  case null
  /// One kind of JSON value.
  case boolean(Bool)
  /// One kind of JSON value.
  case number(Double)
  /// One kind of JSON value.
  case text(String)
  /// One kind of JSON value.
  case list([JSON])
  /// One kind of JSON value.
  case object([String: JSON])

  /// Reads a value.
  public init(parsing text: String) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
  }

  /// The value of a key of an object; nil where there is none.
  public subscript(key: String) -> JSON? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  /// The elements of a list; empty for other values.
  public var elements: [JSON] {
    if case .list(let elements) = self { return elements }
    return []
  }

  /// The text; nil for other values.
  public var string: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  /// The number; nil for other values.
  public var double: Double? {
    if case .number(let number) = self { return number }
    return nil
  }
}

extension JSON: Decodable {
  /// Reads a value.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .boolean(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }
}
