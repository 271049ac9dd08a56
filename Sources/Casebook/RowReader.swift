import Foundation
import GRDB

/// Reads the columns of a row in their order; a column of another kind than expected is a flaw of
/// the file, never the end of the program.
struct RowReader {
  /// What is wrong with a row.
  struct Flaw: Error {
    let message: String
  }

  private let values: [DatabaseValue]
  private var index = 0

  init(_ row: Row) { values = Array(row.databaseValues) }

  mutating func next<Value: DatabaseValueConvertible>() throws(Flaw) -> Value {
    guard let value: Value = try nextOptional() else { throw flaw }
    return value
  }

  mutating func nextOptional<Value: DatabaseValueConvertible>() throws(Flaw) -> Value? {
    guard index < values.count else { throw flaw }
    defer { index += 1 }
    if values[index].isNull { return nil }
    guard let value = Value.fromDatabaseValue(values[index]) else { throw flaw }
    return value
  }

  mutating func nextBytes() throws(Flaw) -> [UInt8] {
    guard let bytes = try nextOptionalBytes() else { throw flaw }
    return bytes
  }

  mutating func nextOptionalBytes() throws(Flaw) -> [UInt8]? {
    guard index < values.count else { throw flaw }
    defer { index += 1 }
    switch values[index].storage {
    case .null: return nil
    case .blob(let data): return Array(data)
    default: throw flaw
    }
  }

  /// A list of short texts, kept as JSON.
  mutating func nextTexts() throws(Flaw) -> [String] { try nextList() }

  /// A list of whole numbers, kept as JSON.
  mutating func nextNumbers() throws(Flaw) -> [Int] { try nextList() }

  private mutating func nextList<Element: Decodable>() throws(Flaw) -> [Element] {
    let text: String = try next()
    guard let list = try? JSONDecoder().decode([Element].self, from: Data(text.utf8)) else {
      throw flaw
    }
    return list
  }

  private var flaw: Flaw { Flaw(message: "column \(index) of a row holds an impossible value") }
}

/// Lists as they are kept in one column.
enum ListText {
  /// The list as JSON; the characters of JSON's strings make any text possible.
  static func of(_ list: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(list), as: UTF8.self)
  }
}
