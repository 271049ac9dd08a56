/// Reads the records of a table, as RFC 4180 writes them, one after the other.
///
/// A reader of its own, because lists have a million rows and because broken quotes must be told
/// from broken rows: only quotes say where a row ends, so that behind a broken one nothing is sure.
/// A quote begins a field or is doubled inside one; nothing but a delimiter or a line end follows
/// the closing one. Lines end in LF, CR LF or CR.
struct DelimitedRows {
  /// One record: its fields, without their quotes.
  struct Record {
    /// The line that it starts on, from 1.
    var line = 0
    /// Its fields.
    var fields: [String] = []
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private(set) var index: Int
  private var line: Int

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  /// Starts at a byte of the text that begins a line.
  init(_ bytes: [UInt8], delimiter: UInt8, from index: Int = 0, line: Int = 1) {
    (self.bytes, self.delimiter, self.index, self.line) = (bytes, delimiter, index, line)
  }

  /// Where the reader is: the byte after the last record, and its line.
  var position: (index: Int, line: Int) { (index, line) }

  /// Reads the next record that is not empty; false at the end of the text.
  ///
  /// - Throws: ``ScreeningsError/Code/brokenTable`` with the line of the quote that is broken.
  mutating func next(_ record: inout Record) throws(ScreeningsError) -> Bool {
    while index < bytes.count, bytes[index] == Self.lineFeed || bytes[index] == Self.carriageReturn
    {
      skipLineEnd()
    }
    guard index < bytes.count else { return false }
    record.line = line
    record.fields.removeAll(keepingCapacity: true)
    while true {
      let field =
        index < bytes.count && bytes[index] == Self.quote ? try quoted() : try plain()
      record.fields.append(field)
      guard index < bytes.count else { return true }
      guard bytes[index] == delimiter else {
        skipLineEnd()
        return true
      }
      index += 1
      guard index < bytes.count else {
        // A delimiter at the very end is followed by an empty field.
        record.fields.append("")
        return true
      }
    }
  }

  private mutating func plain() throws(ScreeningsError) -> String {
    let first = index
    while index < bytes.count {
      let byte = bytes[index]
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      guard byte != Self.quote else {
        throw ScreeningsError(
          .brokenTable,
          line: line,
          "a quote inside a field that does not begin with one; such fields stand in quotes, with "
            + "their own quotes doubled"
        )
      }
      index += 1
    }
    return String(decoding: bytes[first..<index], as: UTF8.self)
  }

  private mutating func quoted() throws(ScreeningsError) -> String {
    let startLine = line
    index += 1
    var first = index
    var pieces: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      if byte == Self.quote {
        if index + 1 < bytes.count, bytes[index + 1] == Self.quote {
          pieces += bytes[first...index]
          index += 2
          first = index
          continue
        }
        let text =
          pieces.isEmpty
          ? String(decoding: bytes[first..<index], as: UTF8.self)
          : String(decoding: pieces + bytes[first..<index], as: UTF8.self)
        index += 1
        guard
          index == bytes.count || bytes[index] == delimiter || bytes[index] == Self.lineFeed
            || bytes[index] == Self.carriageReturn
        else {
          throw ScreeningsError(
            .brokenTable,
            line: line,
            "something follows the closing quote of a field; quotes inside one are doubled"
          )
        }
        return text
      }
      if byte == Self.lineFeed || byte == Self.carriageReturn {
        skipLineEnd()
      } else {
        index += 1
      }
    }
    throw ScreeningsError(.brokenTable, line: startLine, "a quote is opened and never closed")
  }

  private mutating func skipLineEnd() {
    if bytes[index] == Self.carriageReturn, index + 1 < bytes.count,
      bytes[index + 1] == Self.lineFeed
    {
      index += 1
    }
    index += 1
    line += 1
  }
}
