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
    descriptor = opened
    self.isCancelled = isCancelled
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      let number = errno
      close(opened)
      throw MediaError(.ioError, "cannot tell what kind of file it is", errno: number)
    }
    sizeBytes = Int64(status.st_size)
    if let refusal = FileInput.refusal(mode: status.st_mode, size: status.st_size) {
      close(opened)
      throw refusal
    }
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

  private static func refusal(mode: mode_t, size: off_t) -> MediaError? {
    switch mode & S_IFMT {
    case S_IFREG: size > 0 ? nil : MediaError(.empty, "the file is empty")
    case S_IFDIR: MediaError(.isDirectory, "a folder, not a file")
    default: MediaError(.notRegularFile, "not a regular file")
    }
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
