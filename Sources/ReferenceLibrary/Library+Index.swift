import Fingerprinting
import Foundation
import SystemPackage

/// The index over the keys of releases: some immutable files, each over many releases, which are
/// merged into greater ones as the library grows.
///
/// It holds nothing that the segment files do not. A file appears whole, by being renamed, and those
/// that it replaces go afterwards; releases that two files have are taken from the first. A removed
/// release stays in its file, masked, until that is merged. So a process may be killed at any moment.
extension Library {
  /// Samples from which on releases that are in no file get one of their own: some 70 films.
  ///
  /// Fewer are searched one by one.
  private static let leastShard = 1 << 21
  /// Samples of a file at most; more make it dear to write, in time and in memory.
  private static let mostShard = 1 << 26

  /// The parts of the index that are there, and which of `releases` stand where.
  ///
  /// Parts that are damaged are left out: their releases are searched one by one.
  public func keyIndex(over releases: [Release]) -> KeyIndexSnapshot {
    KeyIndexSnapshot(openShards(), releases: releases)
  }

  /// Indexes releases that no part of the index has, if there are enough of them.
  ///
  /// Memory is bounded by the size of one part, some 1 GB, whatever the size of the library.
  ///
  /// - Parameter isCancelled: is asked between releases; what was written by then stays.
  /// - Returns: The number of releases that were written to new parts.
  /// - Throws: ``LibraryError`` where a part cannot be written: the index is as before.
  @discardableResult
  public func updateKeyIndex(
    isCancelled: () -> Bool = { false }
  ) throws(LibraryError) -> Int {
    guard lock != nil else {
      throw LibraryError(.readOnly, "the library was opened for reading", path: path)
    }
    do {
      return try update(isCancelled, least: Self.leastShard, most: Self.mostShard)
    } catch {
      throw LibraryError.wrapping(error, path: layout.index)
    }
  }

  /// As ``updateKeyIndex(isCancelled:)``, with other sizes of parts.
  package func updateKeyIndex(least: Int, most: Int) throws -> Int {
    try update({ false }, least: least, most: most)
  }

  private func update(_ isCancelled: () -> Bool, least: Int, most: Int) throws -> Int {
    let releases = try releases()
    let files = openShards()
    // What cannot be opened is damaged, and made anew below.
    let opened = Set(files.map(\.path))
    for path in keyShardPaths() where !opened.contains(path) { try FileOperations.remove(path) }
    let snapshot = KeyIndexSnapshot(files, releases: releases)
    for file in files where !snapshot.shards.contains(where: { $0.file === file }) {
      // Merged into another, or all of its releases are gone.
      try FileOperations.remove(file.path)
    }
    let byID = Dictionary(uniqueKeysWithValues: releases.map { ($0.id, $0) })
    let indexed = Set(snapshot.shards.flatMap { $0.films.compactMap(\.releaseID) })
    var sources: [KeyShardWriter.Source] = []
    for release in releases where !indexed.contains(release.id) {
      if isCancelled() { return 0 }
      if let samples = try keyCount(of: release) {
        sources.append(KeyShardWriter.Source(release: release, samples: samples))
      }
    }
    var total = sources.reduce(0) { $0 + $1.samples }
    var replaced: [KeyShardFile] = []
    guard total >= least else {
      return 0
    }
    // A part is merged once as much has come anew: so each release is written a few times in all.
    for shard in snapshot.shards.reversed() {
      let live = shard.films.filter { $0.releaseID != nil }
      let samples = live.reduce(0) { $0 + $1.samples }
      guard samples <= total, samples <= most / 2 else { continue }
      sources += live.compactMap { film in
        film.releaseID.flatMap { byID[$0] }
          .map { KeyShardWriter.Source(release: $0, samples: film.samples) }
      }
      total += samples
      replaced.append(shard.file)
    }
    sources.sort { $0.release.id < $1.release.id }
    try FileOperations.makeDirectory(layout.index, mayExist: true)
    try FileOperations.synchroniseDirectory(path)
    var written = 0
    for group in Self.groups(sources, most: most) {
      if isCancelled() { return written }
      try write(group)
      written += group.count
    }
    try meetFault(.shardMoved)
    for file in replaced { try FileOperations.remove(file.path) }
    try FileOperations.synchroniseDirectory(layout.index)
    return written
  }

  /// Parts of about equal size, none above `most` but for a single release.
  private static func groups(
    _ sources: [KeyShardWriter.Source],
    most: Int
  ) -> [[KeyShardWriter.Source]] {
    let spans = sources.map { KeyPositions.span(of: $0.samples) }
    let total = spans.reduce(0, +)
    let share = total / max(1, (total + most - 1) / most) + 1
    var groups: [[KeyShardWriter.Source]] = [[]]
    var size = 0
    for (source, span) in zip(sources, spans) {
      if size > 0, size + span > most || size >= share {
        groups.append([])
        size = 0
      }
      groups[groups.count - 1].append(source)
      size += span
    }
    return groups
  }

  private func write(_ sources: [KeyShardWriter.Source]) throws {
    let staged = layout.staging.appending(
      "\(UUID().uuidString.lowercased()).\(KeyShardFile.pathExtension)"
    )
    do {
      try KeyShardWriter.write(sources, to: staged) { release, body in
        do {
          let segment = try segment(of: release)
          try segment.withSection("KEYS", as: UInt32.self) { keys in
            try segment.withSection("HASH", as: UInt64.self) { body(keys, $0) }
          }
        } catch let error as LibraryError where error.code == .noSuchRelease {
          // Removed meanwhile: its place stays empty, and nobody asks for it.
        }
      }
      try meetFault(.shardWritten)
      let file = try KeyShardFile(opening: staged)
      let name = Hex.text(file.segment.digest.prefix(8))
      let target = layout.index.appending("\(name).\(KeyShardFile.pathExtension)")
      try FileOperations.rename(staged, to: target)
      try FileOperations.synchroniseDirectory(layout.index)
    } catch {
      try? FileOperations.remove(staged)
      throw error
    }
  }

  /// Number of a release's keys; nil where it has none or was removed meanwhile.
  private func keyCount(of release: Release) throws(LibraryError) -> Int? {
    do {
      let section = try segment(of: release).sections.first { $0.code == "KEYS" }
      return section.map { $0.byteCount / MemoryLayout<UInt32>.stride }
    } catch {
      if error.code == .noSuchRelease { return nil }
      throw error
    }
  }

  private func meetFault(_ point: FaultPoint) throws {
    do {
      try faults(point)
    } catch {
      throw LibraryError.wrapping(error, doing: "write it", path: layout.index)
    }
  }

  /// Where parts of the index are, in the order of their names.
  func keyShardPaths() -> [FilePath] {
    let names = (try? FileOperations.entries(of: layout.index)) ?? []
    return names.filter { $0.extension == KeyShardFile.pathExtension }
      .sorted { $0.string < $1.string }.map { layout.index.appending($0) }
  }

  /// The parts that can be opened, the greatest first.
  private func openShards() -> [KeyShardFile] {
    var files: [KeyShardFile] = []
    for attempt in 0..<3 {
      let paths = keyShardPaths()
      files = paths.compactMap { try? KeyShardFile(opening: $0) }
      // Another process may replace parts while they are opened.
      if files.count == paths.count || attempt == 2 { break }
      if paths.allSatisfy({ (try? FileOperations.status($0)) ?? nil != nil }) { break }
    }
    return files.sorted {
      $0.films.count == $1.films.count
        ? $0.path.string < $1.path.string : $0.films.count > $1.films.count
    }
  }
}
