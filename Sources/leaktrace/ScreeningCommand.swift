import ArgumentParser

/// `leaktrace screening`: the commands that keep the list of what was shown where.
struct ScreeningCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screening",
    abstract: "Keep the list of screenings, and of the versions and cinemas they name.",
    discussion: """
      EXAMPLES
        leaktrace screening import screenings.csv
        leaktrace screening import --zone Europe/Moscow list.csv
        leaktrace screening import cpl.xml facility.xml log.xml
        leaktrace screening list --release "The Film" --from 2026-05-01 --to 2026-05-31
        leaktrace screening show s-0123456789abcdef

      \(ExitStatus.help)
      """,
    subcommands: [
      ScreeningImportCommand.self, ScreeningListCommand.self, ScreeningShowCommand.self,
      ScreeningRemoveCommand.self,
    ]
  )
}
