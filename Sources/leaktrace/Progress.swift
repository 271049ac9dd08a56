import ArgumentParser
import Foundation
import Pipeline
import Synchronization

/// How progress is shown; always on standard error.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  /// A bar on a terminal, nothing elsewhere.
  case auto
  /// A bar.
  case bar
  /// One JSON document a line, at most one a second.
  case jsonl
  /// Nothing.
  case none
}

/// Adds up how far several pieces of work have come, and shows it with the time left.
final class ProgressMeter: Sendable {
  private struct State {
    var fractions: [Double]
    var done = 0
    var lastShown: ContinuousClock.Instant?
  }

  private struct Line: Encodable {
    var schema = "leaktrace.progress/1"
    var phase: String
    var fraction: Double
    var done: Int
    var total: Int
    var elapsed_s: Double
    var eta_s: Double?
  }

  private let phase: String
  private let style: ProgressStyle
  private let began = ContinuousClock().now
  private let state: Mutex<State>

  /// Starts a piece of work of `count` parts, in `phase`, a word such as `adding`.
  init(_ phase: String, count: Int, style: ProgressStyle) {
    self.phase = phase
    self.style = style == .auto ? (Console.errorIsTerminal ? .bar : .none) : style
    state = Mutex(State(fractions: Array(repeating: 0, count: max(1, count))))
  }

  /// Notes that a part has come as far as `fraction`.
  func update(_ part: Int, _ fraction: Double) {
    guard style != .none else { return }
    state.withLock { state in
      state.fractions[part] = max(state.fractions[part], min(1, fraction))
      show(&state, isLast: false)
    }
  }

  /// Notes that a part is done.
  func finish(_ part: Int) {
    guard style != .none else { return }
    state.withLock { state in
      state.fractions[part] = 1
      state.done += 1
      show(&state, isLast: state.done == state.fractions.count)
    }
  }

  /// Takes the bar away.
  func end() { if style == .bar { Console.shared.showProgress("") } }

  private func show(_ state: inout State, isLast: Bool) {
    let now = ContinuousClock().now
    let interval: Duration = style == .bar ? .milliseconds(100) : .seconds(1)
    if !isLast, let last = state.lastShown, now - last < interval { return }
    state.lastShown = now
    let fraction = state.fractions.reduce(0, +) / Double(state.fractions.count)
    let elapsed = (now - began) / .seconds(1)
    // The first moments say little about the rest.
    let isTelling = fraction > 0.01 && elapsed > 1
    let left = isTelling ? elapsed * (1 - fraction) / fraction : nil
    if style == .bar {
      return Console.shared.showProgress(bar(fraction, state, left))
    }
    let line = Line(
      phase: phase,
      fraction: ReportNumber.seconds(fraction),
      done: state.done,
      total: state.fractions.count,
      elapsed_s: ReportNumber.seconds(elapsed),
      eta_s: left.map(ReportNumber.seconds)
    )
    if let text = try? JSONDocument.line(line) { Console.shared.note(text) }
  }

  private func bar(_ fraction: Double, _ state: State, _ left: Double?) -> String {
    let percent = Int(fraction * 100)
    let count = state.fractions.count
    let parts = count > 1 ? " \(state.done)/\(count)" : ""
    let eta = left.map { " ETA " + Self.short($0) } ?? ""
    let head = "\(phase)\(parts) "
    let tail = " \(percent)%\(eta)"
    let width = min(40, Console.columns - head.count - tail.count - 3)
    guard width >= 5 else { return String((head + tail).prefix(max(1, Console.columns - 1))) }
    let filled = Int(fraction * Double(width))
    return head + "[" + String(repeating: "#", count: filled)
      + String(repeating: " ", count: width - filled) + "]" + tail
  }

  private static func short(_ seconds: Double) -> String {
    let total = Int(min(seconds, 359_999).rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    let tail = rest < 10 ? "0\(rest)" : "\(rest)"
    guard hours > 0 else { return "\(minutes):\(tail)" }
    return "\(hours):" + (minutes < 10 ? "0\(minutes)" : "\(minutes)") + ":\(tail)"
  }
}
