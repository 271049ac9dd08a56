import ArgumentParser
import Foundation
import Pipeline

/// `leaktrace capture`: which leaks come from one recording.
struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Show which leaks come from one recording.",
    discussion: """
      Leaks of one film are linked by what the camera did: how it shook and drifted against the \
      film, whatever was cropped, mirrored, dubbed or drawn over it afterwards. `leaktrace match` \
      compares each leak with those of the history.

      EXAMPLES
        leaktrace capture list
        leaktrace capture show capture-0123456789ab

      \(ExitStatus.help)
      """,
    subcommands: [
      CaptureListCommand.self, CaptureShowCommand.self, CaptureCameraCommand.self,
    ]
  )
}

/// `leaktrace capture list`.
struct CaptureListCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the captures that more than one leak comes from.",
    discussion: """
      EXAMPLES
        leaktrace capture list
        leaktrace capture list --title "The Film" --json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Option(help: ArgumentHelp("Only films with these words in their titles.", valueName: "words"))
  var title: TextArgument?

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try CaptureStore(at: options.path)
    var report = CapturesReport(library: store.path)
    report.captures = try store.captures(title: title?.text)
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for capture in report.captures {
      let count = "\(capture.leaks.count) \(capture.leaks.count == 1 ? "leak" : "leaks")"
      let titles = capture.titles.map(SafeText.of).joined(separator: ", ")
      Console.shared.print("\(SafeText.of(capture.id))  \(count)  \(titles)")
    }
    return .success
  }
}

/// `leaktrace capture show`.
struct CaptureShowCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Show the leaks of a capture and what links them, or what one leak was compared with.",
    discussion: """
      A leak is named by the SHA-256 of its file; it is compared once more with all leaks of the \
      same releases.

      EXAMPLES
        leaktrace capture show capture-0123456789ab
        leaktrace capture show --json capture-0123456789ab
        leaktrace capture show "$(sha256sum leak.mp4 | cut -c1-64)"

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Captures, and SHA-256 of leaks.", valueName: "id"))
  var ids: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try CaptureStore(at: options.path)
    var report = CapturesReport(library: store.path)
    var lines: [String] = []
    for id in ids {
      try interruption.flag.check()
      if !lines.isEmpty { lines.append("") }
      switch try store.entry(id.text) {
      case .capture(let capture):
        report.captures.append(capture)
        lines += CaptureText.lines(capture)
      case .leak(let leak):
        report.leaks = (report.leaks ?? []) + [leak]
        lines += CaptureText.lines(leak)
      }
    }
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      lines.forEach { Console.shared.print($0) }
    }
    return .success
  }
}

/// Captures as people read them.
enum CaptureText {
  static func lines(_ capture: CaptureRecord) -> [String] {
    var lines = ["capture      \(SafeText.of(capture.id))"]
    lines += capture.titles.map { "film         \(SafeText.of($0))" }
    lines += capture.leaks.map { leak in
      let group = leak.group.map { ", \(SafeText.of($0))" } ?? ""
      let day = leak.firstSeen.prefix(10)
      return "leak         \(leak.sha256)  \(day)  \(SafeText.of(leak.path))\(group)"
    }
    lines += capture.links.map {
      "link         \(($0.leak ?? "").prefix(12)) - \($0.other.prefix(12))  \(words($0))"
    }
    return lines
  }

  static func lines(_ leak: LeakCaptureRecord) -> [String] {
    var lines = ["leak         \(leak.sha256)"]
    lines.append("capture      \(leak.capture.id.map(SafeText.of) ?? "none known")")
    lines.append(String(format: "measured     %.1f s of film", leak.capture.measuredSeconds))
    lines += leak.comparisons.map { comparison in
      let verdict =
        switch comparison.verdict {
        case .same: "same     "
        case .different: "different"
        case .cannotBeTold: "untold   "
        }
      return "\(verdict)    \(comparison.other.prefix(12))  \(words(comparison))"
    }
    return lines
  }

  /// What a comparison rests on, in words.
  static func words(_ link: CaptureLinkReport) -> String {
    let ratio = String(format: "log10 ratio %.1f over %.1f s", link.log10Ratio, link.commonSeconds)
    let marks = [
      (link.evidence.roomSound, "sounds of the room"),
      (link.evidence.droppedFrames, "dropped frames"),
    ].compactMap { marks, name in
      marks.map {
        String(format: ", %d of %d \(name) shared (%.1f by chance)", $0.shared, $0.of, $0.byChance)
      }
    }
    return ratio + marks.joined() + (link.path.map { ", \(SafeText.of($0))" } ?? "")
  }
}
