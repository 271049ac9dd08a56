import Glibc
import SystemPackage

/// The right to write to a library, held by one process at a time and given back by the kernel
/// when that process ends, however it ends.
///
/// The lock file stays empty: who holds it is asked of the kernel, so that no stale number can lie.
final class LibraryLock: Sendable {
  private let file: FileDescriptor

  /// How often, and how many microseconds apart, the lock is tried.
  ///
  /// A program that this process is just starting holds a copy of the file until it runs, so a lock
  /// that was given back a moment ago can look taken.
  private static let tries = 40
  private static let pauseMicroseconds: UInt32 = 25_000

  /// Takes the lock, waiting for at most a second.
  ///
  /// - Throws: ``LibraryError/Code/locked``, naming the holder where it is known.
  init(_ path: FilePath) throws(LibraryError) {
    do {
      file = try FileDescriptor.open(
        path,
        .readWrite,
        options: [.create, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
      )
    } catch {
      throw LibraryError.wrapping(error, doing: "open the lock file", path: path)
    }
    for attempt in 1...Self.tries {
      if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { return }
      guard Glibc.errno == EWOULDBLOCK, attempt < Self.tries else { break }
      usleep(Self.pauseMicroseconds)
    }
    let errno = Errno(rawValue: Glibc.errno)
    // Throwing from here on closes the file, by `deinit`: to close it here would close the number
    // twice, and it may be another thread's by then.
    let holder = Self.holder(of: file)
    guard errno == .wouldBlock else {
      throw LibraryError(errno, "lock the library", path: path)
    }
    let who = holder.map { "process \($0)" } ?? "another process"
    throw LibraryError(.locked, "\(who) is writing to this library", path: path, errno: errno)
  }

  deinit { try? file.close() }

  /// The process that holds the lock on `file`, from the kernel's table; nil where the table is not
  /// to be had or the holder lives in another process name space.
  private static func holder(of file: FileDescriptor) -> Int? {
    var information = stat()
    guard unsafe fstat(file.rawValue, &information) == 0,
      let table = try? FileOperations.read("/proc/locks", limit: 1 << 20)
    else { return nil }
    let node = String(information.st_ino)
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
      // 1: FLOCK  ADVISORY  WRITE 4711 fe:00:123456 0 EOF
      let fields = line.split(separator: " ")
      guard fields.count >= 6, fields[1] == "FLOCK",
        fields[5].split(separator: ":").last.map(String.init) == node,
        let process = Int(fields[4]), process > 0
      else { continue }
      return process
    }
    return nil
  }
}
