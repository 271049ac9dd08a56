import Casebook
import Foundation
import ReferenceLibrary
public import SystemPackage

/// What was copied: the document of `leaktrace backup --json`, see `docs/schema`.
public struct BackupReport: Sendable, Codable, Hashable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.backup/1"
  /// Where the copy is.
  public var path: String
  /// Its size in bytes.
  public var sizeBytes: Int64
  /// Its files.
  public var files: Int

  private enum CodingKeys: String, CodingKey {
    case schema, path, files
    case sizeBytes = "size_bytes"
  }
}

/// Copies a library that is in use.
///
/// A copy of the files alone may catch a database between two writes. So nobody adds releases while
/// they are copied, and the casebook is copied by SQLite, as of one moment, while others go on writing
/// to it.
public enum LibraryBackup {
  /// Names that are no part of the library at rest, and the casebook, which is copied by itself.
  private static let leftOut: Set<String> = [
    "lock", "staging", "casebook.sqlite", "casebook.sqlite-journal", "catalogue.sqlite-journal",
  ]

  /// Copies a library into a folder that is not there yet; it appears once it is whole.
  ///
  /// - Throws: ``PipelineError``: of kind ``PipelineError/Kind/libraryLocked`` where somebody adds or
  ///   removes releases, of kind ``PipelineError/Kind/output`` where the copy cannot be written.
  public static func copy(
    _ source: FilePath,
    to target: FilePath,
    flag: CancellationFlag
  ) throws(PipelineError) -> BackupReport {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: target.string) else {
      throw PipelineError(.usage, code: "exists", "\(SafeText.of(target)) is there already")
    }
    let unfinished = SafeText.path(of: SafeText.bytes(of: target) + Array(".unfinished".utf8))
    do {
      // As long as this is held, no release comes or goes.
      let library = try Library.open(at: source, mode: .readWrite(createIfMissing: false))
      let casebook = try Casebook.open(at: source, mode: .readOnly)
      try? manager.removeItem(atPath: unfinished.string)
      try manager.createDirectory(atPath: unfinished.string, withIntermediateDirectories: true)
      // First the history, then the files it names: what is added meanwhile harms nobody.
      try casebook.copy(to: unfinished)
      for name in try manager.contentsOfDirectory(atPath: source.string).sorted()
      where !leftOut.contains(name) {
        try flag.check()
        try manager.copyItem(
          atPath: source.appending(name).string,
          toPath: unfinished.appending(name).string
        )
      }
      try withExtendedLifetime(library) {
        try manager.moveItem(atPath: unfinished.string, toPath: target.string)
      }
    } catch {
      try? manager.removeItem(atPath: unfinished.string)
      throw failure(error, target)
    }
    return report(target)
  }

  private static func failure(_ error: any Error, _ target: FilePath) -> PipelineError {
    if error is CocoaError {
      let cause = "cannot copy to it (\(error.localizedDescription))"
      return PipelineError(.output, code: "output_failed", "\(SafeText.of(target)): \(cause)")
    }
    return PipelineError(error)
  }

  private static func report(_ target: FilePath) -> BackupReport {
    var report = BackupReport(path: target.string, sizeBytes: 0, files: 0)
    let manager = FileManager.default
    for case let name as String in manager.enumerator(atPath: target.string) ?? .init() {
      let attributes = try? manager.attributesOfItem(atPath: target.appending(name).string)
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { continue }
      report.files += 1
      report.sizeBytes += attributes?[.size] as? Int64 ?? Int64(attributes?[.size] as? Int ?? 0)
    }
    return report
  }
}
