import ArgumentParser
import Foundation
import Pipeline
import Synchronization
import SystemPackage

/// `leaktrace reference add`.
struct ReferenceAddCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add releases to the library, which is created where there is none.",
    discussion: """
      A file is known by its contents: what is there already is skipped, so that a command that was \
      stopped can be given again. With --manifest the files come from a CSV file with a header: the \
      column file is required; title, alternative_names (separated by |), version, eidr, isan, \
      aspect_ratio, audio_language, subtitle_language, cpl_id, release_date, territory and source \
      are known; others are ignored. Paths are relative to the CSV file. Options such as --territory \
      count for rows that say nothing else. A row that cannot be used is reported with its line, \
      and the rest goes on.

      EXAMPLES
        leaktrace reference add --title "The Film" film.mov
        leaktrace reference add *.mkv
        leaktrace reference add --manifest releases.csv --jobs 4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions

  @Option(
    help: ArgumentHelp("CSV file that names the files and what is known.", valueName: "csv"),
    completion: .file(extensions: ["csv"])
  )
  var manifest: PathArgument?

  @Flag(help: "Add films that end early, too, as far as they go.")
  var allowTruncated = false

  @Argument(help: ArgumentHelp("Films to add.", valueName: "file"))
  var files: [PathArgument] = []

  func validate() throws {
    guard !files.isEmpty || manifest != nil else {
      throw ValidationError("Name at least one film, or a list with --manifest.")
    }
    if metadata.eidr != nil || metadata.isan != nil || metadata.cplID != nil,
      files.count > 1 || manifest != nil
    {
      throw ValidationError("--eidr, --isan and --cpl-id name one release: give one file.")
    }
  }

  /// A file, and the line of the list that named it.
  private struct Item: Sendable {
    var line: Int?
    var request: ImportRequest
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let fields = metadata.fields
    var items = files.map {
      Item(line: nil, request: ImportRequest(path: $0.path, fields: fields))
    }
    var hasFlaws = false
    if let manifest {
      let list = try ReferenceManifest(manifest.path, defaults: fields)
      for flaw in list.flaws {
        hasFlaws = true
        let name = SafeText.of(manifest.path)
        Console.shared.complain("\(name), line \(flaw.line): \(flaw.message)")
      }
      items += list.rows.map {
        Item(line: $0.line, request: ImportRequest(path: $0.path, fields: $0.fields))
      }
    }
    if items.isEmpty { return hasFlaws ? .unreadableInput : .success }
    let store = try ReferenceStore(at: options.path, forWriting: true, createIfMissing: true)
    let status = add(items, to: store, interruption.flag)
    do {
      try store.updateIndex(flag: interruption.flag)
    } catch {
      // Releases that are not in the index are searched all the same.
      Console.shared.complain("the index was not brought up to date: \(error.message)")
    }
    return status == .success && hasFlaws ? .unreadableInput : status
  }

  private func add(
    _ items: [Item],
    to store: ReferenceStore,
    _ flag: CancellationFlag
  ) -> ExitStatus {
    var settings = ReferenceImporter.Options(addedAt: Int64(Date().timeIntervalSince1970))
    settings.jobs = work.jobs(for: items.count)
    settings.threads = work.threads
    settings.acceptsTruncated = allowTruncated
    let importer = ReferenceImporter(store, options: settings, flag: flag)
    let meter = ProgressMeter("adding", count: items.count, style: work.progress)
    let worst = Mutex<PipelineError.Kind?>(nil)
    let json = options.json
    importer.run(items.map(\.request), progress: { meter.update($0, $1) }) { index, outcome in
      let path = items[index].request.path
      if case .failed(let cause) = outcome {
        worst.withLock { worst in
          if worst == nil || worst == .input { worst = cause.kind }
        }
        if cause.kind == .cancelled { return }
        if let line = items[index].line {
          Console.shared.complain("\(SafeText.of(path)): \(cause.message) (line \(line))")
        } else {
          Console.shared.complain(about: path, cause)
        }
      }
      if json {
        let report = ReferenceAddReport(path: path, line: items[index].line, outcome: outcome)
        if let line = try? JSONDocument.line(report) { Console.shared.print(line) }
      } else if let line = Self.line(path, outcome) {
        Console.shared.print(line)
      }
      meter.finish(index)
    }
    meter.end()
    return worst.withLock { $0.map { ExitStatus($0) } } ?? .success
  }

  private static func line(_ path: FilePath, _ outcome: ImportOutcome) -> String? {
    let name = SafeText.of(path)
    switch outcome {
    case .added(let record): return "\(name): added as \(summary(record))"
    case .replaced(let record): return "\(name): fingerprinted anew as \(summary(record))"
    case .alreadyPresent(let record, let keptOther):
      let kept = keptOther ? "; its metadata were kept" : ""
      return "\(name): already there as \(summary(record))\(kept)"
    case .failed: return nil
    }
  }

  private static func summary(_ record: ReferenceRecord) -> String {
    let length = ReportNumber.clock(record.file.duration)
    return "\(record.releaseID) \"\(SafeText.of(record.title))\", \(length)"
  }
}
