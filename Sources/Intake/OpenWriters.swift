import Glibc
import SystemPackage

/// Whether somebody has a file open for writing.
enum OpenWriters {
  /// `F_SETLEASE` of linux/fcntl.h, which the C library's module does not have.
  private static let setLease: Int32 = 1024
  /// Whoever comes to write while the lease is held is announced by a signal that would end us.
  private static let isDeaf: Bool = {
    _ = signal(SIGIO, SIG_IGN)
    return true
  }()

  /// Asks for a lease to read, which the kernel refuses while there is a writer.
  ///
  /// Leases are given to the owner of a file (and to root) on local file systems; elsewhere nobody
  /// can say, and the answer is no.
  static func areThere(_ path: FilePath) -> Bool {
    let file = unsafe path.withPlatformString {
      unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    }
    guard file >= 0, isDeaf else { return false }
    defer { close(file) }
    guard fcntl(file, setLease, Int32(F_RDLCK)) != 0 else {
      _ = fcntl(file, setLease, Int32(F_UNLCK))
      return false
    }
    return errno == EAGAIN
  }
}
