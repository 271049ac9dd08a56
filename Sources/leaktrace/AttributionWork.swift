import ArgumentParser
import Casebook
import Foundation
import Marks
import Pipeline
import Screenings
import SystemPackage

/// Options of what tells one screening from another.
struct AttributionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Since when the leaks are known, if earlier than the history says.",
      discussion: "A date and time with its offset, or a day, of which the end counts, UTC.",
      valueName: "time"
    )
  )
  var seenAt: TextArgument?

  @OptionGroup var mark: MarkKeyOptions
  @OptionGroup var fields: MarkFieldOptions

  func validate() throws {
    try fields.validate()
    _ = try seenSeconds()
  }

  /// The moment of `--seen-at`.
  func seenSeconds() throws -> Int64? {
    guard let seenAt else { return nil }
    do {
      return try TimeBound.seconds(seenAt.text, zone: nil, isUpper: true)
    } catch {
      throw ValidationError("--seen-at: \(error.message).")
    }
  }

  /// The mark that is to be read; nil where none is.
  func markRequest() throws -> MarkRequest? {
    guard let key = mark.markKey, let asset = mark.markAsset else { return nil }
    var mark = MarkRequest.Mark(key: try MarkKeyFile.load(key.path), asset: asset.text)
    mark.settings.layout = fields.layout
    var request = MarkRequest()
    request.marks = [mark]
    request.needsRelease = false
    return request
  }
}

/// Weighs the screenings of each leak, and keeps what marks claim.
final class AttributionWork: Sendable {
  private let attributor: ScreeningAttributor?
  private let library: FilePath
  private let records: Bool

  /// Opens the list of a library, which need not be there.
  init(_ library: FilePath, records: Bool) {
    do {
      attributor = try ScreeningAttributor(at: library)
    } catch {
      // Films can be matched all the same.
      Console.shared.complain("no screening is ranked: \(error.message)")
      attributor = nil
    }
    (self.library, self.records) = (library, records)
  }

  /// Adds to a report what vendors say and which screenings it points to; the leak was there at
  /// `seenAt`, in seconds since 1970-01-01T00:00:00Z.
  ///
  /// - Returns: Why something could not be read or written; nil where all was.
  func weigh(_ report: inout MatchReport, seenAt: Int64) -> PipelineError? {
    guard let attributor else { return nil }
    do throws(PipelineError) {
      try attributor.weigh(&report, seenAt: seenAt)
      if records, report.marks != nil {
        try report.recordClaims(in: library, at: Int64(Date().timeIntervalSince1970))
      }
      return nil
    } catch {
      return error
    }
  }
}
