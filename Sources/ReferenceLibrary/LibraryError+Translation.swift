import GRDB
import SystemPackage

extension LibraryError {
  /// The error of a failed system call on `path`, `doing` said as "cannot …".
  init(_ errno: Errno, _ doing: String, path: FilePath) {
    let code: Code =
      switch errno {
      case .noSpace, .diskQuotaExceeded, .fileTooLarge: .diskFull
      case .readOnlyFileSystem: .readOnly
      case .permissionDenied, .notPermitted: .accessDenied
      case .noSuchFileOrDirectory, .notDirectory: .notFound
      default: .io
      }
    self.init(code, "cannot \(doing): \(errno.description)", path: path, errno: errno)
  }

  /// The error behind `error`, met while working with the catalogue at `path`.
  static func wrapping(_ error: any Error, path: FilePath) -> LibraryError {
    switch error {
    case let error as LibraryError: error
    case let error as Errno: LibraryError(error, "use the file", path: path)
    case let error as DatabaseError: LibraryError(error, path: path)
    case let flaw as RowReader.Flaw: LibraryError(.damaged, flaw.message, path: path)
    default: LibraryError(.io, PrintableText.of(String(describing: error)), path: path)
    }
  }

  /// The error of a failed statement on the catalogue at `path`.
  init(_ error: DatabaseError, path: FilePath) {
    let cause = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT,
      .SQLITE_ERROR, .SQLITE_SCHEMA:
      self.init(.damaged, "the catalogue is damaged (\(cause))", path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.locked, "another process keeps the catalogue busy (\(cause))", path: path)
    case .SQLITE_FULL:
      self.init(.diskFull, "the disk is full", path: path)
    case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK:
      self.init(
        .readOnly,
        "an interrupted change must be undone first, by opening it for writing",
        path: path
      )
    case .SQLITE_READONLY:
      self.init(.readOnly, "the catalogue cannot be written (\(cause))", path: path)
    case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      self.init(.accessDenied, "the catalogue cannot be opened (\(cause))", path: path)
    default:
      self.init(.io, "the catalogue cannot be used (\(cause))", path: path)
    }
  }
}
