import ArgumentParser
import Foundation
import Pipeline
import SystemPackage

/// `leaktrace match`.
struct MatchCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Tell which release each leak shows, and which ads were burned into it.",
    discussion: """
      Named files are examined whatever their names; of folders, at any depth, the files with the \
      name extension of a video. No match is a normal answer. Each file that cannot be read gets a \
      line on standard error; the rest goes on. Ads are found, read and named by the brands of the \
      library, and written into its history of leaks.

      EXAMPLES
        leaktrace match leak.mp4
        leaktrace match incoming/ more/cam.mkv
        leaktrace match --json incoming/ > results.jsonl
        leaktrace match --thorough hard.mp4
        leaktrace match --explain leak.mp4
        leaktrace match --no-ads leak.mp4
        leaktrace match --mark-key lab.key --mark-asset FILM leak.mp4
        leaktrace match --pictures evidence/ leak.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var adOptions: AdOptions

  @Flag(name: .customLong("no-ads"), help: "Look for releases only, not for ads.")
  var isWithoutAds = false

  @Flag(
    help: "Compare with every second of every reference, and look for ads in all of a leak."
  )
  var thorough = false

  @Flag(help: "Say what was tried: hypotheses, verifications, and the runner-up.")
  var explain = false

  @Option(
    name: .customLong("mark-key"),
    help: ArgumentHelp("Read the mark of this key file, too.", valueName: "file")
  )
  var markKey: PathArgument?

  @Option(
    name: .customLong("mark-asset"),
    help: ArgumentHelp("Name that was given when the film was marked.", valueName: "name")
  )
  var markAsset: TextArgument?

  @Argument(help: ArgumentHelp("Leaks, and folders of leaks.", valueName: "file"))
  var files: [PathArgument]

  func validate() throws {
    try MarkAsset.validate(markAsset)
    guard (markKey == nil) == (markAsset == nil) else {
      throw ValidationError("--mark-key and --mark-asset belong together.")
    }
  }

  /// The mark that is read where the leak shows a release.
  private func marks() throws -> MarkRequest? {
    guard let markKey, let markAsset else { return nil }
    var request = MarkRequest()
    request.marks = [
      MarkRequest.Mark(key: try MarkKeyFile.load(markKey.path), asset: markAsset.text)
    ]
    request.needsRelease = false
    return request
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let marks = try marks()
    let store = try ReferenceStore(at: options.path, forWriting: false)
    let inputs = InputCollector.expand(files.map(\.path))
    let threads = work.threads
    let (isThorough, explains) = (thorough, explain)
    let flag = interruption.flag
    let jobs = work.jobs(for: inputs.count)
    let ads = isWithoutAds ? nil : try AdWork(options.path, adOptions)
    let catalogue = ads?.catalogue
    let first = try LeakMatcher(store, threads: threads, isThorough: isThorough, flag: flag)
    Self.complain(aboutSkipped: first.skippedReleases.count)
    let meter = ProgressMeter("matching", count: inputs.count, style: work.progress)
    var style = AnswerQueue.Style(
      isHit: { $0.status == .matched },
      lines: { MatchText.lines($0, $1) }
    )
    if options.json { style.json = { try? JSONDocument.line($0) } }
    let answers = AnswerQueue(count: inputs.count, style: style)
    WorkerPool.run(count: inputs.count, jobs: jobs) { index in
      let input = inputs[index]
      do {
        try flag.check()
        if let error = input.error { throw error }
        let result = try Self.examine(input.path) {
          // One for each leak: what it keeps open of the references must not pile up.
          try LeakMatcher(
            store,
            ads: catalogue,
            marks: marks,
            threads: threads,
            isThorough: isThorough,
            flag: flag
          )
        } progress: {
          meter.update(index, $0)
        }
        var report = result.report
        if !explains { report.explanation = nil }
        let complaint = ads?.keep(result, of: input.path, in: &report)
        answers.give(
          index,
          .init(path: input.path, report: report, cause: result.complaint ?? complaint)
        )
      } catch {
        let cause = PipelineError(error)
        let report = MatchReport(path: input.path, status: .failed, error: cause)
        answers.give(index, .init(path: input.path, report: report, cause: cause))
      }
      meter.finish(index)
    }
    meter.end()
    ads?.finish()
    return answers.status
  }

  static func complain(aboutSkipped count: Int) {
    guard count > 0 else { return }
    Console.shared.complain(
      "\(count) releases were added by another version of LeakTrace and are left out; "
        + "add their files again"
    )
  }

  /// Examines a leak; once more where a release was removed while it was looked at.
  static func examine(
    _ path: FilePath,
    matcher: () throws -> LeakMatcher,
    progress: (Double) -> Void
  ) throws -> LeakMatcher.Result {
    do {
      return try matcher().match(path, progress: progress)
    } catch {
      guard PipelineError(error).isReleaseGone else { throw error }
      return try matcher().match(path, progress: progress)
    }
  }
}
