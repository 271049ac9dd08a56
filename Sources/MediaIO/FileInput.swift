import CFFmpeg
import Glibc
import SystemPackage

/// A regular file, opened by us and read by FFmpeg through callbacks.
///
/// FFmpeg would take a name such as `concat:a|b` for a protocol; a descriptor has no name.
final class FileInput {
  let sizeBytes: Int64
  private let descriptor: Int32
  private var position: Int64 = 0
  private let isCancelled: @Sendable () -> Bool
  /// The operating system's number for the last failed read, or 0.
  private(set) var readErrno: Int32 = 0

  init(_ path: FilePath, isCancelled: @escaping @Sendable () -> Bool) throws(MediaError) {
    // Non-blocking, so that opening a pipe without a writer does not hang; no effect on files.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    let opened = unsafe path.withPlatformString { unsafe open($0, flags) }
    guard opened >= 0 else { throw FileInput.openFailure(errno) }
    // From the last property on, a throwing initializer runs `deinit`, which closes the descriptor:
    // what is refused is closed before, once, as its number may be another thread's by then.
    let size: Int64
    do throws(MediaError) {
      size = try FileInput.checkedSize(opened)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
    self.isCancelled = isCancelled
    sizeBytes = size
  }

  deinit { close(descriptor) }

  private static func openFailure(_ number: Int32) -> MediaError {
    switch number {
    case ENOENT, ENOTDIR: MediaError(.notFound, "no such file")
    case EACCES, EPERM: MediaError(.notReadable, "no permission to read the file")
    case ENXIO, ENODEV: MediaError(.notRegularFile, "not a regular file")
    default: MediaError(.ioError, "cannot open the file", errno: number)
    }
  }

  /// The size in bytes of what is to be a regular file with contents.
  private static func checkedSize(_ descriptor: Int32) throws(MediaError) -> Int64 {
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
