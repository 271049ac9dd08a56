import Pipeline
import Synchronization
import SystemPackage

/// Prints answers in the order of the inputs, each as soon as those before it are there.
final class AnswerQueue: Sendable {
  /// What became of one input.
  struct Answer: Sendable {
    var path: FilePath
    var report: MatchReport
    var cause: PipelineError?
  }

  /// How answers are shown.
  struct Style: Sendable {
    /// Whether the answer is what was asked for.
    var isHit: @Sendable (MatchReport) -> Bool
    /// The lines that people read.
    var lines: @Sendable (FilePath, MatchReport) -> [String]
    /// The document; nil to show lines.
    var json: (@Sendable (MatchReport) -> String?)?
  }

  private struct State {
    var waiting: [Answer?]
    var next = 0
    var hasMatch = false
    var worst: PipelineError.Kind?
  }

  private let state: Mutex<State>
  private let style: Style

  init(count: Int, style: Style) {
    state = Mutex(State(waiting: Array(repeating: nil, count: count)))
    self.style = style
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
    if style.isHit(answer.report) { state.hasMatch = true }
    if let json = style.json {
      if let line = json(answer.report) { Console.shared.print(line) }
    } else if answer.report.status != .failed {
      style.lines(answer.path, answer.report).forEach(Console.shared.print)
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
