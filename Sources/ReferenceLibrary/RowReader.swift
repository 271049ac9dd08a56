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
    guard index < values.count, case .blob(let data) = values[index].storage else {
      // SQLite gives an empty blob as one of length zero, never as text.
      throw flaw
    }
    index += 1
    return Array(data)
  }

  static func firstText(_ row: Row) throws(Flaw) -> String {
    var reader = RowReader(row)
    return try reader.next()
  }

  private var flaw: Flaw { Flaw(message: "column \(index) of a row holds an impossible value") }
}

extension [UInt8] {
  /// The bytes as they are bound to a statement.
  var asData: Data { Data(self) }
}
