import Foundation
import TestSupport
import Testing

@Suite("Stopping", .serialized)
struct InterruptionTests {
  /// Runs the program, sends it a signal after a while and prints how long it took to end.
  private static let script = #"""
    signal="$1"; shift
    "$PROGRAM" "$@" > out 2> err & child=$!
    sleep 1.2; began=$(date +%s%N); kill -s "$signal" $child
    wait $child; status=$?
    echo $(( ($(date +%s%N) - began) / 1000000 )); exit $status
    """#

  @Test("Ctrl-C stops an addition within a second and leaves nothing", arguments: ["INT", "TERM"])
  func adding(_ signal: String) throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    try program.copy(.long, as: "long.mp4")
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
    let before = try program.libraryContents()
    // A shell's background job ignores Ctrl-C; `env` gives it back.
    let outcome = try program.shell(
      Self.script.replacingOccurrences(
        of: "\"$PROGRAM\"",
        with: "env --default-signal=INT \"$PROGRAM\""
      ),
      [signal, "reference", "add", "long.mp4"]
    )
    #expect(outcome.status == 130, "\(outcome.text)")
    let milliseconds = try #require(Int(outcome.lines.first ?? ""))
    #expect(milliseconds < 1000)
    #expect(try program.libraryContents() == before)
    #expect(try program.run(["reference", "verify"]).status == 0)
  }

  @Test("Ctrl-C stops matching within a second")
  func matching() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    try program.copy(.long, as: "long.mp4")
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
    let outcome = try program.shell(Self.script, ["TERM", "match", "long.mp4"])
    #expect(outcome.status == 130)
    let milliseconds = try #require(Int(outcome.lines.first ?? ""))
    #expect(milliseconds < 1000)
  }
}
