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

  @Test("a wish to stop is heard however early it comes")
  func early() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
    // A process that is ended before it can listen ends by the signal, 143.
    let script = #"""
      mkdir folder
      for i in $(seq 0 24); do
        env --default-signal=TERM "$PROGRAM" watch --progress none folder 2>/dev/null & child=$!
        sleep $(printf '0.%03d' $((i * 16)))
        kill -TERM $child
        for j in $(seq 100); do kill -0 $child 2>/dev/null || break; sleep 0.1; done
        if kill -0 $child 2>/dev/null; then kill -KILL $child; echo deaf; fi
        wait $child; echo $?
      done
      """#
    let outcome = try program.shell(script)
    #expect(outcome.lines.count == 25)
    #expect(outcome.lines.allSatisfy { ["130", "143"].contains($0) }, "\(outcome.lines)")
  }

  @Test("a background job that ignores Ctrl-C goes on")
  func deaf() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    // Without job control a shell starts background jobs deaf to Ctrl-C.
    let outcome = try program.shell(
      #"""
      "$PROGRAM" reference add a.mp4 > out 2> err & child=$!
      sleep 0.3; kill -INT $child; wait $child; echo $?
      """#
    )
    #expect(outcome.lines == ["0"], "\(outcome.text) \(outcome.errorText)")
  }
}
