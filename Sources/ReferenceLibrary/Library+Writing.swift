import Foundation
import GRDB
import Synchronization
import SystemPackage

extension Library {
  /// Creates the folder in which an addition is prepared; several may be prepared at once.
  ///
  /// The name of the proxy ends in `proxyExtension`, one to eight small letters or digits.
  public func beginAdd(proxyExtension: String = "proxy") throws(LibraryError) -> StagedAddition {
    precondition(
      StagedAddition.isValidExtension(proxyExtension),
      "a proxy's extension has one to eight small letters or digits"
    )
    let lock = try requireLock()
    let directory = layout.staging.appending(UUID().uuidString.lowercased())
    let addition = StagedAddition(
      directory: directory,
      proxyExtension: proxyExtension,
      lock: lock
    )
    try FileOperations.makeDirectory(directory)
    try meet(.staged, directory)
    return addition
  }

  /// Adds a release: writes its fingerprint, makes fingerprint and proxy durable, and enters it.
  ///
  /// Adding is idempotent by content. Where the same file is there already, nothing changes, also
  /// if `metadata` differs, see ``CommitResult``; where it is there with another fingerprint
  /// algorithm, it is replaced. On failure the library is as before. Either way `addition` is used
  /// up and its folder is gone.
  ///
  /// `algorithm` is the number of the algorithm that made the fingerprint, `sections` are the
  /// fingerprint itself, at most 256 of them with different names, and `addedAt` is the time now, in
  /// seconds since 1970-01-01T00:00:00Z.
  ///
  /// - Returns: The release as it stands in the library, and whether it was new.
  /// - Throws: ``LibraryError``: ``LibraryError/Code/invalidMetadata``,
  ///   ``LibraryError/Code/diskFull``, ``LibraryError/Code/readOnly``, …
  /// - Complexity: O(bytes of fingerprint and proxy), plus O(bytes of the catalogue) to digest it.
  public func commit(
    _ addition: StagedAddition,
    metadata: ReleaseMetadata,
    media: MediaDescription,
    algorithm: UInt32,
    sections: [SegmentSection],
    addedAt: Int64
  ) throws(LibraryError) -> CommitResult {
    _ = try requireLock()
    precondition(
      addition.directory.removingLastComponent() == layout.staging,
      "an addition is committed to the library that began it"
    )
    precondition(addition.begin(), "an addition is committed once")
    defer { try? FileOperations.remove(addition.directory) }
    let metadata = try metadata.validated()
    try media.validate()
    if let result = try present(media.contentHash, algorithm, metadata) { return result }
    let release = try store(
      addition,
      metadata: metadata,
      media: media,
      algorithm: algorithm,
      sections: sections,
      addedAt: addedAt
    )
    do {
      return try commits.withLock { _ in try enter(release, from: addition) }
    } catch {
      throw LibraryError.wrapping(error, path: layout.object(release.id))
    }
  }

  /// Replaces the metadata of a release.
  ///
  /// - Throws: ``LibraryError/Code/noSuchRelease``, ``LibraryError/Code/invalidMetadata``, …
  public func update(id: String, metadata: ReleaseMetadata) throws(LibraryError) -> Release {
    _ = try requireLock()
    let metadata = try metadata.validated()
    return try catalogue.write(
      { database in
        guard let old = try Catalogue.releases(.id(id), database).first?.release else {
          throw Self.noSuchRelease(id)
        }
        let new = Release(
          id: id,
          metadata: metadata,
          media: old.media,
          addedAt: old.addedAt,
          fingerprintAlgorithm: old.fingerprintAlgorithm,
          fingerprintBytes: old.fingerprintBytes,
          proxyBytes: old.proxyBytes,
          files: old.files
        )
        _ = try Catalogue.delete(id, database)
        try Catalogue.insert(new, database)
        return new
      },
      afterCommit: digestAfterCommit
    )
  }

  /// Removes a release, its fingerprint and its proxy; readers that have them open keep them.
  ///
  /// - Throws: ``LibraryError/Code/noSuchRelease``, …
  public func remove(id: String) throws(LibraryError) {
    _ = try requireLock()
    do {
      try commits.withLock { _ in
        try catalogue.write(
          { database in
            guard try Catalogue.delete(id, database) else { throw Self.noSuchRelease(id) }
          },
          afterCommit: digestAfterCommit
        )
        try meet(.rowRemoved, layout.object(id))
        // The release is gone with its row; what cannot be removed now, the next writer removes.
        try? FileOperations.remove(layout.object(id))
      }
    } catch {
      throw LibraryError.wrapping(error, path: layout.object(id))
    }
  }

  /// Enters the rows of releases in one change, without files: what it takes to measure a
  /// catalogue of a size that nobody has the films for.
  package func enterRows(
    _ rows: [(metadata: ReleaseMetadata, media: MediaDescription)]
  ) throws(LibraryError) {
    try catalogue.write(
      { database in
        for (metadata, media) in rows {
          let release = Release(
            id: ReleaseID.make(contentHash: media.contentHash, algorithm: 0),
            metadata: try metadata.validated(),
            media: media,
            addedAt: 0,
            fingerprintAlgorithm: 0,
            fingerprintBytes: 0,
            proxyBytes: 0,
            files: StoredFiles(segmentDigest: [], proxyExtension: nil, proxyDigest: [])
          )
          try Catalogue.insert(release, database)
        }
      },
      afterCommit: digestAfterCommit
    )
  }

  // MARK: Steps

  /// Brings the catalogue's digest up to date.
  ///
  /// The change is committed, whatever happens here: a digest that could not be written is stale,
  /// and the next writer replaces it.
  private func digestAfterCommit(_ database: Database) {
    do {
      try faults(.rowCommitted)
      try writeDigest(database)
      try faults(.digestWritten)
    } catch {}
  }

  private func requireLock() throws(LibraryError) -> LibraryLock {
    guard let lock else {
      throw LibraryError(.readOnly, "the library was opened for reading", path: path)
    }
    return lock
  }

  /// Reaches a fault point; an error of the hook is one of the file system's at `path`.
  private func meet(_ point: FaultPoint, _ path: FilePath) throws(LibraryError) {
    do {
      try faults(point)
    } catch {
      throw LibraryError.wrapping(error, doing: "write it", path: path)
    }
  }

  /// The result for a file that is there already with this algorithm; nil where it is not.
  private func present(
    _ contentHash: String,
    _ algorithm: UInt32,
    _ metadata: ReleaseMetadata
  ) throws(LibraryError) -> CommitResult? {
    guard let release = try release(contentHash: contentHash),
      release.fingerprintAlgorithm == algorithm
    else { return nil }
    return CommitResult(
      release: release,
      outcome: .alreadyPresent,
      keptOtherMetadata: release.metadata != metadata
    )
  }

  /// Completes the staging folder and forces it to the disk.
  private func store(
    _ addition: StagedAddition,
    metadata: ReleaseMetadata,
    media: MediaDescription,
    algorithm: UInt32,
    sections: [SegmentSection],
    addedAt: Int64
  ) throws(LibraryError) -> Release {
    let segment = addition.directory.appending(LibraryLayout.segmentName)
    let header = try SegmentFile.write(sections, to: segment) { try faults(.segmentWritten) }
    var proxy: FileDigest?
    if let status = try FileOperations.status(addition.proxyPath) {
      guard status.isRegularFile else {
        throw LibraryError(.io, "the proxy is not a file", path: addition.proxyPath)
      }
      do {
        proxy = try FileDigest(of: addition.proxyPath)
      } catch {
        throw LibraryError.wrapping(error, path: addition.proxyPath)
      }
      try FileOperations.synchroniseFile(addition.proxyPath)
    }
    for entry in try FileOperations.entries(of: addition.directory)
    where entry.string != LibraryLayout.segmentName && entry != addition.proxyPath.lastComponent {
      try FileOperations.remove(addition.directory.appending(entry))
    }
    try FileOperations.synchroniseDirectory(addition.directory)
    try meet(.segmentSynchronised, addition.directory)
    return Release(
      id: ReleaseID.make(contentHash: media.contentHash, algorithm: algorithm),
      metadata: metadata,
      media: media,
      addedAt: addedAt,
      fingerprintAlgorithm: algorithm,
      fingerprintBytes: Int64(header.fileByteCount),
      proxyBytes: proxy?.sizeBytes ?? 0,
      files: StoredFiles(
        segmentDigest: header.digest,
        proxyExtension: proxy == nil ? nil : addition.proxyExtension,
        proxyDigest: proxy?.sha256 ?? []
      )
    )
  }

  /// Moves the staging folder among the objects and writes the row that points to it.
  private func enter(
    _ release: Release,
    from addition: StagedAddition
  ) throws(LibraryError) -> CommitResult {
    let hash = release.media.contentHash
    // Another thread may have added the same file meanwhile.
    if let result = try present(hash, release.fingerprintAlgorithm, release.metadata) {
      return result
    }
    if let other = try releases(idPrefix: release.id).first {
      throw LibraryError(
        .conflict,
        "its identifier \(release.id) belongs to another file, \(other.media.contentHash)"
      )
    }
    let previous = try self.release(contentHash: hash)
    let object = layout.object(release.id)
    // Left by a removal that failed half-way: no row points to it.
    try FileOperations.remove(object)
    let shelf = layout.shelf(of: release.id)
    if try FileOperations.status(shelf) == nil {
      try FileOperations.makeDirectory(shelf)
      try FileOperations.synchroniseDirectory(layout.objects)
    }
    try FileOperations.rename(addition.directory, to: object)
    do throws(LibraryError) {
      try FileOperations.synchroniseDirectory(shelf)
      try meet(.objectMoved, object)
      try catalogue.write(
        { database in
          if let previous { _ = try Catalogue.delete(previous.id, database) }
          try Catalogue.insert(release, database)
          try meet(.rowWritten, layout.catalogue)
        },
        afterCommit: digestAfterCommit
      )
    } catch {
      // A commit may fail in ways that leave its outcome open: the object goes only where the
      // catalogue says for certain that no row points to it.
      if let rows = try? releases(idPrefix: release.id), rows.isEmpty {
        try? FileOperations.remove(object)
      }
      throw error
    }
    guard let previous else {
      return CommitResult(release: release, outcome: .added, keptOtherMetadata: false)
    }
    try? FileOperations.remove(layout.object(previous.id))
    return CommitResult(
      release: release,
      outcome: .replaced(previous.id),
      keptOtherMetadata: false
    )
  }
}
