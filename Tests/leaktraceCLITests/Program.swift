import Foundation
import TestSupport

/// The program under test, built beside the tests, with a library and files of its own.
final class Program {
  let folder: TemporaryDirectory
  /// Where the library is; created by the first `reference add`.
  var library: String { folder.path("library") }

  init() throws { folder = try TemporaryDirectory() }

  /// The built program.
  static let path: String = {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let named = ProcessInfo.processInfo.environment["LEAKTRACE_PROGRAM"]
    return named ?? tests.deletingLastPathComponent().appendingPathComponent("leaktrace").path
  }()

  /// Runs the program in the folder.
  func run(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) throws -> Toolbox.Outcome {
    try shell("exec \"$PROGRAM\" \"$@\"", arguments, environment: environment)
  }

  /// Runs a script of bash in the folder; `$PROGRAM` is the program.
  func shell(
    _ script: String,
    _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws -> Toolbox.Outcome {
    let home = [
      "PROGRAM": Self.path, "LEAKTRACE_LIBRARY": library, "FOLDER": folder.url.path,
      "HOME": folder.url.path, "TMPDIR": folder.url.path, "LC_ALL": "C.UTF-8",
    ]
    return try Toolbox.run(
      ["bash", "-c", "cd \"$FOLDER\"; " + script, "bash"] + arguments,
      environment: home.merging(environment) { $1 }
    )
  }

  /// Puts a copy of a shared film into the folder.
  func copy(_ film: Film, as name: String) throws {
    try FileManager.default.copyItem(
      at: try film.file(),
      to: folder.url.appendingPathComponent(name)
    )
  }

  /// Every file of the library with its contents, but for the lock.
  func libraryContents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    let root = URL(fileURLWithPath: library)
    for name in FileManager.default.enumerator(atPath: library)?.compactMap({ $0 as? String }) ?? []
    {
      contents[name] = try? Data(contentsOf: root.appendingPathComponent(name))
    }
    return contents
  }
}

extension Toolbox.Outcome {
  /// The lines of standard output.
  var lines: [String] { text.split(separator: "\n").map(String.init) }
  /// The lines of standard error.
  var errorLines: [String] { errorText.split(separator: "\n").map(String.init) }

  /// The lines of standard output as JSON.
  func documents() throws -> [JSON] { try lines.map { try JSON(parsing: $0) } }
}
