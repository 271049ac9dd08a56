import Crypto
import Glibc
public import SystemPackage

/// A number that a section may hold: every pattern of bits is a value of it.
public protocol SegmentElement: BitwiseCopyable {}

extension UInt8: SegmentElement {}
extension Int8: SegmentElement {}
extension UInt16: SegmentElement {}
extension Int16: SegmentElement {}
extension UInt32: SegmentElement {}
extension Int32: SegmentElement {}
extension UInt64: SegmentElement {}
extension Int64: SegmentElement {}
extension Float: SegmentElement {}
extension Double: SegmentElement {}

/// An immutable file of named sections, mapped into memory for reading.
///
/// Opening checks the header against its checksum and every offset against the size of the file;
/// the sections themselves are checked by ``verify(progress:)`` alone, which reads all of them.
/// A file is never changed after it was written; it may be removed while it is mapped. Cutting it
/// short from outside while it is mapped ends the process, as with every mapped file.
@safe public final class SegmentFile: Sendable {
  /// Where the file was when it was opened.
  public let path: FilePath
  /// The sections in the order of the file.
  public let sections: [SectionInfo]
  /// Size of the file in bytes.
  public let byteCount: Int
  /// Digest of the header, which covers the digests of all sections.
  let digest: [UInt8]

  // Sendable: the mapping is read-only and lives as long as the object.
  private nonisolated(unsafe) let mapping: UnsafeRawBufferPointer

  /// Opens and maps a segment file.
  ///
  /// - Throws: ``LibraryError/Code/damaged`` for a missing, cut or changed file,
  ///   ``LibraryError/Code/incompatible`` for a newer format.
  /// - Complexity: O(sections).
  public init(opening path: FilePath) throws(LibraryError) {
    let mapping = try unsafe Self.map(path)
    let header: SegmentHeader
    do throws(SegmentHeader.Flaw) {
      header = try unsafe SegmentHeader(reading: mapping.bytes, fileByteCount: mapping.count)
    } catch {
      unsafe _ = munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count)
      switch error {
      case .newer(let version):
        throw LibraryError(
          .incompatible,
          "it has segment format \(version), newer than this program",
          path: path
        )
      case .damaged(let reason):
        throw LibraryError(.damaged, "the segment file is damaged: \(reason)", path: path)
      }
    }
    self.path = path
    sections = header.sections
    byteCount = header.fileByteCount
    digest = header.digest
    unsafe self.mapping = mapping
  }

  deinit {
    unsafe _ = munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count)
  }

  /// Whether the file has a section of that name.
  public func contains(_ code: FourCC) -> Bool { sections.contains { $0.code == code } }

  /// Gives the bytes of a section to `body`; they start at a multiple of 64 in memory.
  ///
  /// - Throws: ``LibraryError/Code/damaged`` where there is no such section, or what `body` throws.
  public func withSection<Result>(
    _ code: FourCC,
    _ body: (RawSpan) throws -> Result
  ) throws -> Result {
    let section = try section(code)
    return try unsafe body(bytes(of: section).bytes)
  }

  /// Gives the numbers of a section to `body`, little-endian as they are on disk.
  ///
  /// - Throws: ``LibraryError/Code/damaged`` where there is no such section or its size is no
  ///   multiple of the number's, or what `body` throws.
  public func withSection<Element: SegmentElement, Result>(
    _ code: FourCC,
    as type: Element.Type,
    _ body: (Span<Element>) throws -> Result
  ) throws -> Result {
    let section = try section(code)
    let stride = MemoryLayout<Element>.stride
    guard section.byteCount % stride == 0 else {
      throw LibraryError(
        .damaged,
        "section \(code) has \(section.byteCount) bytes, no multiple of \(stride)",
        path: path
      )
    }
    // Sections start at multiples of 64 of a mapping that starts at a page.
    let elements = unsafe bytes(of: section).assumingMemoryBound(to: Element.self)
    return try unsafe body(elements.span)
  }

  /// Reads the whole file and compares every section with its checksum and every gap with zero;
  /// `progress` is told the number of bytes after each section.
  ///
  /// - Returns: What is wrong, one line each; empty where all is well.
  /// - Complexity: O(bytes).
  public func verify<Failure: Error>(
    progress: (Int) throws(Failure) -> Void
  ) throws(Failure) -> [String] {
    var findings: [String] = []
    var end = SegmentHeader.fixedBytes + SegmentHeader.entryBytes * sections.count
    for section in sections {
      let gap = unsafe UnsafeRawBufferPointer(rebasing: mapping[end..<section.offset])
      if unsafe gap.contains(where: { $0 != 0 }) {
        findings.append("bytes before section \(section.code) are not zero")
      }
      var hasher = SHA256()
      unsafe hasher.update(bufferPointer: bytes(of: section))
      if Array(hasher.finalize()) != section.sha256 {
        findings.append("section \(section.code) does not match its checksum")
      }
      end = section.offset + section.byteCount
      try progress(section.byteCount)
    }
    return findings
  }

  /// Reads the whole file and compares every section with its checksum and every gap with zero.
  ///
  /// - Returns: What is wrong, one line each; empty where all is well.
  /// - Complexity: O(bytes).
  public func verify() -> [String] { verify { _ in } }

  /// Whether there is a section of that name and its bytes match its checksum.
  func matchesChecksum(_ code: FourCC) -> Bool {
    guard let section = sections.first(where: { $0.code == code }) else { return false }
    var hasher = SHA256()
    unsafe hasher.update(bufferPointer: bytes(of: section))
    return Array(hasher.finalize()) == section.sha256
  }

  private func section(_ code: FourCC) throws(LibraryError) -> SectionInfo {
    guard let section = sections.first(where: { $0.code == code }) else {
      throw LibraryError(.damaged, "it has no section \(code)", path: path)
    }
    return section
  }

  private func bytes(of section: SectionInfo) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(
      rebasing: mapping[section.offset..<section.offset + section.byteCount]
    )
  }

  private static func map(_ path: FilePath) throws(LibraryError) -> UnsafeRawBufferPointer {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        path,
        .readOnly,
        options: [.noFollow, .closeOnExec, .nonBlocking]
      )
    } catch Errno.noSuchFileOrDirectory {
      throw LibraryError(
        .damaged,
        "the segment file is missing",
        path: path,
        errno: .noSuchFileOrDirectory
      )
    } catch {
      throw LibraryError.wrapping(error, doing: "open it", path: path)
    }
    defer { try? file.close() }
    var information = stat()
    guard unsafe fstat(file.rawValue, &information) == 0 else {
      throw LibraryError(Errno(rawValue: Glibc.errno), "examine it", path: path)
    }
    guard information.st_mode & S_IFMT == S_IFREG,
      information.st_size >= SegmentHeader.fixedBytes
    else { throw LibraryError(.damaged, "the segment file is cut short", path: path) }
    let size = information.st_size
    let start = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.rawValue, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else {
      throw LibraryError(Errno(rawValue: Glibc.errno), "map it into memory", path: path)
    }
    return unsafe UnsafeRawBufferPointer(start: start, count: size)
  }
}

extension SegmentFile {
  /// Writes a new segment file and waits until its contents are on the disk.
  ///
  /// - Throws: ``LibraryError``, for example where the file is there already.
  public static func write(
    _ sections: [SegmentSection],
    to path: FilePath
  ) throws(LibraryError) {
    _ = try write(sections, to: path, beforeSynchronising: {})
  }

  /// Writes a segment file; gives the header's digest and the size of the file.
  static func write(
    _ sections: [SegmentSection],
    to path: FilePath,
    beforeSynchronising hook: () throws -> Void
  ) throws(LibraryError) -> SegmentHeader {
    let header = SegmentHeader(laying: sections)
    do {
      let file = try FileDescriptor.open(
        path,
        .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerRead, .groupRead, .otherRead]
      )
      defer { try? file.close() }
      try file.writeAll(header.encoded)
      var end = SegmentHeader.fixedBytes + SegmentHeader.entryBytes * sections.count
      for (section, place) in zip(sections, header.sections) {
        try file.writeAll([UInt8](repeating: 0, count: place.offset - end))
        try file.writeAll(section.bytes)
        end = place.offset + place.byteCount
      }
      try hook()
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: Glibc.errno) }
    } catch {
      throw LibraryError.wrapping(error, doing: "write it", path: path)
    }
    return header
  }

  /// The bytes of a segment file of these sections, for one that is kept elsewhere.
  public static func encoded(_ sections: [SegmentSection]) -> [UInt8] {
    let header = SegmentHeader(laying: sections)
    var bytes = header.encoded
    for (section, place) in zip(sections, header.sections) {
      bytes += [UInt8](repeating: 0, count: place.offset - bytes.count)
      bytes += section.bytes
    }
    return bytes
  }
}
