import Foundation
import TestSupport
import Testing

@Suite("watch, batch, queue and status")
struct UnattendedTests {
  /// Options that make a test short.
  private static let quick = [
    "--quiet", "0.3", "--back-off", "1", "--attempts", "2", "--progress", "none", "--no-ads",
  ]

  /// A program with a library of one film and a folder with a leak of it, a stranger and no film.
  private static func site() throws -> Program {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    #expect(try program.run(["reference", "add", "--title", "Figures", "figures.mp4"]).status == 0)
    #expect(try program.shell("mkdir in").status == 0)
    try program.copy(.leak, as: "in/leak.mp4")
    try program.copy(.stranger, as: "in/stranger.mp4")
    let name = #"in/$'broken \e[31m\n\xff".mp4'"#
    #expect(try program.shell("head -c 3000 /dev/urandom > \(name)").status == 0)
    return program
  }

  @Test("a batch examines what match does, each leak once, and sets aside what is no film")
  func batch() throws {
    let program = try Self.site()
    try program.copy(.leak, as: "in/again.mkv")
    let batch = ["batch", "--json", "--reports", "reports"] + Self.quick + ["in"]
    let outcome = try program.run(batch)
    #expect(outcome.status == 3, "\(outcome.errorText)")
    let documents = try outcome.documents()
    #expect(documents.count == 3)
    for document in documents {
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    }
    let matched = try #require(documents.first { $0["status"] == .text("matched") })
    let alone = try program.run(["match", "--json", "--no-ads", "--no-record", "in/leak.mp4"])
    let expected = try #require(try alone.documents().first)
    #expect(matched["matches"] == expected["matches"])
    let sha256 = try #require(matched["leak"]?["sha256"]?.string)
    let kept = try program.shell("cat reports/\(sha256).json").documents()
    #expect(kept == [matched])
    // Nothing in the log's lines steers the terminal.
    #expect(!outcome.errors.contains(0x1B) && !outcome.errors.contains(0xFF))
    #expect(outcome.errorText.contains(#"broken \\x1b[31m\\x0a\\xff\".mp4"#))

    let again = try program.run(batch)
    #expect(again.status == 3 && again.text.isEmpty, "\(again.text)")

    let list = try #require(try program.run(["queue", "list", "--json"]).documents().first)
    #expect(try JSONSchema(named: "queue-1").flaws(of: list) == [])
    let jobs = list["jobs"]?.elements ?? []
    #expect(jobs.count == 3)
    let film = try #require(jobs.first { $0["sha256"] == .text(sha256) })
    #expect(film["sightings"]?.elements.count == 2 && film["answer"] == .text("matched"))
    let text = try program.run(["queue", "list", "--state", "failed"])
    #expect(!text.output.contains(0x1B) && text.lines.count == 2, "\(text.text)")

    // What is done is done again where that is asked for, by name or by its digest.
    let retried = try program.run(["queue", "retry", "--json", "in/leak.mp4"])
    #expect(
      try JSONSchema(named: "queue-change-1").flaws(
        of: #require(try retried.documents().first)
      ) == []
    )
    let third = try program.run(batch)
    #expect(try third.documents().map { $0["leak"]?["sha256"] } == [.text(sha256)])
    #expect(try program.run(["queue", "forget", "--failed"]).text == "1 forgotten\n")
    #expect(try program.run(["queue", "retry", "abcd"]).status == 2)
    #expect(try program.run(["queue", "retry"]).status == 2)
  }

  @Test("a batch takes lists of any names, from files and from standard input")
  func lists() throws {
    let program = try Self.site()
    try program.shell(#"mv in/leak.mp4 $'in/\xff\n.mp4'; mv in/stranger.mp4 in/stranger.bin"#)
      .expectSuccess()
    let outcome = try program.shell(
      #"""
      printf '%s\0' $'in/\xff\n.mp4' | "$PROGRAM" batch "$@" -
      echo "status $?"; echo in/stranger.bin > list.txt
      "$PROGRAM" batch "$@" list.txt; echo "status $?"
      echo in/nothing.mp4 > list.txt; "$PROGRAM" batch "$@" list.txt; echo "status $?"
      """#,
      Self.quick
    )
    let lines = outcome.lines
    #expect(lines.first?.hasSuffix(#"/in/\xff\x0a.mp4: Figures"#) == true, "\(lines)")
    #expect(lines.filter { $0.hasPrefix("status") } == ["status 0", "status 1", "status 3"])
    #expect(lines.contains { $0.hasSuffix("in/stranger.bin: no match") })
  }

  @Test("a watch takes what comes, answers status, and ends within five seconds of SIGTERM")
  func watch() throws {
    let program = try Self.site()
    #expect(try program.run(["status"]).status == 1)
    let outcome = try program.shell(
      #"""
      "$PROGRAM" watch --json --metrics leaktrace.prom --log log "$@" in > out 2> err & child=$!
      wait_for() { for i in $(seq 150); do if eval "$1"; then return; fi; sleep 0.2; done; exit 9; }
      wait_for '[ "$(wc -l < out)" = 3 ]'
      mkdir in/sub; cp in/leak.mp4 in/sub/leak.mp4.part; echo >> in/sub/leak.mp4.part
      mv in/sub/leak.mp4.part in/sub/new.mp4
      wait_for '[ "$(wc -l < out)" = 4 ]'
      "$PROGRAM" status --json > status; echo "status $?"
      cp figures.mp4 in/long.mp4
      wait_for '"$PROGRAM" queue list --state running | grep -q long'
      began=$(date +%s%N); kill $child; wait $child; echo "ended $?"
      echo "took $(( ($(date +%s%N) - began) / 1000000 ))"
      "$PROGRAM" queue list --state waiting
      """#,
      Self.quick
    )
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    #expect(outcome.lines.contains("status 0") && outcome.lines.contains("ended 130"))
    let took = try #require(
      outcome.lines.first { $0.hasPrefix("took ") }?.split(separator: " ").last
    )
    #expect(try #require(Int(took)) < 5000)
    #expect(outcome.lines.contains { $0.hasPrefix("waiting") && $0.contains("long.mp4") })
    let status = try #require(try program.shell("cat status").documents().first)
    #expect(try JSONSchema(named: "status-1").flaws(of: status) == [])
    #expect(status["queue"]?["done"] == .number(3) && status["queue"]?["matched"] == .number(2))
    #expect(status["runners"]?.elements.first?["health"] == .text("well"))
    let metrics = try program.shell("cat leaktrace.prom").text
    #expect(metrics.contains("leaktrace_jobs{state=\"failed\"} 1\n"))
    let log = try program.shell("cat log").lines
    #expect(log.count { $0.contains(" event=done ") } == 3)
    #expect(log.allSatisfy { $0.hasPrefix("time=") })
    // A second process finds it all as it was.
    #expect(try program.run(["reference", "verify"]).status == 0)
  }

  @Test("a watch reads its configuration anew on SIGHUP, and keeps the old one where it is wrong")
  func reload() throws {
    let program = try Self.site()
    try program.shell("mkdir first second; mv in/leak.mp4 second/leak.mp4").expectSuccess()
    let outcome = try program.shell(
      #"""
      config() { printf '[intake]\nquiet = 0.3\n[[intake.folder]]\npath = "%s"\n%s\n' "$1" "$2" > c.toml; }
      config "$FOLDER/first" ""
      "$PROGRAM" watch --config c.toml --no-ads --progress none --log log & child=$!
      wait_for() { for i in $(seq 100); do if eval "$1"; then return; fi; sleep 0.2; done; exit 9; }
      wait_for 'grep -q event=start log'
      config "$FOLDER/second" "colour = 3"; kill -HUP $child
      wait_for 'grep -q event=not_reloaded log'
      mv log log.1; config "$FOLDER/second" ""; kill -HUP $child
      wait_for 'grep -q event=done log'
      kill $child; wait $child; grep not_reloaded log.1
      """#
    )
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    #expect(outcome.text.contains("c.toml:5: "), "\(outcome.text)")
    #expect(outcome.text.contains("colour"))
  }

  @Test("mistakes in the configuration end it at once, with file and line")
  func configuration() throws {
    let program = try Program()
    try program.shell(
      "mkdir -p .config/leaktrace; printf '[work]\nworkers = 0\n' > .config/leaktrace/config.toml"
    )
    .expectSuccess()
    for command in [["watch", "in"], ["batch", "in"], ["status"], ["queue", "list"]] {
      let outcome = try program.run(command)
      #expect(outcome.status == 2)
      #expect(
        outcome.errorText.contains(".config/leaktrace/config.toml:2: "),
        "\(outcome.errorText)"
      )
      #expect(outcome.errorText.contains("must be between 1 and 64"))
    }
    #expect(try program.run(["watch", "--config", "none.toml", "in"]).status == 2)
    #expect(try program.run(["watch", "--workers", "65", "in"]).status == 2)
    try program.shell("rm -r .config").expectSuccess()
    #expect(try program.run(["watch"]).status == 10)
  }

  @Test("the table is drawn over itself, no line wider than the terminal, and names steer nothing")
  func table() throws {
    let program = try Self.site()
    let options = Self.quick.map { $0 == "none" ? "table" : $0 }
    let outcome = try program.shell(
      #"mv in/leak.mp4 $'in/\e[2J\n long name that goes on and on and on and on and on and on.mp4'; "#
        + #""$PROGRAM" batch "$@" in > out"#,
      options
    )
    #expect(outcome.status == 3)
    let text = outcome.errorText
    #expect(text.contains("film-hours per hour"))
    #expect(text.contains("  [") && text.contains("%  "), "\(text)")
    // What is left without the program's own sequences has no other.
    let rest = text.replacing(#/\r?\x1B\[[0-9]*[AKJ]/#, with: "\n")
    #expect(!rest.contains("\u{1B}"), "\(rest)")
    #expect(rest.contains(#"\u{1B}[2J\u{0A}"#) || rest.contains(#"\u{1B}[2J\n"#), "\(rest)")
    for line in rest.split(whereSeparator: \.isNewline)
    where line.hasPrefix("  [") || line.contains("film-hours") {
      #expect(line.count < 80, "\(line)")
    }
  }

  @Test("a library that is damaged ends both with exit status 10, and changes nothing")
  func damaged() throws {
    let program = try Self.site()
    let file = program.folder.path("library/casebook.sqlite")
    try Data("no database".utf8).write(to: URL(fileURLWithPath: file))
    for command in ["watch", "batch"] {
      let outcome = try program.run([command] + Self.quick + ["in"])
      #expect(outcome.status == 10)
      #expect(outcome.errorText.contains("casebook.sqlite"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("no database".utf8))
  }

  @Test("a copy that is made while a batch writes is a library")
  func backup() throws {
    let program = try Self.site()
    let outcome = try program.shell(
      #"""
      "$PROGRAM" batch "$@" in > /dev/null 2>&1 & child=$!
      for i in 1 2 3; do "$PROGRAM" backup --json copy$i || exit 9; done
      wait $child; "$PROGRAM" backup copy1; echo "again $?"
      for i in 1 2 3; do
        "$PROGRAM" reference verify --library copy$i > /dev/null || exit 8
        "$PROGRAM" queue list --library copy$i > /dev/null || exit 7
      done
      """#,
      Self.quick
    )
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    #expect(outcome.lines.last == "again 2")
    for line in outcome.lines.prefix(3) {
      #expect(try JSONSchema(named: "backup-1").flaws(of: JSON(parsing: line)) == [])
    }
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Benchmarks/unattended").path

  @Test("a disk that forgets what was synced does harm, so that the trial of power cuts can fail")
  func forgetfulDisk() throws {
    let outcome = try Toolbox.run(
      [
        "python3", Self.script, "power", "--program", Program.path, "--files", "2", "--cuts", "12",
        "--without-syncs", "--patience", "60",
      ]
    )
    #expect(outcome.status == 1, "\(outcome.text)\(outcome.errorText)")
    #expect(outcome.errorText.contains("not as it has to be: power."))
  }

  /// The short forms of what `Benchmarks/unattended` measures.
  @Test(
    "nothing is lost and nothing done twice, whatever happens",
    arguments: [
      (
        "kill", "--files 60 --kills 10 --interval 0.8 --spread 0.05 --patience 100",
        "kill.jobs_done"
      ),
      ("power", "--files 2 --cuts 8", "power.leaks_or_reports_lost"),
      ("soak", "--minutes 0.4", "soak.leaks_done"),
      ("faults", "", "damaged.watch_exit_status"),
    ]
  )
  func unattended(_ kind: String, _ options: String, _ measured: String) throws {
    let outcome = try Toolbox.run(
      ["python3", Self.script, kind, "--program", Program.path]
        + options.split(separator: " ").map(String.init)
    )
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    #expect(outcome.lines.contains { $0.hasPrefix(measured) }, "\(outcome.text)")
  }
}

extension Toolbox.Outcome {
  fileprivate func expectSuccess() { #expect(status == 0, "\(errorText)") }
}
