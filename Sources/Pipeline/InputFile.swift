import Foundation
import Glibc
public import SystemPackage

/// Small files that are read whole: catalogues, lists and logos.
public enum InputFile {
  /// The bytes of a regular file.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/input``, without the file's name.
  public static func read(_ path: FilePath, limit: Int) throws(PipelineError) -> [UInt8] {
    do {
      // Non-blocking, so that a pipe without a writer does not hang; no effect on files.
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
      defer { try? file.close() }
      var status = stat()
      guard unsafe fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: Glibc.errno) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw PipelineError(.input, code: "not_regular_file", "not a regular file")
      }
      guard status.st_size > 0 else {
        throw PipelineError(.input, code: "empty", "the file is empty")
      }
      guard status.st_size <= limit else {
        throw PipelineError(.input, code: "too_large", "the file has more than \(limit) bytes")
      }
      var bytes: [UInt8] = []
      while bytes.count <= limit {
        let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
          count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if part.isEmpty { return bytes }
        bytes += part
      }
      throw PipelineError(.input, code: "too_large", "the file has more than \(limit) bytes")
    } catch Errno.noSuchFileOrDirectory {
      throw PipelineError(.input, code: "not_found", "no such file")
    } catch Errno.permissionDenied {
      throw PipelineError(.input, code: "not_readable", "no permission to read the file")
    } catch {
      throw PipelineError(error)
    }
  }
}

/// Files that are written for others to read.
public enum OutputFile {
  /// Writes a file so that a reader sees either the old or the new one, whole.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output`` that names the file.
  public static func write(_ bytes: [UInt8], to path: FilePath) throws(PipelineError) {
    var name = SystemRandomNumberGenerator()
    let temporary = path.removingLastComponent()
      .appending("\(temporaryPrefix)\(getpid())-\(String(name.next(), radix: 16))")
    do {
      let file = try FileDescriptor.open(
        temporary,
        .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
      )
      defer { try? file.close() }
      try file.writeAll(bytes)
      if fsync(file.rawValue) != 0, Glibc.errno != EINVAL { throw Errno(rawValue: Glibc.errno) }
      let status = unsafe temporary.withPlatformString { source in
        unsafe path.withPlatformString { unsafe rename(source, $0) }
      }
      if status != 0 { throw Errno(rawValue: Glibc.errno) }
      synchroniseDirectory(path.removingLastComponent())
    } catch {
      _ = unsafe temporary.withPlatformString { unsafe unlink($0) }
      throw failure(error, path)
    }
  }

  /// Creates a folder and those above it.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output`` that names the folder.
  static func makeDirectories(_ path: FilePath) throws(PipelineError) {
    var missing: [FilePath] = []
    var current = path
    while !current.isEmpty, !isDirectory(current) {
      missing.append(current)
      guard current.removeLastComponent() else { break }
    }
    for folder in missing.reversed() {
      let status = unsafe folder.withPlatformString { unsafe mkdir($0, 0o777) }
      let number = Errno(rawValue: Glibc.errno)
      if status != 0, !isDirectory(folder) { throw failure(number, folder) }
    }
  }

  private static let temporaryPrefix = ".leaktrace-"

  /// Removes files from a folder that ``write(_:to:)`` began and that nobody touched for some time.
  static func removeTemporaries(in folder: FilePath, olderThanSeconds seconds: Double) {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: folder.string)) ?? []
    where name.hasPrefix(temporaryPrefix) {
      let path = folder.appending(name).string
      let changed = try? manager.attributesOfItem(atPath: path)[.modificationDate] as? Date
      guard let changed, -changed.timeIntervalSinceNow > seconds else { continue }
      try? manager.removeItem(atPath: path)
    }
  }

  /// Waits until the names in a folder are on the disk; some file systems cannot.
  static func synchroniseDirectory(_ path: FilePath) {
    let folder = path.isEmpty ? FilePath(".") : path
    guard
      let file = try? FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
    else { return }
    _ = fsync(file.rawValue)
    try? file.close()
  }

  private static func isDirectory(_ path: FilePath) -> Bool {
    var status = stat()
    let result = unsafe path.withPlatformString { unsafe stat($0, &status) }
    return result == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func failure(_ error: any Error, _ path: FilePath) -> PipelineError {
    PipelineError(
      .output,
      code: "output_failed",
      "\(SafeText.of(path)): cannot write it (\(error))"
    )
  }
}
