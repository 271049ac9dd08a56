import ArgumentParser
import Casebook
import Pipeline
import SystemPackage

/// `leaktrace queue`.
struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "List the leaks of the queue, let some be tried again, or drop them.",
    discussion: """
      EXAMPLES
        leaktrace queue list --state failed
        leaktrace queue retry --failed
        leaktrace queue forget 9f86d081

      \(ExitStatus.help)
      """,
    subcommands: [QueueListCommand.self, QueueRetryCommand.self, QueueForgetCommand.self]
  )
}

/// `leaktrace queue list`.
struct QueueListCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List leaks: those that wait and run in the order of work, the others latest first.",
    discussion: """
      EXAMPLES
        leaktrace queue list
        leaktrace queue list --state failed
        leaktrace queue list --json --state waiting --state running

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions

  @Option(
    help: ArgumentHelp(
      "waiting, running, done or failed; may be given again (default: all).",
      valueName: "state"
    )
  )
  var state: [JobState] = []

  @Option(help: ArgumentHelp("Most leaks that are listed.", valueName: "number"))
  var limit = 1000

  func validate() throws { try Bound.check("--limit", limit, 1...1_000_000) }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try QueueStore(at: options.path(try config.settings()), forWriting: false)
    let states: [JobState] = state.isEmpty ? [.running, .waiting, .failed, .done] : state
    let report = try store.list(states, limit: limit)
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      for line in QueueText.lines(report) { Console.shared.print(line) }
    }
    return .success
  }
}

/// Which leaks of the queue something is done to.
struct QueueChoice: ParsableArguments {
  @Flag(help: "All that were set aside.")
  var failed = false

  @Argument(
    help: ArgumentHelp(
      "Paths, or the first digits of SHA-256, at least four.",
      valueName: "leak"
    )
  )
  var leaks: [PathArgument] = []

  func validate() throws {
    guard failed != !leaks.isEmpty else {
      throw ValidationError("Name leaks, or give --failed.")
    }
  }

  /// The leaks.
  func jobs(in store: QueueStore) throws -> [JobRecord] {
    if failed { return try store.failedJobs() }
    return try store.jobs(named: leaks.map(\.path)) { ServiceOptions.absolute($0) }
  }
}

/// `leaktrace queue retry`.
struct QueueRetryCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Let leaks be examined again, also those that are done.",
    discussion: """
      They wait as if they had never been tried; whoever works on the queue takes them. What is being \
      worked on is left alone.

      EXAMPLES
        leaktrace queue retry --failed
        leaktrace queue retry 9f86d081 /srv/incoming/cam.mkv

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions
  @OptionGroup var choice: QueueChoice

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try QueueStore(at: options.path(try config.settings()), forWriting: true)
    try QueueText.tell(try store.retry(try choice.jobs(in: store)), isJSON: options.json)
    return .success
  }
}

/// `leaktrace queue forget`.
struct QueueForgetCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Drop leaks from the queue; the history keeps what it has of them.",
    discussion: """
      Take a file away first, or it is found again and queued as a new one. What is being worked on is \
      left alone.

      EXAMPLES
        leaktrace queue forget 9f86d081
        leaktrace queue forget --failed

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions
  @OptionGroup var choice: QueueChoice

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try QueueStore(at: options.path(try config.settings()), forWriting: true)
    try QueueText.tell(try store.forget(try choice.jobs(in: store)), isJSON: options.json)
    return .success
  }
}

/// The queue as people read it.
enum QueueText {
  static func lines(_ report: QueueListReport) -> [String] {
    var lines = report.jobs.flatMap(lines)
    lines += report.unread.map { unread in
      "unread   \(SafeText.of(unread.file.path)): \(SafeText.of(unread.error.message))"
    }
    return lines.isEmpty ? ["the queue is empty"] : lines
  }

  private static func lines(_ job: QueueListReport.Job) -> [String] {
    let state = job.state.rawValue
    let pad = String(repeating: " ", count: max(1, 9 - state.count))
    let name = job.sightings.first.map { SafeText.of($0.path) } ?? "(nowhere now)"
    var facts = [String(job.sha256.prefix(12))]
    if job.priority != 0 { facts.append("priority \(job.priority)") }
    if let answer = job.answer { facts.append(answer) }
    if job.attempts > 0 { facts.append("\(job.attempts) failed attempts") }
    if let time = job.notBefore { facts.append("not before \(time)") }
    var lines = ["\(state)\(pad)\(name)  (\(facts.joined(separator: ", ")))"]
    for other in job.sightings.dropFirst() {
      lines.append("         also \(SafeText.of(other.path))")
    }
    if let error = job.error { lines.append("         " + SafeText.of(error.message)) }
    return lines
  }

  static func tell(_ report: QueueChangeReport, isJSON: Bool) throws {
    if isJSON { return Console.shared.print(try JSONDocument.line(report)) }
    Console.shared.print("\(report.count) \(report.change)")
    if report.busy > 0 {
      Console.shared.complain("\(report.busy) are being worked on and were left alone")
    }
  }
}
