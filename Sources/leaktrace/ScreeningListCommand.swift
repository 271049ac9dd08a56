import ArgumentParser
import Casebook
import Pipeline
import Screenings

/// `leaktrace screening list`.
struct ScreeningListCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List screenings by start, or the compositions and facilities that are known.",
    discussion: """
      A day of --to counts as a whole. Days and times without an offset are those of --zone, else \
      UTC. A release is a title, an identifier of the library or the UUID of a composition.

      EXAMPLES
        leaktrace screening list
        leaktrace screening list --from 2026-05-01 --to 2026-05-31 --zone Europe/Moscow
        leaktrace screening list --release "The Film" --facility "Kino 1" --json
        leaktrace screening list --from 2026-05-31T20:00+03:00 --limit 20
        leaktrace screening list --compositions

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(help: ArgumentHelp("Only screenings that begin then or later.", valueName: "time"))
  var from: TextArgument?

  @Option(help: ArgumentHelp("Only screenings that begin before then.", valueName: "time"))
  var to: TextArgument?

  @Option(help: ArgumentHelp("IANA name of the zone of --from and --to.", valueName: "zone"))
  var zone: TextArgument?

  @Option(help: ArgumentHelp("Only this facility: identifier or name.", valueName: "facility"))
  var facility: TextArgument?

  @Option(help: ArgumentHelp("Only this release.", valueName: "release"))
  var release: TextArgument?

  @Option(help: ArgumentHelp("Most screenings that are listed.", valueName: "number"))
  var limit = 100

  @Flag(help: "List the compositions instead.")
  var compositions = false

  @Flag(help: "List the facilities whose lists were imported instead.")
  var facilities = false

  private static let limits = 1...1_000_000

  func validate() throws {
    guard Self.limits.contains(limit) else {
      throw ValidationError("--limit must be between 1 and \(Self.limits.upperBound).")
    }
    guard !compositions || !facilities else {
      throw ValidationError("--compositions and --facilities exclude each other.")
    }
    let filters = [from, to, zone, facility, release].contains { $0 != nil }
    guard !filters || !(compositions || facilities) else {
      throw ValidationError("Only screenings can be filtered.")
    }
    _ = try bounds()
  }

  private func bounds() throws -> (from: Int64?, to: Int64?) {
    func bound(_ text: TextArgument?, _ name: String, isUpper: Bool) throws -> Int64? {
      guard let text else { return nil }
      do {
        return try TimeBound.seconds(text.text, zone: zone?.text, isUpper: isUpper)
      } catch {
        throw ValidationError("\(name): \(error.message).")
      }
    }
    return (
      try bound(from, "--from", isUpper: false), try bound(to, "--to", isUpper: true)
    )
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ScreeningStore(at: options.path, forWriting: false)
    var report = ScreeningsReport(library: store.path)
    let releases = ScreenedReleases(at: options.path)
    if compositions {
      report.compositions = try store.compositions().map {
        CompositionRecord($0, releases: releases)
      }
    } else if facilities {
      report.facilities = try store.facilities().map(FacilityRecord.init)
    } else {
      var query = ScreeningQuery()
      (query.from, query.to) = try bounds()
      query.facility = facility?.text
      if let release { releases.narrow(&query, to: release.text) }
      // One more tells whether there are more.
      query.limit = limit + 1
      let found = try store.screenings(query)
      report.isTruncated = found.count > limit
      report.screenings = found.prefix(limit).map { ScreeningRecord($0, releases: releases) }
    }
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    report.screenings.forEach { Console.shared.print(ScreeningText.line($0)) }
    report.compositions.forEach { Console.shared.print(ScreeningText.line($0)) }
    report.facilities.forEach { Console.shared.print(ScreeningText.line($0)) }
    if report.isTruncated {
      Console.shared.note("There are more than \(limit) screenings; --limit shows more of them.")
    }
    return .success
  }
}

/// `leaktrace screening show`.
struct ScreeningShowCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that is known about screenings, compositions and facilities.",
    discussion: """
      EXAMPLES
        leaktrace screening show s-0123456789abcdef
        leaktrace screening show --json urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(
    help: ArgumentHelp("Identifiers of screenings, compositions or facilities.", valueName: "id")
  )
  var ids: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ScreeningStore(at: options.path, forWriting: false)
    let releases = ScreenedReleases(at: options.path)
    var report = ScreeningsReport(library: store.path)
    var blocks: [[(String, String)]] = []
    for id in ids {
      switch try store.entry(id.text) {
      case .screening(let screening):
        let record = ScreeningRecord(screening, releases: releases)
        report.screenings.append(record)
        blocks.append(ScreeningText.rows(record))
      case .composition(let composition):
        let record = CompositionRecord(composition, releases: releases)
        report.compositions.append(record)
        blocks.append(ScreeningText.rows(record))
      case .facility(let facility):
        let record = FacilityRecord(facility)
        report.facilities.append(record)
        blocks.append(ScreeningText.rows(record))
      }
    }
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for (index, rows) in blocks.enumerated() {
      if index > 0 { Console.shared.print("") }
      for (name, value) in rows {
        let blanks = String(repeating: " ", count: max(1, 16 - name.count))
        Console.shared.print(name + blanks + SafeText.of(value))
      }
    }
    return .success
  }
}

/// `leaktrace screening remove`.
struct ScreeningRemoveCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove screenings, compositions and facilities from the list.",
    discussion: """
      Nothing is removed unless all the identifiers named are there. --facility removes the \
      screenings of a facility, --all everything of the list.

      EXAMPLES
        leaktrace screening remove s-0123456789abcdef
        leaktrace screening remove --facility "Kino 1"
        leaktrace screening remove --all

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(help: ArgumentHelp("A facility: identifier or name.", valueName: "facility"))
  var facility: TextArgument?

  @Flag(help: "Remove all screenings, compositions and facilities.")
  var all = false

  @Argument(
    help: ArgumentHelp("Identifiers of screenings, compositions or facilities.", valueName: "id")
  )
  var ids: [TextArgument] = []

  func validate() throws {
    guard [!ids.isEmpty, facility != nil, all].count(where: { $0 }) == 1 else {
      throw ValidationError("Name what is to be removed: identifiers, --facility or --all.")
    }
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    // Opened for reading first: a library that is not there is not created to remove from it.
    _ = try ScreeningStore(at: options.path, forWriting: false)
    let store = try ScreeningStore(at: options.path, forWriting: true)
    let removal =
      if let facility {
        try store.remove(ofFacility: facility.text)
      } else if all {
        try store.removeAll()
      } else {
        try store.remove(ids.map(\.text))
      }
    if options.json {
      Console.shared.print(try JSONDocument.line(ScreeningRemoveReport(removal)))
      return .success
    }
    let parts = [
      (removal.screenings, "screening", "screenings"),
      (removal.compositions, "composition", "compositions"),
      (removal.facilities, "facility", "facilities"),
    ]
    let words = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
    Console.shared.print("removed " + (words.isEmpty ? "nothing" : words.joined(separator: ", ")))
    return .success
  }
}
