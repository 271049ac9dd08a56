import ArgumentParser
import Pipeline
import SystemPackage

/// `leaktrace backup`.
struct BackupCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the library while it is in use.",
    discussion: """
      Others go on matching, and `leaktrace watch` goes on working; only adding and removing releases \
      has to wait. The copy is a library as of one moment. A plain copy of the folder may catch a \
      database between two writes.

      EXAMPLES
        leaktrace backup /backup/leaktrace-2026-11-27
        leaktrace backup --json --library /srv/leaktrace /backup/leaktrace

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions

  @Argument(
    help: ArgumentHelp("Folder for the copy, which must not be there.", valueName: "folder")
  )
  var folder: PathArgument

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let report = try LibraryBackup.copy(
      options.path(try config.settings()),
      to: folder.path,
      flag: interruption.flag
    )
    Console.shared.print(
      options.json
        ? try JSONDocument.line(report)
        : "\(SafeText.of(folder.path)): \(report.files) files, \(report.sizeBytes) bytes"
    )
    return .success
  }
}
