import ArgumentParser
import Casebook
import Pipeline

/// `leaktrace links`.
struct LinksCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "links",
    abstract: "Show which brands pay which release groups, on which films, since when.",
    discussion: """
      Counts the leaks and ads of the library's history by brand, release group, film and capture. \
      Groups are what the names of leaks claim; films are recognised ones, or claimed where that \
      is said. Files are written beside what is printed; an existing one is replaced.

      EXAMPLES
        leaktrace links
        leaktrace links --brand "Casino X" --since 2024-01-01
        leaktrace links --json
        leaktrace links --csv links.csv --csv-separator ';'
        leaktrace links --svg links.svg
        leaktrace links --stix bundle.json --misp event.json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(
    help: ArgumentHelp(
      "Only this brand: an identifier, a name, or a group of brand candidates.",
      valueName: "brand"
    )
  )
  var brand: TextArgument?

  @Option(help: ArgumentHelp("Only this release group.", valueName: "name"))
  var group: TextArgument?

  @Option(help: ArgumentHelp("Only films with these words in their titles.", valueName: "words"))
  var title: TextArgument?

  @Option(
    help: ArgumentHelp("Only leaks seen on this day, UTC, or later.", valueName: "yyyy-mm-dd")
  )
  var since: TextArgument?

  @Flag(help: "Also groups of ads that no brand is known for.")
  var unknown = false

  @Option(
    help: ArgumentHelp("Write a table for spreadsheets.", valueName: "file"),
    completion: .file(extensions: ["csv"])
  )
  var csv: PathArgument?

  @Option(
    help: ArgumentHelp("What parts its fields: ',' or ';' or 'tab'.", valueName: "sign")
  )
  var csvSeparator: TextArgument?

  @Option(
    help: ArgumentHelp("Write a drawing of brands, groups and films.", valueName: "file"),
    completion: .file(extensions: ["svg"])
  )
  var svg: PathArgument?

  @Option(
    help: ArgumentHelp("Write indicators as a STIX 2.1 bundle.", valueName: "file"),
    completion: .file(extensions: ["json"])
  )
  var stix: PathArgument?

  @Option(
    help: ArgumentHelp("Write indicators as an event of MISP.", valueName: "file"),
    completion: .file(extensions: ["json"])
  )
  var misp: PathArgument?

  private static let separators: [String: Character] = [",": ",", ";": ";", "tab": "\t"]

  func validate() throws {
    if let csvSeparator, Self.separators[csvSeparator.text] == nil {
      throw ValidationError("--csv-separator must be ',' or ';' or 'tab'.")
    }
    if let since, ReportTime.seconds(since.text) == nil {
      throw ValidationError("--since must be a day, as in 2024-05-31.")
    }
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try BrandStore(at: options.path, forWriting: false)
    var filter = LinkFilter()
    filter.brand = brand?.text
    filter.group = group?.text
    filter.title = title?.text
    filter.since = since.flatMap { ReportTime.seconds($0.text) }
    filter.includesUnknown = unknown
    let rows = try store.links(filter)
    if let csv {
      let separator = csvSeparator.flatMap { Self.separators[$0.text] } ?? ","
      try OutputFile.write(LinksTable.csv(rows, separator: separator), to: csv.path)
    }
    if let svg { try OutputFile.write(LinkGraphSVG.document(rows), to: svg.path) }
    if stix != nil || misp != nil {
      let set = try IndicatorSet(store, filter)
      if let stix { try OutputFile.write(try STIXBundle.document(set), to: stix.path) }
      if let misp { try OutputFile.write(try MISPEvent.document(set), to: misp.path) }
    }
    if options.json {
      let report = LinksReport(library: store.path, rows: rows)
      Console.shared.print(try JSONDocument.line(report))
    } else {
      LinksTable.lines(rows).forEach(Console.shared.print)
    }
    return .success
  }
}
