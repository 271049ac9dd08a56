import Glibc
public import SystemPackage

/// What is in a folder, as the file system writes it.
///
/// Foundation's own listing would repair names that are not UTF-8, and a repaired name names no file.
enum FolderListing {
  /// The names in a folder, in no order.
  ///
  /// - Throws: the number of the error, also of one that came halfway: half a listing would look
  ///   like one of a folder whose other files are gone.
  static func names(in folder: FilePath) throws(Errno) -> [FilePath.Component] {
    guard let stream = unsafe folder.withPlatformString({ unsafe opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { unsafe _ = closedir(stream) }
    var names: [FilePath.Component] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw Errno(rawValue: errno) }
        return names
      }
      let length = unsafe MemoryLayout.size(ofValue: entry.pointee.d_name)
      let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix(length).prefix { $0 != 0 })
      }
      if bytes == Array(".".utf8) || bytes == Array("..".utf8) { continue }
      if let name = PathBytes.component(bytes) { names.append(name) }
    }
  }
}

extension FolderWatch {
  /// Whether nothing is in a folder.
  ///
  /// - Throws: the number of the error where it cannot be listed.
  public static func isEmpty(_ folder: FilePath) throws(Errno) -> Bool {
    try FolderListing.names(in: folder).isEmpty
  }
}
