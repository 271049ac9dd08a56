import Crypto
import SystemPackage

/// SHA-256 of a file, read in blocks so that memory does not grow with its size.
struct FileDigest {
  let sha256: [UInt8]
  let sizeBytes: Int64

  private static let blockBytes = 1 << 20

  /// Reads the whole file; `progress` is told the number of bytes after each block.
  ///
  /// - Throws: ``LibraryError``, or what `progress` throws.
  init(of path: FilePath, progress: (Int) throws -> Void = { _ in }) throws {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec])
    } catch {
      throw LibraryError.wrapping(error, doing: "open it", path: path)
    }
    defer { try? file.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 64)
    defer { unsafe buffer.deallocate() }
    var hasher = SHA256()
    var size: Int64 = 0
    while true {
      let count: Int
      do {
        count = try unsafe file.read(into: buffer)
      } catch {
        throw LibraryError.wrapping(error, doing: "read it", path: path)
      }
      if count == 0 { break }
      unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      size += Int64(count)
      try progress(count)
    }
    sha256 = Array(hasher.finalize())
    sizeBytes = size
  }
}

/// SHA-256 over typed fields; every field is written with its kind and length, so that no two
/// different rows have the same bytes.
struct FieldDigest {
  private var hasher = SHA256()

  mutating func add(_ value: Int64?) {
    guard let value else { return addBytes(kind: 0, []) }
    addBytes(kind: 1, littleEndian(UInt64(bitPattern: value)))
  }

  mutating func add(_ value: Double) { addBytes(kind: 2, littleEndian(value.bitPattern)) }

  mutating func add(_ value: String?) {
    guard let value else { return addBytes(kind: 0, []) }
    addBytes(kind: 3, Array(value.utf8))
  }

  mutating func add(_ value: [UInt8]) { addBytes(kind: 4, value) }

  func finish() -> [UInt8] { Array(hasher.finalize()) }

  private mutating func addBytes(kind: UInt8, _ bytes: [UInt8]) {
    update([kind])
    update(littleEndian(UInt64(bytes.count)))
    update(bytes)
  }

  private mutating func update(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
  }
}

/// The bytes of an integer, lowest first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  let value = value.littleEndian
  return unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
}
