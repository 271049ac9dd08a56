import Synchronization
public import SystemPackage
import ReferenceLibrary
import VideoCore

/// A file to be added to the library.
public struct ImportRequest: Sendable {
  /// The film.
  public let path: FilePath
  /// What is known about it; where it has no title, the name of the file serves.
  public let fields: MetadataFields

  /// Creates a request.
  public init(path: FilePath, fields: MetadataFields) {
    self.path = path
    self.fields = fields
  }
}

/// What became of one file.
public enum ImportOutcome: Sendable {
  /// The release is new.
  case added(ReferenceRecord)
  /// The same file was there with a fingerprint of another algorithm, which was replaced.
  case replaced(ReferenceRecord)
  /// The same file was there; nothing changed, also where the metadata differ.
  case alreadyPresent(ReferenceRecord, keptOtherMetadata: Bool)
  /// The library is as it was.
  case failed(PipelineError)
}

/// Adds films to a library, several at a time.
///
/// Each file is read once for its SHA-256, looked through for black bars at up to forty key frames,
/// and decoded once for fingerprint and proxy together, then once more for its sound. Memory does not
/// grow with the film but for its fingerprint, 0.9 MB an hour with that of the sound.
public final class ReferenceImporter: Sendable {
  /// How files are added.
  public struct Options: Sendable {
    /// Files at a time.
    public var jobs = 1
    /// Threads of each decoder.
    public var threads = 1
    /// Whether a film that ends early is added all the same.
    public var acceptsTruncated = false
    /// The time to enter, in seconds since 1970-01-01T00:00:00Z.
    public var addedAt: Int64

    /// Creates options: one file at a time, one thread, whole films only.
    public init(addedAt: Int64) { self.addedAt = addedAt }
  }

  /// Size of proxies, and of the planes that fingerprints are made from.
  static let planeSize = FrameSize(width: 320, height: 180)

  let library: Library
  let options: Options
  let flag: CancellationFlag
  /// A failure of the library itself, after which no other file is tried.
  private let fatal = Mutex<PipelineError?>(nil)

  /// Creates an importer for a library that is open for writing.
  public init(_ store: ReferenceStore, options: Options, flag: CancellationFlag) {
    library = store.library
    self.options = options
    self.flag = flag
  }

  /// Adds the files, and returns when all are dealt with.
  ///
  /// `progress` is told the number of a request and the fraction done of it; `finished` is told
  /// what became of it, once for each request, in the order of completion. Both are called from
  /// several threads. After a cancellation, or a failure of the library itself, the requests left
  /// end with that error.
  public func run(
    _ requests: [ImportRequest],
    progress: @escaping @Sendable (_ request: Int, _ fraction: Double) -> Void,
    finished: @escaping @Sendable (_ request: Int, _ outcome: ImportOutcome) -> Void
  ) {
    WorkerPool.run(count: requests.count, jobs: options.jobs) { [self] index in
      if let error = fatal.withLock({ $0 }) { return finished(index, .failed(error)) }
      do {
        let outcome = try add(requests[index]) { progress(index, $0) }
        finished(index, outcome)
      } catch {
        let cause = PipelineError(error)
        if cause.kind != .input { fatal.withLock { $0 = $0 ?? cause } }
        finished(index, .failed(cause))
      }
    }
  }
}
