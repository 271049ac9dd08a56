import ArgumentParser
import Foundation
import SyntheticMedia

@main
struct TestMediaRender: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "testmedia-render",
    abstract: "Render invented films and camcorder leaks of them.",
    subcommands: [FilmCommand.self])
}
