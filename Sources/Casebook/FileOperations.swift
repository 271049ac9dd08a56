import Crypto
import Glibc
import SystemPackage

/// The few file operations that the casebook is made of, each failing with an error that names the
/// file.
enum FileOperations {
  /// Whether `path` leads to a folder.
  static func isDirectory(_ path: FilePath) -> Bool {
    var information = stat()
    let result = unsafe path.withPlatformString { unsafe stat($0, &information) }
    return result == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` is a file; false where there is nothing.
  ///
  /// - Throws: ``CasebookError`` where something else is there.
  static func isRegularFile(_ path: FilePath) throws(CasebookError) -> Bool {
    var information = stat()
    let result = unsafe path.withPlatformString { unsafe lstat($0, &information) }
    if result != 0 {
      let errno = Errno(rawValue: Glibc.errno)
      if errno == .noSuchFileOrDirectory || errno == .notDirectory { return false }
      throw CasebookError(errno, "examine it", path: path)
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw CasebookError(.damaged, "it is not a file", path: path)
    }
    return true
  }

  /// Names of the entries of a folder, in no order.
  static func entries(of path: FilePath) throws(CasebookError) -> [String] {
    guard let stream = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
      throw CasebookError(Errno(rawValue: Glibc.errno), "list the folder", path: path)
    }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let length = unsafe MemoryLayout.size(ofValue: entry.pointee.d_name)
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix(length).prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Creates a folder and those above it.
  static func makeDirectories(_ path: FilePath) throws(CasebookError) {
    var missing: [FilePath] = []
    var current = path
    // A relative path ends in nothing, which stands for the folder that the process is in.
    while !current.isEmpty, !isDirectory(current) {
      missing.append(current)
      guard current.removeLastComponent() else { break }
    }
    for folder in missing.reversed() {
      let result = unsafe folder.withPlatformString { unsafe mkdir($0, 0o777) }
      let errno = Errno(rawValue: Glibc.errno)
      if result != 0, errno != .fileExists || !isDirectory(folder) {
        throw CasebookError(errno, "create the folder", path: folder)
      }
      synchroniseDirectory(folder.removingLastComponent())
    }
  }

  /// Writes a file under a temporary name in the folder of `path`, through to the disk.
  static func stage(_ bytes: [UInt8], for path: FilePath) throws(CasebookError) -> FilePath {
    let folder = path.removingLastComponent()
    try makeDirectories(folder)
    var name = SystemRandomNumberGenerator()
    let temporary = folder.appending("new-\(getpid())-\(String(name.next(), radix: 16))")
    do {
      let file = try FileDescriptor.open(
        temporary,
        .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
      )
      defer { try? file.close() }
      try file.writeAll(bytes)
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: Glibc.errno) }
      return temporary
    } catch {
      remove(temporary)
      if let errno = error as? Errno { throw CasebookError(errno, "write it", path: temporary) }
      throw CasebookError.wrapping(error, path: temporary)
    }
  }

  /// Renames `source`, replacing a file at `target`.
  static func rename(_ source: FilePath, to target: FilePath) throws(CasebookError) {
    let result = unsafe source.withPlatformString { source in
      unsafe target.withPlatformString { unsafe Glibc.rename(source, $0) }
    }
    guard result == 0 else {
      throw CasebookError(Errno(rawValue: Glibc.errno), "move it into place", path: source)
    }
    synchroniseDirectory(target.removingLastComponent())
  }

  /// Removes a file if it is there; one that cannot be removed stays, which harms nobody.
  static func remove(_ path: FilePath) {
    _ = unsafe path.withPlatformString { unsafe unlink($0) }
  }

  /// Waits until the entries of a folder are on the disk; some file systems cannot.
  private static func synchroniseDirectory(_ path: FilePath) {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    else { return }
    _ = fsync(file.rawValue)
    try? file.close()
  }

  /// The bytes of a file; nil where it is missing.
  ///
  /// - Throws: ``CasebookError`` where it cannot be read or has more than `limit` bytes.
  static func read(_ path: FilePath, limit: Int) throws(CasebookError) -> [UInt8]? {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
      defer { try? file.close() }
      var bytes: [UInt8] = []
      while true {
        let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
          count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if part.isEmpty { return bytes }
        bytes += part
        if bytes.count > limit { throw CasebookError(.damaged, "it is too large", path: path) }
      }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch {
      if let errno = error as? Errno { throw CasebookError(errno, "read it", path: path) }
      throw CasebookError.wrapping(error, path: path)
    }
  }
}

/// SHA-256 as 64 lower-case hexadecimal digits: the name of a file by its contents.
public enum ContentDigest {
  private static let digits = Array("0123456789abcdef".utf8)

  /// The digest of `bytes`.
  public static func of(_ bytes: some Collection<UInt8>) -> String {
    var hasher = SHA256()
    hasher.update(data: Array(bytes))
    return hexadecimal(hasher.finalize())
  }

  /// Two digits for each byte.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether `text` is such a digest; what becomes a path must be one.
  public static func isValid(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { digits.contains($0) }
  }
}
