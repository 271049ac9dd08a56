import ArgumentParser
import Casebook
import Intake
import Pipeline
import SystemPackage

/// `leaktrace batch`.
struct BatchCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Examine all leaks of folders and lists, through the queue, and end.",
    discussion: """
      The same queue and the same work as `leaktrace watch`, but for what is there now. Of folders, \
      at any depth, the files with the name extension of a video are taken; a file with another name \
      is a list of paths, one a line, or with zeros between them; - is a list on standard input. A \
      batch that was killed goes on where it was: what is done is not done again, and its answer is \
      not printed again (--reports keeps them all).

      EXAMPLES
        leaktrace batch incoming/
        leaktrace batch --json incoming/ > results.jsonl
        leaktrace batch --reports reports/ --workers 4 incoming/ list.txt
        find /srv -newer stamp -name '*.mkv' -print0 | leaktrace batch -

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions
  @OptionGroup(title: "Queue") var service: ServiceOptions
  @OptionGroup(title: "Examination") var examination: ExaminationOptions
  @OptionGroup(title: "Sandbox") var isolation: IsolationOptions

  @Argument(help: ArgumentHelp("Folders of leaks, leaks, and lists.", valueName: "file"))
  var files: [PathArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let run = ServiceRun(
      kind: .batch,
      options: options,
      config: config,
      service: service,
      examination: examination,
      isolation: isolation,
      paths: try files.flatMap { try PathList.expand($0.path) },
      answered: options.json ? AnswerPrinter.json : AnswerPrinter.text
    )
    let outcome = try run.run(interruption)
    let failed = outcome.counts[.failed] ?? 0
    if failed + outcome.missing > 0 {
      Console.shared.complain(
        "leaks set aside: \(failed), files that could not be taken: \(outcome.missing); "
          + "`leaktrace queue list --state failed` says why"
      )
      return .unreadableInput
    }
    return outcome.matched > 0 ? .success : .noMatch
  }
}
