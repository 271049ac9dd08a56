import ArgumentParser
import SyntheticMedia

/// Prints the hashes that `testmedia/films.golden` holds.
struct GoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "golden",
    abstract: "Print hashes of frames of every film, as films.golden has them."
  )

  func run() { print(FilmGolden.contents, terminator: "") }
}
