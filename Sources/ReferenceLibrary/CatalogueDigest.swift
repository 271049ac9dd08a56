import Crypto
import GRDB
import GRDBSQLite
import SystemPackage

/// The digest of the catalogue's file, kept beside it in a small text file.
///
/// SQLite notices damage only where it happens to look. The digest covers every byte, unused pages
/// included. It is written after each commit, so a process killed between the two leaves the digest
/// of the previous generation: such a digest is *stale* and says nothing, and the next writer
/// replaces it. A digest of the same generation that does not match is damage; so is one that is
/// newer than the catalogue.
struct CatalogueDigest: Equatable {
  /// Generation of the catalogue that was digested.
  let generation: Int64
  /// Size of the catalogue's file.
  let sizeBytes: Int64
  /// SHA-256 of the catalogue's file, in hexadecimal digits.
  let sha256: String

  private static let limitBytes = 1024

  init(generation: Int64, sizeBytes: Int64, sha256: String) {
    self.generation = generation
    self.sizeBytes = sizeBytes
    self.sha256 = sha256
  }

  /// Reads the digest at `path`; nil where there is none.
  ///
  /// - Throws: ``LibraryError/Code/damaged`` where the file is not exactly what was written.
  init?(reading path: FilePath) throws(LibraryError) {
    guard let bytes = try FileOperations.read(path, limit: Self.limitBytes) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let values = lines.compactMap { $0.split(separator: " ").last.map(String.init) }
    guard values.count == 5, let generation = Int64(values[1]), let size = Int64(values[2]) else {
      throw LibraryError(
        .damaged,
        "the catalogue's digest is damaged; once it is removed, the next writer makes it anew",
        path: path
      )
    }
    self.init(generation: generation, sizeBytes: size, sha256: values[3])
    guard encoded == bytes else {
      throw LibraryError(
        .damaged,
        "the catalogue's digest is damaged; once it is removed, the next writer makes it anew",
        path: path
      )
    }
  }

  /// The text of the file: four lines and their own checksum.
  var encoded: [UInt8] {
    let lines = """
      leaktrace-catalogue-digest 1
      generation \(generation)
      size \(sizeBytes)
      sha256 \(sha256)

      """
    let own = Hex.text(SHA256.hash(data: Array(lines.utf8)))
    return Array("\(lines)checksum \(own)\n".utf8)
  }

  /// Digests the file behind `database`, whose transaction or lock keeps it from changing.
  ///
  /// The bytes are read through SQLite's own handle of the file. A second handle would not do:
  /// closing it would drop the locks that this process holds on the file (POSIX record locks belong
  /// to the process, not to the handle).
  init(of database: Database, path: FilePath) throws {
    let generation = try Catalogue.generation(database)
    var file: UnsafeMutablePointer<sqlite3_file>?
    let status = unsafe sqlite3_file_control(
      database.sqliteConnection,
      "main",
      SQLITE_FCNTL_FILE_POINTER,
      &file
    )
    guard status == SQLITE_OK, let file = unsafe file,
      let methods = unsafe file.pointee.pMethods, let sizeOf = unsafe methods.pointee.xFileSize,
      let read = unsafe methods.pointee.xRead
    else { throw LibraryError(.io, "SQLite does not give access to its file", path: path) }
    var size: Int64 = 0
    guard unsafe sizeOf(file, &size) == SQLITE_OK else {
      throw LibraryError(.io, "cannot tell the size of the catalogue", path: path)
    }
    let blockBytes: Int64 = 1 << 18
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(blockBytes),
      alignment: 16
    )
    defer { unsafe buffer.deallocate() }
    var hasher = SHA256()
    var offset: Int64 = 0
    while offset < size {
      let count = min(blockBytes, size - offset)
      guard unsafe read(file, buffer.baseAddress, Int32(count), offset) == SQLITE_OK else {
        throw LibraryError(.io, "cannot read the catalogue", path: path)
      }
      unsafe hasher.update(
        bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])
      )
      offset += count
    }
    self.init(generation: generation, sizeBytes: size, sha256: Hex.text(hasher.finalize()))
  }
}
