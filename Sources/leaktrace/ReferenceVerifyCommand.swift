import ArgumentParser
import Pipeline

/// `leaktrace reference verify`.
struct ReferenceVerifyCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read every byte of the library and compare it with its checksum.",
    discussion: """
      EXAMPLES
        leaktrace reference verify
        leaktrace reference verify --json --library /srv/leaktrace

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Progress on standard error: auto (a bar on a terminal), bar, jsonl or none.",
      valueName: "style"
    )
  )
  var progress = ProgressStyle.auto

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ReferenceStore(at: options.path, forWriting: false)
    let meter = ProgressMeter("verifying", count: 1, style: progress)
    let report = try store.verify(flag: interruption.flag) { meter.update(0, $0) }
    meter.end()
    for finding in report.findings {
      Console.shared.complain("\(SafeText.of(finding.path)): \(finding.message)")
    }
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else if report.isClean {
      Console.shared.print(
        "in order: \(report.releases) release\(report.releases == 1 ? "" : "s"), "
          + "\(report.files) files, \(report.bytes) bytes"
      )
    } else {
      Console.shared.print(Console.red("damaged: \(report.findings.count) of its files"))
    }
    return report.isClean ? .success : .libraryDamaged
  }
}
