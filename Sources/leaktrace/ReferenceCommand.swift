import ArgumentParser

/// `leaktrace reference`: the commands that keep the library.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Keep the library of releases.",
    discussion: """
      EXAMPLES
        leaktrace reference add --title "The Film" --version-name "Director's cut" film.mov
        leaktrace reference add --manifest releases.csv
        leaktrace reference list
        leaktrace reference verify

      \(ExitStatus.help)
      """,
    subcommands: [
      ReferenceAddCommand.self, ReferenceListCommand.self, ReferenceShowCommand.self,
      ReferenceRemoveCommand.self, ReferenceVerifyCommand.self,
    ]
  )
}
