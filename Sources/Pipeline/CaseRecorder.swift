public import Casebook
public import SystemPackage

/// Writes what an analysis found into the casebook, where that is possible.
///
/// A library that cannot be written to does not keep a leak from being matched: recording is then
/// left out, and ``note`` says why.
public final class CaseRecorder: Sendable {
  /// Why nothing is recorded; nil where all is well.
  public let note: String?

  private let casebook: Casebook?

  /// Opens the casebook of a library that is there; never fails.
  public init(at library: FilePath) {
    do {
      casebook = try Casebook.open(at: library, mode: .readWrite(createFolder: false))
      note = nil
    } catch {
      // The brands in it can still be recognised.
      casebook = try? Casebook.open(at: library, mode: .readOnly)
      note = "the results are not recorded: \(PipelineError(error).message)"
    }
  }

  /// The casebook, for reading its brands; nil where it cannot be read.
  public var readable: Casebook? { casebook }

  /// Records one leak in one short transaction; does nothing where ``note`` says why.
  ///
  /// May be called from several threads, and while other processes record.
  ///
  /// - Throws: ``PipelineError``, for example where the disk is full.
  public func record(
    leak: LeakEntry,
    matches: [MatchEntry],
    sightings: [SightingEntry]
  ) throws(PipelineError) {
    guard let casebook, note == nil else { return }
    try BrandStore.translated {
      try casebook.record(leak: leak, matches: matches, sightings: sightings)
    }
  }
}
