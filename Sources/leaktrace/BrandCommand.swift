import ArgumentParser

/// `leaktrace brand`: the commands that keep the catalogue of advertisers.
struct BrandCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brand",
    abstract: "Keep the catalogue of brands that pay for leaks.",
    discussion: """
      EXAMPLES
        leaktrace brand add "Casino X" --text "CASINO X" --domain casino-x.example --logo x.png
        leaktrace brand import brands.json
        leaktrace brand list
        leaktrace brand candidates
        leaktrace brand accept c-0123456789ab --name "Casino Y"

      \(ExitStatus.help)
      """,
    subcommands: [
      BrandAddCommand.self, BrandListCommand.self, BrandShowCommand.self, BrandRemoveCommand.self,
      BrandImportCommand.self, BrandExportCommand.self, BrandCandidatesCommand.self,
      BrandAcceptCommand.self,
    ]
  )
}

/// What is said of a brand on the command line.
struct BrandWordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Identifier; made of the name by default.",
      valueName: "id"
    )
  )
  var id: TextArgument?

  @Option(
    help: ArgumentHelp("What it sells: casino, sport or another word.", valueName: "kind")
  )
  var kind: TextArgument?

  @Option(help: ArgumentHelp("Words or a slogan of its ads; may be repeated.", valueName: "text"))
  var text: [TextArgument] = []

  @Option(help: ArgumentHelp("A domain of its own; may be repeated.", valueName: "domain"))
  var domain: [TextArgument] = []

  @Option(
    help: ArgumentHelp(
      "Regular expression of mirror domains; may be repeated.",
      valueName: "pattern"
    )
  )
  var mirror: [TextArgument] = []

  @Option(
    help: ArgumentHelp(
      "Regular expression of promo codes; may be repeated.",
      valueName: "pattern"
    )
  )
  var promo: [TextArgument] = []

  @Option(help: ArgumentHelp("A promo code; may be repeated.", valueName: "code"))
  var promoCode: [TextArgument] = []
}
