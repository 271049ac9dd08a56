import ArgumentParser
import Pipeline
import SystemPackage

/// `leaktrace watch`.
struct WatchCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Take leaks from folders as they come, and examine each once.",
    discussion: """
      Files with the name extension of a video are taken, at any depth, once they are complete: left \
      alone for --quiet seconds. Names that browsers and torrent clients give to what they have not \
      finished, and hidden names, wait. A leak is its contents: the same file under another name is \
      not examined again. The queue lies in the library and survives kills and power failures; \
      several processes may share it.

      SIGTERM and Ctrl-C end the program within five seconds, what it works on goes back to the \
      queue. SIGHUP reads the configuration anew and opens the log anew. Originals are never changed, \
      and moved only with --move-done.

      EXAMPLES
        leaktrace watch /srv/incoming
        leaktrace watch --workers 4 --reports /srv/reports /srv/incoming /srv/urgent
        leaktrace watch --config /etc/leaktrace/config.toml
        leaktrace watch --metrics /var/lib/node_exporter/leaktrace.prom /srv/incoming

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions
  @OptionGroup(title: "Queue") var service: ServiceOptions
  @OptionGroup(title: "Examination") var examination: ExaminationOptions
  @OptionGroup(title: "Sandbox") var isolation: IsolationOptions

  @Argument(
    help: ArgumentHelp(
      "Folders; by default those of the configuration.",
      valueName: "folder"
    )
  )
  var folders: [PathArgument] = []

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let run = ServiceRun(
      kind: .watch,
      options: options,
      config: config,
      service: service,
      examination: examination,
      isolation: isolation,
      paths: folders.map(\.path),
      answered: options.json ? AnswerPrinter.json : nil
    )
    _ = try run.run(interruption)
    return .success
  }
}

/// Prints answers as they come.
enum AnswerPrinter {
  /// A JSON document for each leak.
  static let json: UnattendedService.Answered = { _, report, _ in
    if let line = try? JSONDocument.line(report) { Console.shared.print(line) }
  }

  /// Lines that people read; what failed is told by the log.
  static let text: UnattendedService.Answered = { path, report, _ in
    guard report.status != .failed else { return }
    MatchText.lines(path, report).forEach(Console.shared.print)
  }
}
