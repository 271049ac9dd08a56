import Foundation
import Settings
import TestSupport
import Testing

@Suite("Configuration")
struct SettingsTests {
  @Test("has a place for every setting")
  func everything() throws {
    let settings = try Settings(
      toml: """
        library = "/srv/library"
        [intake]
        quiet = 5
        rescan = 60.5
        poll = 15
        always-poll = true
        [[intake.folder]]
        path = "/srv/a"
        priority = 7
        [[intake.folder]]
        path = "/srv/б"
        [work]
        workers = 4
        threads = 2
        attempts = 9
        back-off = 60
        lease = 300
        [examine]
        ads = false
        effort = "quick"
        explain = true
        attribution = false
        pictures = "/srv/pictures"
        mark-key = "/srv/key"
        mark-asset = "FILM"
        location-bits = 20
        time-bits = 15
        [output]
        reports = "/srv/reports"
        move-done = "/srv/done"
        metrics = "/srv/m.prom"
        log = "/srv/log"
        log-format = "json"
        log-level = "debug"
        """
    )
    var expected = Settings()
    expected.library = "/srv/library"
    (expected.quiet, expected.rescan, expected.poll) = (5, 60.5, 15)
    expected.alwaysPoll = true
    expected.folders = [.init(path: "/srv/a", priority: 7), .init(path: "/srv/б", priority: nil)]
    (expected.workers, expected.threads, expected.attempts) = (4, 2, 9)
    (expected.backOff, expected.lease) = (60, 300)
    (expected.ads, expected.effort, expected.explain) = (false, "quick", true)
    (expected.attribution, expected.pictures) = (false, "/srv/pictures")
    (expected.markKey, expected.markAsset) = ("/srv/key", "FILM")
    (expected.locationBits, expected.timeBits) = (20, 15)
    (expected.reports, expected.moveDone) = ("/srv/reports", "/srv/done")
    (expected.metrics, expected.log) = ("/srv/m.prom", "/srv/log")
    (expected.logFormat, expected.logLevel) = ("json", "debug")
    #expect(settings == expected)
  }

  @Test("may say nothing")
  func nothing() throws {
    #expect(try Settings(toml: "") == Settings())
    #expect(try Settings(toml: "# a comment\n[work]\n") == Settings())
  }

  @Test(
    "is refused with the line of the mistake",
    arguments: [
      ("[work]\nworkers = 2\nworker = 3\n", 3, "\"work.worker\" is not known here"),
      ("\n\n[wrok]\nworkers = 2\n", 3, "\"wrok\" is not known here"),
      ("[work]\nworkers = \"2\"\n", 2, "\"work.workers\" must be a whole number"),
      ("[work]\n# two\nworkers = 65\n", 3, "\"work.workers\" must be between 1 and 64"),
      ("[work]\nworkers = 2.5\n", 2, "must be a whole number"),
      ("[intake]\nquiet = -1\n", 2, "\"intake.quiet\" must be between"),
      ("[intake]\nquiet = nan\n", 2, "\"intake.quiet\" must be between"),
      ("library = \"srv\"\n", 1, "\"library\" must be an absolute path"),
      ("a = 1\nlibrary = 3\n", 2, "\"library\" must be text in quotes"),
      ("[examine]\neffort = \"most\"\n", 2, "must be one of quick, standard, thorough"),
      ("[examine]\nads = 1\n", 2, "\"examine.ads\" must be true or false"),
      ("[output]\nlog-level = \"loud\"\n", 2, "must be one of trace, debug"),
      ("work = 3\n", 1, "\"work\" must be a table"),
      ("[intake]\nfolder = [\"/a\"]\n", 2, "lists are of [[tables]]"),
      ("[intake]\nfolder = \"/a\"\n", 2, "must be a list of tables"),
      ("[[intake.folder]]\npath = \"/a\"\n[[intake.folder]]\npriority = 1\n", 3, "missing"),
      ("[[intake.folder]]\npath = \"/a\"\n[[intake.folder]]\npath = 4\n", 4, "text in quotes"),
      ("[examine]\nmark-key = \"/k\"\n", 1, "\"examine.mark-asset\" is missing"),
      ("[work]\nworkers = 2\nworkers = 3\n", 3, "workers"),
      ("[work\n", 1, ""),
      ("x = '''\nmany\nlines\n'''\nlibrary = 1\n", 5, "\"library\""),
      ("library = 1\nx = 2\n", 1, "\"library\""),
      ("x = [\n  1,\n  2,\n]\n", 1, "lists are of"),
      ("x = [,]\n", 1, "lists are of"),
      ("library = 1\n\"a = [\" = \t{ y = 1 }\n", 2, "lists are of"),
      ("library = \"/a\"\nx = [\n  1,\n]\n", 2, "lists are of"),
      ("x = \"[=\" # = [\n", 1, "\"x\" is not known here"),
      // Heads of tables that end the parser's process.
      ("[\nwork]\nworkers = 2\n", 1, "the name of a table"),
      ("[работа]\n", 1, "the name of a table"),
      ("[work]\nworkers = 2\n[[ \t.folder]]\n", 3, "the name of a table"),
      ("\u{FEFF}[=]\n", 1, "the name of a table"),
      ("[work]\nworkers =\n[=]\n", 2, ""),
      ("x = \"\"\"\n[=\\\"\"\"\"\"\n[=]\n", 3, "the name of a table"),
      ("x = \"\"\"\n[=]\n\"\"\"\n", 1, "\"x\" is not known here"),
      ("x = '[=' # [=\nlibrary = 1\n", 2, "\"library\""),
      ("[work]\r\nworkers = 2\r\nworkers_ = 3\r\n", 3, "\"work.workers_\""),
    ]
  )
  func mistakes(_ text: String, _ line: Int, _ message: String) {
    do throws(SettingsError) {
      _ = try Settings(toml: text)
      Issue.record("it was taken: \(text)")
    } catch {
      #expect(error.line == line, "\(error)")
      #expect(message.isEmpty || error.message.contains(message), "\(error)")
    }
  }

  @Test("of the package is valid, and names every key that there is")
  func example() throws {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("packaging/config.toml")
    let text = try String(contentsOf: file, encoding: .utf8)
    _ = try Settings(toml: text)
    // Its commented lines are keys with their defaults or an example.
    let open = text.split(separator: "\n").map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") ? String(line.dropFirst()) : String(line)
    }
    let settings = try Settings(toml: open.joined(separator: "\n"))
    let missing = Mirror(reflecting: settings).children.filter { child in
      "\(child.value)" == "nil" || "\(child.value)" == "[]"
    }
    #expect(missing.compactMap(\.label) == [])
  }
}
