/// Why a file as a whole cannot be imported: what is wrong, and on which line.
public struct ScreeningsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  public let code: Code
  /// The line of the file, from 1; nil where it concerns all of it.
  public let line: Int?
  /// The cause in words; it may quote words of strangers as they are.
  public let message: String

  /// Creates an error.
  public init(_ code: Code, line: Int? = nil, _ message: String) {
    (self.code, self.line, self.message) = (code, line, message)
  }

  /// The line, where there is one, and the cause.
  public var description: String { line.map { "line \($0): \(message)" } ?? message }

  /// The kinds of failure; more may be added, so a `switch` over them needs a default.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, as it stands in reports.
    public let description: String

    private init(_ name: String) { description = name }

    /// The bytes are text in no encoding that is read.
    public static let badEncoding = Code("bad_encoding")
    /// Quotes of a table are broken, so that nobody knows where its rows end.
    public static let brokenTable = Code("broken_table")
    /// The first line of a table does not name the columns that are needed.
    public static let badHeader = Code("bad_header")
    /// The XML is not well formed.
    public static let brokenXML = Code("broken_xml")
    /// The XML has what no honest file of these kinds has: a document type, entities, depth.
    public static let unsafeXML = Code("unsafe_xml")
    /// The file is none of the kinds that are read.
    public static let unknownKind = Code("unknown_kind")
    /// A required element is missing, or holds an impossible value.
    public static let badValue = Code("bad_value")
    /// The clock of a playout log jumps.
    public static let clockJump = Code("clock_jump")
    /// The file is larger, or more of it is wrong, than a screening list can be.
    public static let tooMuch = Code("too_much")
    /// An option of the import makes no sense.
    public static let badOption = Code("bad_option")
  }
}

/// A row or record that is not imported, while the others of its file are.
public struct ScreeningRefusal: Sendable, Hashable {
  /// The line of the file that it starts on, from 1.
  public var line: Int
  /// What is wrong; it may quote words of strangers as they are.
  public var message: String

  /// Creates a refusal.
  public init(line: Int, _ message: String) { (self.line, self.message) = (line, message) }
}

/// What is wrong with one value, before its place is known.
struct ValueFlaw: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
