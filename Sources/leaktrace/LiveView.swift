import ArgumentParser
import Foundation
import Pipeline
import Synchronization

/// How the work of a queue is shown; always on standard error.
enum LiveStyle: String, ExpressibleByArgument, CaseIterable {
  /// A table on a terminal, lines elsewhere.
  case auto
  /// A table that stays at the end of the terminal.
  case table
  /// A line now and then.
  case lines
  /// Nothing.
  case none
}

/// Shows how the work stands.
final class LiveView: Sendable {
  private let style: LiveStyle
  private let shown = Mutex<(at: ContinuousClock.Instant, line: String)?>(nil)
  private static let lineInterval = Duration.seconds(60)
  private static let tableInterval = Duration.milliseconds(250)

  init(_ style: LiveStyle) {
    self.style = style == .auto ? (Console.errorIsTerminal ? .table : .lines) : style
  }

  func show(_ state: LiveState) {
    guard style != .none else { return }
    let interval = style == .table ? Self.tableInterval : Self.lineInterval
    shown.withLock { shown in
      let line = LiveText.summary(state)
      if let before = shown, before.at.duration(to: .now) < interval { return }
      // Where nothing has changed there is nothing to say.
      if style == .lines, shown?.line == line { return }
      shown = (.now, line)
      if style == .table {
        Console.shared.showProgress(lines: LiveText.table(state, columns: Console.columns))
      } else {
        Console.shared.complain(line)
      }
    }
  }

  /// Takes the table away.
  func end() { if style == .table { Console.shared.showProgress("") } }
}

/// The words of ``LiveView``.
enum LiveText {
  private static let mostJobs = 16
  private static let barWidth = 12

  /// How the work stands, in one line.
  static func summary(_ state: LiveState) -> String {
    var parts = [
      "\(state.waiting) waiting", "\(state.running) running", "\(state.done) done",
      "\(state.failed) failed",
    ]
    if state.unread > 0 { parts.append("\(state.unread) unread") }
    if state.arriving > 0 { parts.append("\(state.arriving) arriving") }
    parts.append(String(format: "%.1f film-hours per hour", state.rate))
    if let left = state.secondsLeft, state.waiting + state.running > 0 {
      parts.append("ETA " + clock(left))
    }
    return parts.joined(separator: ", ")
  }

  /// The same with a line for each leak that is worked on; no line is wider than the terminal.
  static func table(_ state: LiveState, columns: Int) -> [String] {
    let width = max(20, columns - 1)
    var lines = [summary(state)]
    for job in state.jobs.prefix(mostJobs) {
      let filled = Int(job.fraction * Double(barWidth))
      let bar =
        String(repeating: "#", count: filled)
        + String(repeating: " ", count: barWidth - filled)
      let percent = "\(Int(job.fraction * 100))%"
      let pad = String(repeating: " ", count: max(0, 4 - percent.count))
      lines.append("  [\(bar)] \(pad)\(percent)  \(clock(job.seconds))  \(fileName(job.name))")
    }
    if state.jobs.count > mostJobs { lines.append("  … \(state.jobs.count - mostJobs) more") }
    if let trouble = state.trouble { lines.append("  waiting: " + SafeText.of(trouble)) }
    return lines.map { cut($0, width) }
  }

  /// The last part of a path; an escaped name has no slash in it.
  private static func fileName(_ path: String) -> Substring {
    path.split(separator: "/").last ?? Substring(path)
  }

  /// A line of so many columns; letters that fill two count twice.
  private static func cut(_ line: String, _ width: Int) -> String {
    var used = 0
    var result = ""
    for character in line {
      let columns = TerminalWidth.columns(of: character)
      guard used + columns <= width else { break }
      used += columns
      result.append(character)
    }
    return result
  }

  static func clock(_ seconds: Double) -> String {
    let total = Int(min(max(0, seconds), 35_999_999).rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}

/// How many columns a terminal gives to letters.
enum TerminalWidth {
  /// Blocks whose letters are wide: Hangul, Chinese, Japanese, full-width forms, pictures.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
    0x20000...0x3FFFD,
  ]

  static func columns(of character: Character) -> Int {
    character.unicodeScalars.contains { scalar in wide.contains { $0.contains(scalar.value) } }
      ? 2 : 1
  }
}
