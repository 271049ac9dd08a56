public import SystemPackage

/// Why an operation on the reference library failed: a code to branch on and one line to show.
public struct LibraryError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it was.
  public let code: Code
  /// The cause in words, without the path; one line.
  public let message: String
  /// The file or folder concerned, where there is one.
  public let path: FilePath?
  /// The operating system's error number, where it gave one.
  public let errno: Errno?

  /// Creates an error; `message` is shown after the path.
  public init(_ code: Code, _ message: String, path: FilePath? = nil, errno: Errno? = nil) {
    self.code = code
    self.message = message
    self.path = path
    self.errno = errno
  }

  /// One line that names the file and the cause; control characters and bytes that are not UTF-8
  /// are escaped.
  public var description: String {
    let text = path.map { "\(PrintableText.of($0)): \(message)" } ?? message
    return PrintableText.of(text)
  }
}

extension LibraryError {
  /// The kinds of failure; more may be added, so a `switch` over them needs a default.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, as it stands in reports.
    public let description: String

    private init(_ name: String) { description = name }

    /// There is no library at the path.
    public static let notFound = Code("not_found")
    /// A file of the library is missing, cut short or changed.
    public static let damaged = Code("damaged")
    /// Another process is writing to the library.
    public static let locked = Code("locked")
    /// The folder holds something else, or a library of a newer format.
    public static let incompatible = Code("incompatible")
    /// The library was opened for reading, or lies on a file system that cannot be written.
    public static let readOnly = Code("read_only")
    /// The operating system does not let this user at the file.
    public static let accessDenied = Code("access_denied")
    /// The disk, or the user's share of it, is full.
    public static let diskFull = Code("disk_full")
    /// Reading or writing failed for another reason.
    public static let io = Code("io")
    /// A metadata field or a media description holds an unacceptable value.
    public static let invalidMetadata = Code("invalid_metadata")
    /// No release has the identifier asked for.
    public static let noSuchRelease = Code("no_such_release")
    /// Two different files would get the same release identifier.
    public static let conflict = Code("conflict")
  }
}
