import SystemPackage

/// Files that are written before a transaction and moved into place inside it.
///
/// So the disk is waited for without the write lock, and no row ever names a file that is not there.
final class Staging {
  private let shelf: CasebookLayout.Shelf
  private let layout: CasebookLayout
  private var waiting: [String: FilePath] = [:]

  /// Writes the files under temporary names.
  init(
    _ files: [(digest: String, bytes: [UInt8])],
    shelf: CasebookLayout.Shelf,
    _ layout: CasebookLayout
  ) throws(CasebookError) {
    self.shelf = shelf
    self.layout = layout
    do {
      for file in files where waiting[file.digest] == nil {
        guard file.bytes.count <= Casebook.mostFileBytes else {
          throw CasebookError(.invalidValue, "a file has more than \(Casebook.mostFileBytes) bytes")
        }
        let path = layout.file(file.digest, in: shelf)
        waiting[file.digest] = try FileOperations.stage(file.bytes, for: path)
      }
    } catch {
      abandon()
      throw CasebookError.wrapping(error, path: layout.root)
    }
  }

  /// Whether a file is here or in place.
  func has(_ digest: String) throws(CasebookError) -> Bool {
    guard ContentDigest.isValid(digest) else { return false }
    if waiting[digest] != nil { return true }
    return try FileOperations.isRegularFile(layout.file(digest, in: shelf))
  }

  /// Moves a file into place, to be called with the write lock.
  func put(_ digest: String) throws(CasebookError) {
    guard let temporary = waiting[digest] else { return }
    try FileOperations.rename(temporary, to: layout.file(digest, in: shelf))
    waiting[digest] = nil
  }

  /// Removes what was not moved.
  func abandon() {
    for path in waiting.values { FileOperations.remove(path) }
    waiting = [:]
  }
}
