import ArgumentParser
import Casebook
import Intake
import Pipeline
import SystemPackage

/// `leaktrace batch`.
struct BatchCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Examine all leaks of folders and lists, through the queue, and end.",
    discussion: """
      The same queue and the same work as `leaktrace watch`, but for what is there now. Of folders, \
      at any depth, the files with the name extension of a video are taken; a file with another name \
      is a list of paths, one a line, or with zeros between them; - is a list on standard input. A \
      batch that was killed goes on where it was: what is done is not done again, and its answer is \
      not printed again (--reports keeps them all).

      EXAMPLES
        leaktrace batch incoming/
        leaktrace batch --json incoming/ > results.jsonl
        leaktrace batch --reports reports/ --workers 4 incoming/ list.txt
        find /srv -newer stamp -name '*.mkv' -print0 | leaktrace batch -

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var config: ConfigOptions
  @OptionGroup(title: "Queue") var service: ServiceOptions
  @OptionGroup(title: "Examination") var examination: ExaminationOptions
  @OptionGroup(title: "Sandbox") var isolation: IsolationOptions

  @Argument(help: ArgumentHelp("Folders of leaks, leaks, and lists.", valueName: "file"))
  var files: [PathArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let run = ServiceRun(
      kind: .batch,
      options: options,
      config: config,
      service: service,
      examination: examination,
      isolation: isolation,
      paths: try files.flatMap { try PathList.expand($0.path) },
      answered: options.json ? AnswerPrinter.json : AnswerPrinter.text
    )
    let outcome = try run.run(interruption)
    let failed = outcome.counts[.failed] ?? 0
    if failed + outcome.missing > 0 {
      Console.shared.complain(
        "leaks set aside: \(failed), files that could not be taken: \(outcome.missing); "
          + "`leaktrace queue list --state failed` says why"
      )
      return .unreadableInput
    }
    return outcome.matched > 0 ? .success : .noMatch
  }
}

/// Lists of paths.
enum PathList {
  private static let mostBytes = 256 << 20

  /// The paths that an argument stands for: itself, where it is a folder or has the name of a video.
  static func expand(_ path: FilePath) throws(PipelineError) -> [FilePath] {
    if path == "-" { return paths(in: try standardInput()) }
    let kind = try? FileStamp(of: path, followingLinks: true).kind
    let isVideo = InputCollector.videoExtensions.contains(path.extension?.lowercased() ?? "")
    guard kind == .file, !isVideo else { return [path] }
    do {
      return paths(in: try InputFile.read(path, limit: mostBytes))
    } catch {
      throw PipelineError(error.kind, code: error.code, "\(SafeText.of(path)): \(error.message)")
    }
  }

  /// The paths in a list: between zeros where there are any, which names cannot hold, else lines.
  static func paths(in bytes: [UInt8]) -> [FilePath] {
    let separator: UInt8 = bytes.contains(0) ? 0 : UInt8(ascii: "\n")
    return bytes.split(separator: separator).map { SafeText.path(of: Array($0)) }
  }

  private static func standardInput() throws(PipelineError) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      while true {
        let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
          count = try unsafe FileDescriptor.standardInput.read(
            into: UnsafeMutableRawBufferPointer(buffer)
          )
        }
        if part.isEmpty { return bytes }
        bytes += part
        guard bytes.count <= mostBytes else {
          throw PipelineError(.input, code: "too_large", "the list is too large")
        }
      }
    } catch {
      throw PipelineError(error)
    }
  }
}
