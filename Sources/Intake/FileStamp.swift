import Glibc
public import SystemPackage

/// What tells, without reading a file, whether it is the one that was seen before.
public struct FileStamp: Sendable, Hashable {
  /// What a name stands for.
  public enum Kind: Sendable, Hashable {
    /// A file with contents.
    case file
    /// A folder.
    case folder
    /// A symbolic link.
    case link
    /// A pipe, a device or a socket.
    case other
  }

  /// What the name stands for.
  public var kind: Kind
  /// Number of the device.
  public var device: UInt64
  /// Number of the file on it.
  public var inode: UInt64
  /// Size in bytes.
  public var sizeBytes: Int64
  /// Time of the last change of the contents, in nanoseconds since 1970-01-01T00:00:00Z.
  public var changedNanoseconds: Int64

  /// Creates a stamp.
  public init(
    kind: Kind = .file,
    device: UInt64,
    inode: UInt64,
    sizeBytes: Int64,
    changedNanoseconds: Int64
  ) {
    (self.kind, self.device, self.inode) = (kind, device, inode)
    (self.sizeBytes, self.changedNanoseconds) = (sizeBytes, changedNanoseconds)
  }

  /// Looks at what a path leads to.
  ///
  /// - Throws: the number of the error.
  public init(of path: FilePath, followingLinks: Bool = false) throws(Errno) {
    var status = stat()
    let result = unsafe path.withPlatformString {
      followingLinks ? unsafe stat($0, &status) : unsafe lstat($0, &status)
    }
    guard result == 0 else { throw Errno(rawValue: Glibc.errno) }
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    // A file system may give any times; none of them ends the program.
    let seconds = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    self.init(
      kind: kind,
      device: UInt64(status.st_dev),
      inode: UInt64(status.st_ino),
      sizeBytes: Int64(status.st_size),
      changedNanoseconds: seconds.partialValue &+ Int64(status.st_mtim.tv_nsec)
    )
  }
}
