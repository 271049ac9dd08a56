import Glibc
import SystemPackage

/// The few file operations that the library is made of, each failing with an error that names the
/// file.
enum FileOperations {
  /// What a path names.
  struct Status {
    let isDirectory: Bool
    let isRegularFile: Bool
    let sizeBytes: Int64
  }

  /// What `path` names, without following a link at its end; nil where there is nothing.
  static func status(_ path: FilePath) throws(LibraryError) -> Status? {
    var information = stat()
    let result = unsafe path.withPlatformString { unsafe lstat($0, &information) }
    if result != 0 {
      let errno = Errno(rawValue: Glibc.errno)
      if errno == .noSuchFileOrDirectory || errno == .notDirectory { return nil }
      throw LibraryError(errno, "examine it", path: path)
    }
    let kind = information.st_mode & S_IFMT
    return Status(
      isDirectory: kind == S_IFDIR,
      isRegularFile: kind == S_IFREG,
      sizeBytes: Int64(information.st_size)
    )
  }

  /// Creates one folder; it may be there already where `mayExist`.
  static func makeDirectory(_ path: FilePath, mayExist: Bool = false) throws(LibraryError) {
    let result = unsafe path.withPlatformString { unsafe mkdir($0, 0o777) }
    guard result != 0 else { return }
    let errno = Errno(rawValue: Glibc.errno)
    if mayExist, errno == .fileExists, try status(path)?.isDirectory ?? false { return }
    throw LibraryError(errno, "create the folder", path: path)
  }

  /// Creates a folder and those above it; gives the ones that were new, outermost first.
  static func makeDirectories(_ path: FilePath) throws(LibraryError) {
    var missing: [FilePath] = []
    var current = path
    // A link to a folder is a folder here: people keep libraries on other disks that way.
    while !isDirectoryFollowingLinks(current) {
      missing.append(current)
      guard current.removeLastComponent() else { break }
    }
    for folder in missing.reversed() {
      try makeDirectory(folder, mayExist: true)
      if folder.components.count > 1 { try synchroniseDirectory(folder.removingLastComponent()) }
    }
  }

  /// Whether `path` leads to a folder.
  static func isDirectoryFollowingLinks(_ path: FilePath) -> Bool {
    var information = stat()
    let result = unsafe path.withPlatformString { unsafe stat($0, &information) }
    return result == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Names of the entries of a folder, in no order.
  static func entries(of path: FilePath) throws(LibraryError) -> [FilePath.Component] {
    guard let stream = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
      throw LibraryError(Errno(rawValue: Glibc.errno), "list the folder", path: path)
    }
    defer { unsafe _ = closedir(stream) }
    var result: [FilePath.Component] = []
    while true {
      Glibc.errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe FilePath(platformString: $0)
        }
      }
      // Not a component: "." and "..".
      guard let component = name.lastComponent, component.kind == .regular else { continue }
      result.append(component)
    }
    let errno = Errno(rawValue: Glibc.errno)
    if errno.rawValue != 0 { throw LibraryError(errno, "list the folder", path: path) }
    return result
  }

  /// Renames `source`, replacing a file at `target`.
  static func rename(_ source: FilePath, to target: FilePath) throws(LibraryError) {
    let result = unsafe source.withPlatformString { source in
      unsafe target.withPlatformString { unsafe Glibc.rename(source, $0) }
    }
    guard result == 0 else {
      throw LibraryError(Errno(rawValue: Glibc.errno), "move it into place", path: source)
    }
  }

  /// Removes a file, or a folder with all it holds, if it is there; links are not followed.
  static func remove(_ path: FilePath) throws(LibraryError) {
    guard let status = try status(path) else { return }
    if status.isDirectory {
      for entry in try entries(of: path) { try remove(path.appending(entry)) }
    }
    let result = unsafe path.withPlatformString { path in
      status.isDirectory ? unsafe rmdir(path) : unsafe unlink(path)
    }
    if result != 0 {
      let errno = Errno(rawValue: Glibc.errno)
      if errno != .noSuchFileOrDirectory { throw LibraryError(errno, "remove it", path: path) }
    }
  }

  /// Waits until the entries of a folder are on the disk.
  static func synchroniseDirectory(_ path: FilePath) throws(LibraryError) {
    try synchronise(path, options: .directory)
  }

  /// Waits until the contents of a file are on the disk.
  static func synchroniseFile(_ path: FilePath) throws(LibraryError) {
    try synchronise(path, options: .noFollow)
  }

  private static func synchronise(
    _ path: FilePath,
    options: FileDescriptor.OpenOptions
  ) throws(LibraryError) {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [options, .closeOnExec])
      defer { try? file.close() }
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: Glibc.errno) }
    } catch {
      throw LibraryError.wrapping(error, doing: "write it to the disk", path: path)
    }
  }

  /// Writes a small file so that a reader sees either the old or the new one, whole.
  static func replace(_ path: FilePath, with bytes: [UInt8]) throws(LibraryError) {
    var temporary = path
    temporary.extension = "new"
    do {
      let file = try FileDescriptor.open(
        temporary,
        .writeOnly,
        options: [.create, .truncate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
      )
      defer { try? file.close() }
      try file.writeAll(bytes)
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: Glibc.errno) }
    } catch {
      throw LibraryError.wrapping(error, doing: "write it", path: temporary)
    }
    try rename(temporary, to: path)
    try synchroniseDirectory(path.removingLastComponent())
  }

  /// The bytes of a small file; nil where it is missing.
  static func read(_ path: FilePath, limit: Int) throws(LibraryError) -> [UInt8]? {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
      defer { try? file.close() }
      var bytes: [UInt8] = []
      while bytes.count < limit {
        let wanted = min(limit - bytes.count, 65536)
        let part = try unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
          count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if part.isEmpty { break }
        bytes += part
      }
      return bytes
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch {
      throw LibraryError.wrapping(error, doing: "read it", path: path)
    }
  }
}

extension LibraryError {
  /// The error behind `error`, met while `doing` something, said as "cannot …", to `path`.
  static func wrapping(
    _ error: any Error,
    doing: String,
    path: FilePath
  ) -> LibraryError {
    if let error = error as? Errno { return LibraryError(error, doing, path: path) }
    return wrapping(error, path: path)
  }
}
