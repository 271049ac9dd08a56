import ArgumentParser
import Foundation
import Pipeline
import SystemPackage

/// Options of every command.
struct LibraryOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Folder of the reference library.",
      discussion: """
        Else LEAKTRACE_LIBRARY, else $XDG_DATA_HOME/leaktrace, else ~/.local/share/leaktrace.
        """,
      valueName: "folder"
    ),
    completion: .directory
  )
  var library: PathArgument?

  @Flag(name: .long, help: "Print JSON, as documented in docs/schema, one document a line.")
  var json = false

  /// The library's folder.
  var path: FilePath {
    library?.path ?? ReferenceStore.defaultPath(ProcessInfo.processInfo.environment)
  }
}

/// Options of commands that decode films.
struct WorkOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Files at a time; by default as many as processors.", valueName: "number")
  )
  var jobs: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Threads of each decoder.", valueName: "number")
  )
  var threads = 1

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Progress on standard error: auto (a bar on a terminal), bar, jsonl or none.",
      valueName: "style"
    )
  )
  var progress = ProgressStyle.auto

  private static let range = 1...64

  /// The number of files at a time for `count` files.
  func jobs(for count: Int) -> Int {
    min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, max(1, count))
  }

  func validate() throws {
    guard jobs.map(Self.range.contains) ?? true else {
      throw ValidationError("--jobs must be between 1 and 64.")
    }
    guard Self.range.contains(threads) else {
      throw ValidationError("--threads must be between 1 and 64.")
    }
  }
}

/// A command that looks at ``Interruption``; `main` runs it.
protocol LeakTraceCommand: ParsableCommand {
  /// Does the work.
  ///
  /// - Returns: How the process ends.
  /// - Throws: ``PipelineError`` where the command as a whole cannot go on.
  func run(_ interruption: Interruption) throws -> ExitStatus
}
