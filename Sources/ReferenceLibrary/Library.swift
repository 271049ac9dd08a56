import Foundation
import GRDB
import Synchronization
public import SystemPackage

/// The reference library: a folder with a catalogue and one immutable fingerprint, and often a
/// small proxy, per release.
///
/// One process at a time may have a library open for writing, any number for reading, also while
/// another writes. All calls block until done and may be made from several threads at once:
/// additions are prepared in parallel and committed one after the other. A process may be killed at
/// any moment; what it left half done is undone when the library is next opened for writing.
///
/// Releases in the catalogue always point to complete files: an addition is forced to the disk in
/// the staging folder, moved among the objects, and only then written into the catalogue.
public final class Library: Sendable {
  /// What a library is opened for.
  public enum Mode: Sendable, Hashable {
    /// Reading; creates nothing.
    case readOnly
    /// Reading and writing; a folder that is missing or empty becomes a new library if allowed.
    case readWrite(createIfMissing: Bool)
  }

  /// The folder, as an absolute path.
  public let path: FilePath
  /// What it was opened for.
  public let mode: Mode

  let layout: LibraryLayout
  let catalogue: Catalogue
  let lock: LibraryLock?
  let faults: FaultHook
  /// Held from the move of an object to the commit of its row.
  let commits = Mutex(())

  /// Opens the library in a folder.
  ///
  /// - Throws: ``LibraryError``: ``LibraryError/Code/notFound`` where there is none,
  ///   ``LibraryError/Code/locked`` where another process writes,
  ///   ``LibraryError/Code/incompatible`` for a newer format or a folder of something else,
  ///   ``LibraryError/Code/damaged`` for a catalogue that cannot be read.
  /// - Complexity: Reading, O(1). Writing, O(releases).
  public static func open(
    at path: FilePath,
    mode: Mode
  ) throws(LibraryError) -> Library {
    try open(at: path, mode: mode, faults: { _ in })
  }

  /// Opens the library and calls `faults` at each ``FaultPoint``.
  package static func open(
    at path: FilePath,
    mode: Mode,
    faults: @escaping FaultHook
  ) throws(LibraryError) -> Library {
    try Library(path, mode: mode, faults: faults)
  }

  private init(
    _ path: FilePath,
    mode: Mode,
    faults: @escaping FaultHook
  ) throws(LibraryError) {
    let path = Self.absolute(path)
    guard String(validating: path) != nil else {
      throw LibraryError(.incompatible, "the path of a library must be UTF-8", path: path)
    }
    let layout = LibraryLayout(root: path)
    self.path = path
    self.mode = mode
    self.layout = layout
    self.faults = faults
    switch mode {
    case .readOnly:
      try Self.requireCatalogue(layout)
      lock = nil
      catalogue = try Catalogue(layout.catalogue, isWritable: false, mayCreate: false)
    case .readWrite(let createIfMissing):
      if createIfMissing {
        try Self.prepareFolder(layout)
      } else {
        try Self.requireCatalogue(layout)
      }
      do {
        lock = try LibraryLock(layout.lock)
        for folder in [layout.objects, layout.staging] {
          try FileOperations.makeDirectory(folder, mayExist: true)
        }
        try FileOperations.synchroniseDirectory(path)
        let mayCreate = createIfMissing ? try Self.objectFolders(layout).isEmpty : false
        catalogue = try Catalogue(layout.catalogue, isWritable: true, mayCreate: mayCreate)
      } catch {
        throw Self.explained(error)
      }
      try refreshDigest()
      try removeLeftovers()
    }
  }

  // MARK: Opening

  private static func absolute(_ path: FilePath) -> FilePath {
    let base = FilePath(FileManager.default.currentDirectoryPath)
    return (path.isAbsolute ? path : base.pushing(path)).lexicallyNormalized()
  }

  private static func requireCatalogue(_ layout: LibraryLayout) throws(LibraryError) {
    guard FileOperations.isDirectoryFollowingLinks(layout.root) else {
      let isThere = try FileOperations.status(layout.root) != nil
      throw LibraryError(
        isThere ? .incompatible : .notFound,
        isThere ? "it is not a folder" : "there is no library here",
        path: layout.root
      )
    }
    guard let status = try FileOperations.status(layout.catalogue) else {
      throw LibraryError(.notFound, "there is no library here", path: layout.root)
    }
    guard status.isRegularFile else {
      throw LibraryError(.damaged, "the catalogue is not a file", path: layout.catalogue)
    }
    if status.sizeBytes == 0, try objectFolders(layout).isEmpty {
      // Someone was killed, or is just busy, creating it.
      throw LibraryError(.notFound, "there is no finished library here yet", path: layout.root)
    }
  }

  /// Creates the folder; refuses one that holds something else, which cleaning up could destroy.
  private static func prepareFolder(_ layout: LibraryLayout) throws(LibraryError) {
    if !FileOperations.isDirectoryFollowingLinks(layout.root) {
      if try FileOperations.status(layout.root) != nil {
        throw LibraryError(.incompatible, "it is not a folder", path: layout.root)
      }
      return try FileOperations.makeDirectories(layout.root)
    }
    if try FileOperations.status(layout.catalogue) != nil { return }
    for entry in try FileOperations.entries(of: layout.root)
    where !LibraryLayout.names.contains(entry.string) {
      throw LibraryError(
        .incompatible,
        "the folder holds other files and is not a library",
        path: layout.root
      )
    }
  }

  /// Says what a refused write means for someone who wanted to open a library.
  private static func explained(_ error: LibraryError) -> LibraryError {
    guard error.code == .accessDenied else { return error }
    return LibraryError(
      .readOnly,
      "no permission to write to this library",
      path: error.path,
      errno: error.errno
    )
  }

  /// The folders among the objects, by their names.
  private static func objectFolders(
    _ layout: LibraryLayout
  ) throws(LibraryError) -> [(name: String, path: FilePath)] {
    guard try FileOperations.status(layout.objects)?.isDirectory ?? false else { return [] }
    var result: [(name: String, path: FilePath)] = []
    for shelf in try FileOperations.entries(of: layout.objects) {
      let shelf = layout.objects.appending(shelf)
      guard try FileOperations.status(shelf)?.isDirectory ?? false else { continue }
      for object in try FileOperations.entries(of: shelf) {
        result.append((object.string, shelf.appending(object)))
      }
    }
    return result
  }

  /// Brings the catalogue's digest up to date after a writer was killed before it could.
  private func refreshDigest() throws(LibraryError) {
    let digest = try CatalogueDigest(reading: layout.digest)
    let path = layout.catalogue
    let digestPath = layout.digest
    try catalogue.access { database in
      let generation = try Catalogue.generation(database)
      let known = digest?.generation ?? -1
      if known == generation { return }
      guard known < generation else {
        throw LibraryError(
          .damaged,
          "the catalogue is older than its digest; if it was put back on purpose, remove "
            + "\(PrintableText.of(digestPath)) first",
          path: path
        )
      }
      // Damage must not be sealed with a fresh digest.
      if let flaw = try Catalogue.flaws(database).first {
        throw LibraryError(.damaged, flaw.message, path: path)
      }
      try self.writeDigest(database)
    }
    // SQLite leaves the journal of a change that never reached the file; its next change, here an
    // empty one, removes it.
    if try FileOperations.status(layout.journal) != nil {
      try catalogue.write({ _ in }, afterCommit: writeDigest)
    }
  }

  /// Digests the catalogue as it is now.
  func writeDigest(_ database: Database) throws {
    let digest = try CatalogueDigest(of: database, path: layout.catalogue)
    try FileOperations.replace(layout.digest, with: digest.encoded)
  }

  /// Removes what killed writers left: staging folders, and objects that no row points to.
  ///
  /// The lock proves that no living process uses them.
  private func removeLeftovers() throws(LibraryError) {
    for entry in try FileOperations.entries(of: layout.staging) {
      try FileOperations.remove(layout.staging.appending(entry))
    }
    let known = try catalogue.read { database in
      Set(try String.fetchAll(database, sql: "SELECT id FROM release"))
    }
    for object in try Self.objectFolders(layout)
    where ReleaseID.isValid(object.name) && !known.contains(object.name) {
      try FileOperations.remove(object.path)
    }
  }
}

extension String {
  /// The path as text, nil where it holds bytes that are not UTF-8.
  fileprivate init?(validating path: FilePath) {
    let text = path.string
    guard FilePath(text) == path else { return nil }
    self = text
  }
}
