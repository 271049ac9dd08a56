import GRDB
public import SystemPackage

/// Why an operation on the casebook failed: a code to branch on and one line to show.
public struct CasebookError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it was.
  public let code: Code
  /// The cause in words, without the path; it may quote words of strangers as they are.
  public let message: String
  /// The file or folder concerned, where there is one.
  public let path: FilePath?

  /// Creates an error; `message` is shown after the path.
  public init(_ code: Code, _ message: String, path: FilePath? = nil) {
    self.code = code
    self.message = message
    self.path = path
  }

  /// The path, where there is one, and the cause.
  public var description: String { path.map { "\($0.string): \(message)" } ?? message }
}

extension CasebookError {
  /// The kinds of failure; more may be added, so a `switch` over them needs a default.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, as it stands in reports.
    public let description: String

    private init(_ name: String) { description = name }

    /// There is no library at the path.
    public static let notFound = Code("not_found")
    /// A file of the casebook is missing, cut short or changed.
    public static let damaged = Code("damaged")
    /// Other processes kept the casebook busy for too long.
    public static let locked = Code("locked")
    /// The folder or the file is something else, or of a newer format.
    public static let incompatible = Code("incompatible")
    /// The casebook was opened for reading, or cannot be written where it is.
    public static let readOnly = Code("read_only")
    /// The disk, or the user's share of it, is full.
    public static let diskFull = Code("disk_full")
    /// Reading or writing failed for another reason.
    public static let io = Code("io")
    /// A value is not acceptable: a name, a domain, a pattern.
    public static let invalidValue = Code("invalid_value")
    /// A brand of this name or identifier is there already, or twice among those to be added.
    public static let duplicate = Code("duplicate")
    /// No brand has the name or identifier asked for.
    public static let noSuchBrand = Code("no_such_brand")
    /// No group of unknown sightings has the identifier asked for.
    public static let noSuchCandidate = Code("no_such_candidate")
    /// No capture has the identifier asked for, or the leak was never recorded.
    public static let noSuchCapture = Code("no_such_capture")
    /// No screening, composition or facility has the identifier asked for.
    public static let noSuchScreening = Code("no_such_screening")
    /// No result of a vendor has the identifier asked for.
    public static let noSuchVendorResult = Code("no_such_vendor_result")
  }

  /// The error behind `error`, met while working with the file at `path`.
  static func wrapping(_ error: any Error, path: FilePath?) -> CasebookError {
    switch error {
    case let error as CasebookError: error
    case let flaw as RowReader.Flaw: CasebookError(.damaged, flaw.message, path: path)
    case let error as DatabaseError: CasebookError(error, path: path)
    case let error as Errno: CasebookError(error, "use the file", path: path)
    default: CasebookError(.io, String(describing: error), path: path)
    }
  }

  /// The error of a failed system call, `doing` said as "cannot …".
  init(_ errno: Errno, _ doing: String, path: FilePath?) {
    let code: Code =
      switch errno {
      case .noSpace, .diskQuotaExceeded, .fileTooLarge: .diskFull
      case .readOnlyFileSystem, .permissionDenied, .notPermitted: .readOnly
      case .noSuchFileOrDirectory, .notDirectory: .notFound
      default: .io
      }
    self.init(code, "cannot \(doing): \(errno.description)", path: path)
  }

  /// The error of a failed statement.
  private init(_ error: DatabaseError, path: FilePath?) {
    let cause = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.locked, "other processes keep the casebook busy (\(cause))", path: path)
    case .SQLITE_FULL:
      self.init(.diskFull, "the disk is full", path: path)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      self.init(.readOnly, "the casebook cannot be written here (\(cause))", path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT,
      .SQLITE_ERROR, .SQLITE_SCHEMA:
      self.init(.damaged, "the casebook is damaged (\(cause))", path: path)
    default:
      self.init(.io, "the casebook cannot be used (\(cause))", path: path)
    }
  }
}
