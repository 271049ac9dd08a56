import Casebook
public import SystemPackage

/// The captures of a library's history, as the command line sees them.
public final class CaptureStore: Sendable {
  /// The folder of the library.
  public var path: FilePath { casebook.folder }
  private let casebook: Casebook

  /// Opens the history of a library for reading.
  ///
  /// - Throws: ``PipelineError``.
  public init(at path: FilePath) throws(PipelineError) {
    casebook = try BrandStore.translated { try Casebook.open(at: path, mode: .readOnly) }
  }

  /// All captures, or those of films with these words in their titles.
  public func captures(title: String?) throws(PipelineError) -> [CaptureRecord] {
    try BrandStore.translated { try casebook.captureGroups(title: title).map(CaptureRecord.init) }
  }

  /// What an identifier stands for.
  public enum Entry: Sendable {
    /// A capture.
    case capture(CaptureRecord)
    /// A leak.
    case leak(LeakCaptureRecord)
  }

  /// The capture or leak with an identifier.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/usage`` where there is none.
  public func entry(_ id: String) throws(PipelineError) -> Entry {
    try BrandStore.translated {
      if let group = try casebook.captureGroup(id) { return .capture(CaptureRecord(group)) }
      guard let leak = try casebook.leak(id.lowercased()) else {
        throw CasebookError(.noSuchCapture, "no capture and no leak has the identifier \"\(id)\"")
      }
      var record = try CaptureLinker(casebook).record(of: leak.sha256)
      record.capture.id = leak.captureID
      return .leak(record)
    }
  }
}
