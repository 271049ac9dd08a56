import SystemPackage

/// Where the casebook's files are in the folder of a library.
///
/// ```
/// casebook.sqlite                    brands, leaks, matches, sightings
/// brands/<two digits>/<sha-256>      logos (PNG) and fingerprints of creatives
/// pictures/<two digits>/<sha-256>    pictures of sightings (PNG)
/// ```
struct CasebookLayout: Sendable {
  let root: FilePath

  var database: FilePath { root.appending("casebook.sqlite") }

  /// Which of the folders a file is in.
  enum Shelf: String, Sendable {
    case brands
    case pictures
  }

  /// Where the file with these contents is.
  func file(_ digest: String, in shelf: Shelf) -> FilePath {
    root.appending(shelf.rawValue).appending(String(digest.prefix(2))).appending(digest)
  }

  func requireFolder() throws(CasebookError) {
    guard FileOperations.isDirectory(root) else {
      throw CasebookError(.notFound, "there is no library here", path: root)
    }
    // A folder of anything else is not taken for a library without a casebook.
    guard try FileOperations.entries(of: root).allSatisfy(Self.mayHold) || isLibrary else {
      throw CasebookError(.notFound, "there is no library here", path: root)
    }
  }

  /// Makes the folder, or refuses one that holds something else.
  func prepareFolder(create: Bool) throws(CasebookError) {
    if !FileOperations.isDirectory(root) {
      guard create else { throw CasebookError(.notFound, "there is no library here", path: root) }
      return try FileOperations.makeDirectories(root)
    }
    if isLibrary { return }
    guard try FileOperations.entries(of: root).allSatisfy(Self.mayHold) else {
      throw CasebookError(
        .incompatible,
        "the folder holds other files and is not a library",
        path: root
      )
    }
  }

  private var isLibrary: Bool {
    ["catalogue.sqlite", "casebook.sqlite"].contains {
      (try? FileOperations.isRegularFile(root.appending($0))) ?? false
    }
  }

  /// Names that stand in the folder of a library that is being created.
  private static func mayHold(_ name: String) -> Bool {
    [
      "catalogue.sqlite", "catalogue.sqlite-journal", "catalogue.digest", "catalogue.new", "lock",
      "objects", "staging", "casebook.sqlite", "casebook.sqlite-journal", "brands", "pictures",
    ].contains(name)
  }
}
