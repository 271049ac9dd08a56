import Foundation
import SwiftCSV
package import SystemPackage

/// A list of files to be added: CSV with a header, in UTF-8.
///
/// The column `file` is required, the columns named like ``MetadataField`` are known, and others
/// are ignored. Paths are relative to the folder of the list.
package struct ReferenceManifest {
  /// A row that names a file.
  package struct Row {
    /// Line of the list that the row starts on, from 1.
    package var line: Int
    /// The file.
    package var path: FilePath
    /// What the row says about it.
    package var fields: MetadataFields
  }

  /// A row that cannot be used.
  package struct Flaw {
    /// Line of the list that the row starts on, from 1.
    package var line: Int
    /// What is wrong with it.
    package var message: String
  }

  /// The rows that can be used, in the order of the list.
  package private(set) var rows: [Row] = []
  /// The rows that cannot.
  package private(set) var flaws: [Flaw] = []

  /// Longest list that is read: far more than any catalogue.
  private static let limitBytes = 64 << 20

  /// Reads a list; `defaults` are fields that count where a row says nothing.
  ///
  /// - Throws: ``PipelineError`` where the list as a whole cannot be used.
  package init(_ path: FilePath, defaults: MetadataFields) throws {
    let records = Self.records(in: try Self.text(of: path))
    guard let first = records.first else { throw Self.failure(path, "the list is empty") }
    let columns: [String]
    do {
      columns = try Self.values(of: first.text).map {
        $0.trimmingCharacters(in: .whitespaces).lowercased()
      }
    } catch {
      throw Self.failure(path, "the first line is not valid CSV: \(Self.cause(error))")
    }
    guard columns.contains("file") else {
      throw Self.failure(path, "the list has no column \"file\"; its first line names the columns")
    }
    if let twice = columns.first(where: { name in columns.count { $0 == name } > 1 && name != "" })
    {
      throw Self.failure(path, "the list has the column \"\(twice)\" twice")
    }
    let folder = path.removingLastComponent()
    for record in records.dropFirst() {
      do {
        let values = try Self.values(of: record.text)
        // Rows of commas alone, as spreadsheets leave them.
        if values.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
        add(values, columns, record.line, folder: folder, defaults)
      } catch {
        let message = "the row is not valid CSV: \(Self.cause(error))"
        flaws.append(Flaw(line: record.line, message: message))
      }
    }
  }

  private mutating func add(
    _ values: [String],
    _ columns: [String],
    _ line: Int,
    folder: FilePath,
    _ defaults: MetadataFields
  ) {
    guard values.count <= columns.count else {
      let message = "the row has \(values.count) fields, the header \(columns.count)"
      return flaws.append(Flaw(line: line, message: message))
    }
    var fields = defaults
    var file = ""
    for (column, value) in zip(columns, values) {
      if column == "file" { file = value }
      if let field = MetadataField(rawValue: column), !value.allSatisfy(\.isWhitespace) {
        fields[field] = value
      }
    }
    guard !file.isEmpty, !file.utf8.contains(0) else {
      return flaws.append(Flaw(line: line, message: "the row names no file"))
    }
    let named = FilePath(file)
    let path = named.isAbsolute || folder.isEmpty ? named : folder.pushing(named)
    rows.append(Row(line: line, path: path, fields: fields))
  }

  /// The records of a list with the lines that they start on; blank lines are left out.
  ///
  /// A record goes on over the end of a line inside quotes. Each is then read for itself, so that
  /// one with stray quotes spoils no other.
  private static func records(in text: String) -> [(line: Int, text: String)] {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    var records: [(line: Int, text: String)] = []
    var index = 0
    while index < lines.count {
      let end = Self.end(of: index, in: lines)
      let record = lines[index...end].joined(separator: "\n")
      if !record.allSatisfy(\.isWhitespace) { records.append((index + 1, record)) }
      index = end + 1
    }
    return records
  }

  /// Last line of the record that starts on a line; that line itself where its quotes are never
  /// closed, or not within the length of any sensible record.
  private static func end(of start: Int, in lines: [Substring]) -> Int {
    var isOpen = false
    for index in start..<min(lines.count, start + longestRecordLines) {
      if !lines[index].count(where: { $0 == "\"" }).isMultiple(of: 2) { isOpen.toggle() }
      if !isOpen { return index }
    }
    return start
  }

  private static let longestRecordLines = 100

  private static func values(of record: String) throws -> [String] {
    // The parser takes the end of the text for the end of the quote.
    guard record.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
      throw CSVParseError.quotation(message: "a quote is never closed")
    }
    return try CSV<Enumerated>(string: record, delimiter: .comma, loadColumns: false).header
  }

  private static func text(of path: FilePath) throws -> String {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
    } catch {
      throw failure(path, "cannot open the list (\(error))")
    }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    do {
      var block = [UInt8](repeating: 0, count: 1 << 16)
      while bytes.count <= limitBytes {
        let count = try unsafe block.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        if count == 0 { break }
        bytes += block[..<count]
      }
    } catch {
      throw failure(path, "cannot read the list (\(error))")
    }
    guard bytes.count <= limitBytes else { throw failure(path, "the list is too long") }
    // The mark that spreadsheets put before UTF-8.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure(path, "the list is not UTF-8")
    }
    return text
  }

  private static func cause(_ error: any Error) -> String {
    switch error as? CSVParseError {
    case .generic(let message)?, .quotation(let message)?: message
    case nil: "\(error)"
    }
  }

  private static func failure(_ path: FilePath, _ message: String) -> PipelineError {
    PipelineError(.input, code: "bad_manifest", "\(SafeText.of(path)): \(message)")
  }
}
