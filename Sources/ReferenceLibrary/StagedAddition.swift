import Synchronization
public import SystemPackage

/// A release in the making: a folder of its own, invisible to readers until it is committed.
///
/// The folder is removed when the value goes away without having been committed, and by the next
/// writer where the process ended before that. It keeps the library locked as long as it lives.
public final class StagedAddition: Sendable {
  /// The folder; the caller may put temporary files there too, which are removed at the commit.
  public let directory: FilePath
  /// Where the caller writes the proxy, complete and closed before the commit.
  ///
  /// It need not exist: then the release has none.
  public let proxyPath: FilePath

  let proxyExtension: String
  private let isFinished = Mutex(false)
  // Keeps the lock of the library: no other writer may clean up the folder.
  private let lock: LibraryLock

  init(directory: FilePath, proxyExtension: String, lock: LibraryLock) {
    self.directory = directory
    self.proxyExtension = proxyExtension
    self.lock = lock
    proxyPath = directory.appending("proxy.\(proxyExtension)")
  }

  deinit { abandon() }

  /// Removes the folder now; committing is not possible any more.
  public func abandon() {
    guard begin() else { return }
    // What cannot be removed now, the next writer removes.
    try? FileOperations.remove(directory)
  }

  /// Whether the caller is the first to finish this addition.
  func begin() -> Bool {
    isFinished.withLock { isFinished in
      defer { isFinished = true }
      return !isFinished
    }
  }

  /// Whether a proxy may have this name extension: one to eight small letters and digits.
  static func isValidExtension(_ text: String) -> Bool {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    return (1...8).contains(text.utf8.count) && text.utf8.allSatisfy(allowed.contains)
  }
}
