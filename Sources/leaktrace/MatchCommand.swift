import ArgumentParser
import Foundation
import Pipeline
import Synchronization
import SystemPackage

/// `leaktrace match`.
struct MatchCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Tell which release each leak shows, and which stretches of it.",
    discussion: """
      Named files are examined whatever their names; of folders, at any depth, the files with the \
      name extension of a video. No match is a normal answer. Each file that cannot be read gets a \
      line on standard error; the rest goes on.

      EXAMPLES
        leaktrace match leak.mp4
        leaktrace match incoming/ more/cam.mkv
        leaktrace match --json incoming/ > results.jsonl
        leaktrace match --thorough hard.mp4
        leaktrace match --explain leak.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions

  @Flag(help: "Compare with every second of every reference, however many.")
  var thorough = false

  @Flag(help: "Say what was tried: hypotheses, verifications, and the runner-up.")
  var explain = false

  @Argument(help: ArgumentHelp("Leaks, and folders of leaks.", valueName: "file"))
  var files: [PathArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ReferenceStore(at: options.path, forWriting: false)
    let inputs = InputCollector.expand(files.map(\.path))
    let threads = work.threads
    let (isThorough, explains) = (thorough, explain)
    let flag = interruption.flag
    let jobs = work.jobs(for: inputs.count)
    let first = try LeakMatcher(store, threads: threads, isThorough: isThorough, flag: flag)
    if !first.skippedReleases.isEmpty {
      Console.shared.complain(
        "\(first.skippedReleases.count) releases were added by another version of LeakTrace and "
          + "are left out; add their files again"
      )
    }
    let meter = ProgressMeter("matching", count: inputs.count, style: work.progress)
    let answers = AnswerQueue(count: inputs.count, json: options.json)
    WorkerPool.run(count: inputs.count, jobs: jobs) { index in
      let input = inputs[index]
      do {
        try flag.check()
        if let error = input.error { throw error }
        let result = try Self.examine(input.path) {
          // One for each leak: what it keeps open of the references must not pile up.
          try LeakMatcher(store, threads: threads, isThorough: isThorough, flag: flag)
        } progress: {
          meter.update(index, $0)
        }
        var report = result.report
        if !explains { report.explanation = nil }
        answers.give(index, .init(path: input.path, report: report, cause: result.complaint))
      } catch {
        let cause = PipelineError(error)
        let report = MatchReport(path: input.path, status: .failed, error: cause)
        answers.give(index, .init(path: input.path, report: report, cause: cause))
      }
      meter.finish(index)
    }
    meter.end()
    return answers.status
  }

  /// Examines a leak; once more where a release was removed while it was looked at.
  private static func examine(
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

/// Prints answers in the order of the inputs, each as soon as those before it are there.
private final class AnswerQueue: Sendable {
  struct Answer: Sendable {
    var path: FilePath
    var report: MatchReport
    var cause: PipelineError?
  }

  private struct State {
    var waiting: [Answer?]
    var next = 0
    var hasMatch = false
    var worst: PipelineError.Kind?
  }

  private let state: Mutex<State>
  private let json: Bool

  init(count: Int, json: Bool) {
    state = Mutex(State(waiting: Array(repeating: nil, count: count)))
    self.json = json
  }

  func give(_ index: Int, _ answer: Answer) {
    state.withLock { state in
      state.waiting[index] = answer
      while state.next < state.waiting.count, let answer = state.waiting[state.next] {
        state.waiting[state.next] = nil
        state.next += 1
        show(answer, &state)
      }
    }
  }

  private func show(_ answer: Answer, _ state: inout State) {
    if let cause = answer.cause {
      // What was not examined because someone asked to stop is no news.
      if cause.kind == .cancelled {
        state.worst = .cancelled
        return
      }
      Console.shared.complain(about: answer.path, cause)
      if state.worst == nil || state.worst == .input { state.worst = cause.kind }
    }
    if answer.report.status == .matched { state.hasMatch = true }
    if json {
      if let line = try? JSONDocument.line(answer.report) { Console.shared.print(line) }
    } else if answer.report.status != .failed {
      MatchText.lines(answer.path, answer.report).forEach(Console.shared.print)
    }
  }

  /// How the process ends: the gravest failure, else whether anything matched.
  var status: ExitStatus {
    state.withLock { state in
      if let worst = state.worst { return ExitStatus(worst) }
      return state.hasMatch ? .success : .noMatch
    }
  }
}
