import TOMLKit

/// A TOML document whose values are asked for one by one, so that a key that nobody asked for is an
/// error, as every other mistake with its line.
struct SettingsDocument {
  /// One step down: a key of a table, or an element of an array of tables.
  enum Step: Hashable {
    case key(String)
    case element(Int)
  }

  private let text: String
  private let expressions: TOMLExpressions
  private let table: TOMLTable

  init(_ text: String) throws(SettingsError) {
    self.text = text
    expressions = TOMLExpressions(text)
    let flaw = expressions.flaw
    do {
      // What is wrong before that line is told first.
      table = try TOMLTable(string: flaw.map { Self.head($0.line - 1, of: text) } ?? text)
    } catch let error as TOMLParseError {
      throw SettingsError(line: max(1, error.source.begin.line), message: error.description)
    } catch {
      throw SettingsError(line: 1, message: "\(error)")
    }
    if let flaw { throw SettingsError(line: flaw.line, message: flaw.kind.rawValue) }
  }

  var root: Table { Table(document: self, path: [], table: table) }

  /// The line where something begins that the document has.
  ///
  /// The parser tells lines of errors alone, so it is asked for heads of the document: the shortest that
  /// has it ends with it, and longer ones have it, too.
  func line(of path: [Step]) -> Int {
    let starts = expressions.firstLines
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      let lines = middle + 1 < starts.count ? starts[middle + 1] - 1 : Int.max
      let table = try? TOMLTable(string: Self.head(lines, of: text))
      if table.map({ Self.has(path[...], $0) }) ?? false {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low < starts.count ? starts[low] : 1
  }

  /// The first lines of a text with their ends, of which "\r\n" is one character.
  private static func head(_ count: Int, of text: String) -> String {
    let ends = text.utf8.indices.lazy.filter { text.utf8[$0] == 0x0A }
    guard count > 0 else { return "" }
    guard count < text.utf8.count, let last = ends.dropFirst(count - 1).first else { return text }
    return String(decoding: text.utf8[...last], as: UTF8.self)
  }

  private static func has(_ path: ArraySlice<Step>, _ value: any TOMLValueConvertible) -> Bool {
    switch path.first {
    case nil: true
    case .key(let key): value.table?[key].map { has(path.dropFirst(), $0) } ?? false
    case .element(let index):
      if let array = value.array, array.indices.contains(index) {
        has(path.dropFirst(), array[index])
      } else {
        false
      }
    }
  }

  /// A table of the document.
  struct Table {
    let document: SettingsDocument
    let path: [Step]
    let table: TOMLTable
    private var known: Set<String> = []

    init(document: SettingsDocument, path: [Step], table: TOMLTable) {
      (self.document, self.path, self.table) = (document, path, table)
    }

    // MARK: Values

    mutating func text(_ key: String) throws(SettingsError) -> String? {
      try value(key, "text in quotes") { $0.type == .string ? $0.string : nil }
    }

    /// An absolute path: the program may be started anywhere.
    mutating func path(_ key: String) throws(SettingsError) -> String? {
      guard let path = try text(key) else { return nil }
      guard path.hasPrefix("/"), !path.contains("\0") else {
        throw flaw(key, "must be an absolute path")
      }
      return path
    }

    mutating func choice(
      _ key: String,
      _ choices: [String]
    ) throws(SettingsError) -> String? {
      guard let text = try text(key) else { return nil }
      guard choices.contains(text) else {
        throw flaw(key, "must be one of \(choices.joined(separator: ", "))")
      }
      return text
    }

    mutating func boolean(_ key: String) throws(SettingsError) -> Bool? {
      try value(key, "true or false") { $0.type == .bool ? $0.bool : nil }
    }

    mutating func integer(
      _ key: String,
      _ bounds: ClosedRange<Int>
    ) throws(SettingsError) -> Int? {
      guard let number = try value(key, "a whole number", { $0.type == .int ? $0.int : nil })
      else { return nil }
      guard bounds.contains(number) else {
        throw flaw(key, "must be between \(bounds.lowerBound) and \(bounds.upperBound)")
      }
      return number
    }

    mutating func number(
      _ key: String,
      _ bounds: ClosedRange<Double>
    ) throws(SettingsError) -> Double? {
      let number = try value(key, "a number") { value in
        switch value.type {
        case .int: value.int.map(Double.init)
        case .double: value.double
        default: nil
        }
      }
      guard let number else { return nil }
      guard bounds.contains(number) else {
        throw flaw(key, "must be between \(bounds.lowerBound) and \(bounds.upperBound)")
      }
      return number
    }

    mutating func table(_ key: String) throws(SettingsError) -> Table? {
      let inner = try value(key, "a table") { $0.type == .table ? $0.table : nil }
      return inner.map { Table(document: document, path: path + [.key(key)], table: $0) }
    }

    /// The elements of an array of tables; none where it is missing.
    mutating func tables(_ key: String) throws(SettingsError) -> [Table] {
      guard let array = try value(key, "a list of tables", { $0.type == .array ? $0.array : nil })
      else { return [] }
      var tables: [Table] = []
      for index in array.indices {
        guard array[index].type == .table, let inner = array[index].table else {
          throw flaw(key, "must be a list of tables")
        }
        let place = path + [.key(key), .element(index)]
        tables.append(Table(document: document, path: place, table: inner))
      }
      return tables
    }

    private mutating func value<Value>(
      _ key: String,
      _ kind: String,
      _ read: (any TOMLValueConvertible) -> Value?
    ) throws(SettingsError) -> Value? {
      known.insert(key)
      guard let value = table[key] else { return nil }
      guard let result = read(value) else { throw flaw(key, "must be \(kind)") }
      return result
    }

    // MARK: Mistakes

    /// Refuses keys that nobody asked for.
    func end() throws(SettingsError) {
      guard let key = table.keys.sorted().first(where: { !known.contains($0) }) else { return }
      let there = known.sorted().joined(separator: ", ")
      throw flaw(key, "is not known here; there are \(there)")
    }

    /// The mistake that a key is not there.
    func missing(_ key: String) -> SettingsError {
      SettingsError(line: document.line(of: path), message: "\"\(name(key))\" is missing")
    }

    private func flaw(_ key: String, _ message: String) -> SettingsError {
      SettingsError(
        line: document.line(of: path + [.key(key)]),
        message: "\"\(name(key))\" \(message)"
      )
    }

    private func name(_ key: String) -> String {
      let above = path.compactMap { step -> String? in
        if case .key(let key) = step { return key }
        return nil
      }
      return (above + [key]).joined(separator: ".")
    }
  }
}
