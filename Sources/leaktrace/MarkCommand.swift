import ArgumentParser
import Marks
import Pipeline

/// `leaktrace mark`: the commands of forensic marks.
struct MarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mark",
    abstract: "Put forensic marks into films, and read them in leaks.",
    discussion: """
      Marks are of the open scheme LFM-1: slow, smooth, keyed changes of brightness that survive a \
      camera in a cinema. A mark names a screening, never a person. docs/marks.md describes it.

      EXAMPLES
        leaktrace mark key create lab.key
        leaktrace mark embed --key lab.key --asset FILM --location 4711 --time 2026-05-01T20:00 \
      film.mov marked.mov
        leaktrace mark detect --key lab.key --asset FILM leak.mp4
        leaktrace mark detect --variants a.mov b.mov leak.mp4

      \(ExitStatus.help)
      """,
    subcommands: [MarkKeyCommand.self, MarkEmbedCommand.self, MarkDetectCommand.self]
  )
}

/// `leaktrace mark key`.
struct MarkKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Make keys of marks, and tell their identifiers.",
    discussion: """
      A key is kept in a file that its owner alone can read; files that others may read are \
      refused. Reports have the key's identifier, which says nothing of it. Who has the key can \
      read its marks, and make them.

      EXAMPLES
        leaktrace mark key create lab.key
        leaktrace mark key show lab.key

      \(ExitStatus.help)
      """,
    subcommands: [MarkKeyCreateCommand.self, MarkKeyShowCommand.self]
  )
}

/// `leaktrace mark key create`.
struct MarkKeyCreateCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a new key.",
    discussion: """
      The file gets mode 0600; one that is there already is left alone. Keep a copy in a safe \
      place: without the key its marks cannot be read.

      EXAMPLES
        leaktrace mark key create lab.key

      \(ExitStatus.help)
      """
  )

  @Flag(name: .long, help: "Print JSON, as documented in docs/schema.")
  var json = false

  @Argument(help: ArgumentHelp("File to write.", valueName: "file"))
  var file: PathArgument

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let key = try MarkKeyFile.create(at: file.path)
    try MarkText.show(MarkKeyReport(path: file.path, keyID: key.id), json: json)
    return .success
  }
}

/// `leaktrace mark key show`.
struct MarkKeyShowCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Tell the identifier of a key.",
    discussion: """
      EXAMPLES
        leaktrace mark key show lab.key

      \(ExitStatus.help)
      """
  )

  @Flag(name: .long, help: "Print JSON, as documented in docs/schema.")
  var json = false

  @Argument(help: ArgumentHelp("Key file.", valueName: "file"))
  var file: PathArgument

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let key = try MarkKeyFile.load(file.path)
    try MarkText.show(MarkKeyReport(path: file.path, keyID: key.id), json: json)
    return .success
  }
}
