import ArgumentParser
import Foundation
import SyntheticMedia

/// Renders what is missing of the default set.
struct SetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Render the default set of films and leaks."
  )

  @Option(help: "Folder to fill.") var output: String
  @Option(help: "How many of the films, from the first; leaks of the others are left out.")
  var films: Int = FilmScript.catalogue.count
  @Option(help: "Size of the films and leaks, both sides even.") var size: PictureSize = .small
  @Option(help: "How many of the leaks, from the first.") var leaks: Int = TestMediaSet.leaks.count
  @Option(help: "Only the film or leak of this name.") var only: String?
  @Option(help: "Files rendered at the same time.") var jobs: Int = 2
  @Flag(help: "Render again what is there already.") var force = false

  func validate() throws {
    guard jobs >= 1, jobs <= 256 else { throw ValidationError("--jobs must be from 1 to 256.") }
    guard films >= 0, leaks >= 0 else {
      throw ValidationError("--films and --leaks must not be negative.")
    }
    let names = FilmScript.catalogue.map(\.identifier) + TestMediaSet.leaks.map(\.identifier)
    if let only, !names.contains(only) {
      throw ValidationError("--only \(only): choose one of \(names.joined(separator: ", ")).")
    }
  }

  func run() async throws {
    let root = URL(fileURLWithPath: output)
    let scripts = Array(FilmScript.catalogue.prefix(films))
    let chosen = TestMediaSet.leaks.prefix(leaks).filter { leak in
      (only == nil || only == leak.identifier) && scripts.contains { $0.identifier == leak.film }
    }
    // A leak needs its film, whatever was asked for.
    let needed = scripts.filter { script in
      only == nil || only == script.identifier || chosen.contains { $0.film == script.identifier }
    }
    try await eachInParallel(needed) { script in
      try await renderFilm(script, root: root)
    }
    try await eachInParallel(chosen) { leak in
      try renderLeak(leak, root: root)
    }
    try Data(TestMediaSet.referencesCSV(films: scripts).utf8)
      .write(to: root.appendingPathComponent("references.csv"), options: .atomic)
  }

  private func eachInParallel<Item: Sendable>(
    _ items: [Item],
    _ body: @escaping @Sendable (Item) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (n, item) in items.enumerated() {
        if n >= jobs { try await group.next() }
        group.addTask { try await body(item) }
      }
      try await group.waitForAll()
    }
  }

  private func isDone(_ file: URL) -> Bool {
    !force && FileManager.default.fileExists(atPath: file.path)
  }

  private func renderFilm(_ script: FilmScript, root: URL) async throws {
    let file = root.appendingPathComponent(TestMediaSet.filmFile(script))
    guard !isDone(file) else { return }
    let progress = ProgressLine(name: script.identifier, total: script.frameCount, quiet: jobs > 1)
    try await FilmRenderer(script: script, size: size.frame)
      .write(to: file, progress: progress.update)
    progress.end()
  }

  private func renderLeak(_ leak: TestMediaSet.Leak, root: URL) throws {
    let folder = root.appendingPathComponent("leaks/\(leak.identifier)")
    // The truth is written after the video: where it stands, the leak is whole.
    guard !isDone(folder.appendingPathComponent("truth.json")),
      let script = FilmScript.catalogue.first(where: { $0.identifier == leak.film })
    else { return }
    let film = try FilmSource.probe(
      root.appendingPathComponent(TestMediaSet.filmFile(script)),
      title: script.title,
      identifier: script.identifier,
      isInLibrary: FilmScript.isReference(script),
      activeHeight: script.activeHeight
    )
    let recipe = LeakRecipe.draw(
      identifier: leak.identifier,
      preset: leak.preset,
      seed: leak.seed,
      film: film,
      size: size.frame,
      wishes: leak.wishes
    )
    let progress = ProgressLine(name: leak.identifier, total: recipe.frameCount, quiet: jobs > 1)
    try CamcorderSimulator(recipe: recipe, film: film).write(to: folder, progress: progress.update)
    progress.end()
  }
}
