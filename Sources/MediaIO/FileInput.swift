import CFFmpeg
import Glibc
import SystemPackage

/// A regular file, opened by us and read by FFmpeg through callbacks.
///
/// FFmpeg would take a name such as `concat:a|b` for a protocol; a descriptor has no name.
final class FileInput {
  let sizeBytes: Int64
  private let descriptor: Int32
  private let isOwner: Bool
  private var position: Int64 = 0
  private let isCancelled: @Sendable () -> Bool
  /// The operating system's number for the last failed read, or 0.
  private(set) var readErrno: Int32 = 0

  /// Opens a file, or reads what is open; the descriptor of the latter stays its owner's.
  convenience init(
    _ input: MediaInput,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(MediaError) {
    switch input {
    case .path(let path): try self.init(path, isCancelled: isCancelled)
    case .opened(let file, let sizeBytes):
      self.init(borrowing: file.rawValue, sizeBytes: sizeBytes, isCancelled: isCancelled)
    }
  }

  private init(
    borrowing descriptor: Int32,
    sizeBytes: Int64,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    (self.descriptor, self.sizeBytes, isOwner) = (descriptor, sizeBytes, false)
    self.isCancelled = isCancelled
  }

  private init(
    _ path: FilePath,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(MediaError) {
    // From the last property on, a throwing initializer would run `deinit`.
    (descriptor, sizeBytes) = try Self.open(path)
    isOwner = true
    self.isCancelled = isCancelled
  }

  deinit { if isOwner { close(descriptor) } }

  /// Opens a regular file with bytes in it, which the caller closes.
  static func open(_ path: FilePath) throws(MediaError) -> (descriptor: Int32, sizeBytes: Int64) {
    // Non-blocking, so that opening a pipe without a writer does not hang; no effect on files.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    let opened = unsafe path.withPlatformString { unsafe Glibc.open($0, flags) }
    guard opened >= 0 else { throw FileInput.openFailure(errno) }
    do throws(MediaError) {
      return (opened, try FileInput.checkedSize(opened))
    } catch {
      // Once: its number may be another thread's from then on.
      close(opened)
      throw error
    }
  }

  private static func openFailure(_ number: Int32) -> MediaError {
    switch number {
    case ENOENT, ENOTDIR: MediaError(.notFound, "no such file")
    case EACCES, EPERM: MediaError(.notReadable, "no permission to read the file")
    case ENXIO, ENODEV: MediaError(.notRegularFile, "not a regular file")
    default: MediaError(.ioError, "cannot open the file", errno: number)
    }
  }

  /// The size in bytes of what is to be a regular file with contents.
  static func checkedSize(_ descriptor: Int32) throws(MediaError) -> Int64 {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw MediaError(.ioError, "cannot tell what kind of file it is", errno: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw MediaError(.isDirectory, "a folder, not a file")
    default: throw MediaError(.notRegularFile, "not a regular file")
    }
    guard status.st_size > 0 else { throw MediaError(.empty, "the file is empty") }
    return Int64(status.st_size)
  }

  /// Whether the caller wants to stop.
  var wantsToStop: Bool { isCancelled() }

  /// Reads up to `count` bytes; FFmpeg's conventions for the result.
  func read(into buffer: UnsafeMutablePointer<UInt8>?, count: Int32) -> Int32 {
    if isCancelled() { return CFFmpeg_error_exit() }
    while true {
      let got = unsafe pread(descriptor, buffer, Int(max(0, count)), off_t(position))
      if got > 0 {
        position += Int64(got)
        return Int32(truncatingIfNeeded: got)
      }
      if got == 0 { return CFFmpeg_error_end_of_file() }
      if errno == EINTR { continue }
      readErrno = errno
      return -errno
    }
  }

  /// Moves the place of the next read; FFmpeg's conventions for arguments and result.
  func seek(to offset: Int64, whence: Int32) -> Int64 {
    let base: Int64
    switch whence & ~AVSEEK_FORCE {
    case AVSEEK_SIZE: return sizeBytes
    case SEEK_SET: base = 0
    case SEEK_CUR: base = position
    case SEEK_END: base = sizeBytes
    default: return Int64(-EINVAL)
    }
    let (target, overflow) = base.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return Int64(-EINVAL) }
    position = target
    return target
  }
}
