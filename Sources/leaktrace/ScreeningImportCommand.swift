import ArgumentParser
import Pipeline
import Screenings
import SystemPackage

/// `leaktrace screening import`.
struct ScreeningImportCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import screening lists, composition playlists, facility lists and playout logs.",
    discussion: """
      A file is told by its contents. Screening lists are CSV with a header, parted by commas, \
      semicolons or tabs, in UTF-8 or Windows-1251. Columns, in English or Russian: screening_id, \
      facility_id, facility, city, auditorium, cpl_id, release, start, date, zone, end, \
      mark_location, mark_time, screen_width_m, screen_height_m, sag_m, throw_m, seat_map; needed \
      are start, auditorium, a facility and a cpl_id or release. Others are ignored.

      Times are ISO 8601, or dates such as 31.05.2026, with an offset, a zone column or --zone. A \
      time that clocks are set forward over, or that comes twice without an offset, is refused.

      A row that is wrong is reported with its line, the rest is imported, and the exit status is \
      3. A file whose quotes are broken, XML that is not well formed or has a document type, and a \
      log whose clock jumps are refused as a whole. The same file given again changes nothing; a \
      screening whose identifier is there is brought up to date.

      EXAMPLES
        leaktrace screening import screenings.csv
        leaktrace screening import --zone Europe/Moscow --map "Код=screening_id" list.csv
        leaktrace screening import facility.xml cpl.xml log.xml
        leaktrace screening import --facility "Kino 1" --auditorium 3 log.xml

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(
    help: ArgumentHelp(
      "IANA name of the zone of times without one, for example Europe/Moscow.",
      valueName: "zone"
    )
  )
  var zone: TextArgument?

  @Option(
    help: ArgumentHelp("What a column of a list holds; may be repeated.", valueName: "column=field")
  )
  var map: [ColumnArgument] = []

  @Option(help: ArgumentHelp("Facility that playout logs come from.", valueName: "facility"))
  var facility: TextArgument?

  @Option(help: ArgumentHelp("Auditorium that playout logs come from.", valueName: "name"))
  var auditorium: TextArgument?

  @Option(
    help: ArgumentHelp(
      "Progress on standard error: auto (a bar on a terminal), bar, jsonl or none.",
      valueName: "style"
    )
  )
  var progress = ProgressStyle.auto

  @Argument(help: ArgumentHelp("Files to import.", valueName: "file"), completion: .file())
  var files: [PathArgument]

  func validate() throws {
    guard (facility == nil) == (auditorium == nil) else {
      throw ValidationError("--facility and --auditorium belong together.")
    }
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    var settings = ScreeningImporter.Options()
    settings.table.zone = zone?.text
    settings.table.columns = map.map { ($0.header, $0.field) }
    settings.facility = facility?.text
    settings.auditorium = auditorium?.text
    let importer = ScreeningImporter(
      into: options.path,
      options: settings,
      flag: interruption.flag
    )
    let meter = ProgressMeter("importing", count: files.count, style: progress)
    defer { meter.end() }
    var status = ExitStatus.success
    for (index, file) in files.enumerated() {
      do {
        let report = try importer.run(file.path) { meter.update(index, $0) }
        try print(report, file.path)
        if !report.refused.isEmpty { status = .unreadableInput }
      } catch let cause as PipelineError where cause.kind == .input {
        status = .unreadableInput
        Console.shared.complain(about: file.path, cause)
        if options.json {
          let report = ScreeningImportReport(file.path, failure: cause)
          Console.shared.print(try JSONDocument.line(report))
        }
      }
      meter.finish(index)
    }
    return status
  }

  private func print(_ report: ScreeningImportReport, _ path: FilePath) throws {
    let name = SafeText.of(path)
    for refusal in report.refused {
      Console.shared.complain("\(name), line \(refusal.line): \(refusal.message)")
    }
    if options.json { return Console.shared.print(try JSONDocument.line(report)) }
    Console.shared.print("\(name): \(ScreeningText.summary(report))")
    for id in (report.changedIDs ?? []).prefix(Self.mostChangedLines) {
      Console.shared.print("  changed \(SafeText.of(id))")
    }
    if report.changed > Self.mostChangedLines, report.changedIDs != nil {
      Console.shared.print("  and \(report.changed - Self.mostChangedLines) more")
    }
    if let columns = report.unusedColumns {
      let list = columns.prefix(Self.mostColumns).map { SafeText.of(String($0.prefix(60))) }
      let more = columns.count > list.count ? ", …" : ""
      Console.shared.print("  columns not used: \(list.joined(separator: ", "))\(more)")
    }
  }

  /// Most changed screenings that are named; JSON names more.
  private static let mostChangedLines = 20
  /// Most unused columns that are named.
  private static let mostColumns = 20
}

/// `column=field` on the command line.
struct ColumnArgument: ExpressibleByArgument {
  let header: String
  let field: ScreeningField

  init?(argument: String) {
    guard let text = TextArgument(argument: argument)?.text,
      let sign = text.lastIndex(of: "="),
      let field = ScreeningField(rawValue: String(text[text.index(after: sign)...])),
      sign > text.startIndex
    else { return nil }
    header = String(text[..<sign])
    self.field = field
  }
}
