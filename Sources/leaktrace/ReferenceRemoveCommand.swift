import ArgumentParser
import Pipeline

/// `leaktrace reference remove`.
struct ReferenceRemoveCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove releases from the library, with their fingerprints and proxies.",
    discussion: """
      Nothing is removed unless all the releases named are there.

      EXAMPLES
        leaktrace reference remove r-0123456789abcdef

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Identifiers, or the first letters of them.", valueName: "release"))
  var releases: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ReferenceStore(at: options.path, forWriting: true)
    var records: [ReferenceRecord] = []
    for release in releases {
      let record = try store.record(release.text)
      if !records.contains(record) { records.append(record) }
    }
    var removed: [ReferenceRecord] = []
    for record in records where !interruption.flag.isCancelled {
      try store.remove(record)
      removed.append(record)
      if !options.json {
        Console.shared.print("\(record.releaseID): removed \"\(SafeText.of(record.title))\"")
      }
    }
    if options.json {
      Console.shared.print(try JSONDocument.line(ReferenceRemoveReport(removed: removed)))
    }
    return .success
  }
}
