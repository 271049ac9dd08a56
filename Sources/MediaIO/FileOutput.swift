import CFFmpeg
import Glibc
import SystemPackage

/// A file that FFmpeg writes through a callback, mostly from the front to the back.
///
/// The bytes go to a neighbour of the file, whose name ends in `.partial`; the file itself appears
/// complete or not at all.
final class FileOutput {
  private let path: FilePath
  private let partial: FilePath
  private var descriptor: Int32
  /// The operating system's number for the first failed write, or 0.
  private(set) var writeErrno: Int32 = 0

  init(_ path: FilePath) throws(MediaError) {
    self.path = path
    guard let name = path.lastComponent?.string,
      let neighbour = FilePath.Component(name + ".partial")
    else { throw MediaError(.isDirectory, "the name of a file to write is missing") }
    partial = path.removingLastComponent().appending(neighbour)
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    descriptor = unsafe partial.withPlatformString { unsafe open($0, flags, 0o644) }
    guard descriptor >= 0 else { throw FileOutput.openFailure(errno) }
  }

  /// Leaves nothing behind unless ``commit()`` came first.
  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    _ = unsafe partial.withPlatformString { unsafe unlink($0) }
  }

  private static func openFailure(_ number: Int32) -> MediaError {
    switch number {
    case ENOENT, ENOTDIR:
      MediaError(.notFound, "no such folder to write the file to", errno: number)
    default: MediaError(.ioError, "cannot create the file", errno: number)
    }
  }

  /// Writes all of the bytes; FFmpeg's conventions for the result.
  func write(_ bytes: UnsafeRawPointer?, count: Int32) -> Int32 {
    guard let bytes = unsafe bytes else { return -EINVAL }
    var done = 0
    while done < Int(count) {
      let put = unsafe Glibc.write(descriptor, bytes + done, Int(count) - done)
      if put > 0 {
        done += put
      } else if put == 0 || errno != EINTR {
        writeErrno = put == 0 ? EIO : errno
        return -writeErrno
      }
    }
    return count
  }

  /// Goes to another place of the file; FFmpeg's conventions for the result.
  func seek(to offset: Int64, whence: Int32) -> Int64 {
    let place = whence & ~AVSEEK_FORCE
    guard place == SEEK_SET || place == SEEK_CUR || place == SEEK_END else { return -1 }
    let reached = lseek(descriptor, Int(offset), place)
    if reached < 0 {
      writeErrno = errno
      return Int64(-errno)
    }
    return Int64(reached)
  }

  /// Brings the bytes to the disk and gives the file its name.
  func commit() throws(MediaError) {
    try throwFailure()
    guard fsync(descriptor) == 0 else {
      throw MediaError(.ioError, "cannot write the file", errno: errno)
    }
    let status = unsafe partial.withPlatformString { old in
      unsafe path.withPlatformString { unsafe rename(old, $0) }
    }
    guard status == 0 else {
      throw MediaError(.ioError, "cannot name the written file", errno: errno)
    }
    close(descriptor)
    descriptor = -1
  }

  /// Turns a failed write into an error.
  func throwFailure() throws(MediaError) {
    if writeErrno != 0 { throw MediaError(.ioError, "cannot write the file", errno: writeErrno) }
  }
}
