import Foundation
import TestSupport
import Testing

@Suite("Damaged and forged media files")
struct RobustnessTests {
  /// The short form of what `Benchmarks/Robustness/mutations` does with thousands.
  @Test("are answered one by one, within limits, and touch nothing")
  func mutations() throws {
    let python = try Toolbox.run(["python3", "--version"])
    guard python.status == 0 else {
      print("python3 is not installed: no mutants are made")
      return
    }
    let folder = try TemporaryDirectory()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Benchmarks/Robustness/mutations").standardized.path
    let renderer = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
      .appendingPathComponent("testmedia-render").path
    let outcome = try Toolbox.run([
      "python3", script, "--leaktrace", Program.path, "--renderer", renderer, "--count", "48",
      "--batch", "24", "--work", folder.path("work"), "--without-sandbox",
    ])
    #expect(outcome.status == 0, "\(outcome.text.suffix(2000)) \(outcome.errorText.suffix(1000))")
    #expect(outcome.text.hasSuffix("0 failures\n"))
  }
}
