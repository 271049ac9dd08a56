import Foundation
import ReferenceLibrary
public import SystemPackage

/// A reference library as the command line sees it.
public final class ReferenceStore: Sendable {
  /// The folder, as an absolute path.
  public var path: FilePath { library.path }

  let library: Library

  /// Opens the library in a folder; for writing, one that is missing is created if allowed.
  ///
  /// - Throws: ``PipelineError`` whose kind tells a locked and a damaged library from the rest.
  public init(
    at path: FilePath,
    forWriting: Bool,
    createIfMissing: Bool = false
  ) throws(PipelineError) {
    do {
      library = try Library.open(
        at: path,
        mode: forWriting ? .readWrite(createIfMissing: createIfMissing) : .readOnly
      )
    } catch {
      throw PipelineError(error)
    }
  }

  /// Every release, by title, then by the time of addition.
  public func records() throws(PipelineError) -> [ReferenceRecord] {
    do {
      return try library.releases().map(ReferenceRecord.init)
    } catch {
      throw PipelineError(error)
    }
  }

  /// The one release whose identifier is `text` or begins with it.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/usage`` where there is none, or more
  ///   than one.
  public func record(_ text: String) throws(PipelineError) -> ReferenceRecord {
    let found: [Release]
    do {
      found = try library.releases(idPrefix: text)
    } catch {
      throw PipelineError(error)
    }
    guard let release = found.first, !text.isEmpty else {
      throw PipelineError(
        .usage,
        code: "no_such_release",
        "the library has no release \"\(text)\"; `leaktrace reference list` shows those it has"
      )
    }
    guard found.count == 1 else {
      throw PipelineError(
        .usage,
        code: "ambiguous_release",
        "\"\(text)\" could be any of \(found.count) releases; give more of the identifier"
      )
    }
    return ReferenceRecord(release)
  }

  /// Removes a release.
  ///
  /// - Throws: ``PipelineError``.
  public func remove(_ record: ReferenceRecord) throws(PipelineError) {
    do {
      try library.remove(id: record.releaseID)
    } catch {
      throw PipelineError(error)
    }
  }

  /// Brings the index over the keys of all releases up to date; a few new ones are searched without.
  ///
  /// - Throws: ``PipelineError``; the index is then as before.
  public func updateIndex(flag: CancellationFlag) throws(PipelineError) {
    do {
      try library.updateKeyIndex { flag.isCancelled }
    } catch {
      throw PipelineError(error)
    }
  }

  /// Reads every byte of the library and compares it with its checksum; `progress` is told the
  /// fraction done.
  ///
  /// - Throws: ``PipelineError`` where reading is not possible at all or someone asked to stop.
  public func verify(
    flag: CancellationFlag,
    progress: (Double) -> Void
  ) throws(PipelineError) -> ReferenceVerifyReport {
    do {
      let report = try library.verify { state in
        try flag.check()
        progress(Double(state.doneBytes) / Double(max(1, state.totalBytes)))
      }
      return ReferenceVerifyReport(report, library: library.path)
    } catch {
      throw PipelineError(error)
    }
  }

  /// Where the library is, unless the caller says so: `LEAKTRACE_LIBRARY`, else `leaktrace` in the
  /// XDG data folder.
  public static func defaultPath(_ environment: [String: String]) -> FilePath {
    if let named = environment["LEAKTRACE_LIBRARY"], !named.isEmpty { return FilePath(named) }
    // The XDG specification: a relative path is to be ignored.
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return FilePath(data).appending("leaktrace")
    }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return FilePath(home).appending(".local/share/leaktrace")
  }
}
