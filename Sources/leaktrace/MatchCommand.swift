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

      Where the library has a list of screenings, those of the film are ranked by what speaks for \
      them: marks, the release, the time, other leaks of the same recording. --mark-key reads the \
      mark of a key on the way, which decodes every frame.

      --quick is for sorting many leaks: it names by the same evidence, but may find nothing where \
      more effort would, and says of each answer that it was quick.

      EXAMPLES
        leaktrace match leak.mp4
        leaktrace match incoming/ more/cam.mkv
        leaktrace match --json incoming/ > results.jsonl
        leaktrace match --quick incoming/
        leaktrace match --thorough hard.mp4
        leaktrace match --explain leak.mp4
        leaktrace match --no-ads leak.mp4
        leaktrace match --pictures evidence/ leak.mp4
        leaktrace match --seen-at 2026-06-01T08:00+03:00 leak.mp4
        leaktrace match --mark-key lab.key --mark-asset FILM leak.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var adOptions: AdOptions
  @OptionGroup var isolation: IsolationOptions

  @Flag(name: .customLong("no-ads"), help: "Look for releases only, not for ads.")
  var isWithoutAds = false

  @OptionGroup var effort: EffortOptions

  @Flag(help: "Say what was tried: hypotheses, verifications, and the runner-up.")
  var explain = false

  @OptionGroup var attribution: AttributionOptions

  @Argument(help: ArgumentHelp("Leaks, and folders of leaks.", valueName: "file"))
  var files: [PathArgument]

  func validate() throws {
    let complaint = EffortOptions.complaint(
      effort.effort,
      looksForAds: adOptions.pictures != nil,
      readsMarks: attribution.mark.markKey != nil
    )
    if let complaint { throw ValidationError(complaint) }
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    var how = LeakWork.Options(library: options.path)
    how.threads = work.threads
    (how.effort, how.explains) = (effort.effort ?? .standard, explain)
    (how.looksForAds, how.pictures) = (!isWithoutAds, adOptions.pictures?.path)
    how.records = !adOptions.isWithoutRecord
    how.marks = try attribution.markRequest()
    how.isolation = isolation.policy()
    let flag = interruption.flag
    let leaks = try LeakWork(how, flag: flag)
    let inputs = InputCollector.expand(files.map(\.path))
    let now = Int64(Date().timeIntervalSince1970)
    let seenAt = min(now, try attribution.seenSeconds() ?? now)
    let meter = ProgressMeter("matching", count: inputs.count, style: work.progress)
    var style = AnswerQueue.Style(
      isHit: { $0.status == .matched },
      lines: { MatchText.lines($0, $1) }
    )
    if options.json { style.json = { try? JSONDocument.line($0) } }
    let answers = AnswerQueue(count: inputs.count, style: style)
    WorkerPool.run(count: inputs.count, jobs: work.jobs(for: inputs.count)) { index in
      let input = inputs[index]
      do {
        try flag.check()
        if let error = input.error { throw error }
        let examination = try leaks.examine(input.path, seenAt: seenAt) { meter.update(index, $0) }
        answers.give(
          index,
          .init(path: input.path, report: examination.report, cause: examination.complaint)
        )
      } catch {
        let cause = PipelineError(error)
        let report = MatchReport(path: input.path, status: .failed, error: cause)
        answers.give(index, .init(path: input.path, report: report, cause: cause))
      }
      meter.finish(index)
    }
    meter.end()
    leaks.finish()
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
