import Casebook
import Foundation
import Isolation
import Pipeline
import Synchronization
import SystemPackage

/// All that a leak goes through, for every command that examines leaks: match, ads, marks, recordings
/// of one capture, screenings.
final class LeakWork: LeakExaminer {
  /// What a leak goes through.
  struct Options: Sendable {
    /// Folder of the library.
    var library: FilePath
    /// Threads of each decoder.
    var threads = 1
    /// How the processes that parse leaks are kept in check.
    var isolation = IsolationPolicy()
    /// How much is spent on it; a quick look looks for no ads and reads no marks.
    var effort = Effort.standard
    /// Whether answers say what was tried.
    var explains = false
    /// Whether ads are looked for.
    var looksForAds = true
    /// Folder for pictures of ads.
    var pictures: FilePath?
    /// Which mark is read; nil for none.
    var marks: MarkRequest?
    /// Whether screenings are ranked.
    var attributes = true
    /// Whether anything goes into the history.
    var records = true
    /// Whether the caller records the leak itself, with what else it has to write.
    var isRecordedLater = false

    init(library: FilePath) { self.library = library }
  }

  private let options: Options
  private let flag: CancellationFlag
  private let store: ReferenceStore
  private let ads: AdWork
  private let screenings: AttributionWork?

  /// Opens the library.
  ///
  /// - Throws: ``PipelineError`` where it cannot be used.
  init(_ options: Options, flag: CancellationFlag) throws {
    var options = options
    if options.effort == .quick { (options.looksForAds, options.marks) = (false, nil) }
    (self.options, self.flag) = (options, flag)
    // Said once, and not of each leak.
    if options.isolation.requiresAll || options.isRecordedLater { try options.isolation.check() }
    store = try ReferenceStore(at: options.library, forWriting: false)
    ads = try AdWork(
      options.library,
      records: options.records,
      pictures: options.pictures,
      looksForAds: options.looksForAds
    )
    screenings =
      options.attributes ? AttributionWork(options.library, records: options.records) : nil
    let first = try LeakMatcher(
      store,
      threads: options.threads,
      effort: options.effort,
      flag: flag
    )
    MatchCommand.complain(aboutSkipped: first.skippedReleases.count)
  }

  func examine(
    _ path: FilePath,
    seenAt: Int64,
    progress: @escaping @Sendable (Double) -> Void
  ) throws -> LeakExamination {
    let result = try MatchCommand.examine(path) {
      // One for each leak: what it keeps open of the references must not pile up.
      try LeakMatcher(
        store,
        ads: ads.catalogue,
        marks: options.marks,
        threads: options.threads,
        isolation: options.isolation,
        effort: options.effort,
        flag: flag
      )
    } progress: {
      progress($0)
    }
    var report = result.report
    if !options.explains { report.explanation = nil }
    let failure =
      ads.keep(result, of: path, in: &report, isRecordedLater: options.isRecordedLater)
      ?? screenings?.weigh(&report, seenAt: seenAt)
    let now = Int64(Date().timeIntervalSince1970)
    return LeakExamination(
      report: report,
      analysis: options.isRecordedLater
        ? report.analysis(result.record, of: path, at: now) : nil,
      // What is wrong with the library is graver than what is wrong with the file.
      complaint: failure.flatMap { $0.kind == .input ? nil : $0 } ?? result.complaint ?? failure
    )
  }

  /// Says what could not be recorded, once.
  func finish() { ads.finish() }
}

/// Examines leaks for weeks: opens brands and lists anew from time to time, for they change meanwhile.
final class RenewedLeakWork: LeakExaminer {
  private let options: LeakWork.Options
  private let flag: CancellationFlag
  private let present: Mutex<(work: LeakWork, since: ContinuousClock.Instant)>
  private static let lifetime = Duration.seconds(600)

  init(_ options: LeakWork.Options, flag: CancellationFlag) throws {
    (self.options, self.flag) = (options, flag)
    present = Mutex((try LeakWork(options, flag: flag), .now))
  }

  func examine(
    _ path: FilePath,
    seenAt: Int64,
    progress: @escaping @Sendable (Double) -> Void
  ) throws -> LeakExamination {
    let work = try present.withLock { present in
      if present.since.duration(to: .now) > Self.lifetime {
        present = (try LeakWork(options, flag: flag), .now)
      }
      return present.work
    }
    return try work.examine(path, seenAt: seenAt, progress: progress)
  }
}
