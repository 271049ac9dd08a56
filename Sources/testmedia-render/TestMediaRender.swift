import ArgumentParser

@main
struct TestMediaRender: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "testmedia-render",
    abstract: "Render invented films and camcorder leaks of them.",
    discussion: """
      Without a subcommand the default set is rendered: films, leaks with their truth, and a \
      manifest for a library. What is there already is left alone, so an interrupted run goes on.

      Examples:
        testmedia-render --output testmedia/rendered
        testmedia-render film --seed 7 --duration 600 --size 1920x1080 --output long.mp4
        testmedia-render leak --film long.mp4 --preset typical --seed 3 --output leak.mp4
      """,
    subcommands: [SetCommand.self, FilmCommand.self, LeakCommand.self, GoldenCommand.self],
    defaultSubcommand: SetCommand.self
  )
}
