import ArgumentParser
import Pipeline
import Screenings
import SystemPackage

/// `leaktrace vendor`: what closed detectors of forensic marks said.
struct VendorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vendor",
    abstract: "Keep what vendors' detectors of forensic marks say of leaks.",
    discussion: """
      A laboratory sends a leak to the maker of a mark and gets a report back. Its results are kept \
      by the SHA-256 of the leak and shown beside what LeakTrace finds itself, as agreement or \
      conflict; the two are never merged.

      EXAMPLES
        leaktrace vendor import report.csv
        leaktrace vendor list --leak leak.mp4

      \(ExitStatus.help)
      """,
    subcommands: [
      VendorImportCommand.self, VendorListCommand.self, VendorShowCommand.self,
      VendorRemoveCommand.self,
    ]
  )
}

/// `leaktrace vendor import`.
struct VendorImportCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import reports of vendors' detectors.",
    discussion: """
      Reports are CSV with a header (commas, semicolons or tabs; UTF-8 or Windows-1251) or JSON: a \
      result, a list of results, or an object with a list named results, detections, marks or \
      reports beside what all of them share. Columns and keys: vendor, algorithm_uri, \
      detector_version, input_sha256, time_start, time_end or time_range (in the leak), channel \
      (picture, audio), raw_payload, field_widths (19+16), mark_id, time_stamp (a number, or a \
      date and time), vendor_score, threshold, false_positive_rate (empty or "not stated" where it \
      is not stated), verdict (found, not_found, inconclusive). Needed are vendor, input_sha256 \
      and verdict, and for a mark that was found its mark_id or raw_payload. A payload is kept as \
      it is written: how its bits are to be read is the vendor's knowledge.

      A result that is wrong is reported with its line, the others are imported, and the exit \
      status is 3. The same report given again changes nothing.

      EXAMPLES
        leaktrace vendor import report.csv
        leaktrace vendor import --vendor "Detector Ltd" --leak leak.mp4 report.json
        leaktrace vendor import --zone Europe/Moscow report.csv

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(help: ArgumentHelp("Vendor of results that name none.", valueName: "name"))
  var vendor: TextArgument?

  @Option(
    help: ArgumentHelp(
      "Leak of results that name none: its SHA-256, or the file.",
      valueName: "leak"
    )
  )
  var leak: PathArgument?

  @Option(
    help: ArgumentHelp("IANA name of the zone of time stamps without one.", valueName: "zone")
  )
  var zone: TextArgument?

  @Argument(help: ArgumentHelp("Reports to import.", valueName: "file"), completion: .file())
  var files: [PathArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    var settings = VendorReport.Options()
    settings.vendor = vendor?.text
    settings.zone = zone?.text
    settings.leakSHA256 = try leak.map {
      try VendorStore.leakDigest($0.path, flag: interruption.flag)
    }
    var status = ExitStatus.success
    for file in files {
      try interruption.flag.check()
      do {
        let report = try VendorStore.importReport(file.path, into: options.path, options: settings)
        try print(report, file.path)
        if !report.refused.isEmpty { status = .unreadableInput }
      } catch let cause as PipelineError where cause.kind == .input {
        status = .unreadableInput
        Console.shared.complain(about: file.path, cause)
        if options.json {
          let report = VendorImportReport(file.path, failure: cause)
          Console.shared.print(try JSONDocument.line(report))
        }
      }
    }
    return status
  }

  private func print(_ report: VendorImportReport, _ path: FilePath) throws {
    let name = SafeText.of(path)
    for refusal in report.refused {
      Console.shared.complain("\(name), line \(refusal.line): \(refusal.message)")
    }
    if options.json { return Console.shared.print(try JSONDocument.line(report)) }
    Console.shared.print(
      "\(name): \(report.added) added, \(report.unchanged) unchanged, "
        + "\(report.refused.count) refused"
    )
    if let names = report.unusedNames {
      let list = names.prefix(20).map { SafeText.of(String($0.prefix(60))) }
      let more = names.count > list.count ? ", …" : ""
      Console.shared.print("  not used: \(list.joined(separator: ", "))\(more)")
    }
  }
}

/// `leaktrace vendor list`.
struct VendorListCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the results of vendors' detectors.",
    discussion: """
      EXAMPLES
        leaktrace vendor list
        leaktrace vendor list --leak leak.mp4 --json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(
    help: ArgumentHelp("Only those on a leak: its SHA-256, or the file.", valueName: "leak")
  )
  var leak: PathArgument?

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try VendorStore(at: options.path, forWriting: false)
    let digest = try leak.map { try VendorStore.leakDigest($0.path, flag: interruption.flag) }
    let report = VendorResultsReport(library: store.path, try store.results(ofLeak: digest))
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      report.results.forEach { Console.shared.print(VendorText.line($0)) }
    }
    return .success
  }
}

/// `leaktrace vendor show`.
struct VendorShowCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that results of vendors' detectors say.",
    discussion: """
      EXAMPLES
        leaktrace vendor show v-0123456789abcdef

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Identifiers of results.", valueName: "id"))
  var ids: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try VendorStore(at: options.path, forWriting: false)
    let report = VendorResultsReport(
      library: store.path,
      try store.results(ids: ids.map(\.text))
    )
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for (index, record) in report.results.enumerated() {
      if index > 0 { Console.shared.print("") }
      for (name, value) in VendorText.rows(record) {
        let blanks = String(repeating: " ", count: max(1, 16 - name.count))
        Console.shared.print(name + blanks + SafeText.of(value))
      }
    }
    return .success
  }
}

/// `leaktrace vendor remove`.
struct VendorRemoveCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove results of vendors' detectors.",
    discussion: """
      Nothing is removed unless all the identifiers named are there.

      EXAMPLES
        leaktrace vendor remove v-0123456789abcdef

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Identifiers of results.", valueName: "id"))
  var ids: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    // Opened for reading first: a library that is not there is not created to remove from it.
    _ = try VendorStore(at: options.path, forWriting: false)
    let store = try VendorStore(at: options.path, forWriting: true)
    let report = VendorResultsReport(library: store.path, try store.remove(ids.map(\.text)))
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      report.results.forEach { Console.shared.print("removed \(SafeText.of($0.id))") }
    }
    return .success
  }
}

/// Vendors' results in words.
enum VendorText {
  /// One line of a list.
  static func line(_ record: VendorRecord) -> String {
    let parts = [
      record.id, String(record.leakSHA256.prefix(16)), cut(record.vendor), record.verdict,
      cut(mark(record) ?? ""),
    ]
    return parts.map(SafeText.of).joined(separator: "  ")
  }

  /// Which mark it is.
  static func mark(_ record: VendorRecord) -> String? {
    var words: [String] = []
    if let id = record.markID { words.append("mark \(id)") }
    if let time = record.markTime { words.append("time stamp \(time)") }
    if let moment = record.markMoment { words.append("of \(moment)") }
    if words.isEmpty, let payload = record.payload { words.append("payload \(payload)") }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  /// All that it says, as names and values.
  static func rows(_ record: VendorRecord) -> [(String, String)] {
    let rows: [(String, String?)] = [
      ("result", record.id), ("leak", record.leakSHA256), ("vendor", record.vendor),
      ("verdict", record.verdict), ("algorithm", record.algorithm),
      ("version", record.detectorVersion),
      ("from", record.leakStart.map(ReportNumber.clock)),
      ("to", record.leakEnd.map(ReportNumber.clock)), ("channel", record.channel),
      ("payload", record.payload),
      ("field widths", record.fieldWidths.map { $0.map(String.init).joined(separator: " + ") }),
      ("mark id", record.markID.map(String.init)),
      ("time stamp", record.markTime.map(String.init) ?? record.markMoment),
      ("score", record.score.map { "\($0)" }), ("threshold", record.threshold.map { "\($0)" }),
      ("false positives", record.falsePositiveRate.map { "\($0), as stated" } ?? "not stated"),
      ("report", "\(record.reportName) (SHA-256 \(record.reportSHA256))"),
      ("imported", record.importedAt),
    ]
    return rows.compactMap { name, value in value.map { (name, $0) } }
  }

  private static func cut(_ text: String) -> String {
    text.count <= 48 ? text : text.prefix(47) + "…"
  }
}
