public import Casebook
import Synchronization
public import SystemPackage

/// Writes what an analysis found into the casebook, where that is possible.
///
/// A library that cannot be written to does not keep a leak from being matched: recording is then
/// left out, and ``note`` says why.
public final class CaseRecorder: Sendable {
  private let casebook: Casebook?
  private let reason: Mutex<String?>

  /// Why nothing is recorded; nil as long as all is well.
  public var note: String? { reason.withLock { $0 } }

  /// The casebook, for reading its brands; nil where it cannot be read.
  public var readable: Casebook? { casebook }

  /// Why brands cannot be read from a casebook that is there; nil where they can, or there is none.
  public let readFailure: String?

  /// Opens the casebook of a library that is there; never fails.
  ///
  /// Without `records` it is opened for reading, and nothing is created.
  public init(at library: FilePath, records: Bool = true) {
    var failure: CasebookError?
    var opened: Casebook?
    if records {
      do {
        opened = try Casebook.open(at: library, mode: .readWrite(createFolder: false))
      } catch {
        failure = error
      }
    }
    reason = Mutex(
      records ? failure.map(Self.text) : "the results are not recorded: nobody asked for it"
    )
    var unread: CasebookError?
    if opened == nil {
      // The brands in it can still be recognised.
      do {
        opened = try Casebook.open(at: library, mode: .readOnly)
      } catch  where error.code != .notFound {
        unread = error
      } catch {}
    }
    casebook = opened
    readFailure = unread.map { "no brand can be named: \(PipelineError($0).message)" }
  }

  private static func text(_ error: CasebookError) -> String {
    "the results are not recorded: \(PipelineError(error).message)"
  }

  /// Records one leak in one short transaction; does nothing where ``note`` says why.
  ///
  /// May be called from several threads, and while other processes record.
  ///
  /// - Throws: ``PipelineError``, for example where the disk is full; not where the library cannot
  ///   be written to, which ``note`` says from then on.
  public func record(
    leak: LeakEntry,
    matches: [MatchEntry],
    sightings: [SightingEntry]?
  ) throws(PipelineError) {
    guard let casebook, note == nil else { return }
    do {
      try casebook.record(leak: leak, matches: matches, sightings: sightings)
    } catch {
      // SQLite opens a file that it cannot write, and says so only now.
      guard error.code == .readOnly else { throw PipelineError(error) }
      reason.withLock { $0 = Self.text(error) }
    }
  }
}
