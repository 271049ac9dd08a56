import Crypto

/// Four ASCII letters that name a section of a segment file.
public struct FourCC: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The letters, first letter in the highest byte.
  public let rawValue: UInt32

  /// Creates a name from its number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Creates a name from exactly four printable ASCII characters.
  public init(stringLiteral letters: StaticString) {
    let text = letters.description.utf8
    precondition(
      text.count == 4 && text.allSatisfy { $0 >= 0x20 && $0 < 0x7F },
      "a section name has four printable ASCII characters"
    )
    rawValue = text.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The letters; `?` where a byte is not printable.
  public var description: String {
    var text = ""
    for shift in [24, 16, 8, 0] as [UInt32] {
      let byte = UInt8(truncatingIfNeeded: rawValue >> shift)
      let isPrintable = byte >= 0x20 && byte < 0x7F
      text.unicodeScalars.append(Unicode.Scalar(isPrintable ? byte : UInt8(ascii: "?")))
    }
    return text
  }
}

/// One section to be written to a segment file.
public struct SegmentSection: Sendable {
  /// Its name, unique in the file.
  public let code: FourCC
  /// Its contents; numbers of several bytes are little-endian.
  public let bytes: [UInt8]

  /// Creates a section.
  public init(code: FourCC, bytes: [UInt8]) {
    self.code = code
    self.bytes = bytes
  }
}

/// Where a section lies in a segment file.
public struct SectionInfo: Sendable, Hashable {
  /// Its name.
  public let code: FourCC
  /// First byte, counted from the start of the file; a multiple of 64.
  public let offset: Int
  /// Length in bytes.
  public let byteCount: Int
  /// SHA-256 of its bytes.
  public let sha256: [UInt8]
}

/// The head of a segment file: what sections there are and where.
///
/// All numbers are little-endian. Every byte of a file is covered: the head by its own digest, the
/// sections by the digests in the head, the bytes between them by being zero.
///
/// ```
///   0  magic            8 bytes
///   8  format version   u32, 1
///  12  section count    u32, at most 256
///  16  file size        u64, in bytes
///  24  reserved         u64, zero
///  32  digest           SHA-256 of bytes 0 ..< 32 and of the table
///  64  table            64 bytes per section: code u32, zero u32, offset u64, size u64, zero u64,
///                       SHA-256 of the section
///      sections         in the order of the table, each at the next multiple of 64
/// ```
struct SegmentHeader {
  static let formatVersion: UInt32 = 1
  static let magic: [UInt8] = [0x89, 0x4C, 0x54, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  static let maximumSections = 256
  static let alignment = 64
  static let fixedBytes = 64
  static let entryBytes = 64

  /// The sections in the order of the file.
  let sections: [SectionInfo]
  /// Size of the whole file.
  let fileByteCount: Int
  /// Digest of the head.
  let digest: [UInt8]

  /// Lays out a file of the sections given.
  init(laying sections: [SegmentSection]) {
    precondition(sections.count <= Self.maximumSections, "too many sections")
    precondition(Set(sections.map(\.code)).count == sections.count, "a section name occurs twice")
    var end = Self.fixedBytes + Self.entryBytes * sections.count
    self.sections = sections.map { section in
      let offset = Self.aligned(end)
      end = offset + section.bytes.count
      let digest = unsafe section.bytes.withUnsafeBytes { bytes in
        var hasher = SHA256()
        unsafe hasher.update(bufferPointer: bytes)
        return Array(hasher.finalize())
      }
      return SectionInfo(
        code: section.code,
        offset: offset,
        byteCount: section.bytes.count,
        sha256: digest
      )
    }
    fileByteCount = end
    digest = Self.digest(
      Self.prefix(count: sections.count, fileByteCount: end) + Self.table(self.sections)
    )
  }

  /// The bytes of the head: prefix, digest and table.
  var encoded: [UInt8] {
    Self.prefix(count: sections.count, fileByteCount: fileByteCount) + digest
      + Self.table(sections)
  }

  /// Reads and checks the head of a file whose actual size is `fileByteCount`.
  ///
  /// - Throws: ``Flaw``, for anything that a writer of this format would not have written.
  init(reading bytes: RawSpan, fileByteCount: Int) throws(Flaw) {
    guard bytes.byteCount >= Self.fixedBytes else { throw .damaged("it is cut short") }
    guard Self.bytes(bytes, 0..<8) == Self.magic else {
      throw .damaged("it does not start like a segment file")
    }
    let version = Self.number(bytes, at: 8, as: UInt32.self)
    guard version <= Self.formatVersion else { throw .newer(version) }
    guard version == Self.formatVersion else { throw .damaged("its format version is \(version)") }
    let count = Self.number(bytes, at: 12, as: UInt32.self)
    guard count <= UInt32(Self.maximumSections) else {
      throw .damaged("its section count is wrong")
    }
    let headBytes = Self.fixedBytes + Self.entryBytes * Int(count)
    guard headBytes <= bytes.byteCount else { throw .damaged("its section table is cut short") }
    let prefix = Self.bytes(bytes, 0..<32)
    let table = Self.bytes(bytes, Self.fixedBytes..<headBytes)
    let digest = Self.digest(prefix + table)
    guard Self.bytes(bytes, 32..<64) == digest else {
      throw .damaged("its header does not match the header's checksum")
    }
    guard Self.number(bytes, at: 16, as: UInt64.self) == UInt64(fileByteCount) else {
      throw .damaged("its size is \(fileByteCount) bytes, not the size in its header")
    }
    // The digest tells chance; what follows holds even against a forged digest.
    var end = headBytes
    var sections: [SectionInfo] = []
    for index in 0..<Int(count) {
      let entry = Self.fixedBytes + Self.entryBytes * index
      let offset = Int(exactly: Self.number(bytes, at: entry + 8, as: UInt64.self))
      let size = Int(exactly: Self.number(bytes, at: entry + 16, as: UInt64.self))
      guard let offset, let size, offset == Self.aligned(end), size <= fileByteCount - offset else {
        throw .damaged("section \(index) lies outside the file")
      }
      end = offset + size
      sections.append(
        SectionInfo(
          code: FourCC(rawValue: Self.number(bytes, at: entry, as: UInt32.self)),
          offset: offset,
          byteCount: size,
          sha256: Self.bytes(bytes, (entry + 32)..<(entry + 64))
        )
      )
    }
    guard end == fileByteCount else { throw .damaged("bytes follow its last section") }
    guard Set(sections.map(\.code)).count == sections.count else {
      throw .damaged("a section occurs twice")
    }
    guard Self.table(sections) == table,
      Self.prefix(count: Int(count), fileByteCount: fileByteCount) == prefix
    else { throw .damaged("reserved bytes of its header are set") }
    self.sections = sections
    self.fileByteCount = fileByteCount
    self.digest = digest
  }

  /// Why a head was refused.
  enum Flaw: Error {
    /// The file belongs to a later version of the format.
    case newer(UInt32)
    /// The file is not what was written.
    case damaged(String)
  }

  /// The next multiple of 64 that is not below `offset`, which lies inside a file.
  static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

  private static func prefix(count: Int, fileByteCount: Int) -> [UInt8] {
    var bytes = magic
    bytes += littleEndian(formatVersion)
    bytes += littleEndian(UInt32(count))
    bytes += littleEndian(UInt64(fileByteCount))
    bytes += littleEndian(UInt64(0))
    return bytes
  }

  private static func table(_ sections: [SectionInfo]) -> [UInt8] {
    var bytes: [UInt8] = []
    for section in sections {
      bytes += littleEndian(section.code.rawValue)
      bytes += littleEndian(UInt32(0))
      bytes += littleEndian(UInt64(section.offset))
      bytes += littleEndian(UInt64(section.byteCount))
      bytes += littleEndian(UInt64(0))
      bytes += section.sha256
    }
    return bytes
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

  private static func bytes(_ span: RawSpan, _ range: Range<Int>) -> [UInt8] {
    range.map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
  }

  private static func number<T: FixedWidthInteger & BitwiseCopyable>(
    _ span: RawSpan,
    at offset: Int,
    as type: T.Type
  ) -> T {
    var value: T = 0
    for index in (0..<(T.bitWidth / 8)).reversed() {
      value =
        value << 8 | T(truncatingIfNeeded: bytes(span, offset + index..<offset + index + 1)[0])
    }
    return value
  }
}
