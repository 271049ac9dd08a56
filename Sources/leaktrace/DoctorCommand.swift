import ArgumentParser
import Pipeline

/// `leaktrace doctor`.
struct DoctorCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show versions, decoders, processor features, the sandbox and the library's health.",
    discussion: """
      Changes nothing. `leaktrace reference verify` reads every byte of the library; this command \
      only opens its files.

      EXAMPLES
        leaktrace doctor
        leaktrace doctor --json --library /srv/leaktrace

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let (report, failure) = Doctor.examine(library: options.path)
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      for line in Self.lines(report) { Console.shared.print(line) }
    }
    if let failure { Console.shared.complain(failure.message) }
    return failure.map { ExitStatus($0.kind) } ?? .success
  }

  private static func lines(_ report: DoctorReport) -> [String] {
    let parts = report.ffmpegLibraries.sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let there = report.decoders.filter(\.value).keys.sorted().joined(separator: " ")
    let missing = report.decoders.filter { !$0.value }.keys.sorted().joined(separator: " ")
    var lines = [
      "LeakTrace  \(report.leaktrace)",
      "Swift      \(report.swift)",
      "FFmpeg     \(report.ffmpeg.map { "\($0) (\(parts))" } ?? "not loaded")",
      "SQLite     \(report.sqlite ?? "not loaded")",
      "OpenCV     \(report.opencv ?? "not loaded")",
      "Tesseract  \(tesseract(report))",
      "SIMD       \(report.simd) (of \(report.simdAvailable.joined(separator: ", ")))",
      "Decoders   \(there)",
    ]
    if !missing.isEmpty { lines.append("  missing  \(missing)") }
    lines += isolation(report.isolation)
    let library = report.library
    let state: String =
      switch library.status {
      case .ok: library.releases.map { "\($0) release\($0 == 1 ? "" : "s")" } ?? "in order"
      case .missing: "none yet; `leaktrace reference add` creates it"
      case .unusable: "cannot be used"
      }
    lines.append("Library    \(SafeText.of(library.path)): \(state)")
    return lines
  }

  private static func isolation(_ health: DoctorReport.IsolationHealth) -> [String] {
    if let error = health.error { return ["Sandbox    none: \(SafeText.of(error.message))"] }
    let held = health.parts.filter(\.value).keys.sorted().joined(separator: ", ")
    let missing = health.parts.filter { !$0.value }.keys.sorted()
    let open = health.refused.filter { !$0.value }.keys.sorted()
    var lines = ["Sandbox    \(held.isEmpty ? "none" : held) (Landlock \(health.landlockVersion))"]
    if !missing.isEmpty { lines.append("  missing  \(missing.joined(separator: ", "))") }
    if !open.isEmpty { lines.append("  allowed  \(open.joined(separator: ", "))") }
    return lines
  }

  private static func tesseract(_ report: DoctorReport) -> String {
    guard let version = report.tesseract else {
      return "not installed; ads are recognised by their logos alone"
    }
    let missing = report.missingLanguages
    return missing.isEmpty
      ? version : "\(version), without data for \(missing.joined(separator: ", "))"
  }
}
