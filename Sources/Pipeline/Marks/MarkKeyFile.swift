import Foundation
import Glibc
public import Marks
public import SystemPackage

/// The file that a key of marks is kept in: readable by its owner alone, and by nobody else.
///
/// Two lines of text, the format's name and 64 hexadecimal digits. The digits appear in no other
/// file, no message and no report.
public enum MarkKeyFile {
  private static let header = "leaktrace mark key 1"
  private static let mostBytes = 4096

  /// Makes a new key and writes it; a file that is there already is left alone.
  ///
  /// - Throws: ``PipelineError``.
  public static func create(at path: FilePath) throws(PipelineError) -> MarkKey {
    let key = MarkKey.random()
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        path,
        .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite]
      )
    } catch {
      let isThere = (error as? Errno) == .fileExists
      throw PipelineError(
        isThere ? .usage : .output,
        code: isThere ? "key_exists" : "key_not_written",
        isThere
          ? "there is a file of that name; a key is never overwritten, choose another name"
          : "cannot create the key file (\(error))"
      )
    }
    defer { try? file.close() }
    do {
      // A umask can only take bits away; say so where the file system gives others.
      guard fchmod(file.rawValue, 0o600) == 0 else { throw Errno(rawValue: Glibc.errno) }
      let digits = key.withBytes { SafeText.hexadecimal($0) }
      _ = try file.writeAll((header + "\n" + digits + "\n").utf8)
      guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: Glibc.errno) }
    } catch {
      _ = unsafe path.withPlatformString { unsafe unlink($0) }
      throw PipelineError(.output, code: "key_not_written", "cannot write the key file (\(error))")
    }
    return key
  }

  /// Reads a key.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/usage`` for a file that others may read
  ///   or write (`chmod 600` mends it), that is somebody else's, or that is no key.
  public static func load(_ path: FilePath) throws(PipelineError) -> MarkKey {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
    } catch {
      let isMissing = (error as? Errno) == .noSuchFileOrDirectory
      throw PipelineError(
        .usage,
        code: isMissing ? "key_not_found" : "key_not_readable",
        isMissing
          ? "no key file \(SafeText.of(path)); `leaktrace mark key create` makes one"
          : "cannot open the key file \(SafeText.of(path)) (\(error))"
      )
    }
    defer { try? file.close() }
    var status = stat()
    guard unsafe fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PipelineError(.usage, code: "key_not_a_file", "the key file is no regular file")
    }
    guard status.st_mode & 0o777 & ~0o600 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw PipelineError(
        .usage,
        code: "key_not_private",
        "others may use the key file \(SafeText.of(path)) (mode 0\(mode)); chmod 600 it, and "
          + "take another key if it was seen"
      )
    }
    let bytes: [UInt8]
    do {
      var buffer = [UInt8](repeating: 0, count: mostBytes)
      let count = try unsafe buffer.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
      bytes = Array(buffer.prefix(count))
    } catch {
      throw PipelineError(.usage, code: "key_not_readable", "cannot read the key file (\(error))")
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.count == 2, lines[0] == header, let key = MarkKey(bytes: digits(lines[1])) else {
      throw PipelineError(
        .usage,
        code: "not_a_key",
        "\(SafeText.of(path)) is no key file of `leaktrace mark key create`, or is damaged"
      )
    }
    return key
  }

  private static func digits(_ text: Substring) -> [UInt8] {
    let values = text.utf8.compactMap { byte -> UInt8? in
      switch byte {
      case 0x30...0x39: byte - 0x30
      case 0x61...0x66: byte - 0x61 + 10
      default: nil
      }
    }
    guard values.count == text.utf8.count, values.count % 2 == 0 else { return [] }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }
}
