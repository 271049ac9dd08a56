import ArgumentParser
import Pipeline
import SystemPackage

/// `leaktrace status`.
struct StatusCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how the queue stands: what waits and runs, how fast, and who works.",
    discussion: """
      Changes nothing. Exit status 1 says that nobody works on the queue, or that something keeps \
      those who do from it.

      EXAMPLES
        leaktrace status
        leaktrace status --json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try QueueStore(at: options.path(try config.settings()), forWriting: false)
    let report = try store.status()
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      for line in Self.lines(report) { Console.shared.print(line) }
    }
    return report.isWell ? .success : .noMatch
  }

  private static func lines(_ report: StatusReport) -> [String] {
    let queue = report.queue
    var lines = [
      "waiting  \(queue.waiting)" + (queue.delayed > 0 ? " (\(queue.delayed) not yet)" : ""),
      "running  \(queue.running)",
      "done     \(queue.done) (\(queue.matched) matched)",
      "failed   \(queue.failed)",
    ]
    if queue.unread > 0 { lines.append("unread   \(queue.unread)") }
    let eta = report.secondsLeft.map { ", ETA " + LiveText.clock($0) } ?? ""
    lines.append("rate     \(report.rate) film-hours per hour\(eta)")
    for running in report.running {
      let time = LiveText.clock(running.seconds)
      lines.append("  \(SafeText.of(running.path)), for \(time)")
    }
    for runner in report.runners {
      let name = "\(runner.kind) \(runner.pid) on \(SafeText.of(runner.host))"
      let note = runner.note.map { ": " + SafeText.of($0) } ?? ""
      lines.append("runner   \(name), \(runner.workers) workers, \(runner.health.rawValue)\(note)")
    }
    if report.runners.isEmpty { lines.append("runner   none so far") }
    return lines
  }
}
