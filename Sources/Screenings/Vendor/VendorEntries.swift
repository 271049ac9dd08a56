import Foundation

/// The results of a vendor's report as texts by field, whatever the report's form.
struct VendorEntries {
  /// One result.
  struct Entry {
    /// The line that it starts on, from 1.
    var line: Int
    /// What it says.
    var values: [VendorField: String]
  }

  private(set) var entries: [Entry] = []
  private(set) var refusals: [ScreeningRefusal] = []
  private(set) var unusedNames: [String] = []

  // MARK: Tables

  /// Reads a table whose first line names the columns, parted by commas, semicolons or tabs.
  init(table bytes: [UInt8]) throws(ScreeningsError) {
    let (header, delimiter, end) = try Self.header(bytes)
    var columns: [VendorField?] = []
    for name in header.fields {
      let field = VendorField.named(name)
      if let field, let other = columns.firstIndex(of: field) {
        throw ScreeningsError(
          .badHeader,
          line: header.line,
          "the columns \"\(TextRules.excerpt(header.fields[other]))\" and "
            + "\"\(TextRules.excerpt(name))\" both hold the \(field.rawValue)"
        )
      }
      if field == nil, !name.allSatisfy(\.isWhitespace) { unusedNames.append(name) }
      columns.append(field)
    }
    var rows = DelimitedRows(bytes, delimiter: delimiter, from: end.index, line: end.line)
    var record = DelimitedRows.Record()
    while try rows.next(&record) {
      if record.fields.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
      guard record.fields.count <= columns.count else {
        refusals.append(
          ScreeningRefusal(
            line: record.line,
            "the row has \(record.fields.count) fields, the header \(columns.count)"
          )
        )
        continue
      }
      var values: [VendorField: String] = [:]
      for (field, text) in zip(columns, record.fields) {
        if let field { values[field] = text }
      }
      entries.append(Entry(line: record.line, values: values))
    }
  }

  private typealias Header = (
    record: DelimitedRows.Record, delimiter: UInt8, end: (index: Int, line: Int)
  )

  /// The header under the delimiter that makes most fields of it known.
  private static func header(_ bytes: [UInt8]) throws(ScreeningsError) -> Header {
    var best: (header: Header, known: Int)?
    var failure: ScreeningsError?
    for delimiter in [",", ";", "\t"].map({ UInt8(ascii: $0) }) {
      var rows = DelimitedRows(bytes, delimiter: delimiter)
      var record = DelimitedRows.Record()
      do throws(ScreeningsError) {
        guard try rows.next(&record) else {
          throw ScreeningsError(.badHeader, "the report is empty")
        }
      } catch {
        failure = failure ?? error
        continue
      }
      let known = record.fields.count { VendorField.named($0) != nil }
      if best.map({ known > $0.known }) ?? true {
        best = ((record, delimiter, rows.position), known)
      }
    }
    guard let best else { throw failure ?? ScreeningsError(.badHeader, "the report is empty") }
    guard best.known > 0 else {
      throw ScreeningsError(
        .unknownKind,
        line: best.header.record.line,
        "no column of a detector's report is named here: vendor, input_sha256, verdict, mark_id, …"
      )
    }
    return best.header
  }

  // MARK: JSON

  /// Keys under which an object holds its results.
  private static let lists = ["results", "detections", "marks", "reports"]

  /// Reads a result, a list of results, or an object that holds one beside what all share.
  init(json bytes: [UInt8]) throws(ScreeningsError) {
    let value: Any
    do {
      value = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    } catch {
      throw ScreeningsError(.brokenTable, line: JSONPlaces.brokenLine(bytes), "not valid JSON")
    }
    var shared: [VendorField: String] = [:]
    var unused: Set<String> = []
    var elements: [Any]
    var lines: [Int]
    if let list = value as? [Any] {
      (elements, lines) = (list, JSONPlaces.elementLines(bytes, under: nil))
    } else if let object = value as? [String: Any] {
      if let key = Self.lists.first(where: { object[$0] is [Any] }) {
        (shared, unused) = Self.values(object.filter { $0.key != key })
        elements = object[key] as? [Any] ?? []
        lines = JSONPlaces.elementLines(bytes, under: key)
      } else {
        (elements, lines) = ([object], [1])
      }
    } else {
      throw ScreeningsError(
        .unknownKind,
        line: 1,
        "the JSON is neither a result nor a list of them"
      )
    }
    for (index, element) in elements.enumerated() {
      let line = index < lines.count ? lines[index] : 1
      guard let object = element as? [String: Any] else {
        refusals.append(ScreeningRefusal(line: line, "the result is not an object"))
        continue
      }
      let (values, more) = Self.values(object)
      unused.formUnion(more)
      entries.append(Entry(line: line, values: shared.merging(values) { $1 }))
    }
    unusedNames = unused.sorted()
  }

  /// What an object says, and its keys that are not used.
  private static func values(
    _ object: [String: Any]
  ) -> (values: [VendorField: String], unused: Set<String>) {
    var values: [VendorField: String] = [:]
    var unused: Set<String> = []
    for (key, value) in object.sorted(by: { $0.key < $1.key }) {
      guard let field = VendorField.named(key) else {
        unused.insert(key)
        continue
      }
      if field == .range, let range = value as? [String: Any] {
        values[.start] = text(range["start"] ?? range["from"])
        values[.end] = text(range["end"] ?? range["to"])
      } else if let list = value as? [Any] {
        let sign = field == .range ? " - " : "+"
        values[field] = list.compactMap(text).joined(separator: sign)
      } else {
        values[field] = text(value)
      }
    }
    return (values, unused)
  }

  private static func text(_ value: Any?) -> String? {
    switch value {
    case let text as String: text
    case let number as NSNumber: number.stringValue
    default: nil
    }
  }
}

/// Where things are in JSON that a parser has read, or refused.
enum JSONPlaces {
  /// The lines, from 1, on which the elements of a list begin: of the outermost list, or of the one
  /// that the outermost object holds under `key`.
  static func elementLines(_ bytes: [UInt8], under key: String?) -> [Int] {
    var (line, depth, index) = (1, 0, 0)
    var lines: [Int] = []
    var last = ""
    // The depth of the list's elements, once it has begun.
    var wanted: Int?
    var awaits = true
    while index < bytes.count {
      let byte = bytes[index]
      if let wanted, depth == wanted, awaits, !isBlank(byte), byte != UInt8(ascii: "]") {
        lines.append(line)
        awaits = false
      }
      switch byte {
      case 0x0A: line += 1
      case UInt8(ascii: "\""):
        let end = endOfString(bytes, index)
        if depth == 1 {
          last = String(decoding: bytes[(index + 1)..<max(index + 1, end)], as: UTF8.self)
        }
        index = end
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        let isList = byte == UInt8(ascii: "[")
        let isMeant = key == nil ? depth == 1 : depth == 2 && last == key
        if wanted == nil, isList, isMeant { wanted = depth }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if let wanted, depth < wanted { return lines }
      case UInt8(ascii: ","): if depth == wanted { awaits = true }
      default: break
      }
      index += 1
    }
    return lines
  }

  /// The line on which JSON stops being that, from 1: the first on which brackets or strings do not
  /// close, else the last one.
  static func brokenLine(_ bytes: [UInt8]) -> Int {
    var line = 1
    var open: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x0A: line += 1
      case UInt8(ascii: "\""):
        let end = endOfString(bytes, index)
        guard end < bytes.count, !bytes[index..<end].contains(0x0A) else { return line }
        index = end
      case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
      case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard open.popLast() == byte else { return line }
      default: break
      }
      index += 1
    }
    return line
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    [0x20, 0x09, 0x0A, 0x0D].contains(byte)
  }

  /// The place of the quote that ends the string which begins at `start`.
  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
    var index = start + 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, bytes.count)
  }
}
