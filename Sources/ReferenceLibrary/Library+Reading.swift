public import SystemPackage

extension Library {
  /// Every release, ordered by title, then by the time of addition.
  ///
  /// - Complexity: O(releases).
  public func releases() throws(LibraryError) -> [Release] { try select(.all) }

  /// Every release grouped by title, in the order of their names.
  public func titles() throws(LibraryError) -> [Title] { try snapshot().titles }

  /// Every release with the number of changes so far, from one moment.
  public func snapshot() throws(LibraryError) -> CatalogueSnapshot {
    try catalogue.read { database in
      CatalogueSnapshot(
        generation: try Catalogue.generation(database),
        releases: try Catalogue.releases(.all, database).map(\.release)
      )
    }
  }

  /// The number of changes made to the catalogue so far; equal numbers mean equal contents.
  public func generation() throws(LibraryError) -> Int64 {
    try catalogue.read(Catalogue.generation)
  }

  /// The release of that identifier.
  ///
  /// - Throws: ``LibraryError/Code/noSuchRelease`` where there is none.
  public func release(id: String) throws(LibraryError) -> Release {
    guard let release = try select(.id(id)).first else { throw Self.noSuchRelease(id) }
    return release
  }

  /// The release made from a file of that SHA-256, in 64 lower-case hexadecimal digits; nil where
  /// the library has none.
  public func release(contentHash: String) throws(LibraryError) -> Release? {
    try select(.contentHash(contentHash)).first
  }

  /// The releases whose identifier starts with `prefix`.
  public func releases(idPrefix prefix: String) throws(LibraryError) -> [Release] {
    try select(.idPrefix(prefix.lowercased()))
  }

  /// The releases whose title or one of whose alternative names starts with `prefix`, in capitals
  /// or not.
  public func releases(titlePrefix prefix: String) throws(LibraryError) -> [Release] {
    try select(.namePrefix(prefix))
  }

  /// Opens the fingerprint of a release.
  ///
  /// - Throws: ``LibraryError/Code/noSuchRelease`` where it was never there or was just removed,
  ///   ``LibraryError/Code/damaged`` where the file is missing, changed or another release's.
  public func segment(of id: String) throws(LibraryError) -> SegmentFile {
    try segment(of: try release(id: id))
  }

  /// Opens the fingerprint of a release that came from this library.
  ///
  /// - Throws: As ``segment(of:)-(String)``.
  public func segment(of release: Release) throws(LibraryError) -> SegmentFile {
    let path = layout.segment(of: release.id)
    do throws(LibraryError) {
      let segment = try SegmentFile(opening: path)
      guard segment.digest == release.files.segmentDigest else {
        throw LibraryError(.damaged, "the segment file is not the one that was added", path: path)
      }
      return segment
    } catch {
      // Another process may have removed or replaced the release since its row was read.
      if try select(.id(release.id)).isEmpty { throw Self.noSuchRelease(release.id) }
      throw error
    }
  }

  /// Where the proxy of a release is; nil where none is kept.
  ///
  /// - Throws: ``LibraryError/Code/noSuchRelease``.
  public func proxyPath(of id: String) throws(LibraryError) -> FilePath? {
    layout.proxy(of: try release(id: id))
  }

  private func select(_ selection: Catalogue.Selection) throws(LibraryError) -> [Release] {
    try catalogue.read { try Catalogue.releases(selection, $0).map(\.release) }
  }

  static func noSuchRelease(_ id: String) -> LibraryError {
    LibraryError(.noSuchRelease, "the library has no release \(PrintableText.quoted(id))")
  }
}
