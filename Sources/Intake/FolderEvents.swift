import Glibc
import SystemPackage

/// The kernel's news of folders, by inotify.
///
/// A folder is watched by its number; a name that moves takes its number along, so that whoever
/// moves a folder has to be told its new place by ``forget(under:)`` and ``watch(_:)``.
final class FolderEvents {
  /// One piece of news.
  enum Event: Hashable {
    /// Something happened to a name in a folder.
    case changed(folder: FilePath, name: FilePath.Component, isFolder: Bool)
    /// A name is no longer there.
    case removed(folder: FilePath, name: FilePath.Component, isFolder: Bool)
    /// A folder that was watched is gone, or its file system.
    case lost(FilePath)
    /// More happened than the kernel kept; only a look at everything helps.
    case overflow
  }

  private let file: FileDescriptor
  private var folders: [Int32: FilePath] = [:]
  private var numbers: [FilePath: Int32] = [:]

  private static let changes = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB)
  private static let removals = UInt32(IN_MOVED_FROM | IN_DELETE)
  private static let losses = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)
  private static let conditions = UInt32(IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)
  private static let headBytes = 16
  private static let bufferBytes = 1 << 16

  init() throws(Errno) {
    let number = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    guard number >= 0 else { throw Errno(rawValue: errno) }
    file = FileDescriptor(rawValue: number)
  }

  deinit { try? file.close() }

  /// What to wait for.
  var descriptor: Int32 { file.rawValue }

  /// Watches a folder, not what is in its folders.
  func watch(_ folder: FilePath) throws(Errno) {
    let mask = Self.changes | Self.removals | Self.losses | Self.conditions
    let number = unsafe folder.withPlatformString {
      unsafe inotify_add_watch(file.rawValue, $0, mask)
    }
    guard number >= 0 else { throw Errno(rawValue: errno) }
    if let before = folders[number], before != folder { numbers[before] = nil }
    folders[number] = folder
    numbers[folder] = number
  }

  /// Watches a folder and those in it no longer.
  func forget(under folder: FilePath) {
    for (path, number) in numbers where path.starts(with: folder) {
      _ = inotify_rm_watch(file.rawValue, number)
      folders[number] = nil
      numbers[path] = nil
    }
  }

  /// The news that there are; does not wait for any.
  func read() -> [Event] {
    var events: [Event] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 8)
    defer { unsafe buffer.deallocate() }
    // An error means that there is nothing now, or was interrupted: it is asked again soon.
    while let count = try? unsafe file.read(into: buffer), count >= Self.headBytes {
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
      var offset = 0
      while offset + Self.headBytes <= count {
        let number = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
        let mask = unsafe bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
        let length = Int(unsafe bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
        let start = offset + Self.headBytes
        guard start + length <= count else { break }
        let name = unsafe PathBytes.component(
          Array(bytes[start..<start + length].prefix { $0 != 0 })
        )
        event(number, mask, name).map { events.append($0) }
        offset = start + length
      }
    }
    return events
  }

  private func event(_ number: Int32, _ mask: UInt32, _ name: FilePath.Component?) -> Event? {
    if mask & UInt32(IN_Q_OVERFLOW) != 0 { return .overflow }
    guard let folder = folders[number] else { return nil }
    if mask & UInt32(IN_IGNORED) != 0 {
      folders[number] = nil
      if numbers[folder] == number { numbers[folder] = nil }
      return nil
    }
    if mask & Self.losses != 0 { return .lost(folder) }
    guard let name else { return nil }
    let isFolder = mask & UInt32(IN_ISDIR) != 0
    return mask & Self.removals != 0
      ? .removed(folder: folder, name: name, isFolder: isFolder)
      : .changed(folder: folder, name: name, isFolder: isFolder)
  }
}
