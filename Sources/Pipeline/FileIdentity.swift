import Crypto
import Glibc
public import SystemPackage

/// What tells one file from another: its contents and nothing else.
public struct FileIdentity: Sendable, Hashable {
  /// SHA-256 of the whole file, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// Size in bytes.
  public let sizeBytes: Int64

  private static let blockBytes = 1 << 20

  /// Reads the whole file in blocks; `progress` is told the fraction read so far.
  ///
  /// - Throws: ``PipelineError`` for what is not a regular file with bytes in it, for one that
  ///   cannot be read, and where `flag` is set meanwhile.
  public init(
    of path: FilePath,
    flag: CancellationFlag,
    progress: (Double) -> Void = { _ in }
  ) throws(PipelineError) {
    let file: FileDescriptor
    do {
      // Non-blocking, so that a pipe without a writer does not hold the batch up.
      file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
    } catch {
      throw Self.openFailure(error)
    }
    defer { try? file.close() }
    let size = try Self.checkedSize(file)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 64)
    defer { unsafe buffer.deallocate() }
    var hasher = SHA256()
    var total: Int64 = 0
    while true {
      try flag.check()
      let count: Int
      do {
        count = try unsafe file.read(into: buffer)
      } catch {
        throw PipelineError(.input, code: "io_error", "cannot read the file (\(error))")
      }
      if count == 0 { break }
      unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      total += Int64(count)
      progress(min(1, Double(total) / Double(size)))
    }
    sha256 = SafeText.hexadecimal(hasher.finalize())
    sizeBytes = total
  }

  private static func checkedSize(_ file: FileDescriptor) throws(PipelineError) -> Int64 {
    var status = stat()
    guard unsafe fstat(file.rawValue, &status) == 0 else {
      let number = Errno(rawValue: Glibc.errno)
      throw PipelineError(.input, code: "io_error", "cannot examine the file (\(number))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw PipelineError(.input, code: "is_directory", "a folder, not a file")
    default: throw PipelineError(.input, code: "not_regular_file", "not a regular file")
    }
    guard status.st_size > 0 else {
      throw PipelineError(.input, code: "empty", "the file is empty")
    }
    return Int64(status.st_size)
  }

  private static func openFailure(_ error: any Error) -> PipelineError {
    guard let number = error as? Errno else { return PipelineError(error) }
    switch number {
    case .noSuchFileOrDirectory, .notDirectory:
      return PipelineError(.input, code: "not_found", "no such file")
    case .permissionDenied, .notPermitted:
      return PipelineError(.input, code: "not_readable", "no permission to read the file")
    case .noSuchAddressOrDevice:
      return PipelineError(.input, code: "not_regular_file", "not a regular file")
    default:
      return PipelineError(.input, code: "io_error", "cannot open the file (\(number))")
    }
  }
}
