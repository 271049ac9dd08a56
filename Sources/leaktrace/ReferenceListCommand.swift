import ArgumentParser
import Pipeline

/// `leaktrace reference list`.
struct ReferenceListCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the releases of the library.",
    discussion: """
      EXAMPLES
        leaktrace reference list
        leaktrace reference list --json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ReferenceStore(at: options.path, forWriting: false)
    let records = try store.records()
    if options.json {
      let report = ReferenceListReport(library: store.path, releases: records)
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for record in records {
      let version = record.version.map { " (\(SafeText.of($0)))" } ?? ""
      let length = ReportNumber.clock(record.file.duration)
      Console.shared.print("\(record.releaseID)  \(length)  \(SafeText.of(record.title))\(version)")
    }
    return .success
  }
}

/// `leaktrace reference show`.
struct ReferenceShowCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that the library knows about releases.",
    discussion: """
      EXAMPLES
        leaktrace reference show r-0123456789abcdef
        leaktrace reference show --json r-0123

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Identifiers, or the first letters of them.", valueName: "release"))
  var releases: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try ReferenceStore(at: options.path, forWriting: false)
    let records = try releases.map { try store.record($0.text) }
    if options.json {
      let report = ReferenceListReport(library: store.path, releases: records)
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for (index, record) in records.enumerated() {
      if index > 0 { Console.shared.print("") }
      for (name, value) in Self.rows(record) {
        let blanks = String(repeating: " ", count: max(1, 20 - name.count))
        Console.shared.print(name + blanks + SafeText.of(value))
      }
    }
    return .success
  }

  private static func rows(_ record: ReferenceRecord) -> [(String, String)] {
    let file = record.file
    let rate = file.frameRate.map { ", \($0) frames/s" } ?? ""
    let rows: [(String, String?)] = [
      ("release", record.releaseID), ("title", record.title),
      ("alternative names", record.alternativeNames?.joined(separator: " | ")),
      ("version", record.version), ("EIDR", record.eidr), ("ISAN", record.isan),
      ("aspect ratio", record.aspectRatio), ("audio language", record.audioLanguage),
      ("subtitle language", record.subtitleLanguage), ("CPL", record.cplID),
      ("release date", record.releaseDate), ("territory", record.territory),
      ("source", record.source), ("added", record.addedAt), ("file", file.name),
      ("SHA-256", file.sha256), ("size", "\(file.sizeBytes) bytes"),
      ("duration", ReportNumber.clock(file.duration)),
      ("picture", "\(file.width)x\(file.height)\(rate), \(file.videoCodec) in \(file.container)"),
      ("active area", file.activeArea.map { "\($0)" }.joined(separator: ", ")),
      ("fingerprint", "\(record.fingerprintBytes) bytes, algorithm \(record.algorithm)"),
      ("proxy", "\(record.proxyBytes) bytes"),
    ]
    return rows.compactMap { name, value in value.map { (name, $0) } }
  }
}
