import Casebook
import Foundation
import Logging
import Pipeline
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Names and words that mean something to a terminal, a log, JSON or Prometheus.
private let hostileNames: [[UInt8]] = [
  Array("/in/\u{1B}[2J\u{1B}]0;title\u{07}.mp4".utf8),
  Array("/in/a\nlevel=error event=done sha256=0.mp4".utf8),
  Array("/in/\"} 1\nleaktrace_jobs{state=\"done\"} 99\\.mp4".utf8),
  Array("/in/'; DROP TABLE job;--.mp4".utf8),
  Array("/in/\u{202E}4pm.exe \u{2066}x\u{2028}y\u{85}z.mp4".utf8),
  [0x2F, 0xFF, 0xC3, 0x28, 0x0A, 0x1B, 0x22, 0x5C, 0x2E, 0x6D, 0x70, 0x34],
]

/// Whether nothing in a line would steer a terminal, or begin another line.
private func isHarmless(_ line: String) -> Bool {
  line.unicodeScalars.allSatisfy { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}

@Suite("Lines of the log")
struct LogLineTests {
  private static func lines(
    _ format: LogFormat,
    _ body: (Logger) -> Void
  ) -> [String] {
    let box = LineBox()
    let log = Logger(label: "test") { _ in
      LineLogHandler(format, clock: { Date(timeIntervalSince1970: 1_700_000_000.5) }) {
        box.add($0)
      }
    }
    body(log)
    return box.all
  }

  private final class LineBox: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test("are key=value pairs, quoted where it is needed")
  func logfmt() {
    let lines = Self.lines(.logfmt) { log in
      log.info(
        "done",
        metadata: ["path": "/in/a b.mp4", "film_s": .stringConvertible(1.5), "empty": ""]
      )
      log.debug("left out")
    }
    #expect(
      lines == [
        "time=2023-11-14T22:13:20.500Z level=info event=done empty=\"\" film_s=1.5 "
          + "path=\"/in/a b.mp4\""
      ]
    )
  }

  @Test("are JSON documents with numbers as numbers")
  func json() throws {
    let lines = Self.lines(.json) { log in
      log.warning("retry", metadata: ["wait_s": .stringConvertible(30), "list": ["a", "b"]])
    }
    let document = try JSON(parsing: try #require(lines.first))
    #expect(document["level"] == .text("warning") && document["event"] == .text("retry"))
    #expect(document["wait_s"] == .number(30))
    #expect(document["list"] == .list([.text("a"), .text("b")]))
  }

  @Test("stay one line and one value each, whatever stands in a name", arguments: hostileNames)
  func hostile(_ name: [UInt8]) throws {
    let path = SafeText.of(SafeText.path(of: name))
    let raw = String(decoding: name, as: UTF8.self)
    for format in LogFormat.allCases {
      let lines = Self.lines(format) { log in
        log.info("done", metadata: ["path": .string(path), "raw": .string(raw)])
      }
      let line = try #require(lines.first)
      #expect(lines.count == 1 && isHarmless(line), "\(line)")
      switch format {
      case .json: #expect(try JSON(parsing: line)["raw"] == .text(raw))
      case .logfmt:
        // The values end where they should: the next key is the one that comes next.
        let value = try #require(line.range(of: " raw="))
        let quoted = String(line[value.upperBound...])
        #expect(try JSONDecoder().decode(String.self, from: Data(quoted.utf8)) == raw)
      }
    }
  }
}

@Suite("Reports of the queue")
struct QueueReportTests {
  private static func site() throws -> (TemporaryDirectory, Casebook) {
    let folder = try TemporaryDirectory()
    let casebook = try Casebook.open(
      at: FilePath(folder.path("library")),
      mode: .readWrite(createFolder: true)
    )
    return (folder, casebook)
  }

  /// A queue in which every hostile name is running, with a hostile failure behind it.
  private static func hostile() throws -> (TemporaryDirectory, Casebook) {
    let (folder, casebook) = try site()
    let now = ProcessIdentity.now()
    for (index, name) in hostileNames.enumerated() {
      let place = JobPlace(
        path: name,
        root: Array("/in".utf8),
        device: 1,
        inode: 1,
        sizeBytes: 10,
        changedNanoseconds: 1
      )
      let digest = ContentDigest.of(Array("\(index)".utf8))
      _ = try casebook.admit([(digest, place, 0)], now: now)
    }
    var entry = ProcessIdentity.runner(kind: "watch", workers: 1)
    entry.host = "ho\"st\n\u{1B}[31m"
    let runner = try casebook.enter(entry, now: now)
    let message = "bad \u{1B}[31m\n\"tag\" \u{202E}"
    try casebook.beat(runner, workers: 2, note: message, now: now)
    for _ in hostileNames {
      let ticket = try #require(try casebook.claimJob(for: runner, now: now))
      let failure = JobFailure(code: "broken", message: message)
      _ = try casebook.fail(ticket, failure, backOffSeconds: 0, now: now)
    }
    for _ in hostileNames { _ = try casebook.claimJob(for: runner, now: now) }
    _ = try casebook.note(
      unread: hostileNames[0],
      JobFailure(code: "x", message: message),
      now: now
    )
    return (folder, casebook)
  }

  @Test("are valid by their schemas and hold exact names, whatever stands in them")
  func documents() throws {
    let (folder, casebook) = try Self.hostile()
    defer { withExtendedLifetime(folder) {} }
    let store = try QueueStore(at: casebook.folder, forWriting: false)
    let list = try JSONDocument.line(try store.list(JobState.allCases, limit: 100))
    let status = try JSONDocument.line(try store.status())
    #expect(isHarmless(list) && isHarmless(status))
    let document = try JSON(parsing: list)
    #expect(try JSONSchema(named: "queue-1").flaws(of: document) == [])
    #expect(
      try JSONSchema(named: "status-1").flaws(of: JSON(parsing: status)) == []
    )
    let names = Set(
      (document["jobs"]?.elements ?? []).compactMap { job -> [UInt8]? in
        guard let sighting = job["sightings"]?.elements.first else { return nil }
        if let text = sighting["path_base64"]?.string {
          return Data(base64Encoded: text).map(Array.init)
        }
        return sighting["path"]?.string.map { Array($0.utf8) }
      }
    )
    #expect(names == Set(hostileNames))
  }

  @Test("in Prometheus' format are one sample a line, whatever stands in a label")
  func metrics() throws {
    let (folder, casebook) = try Self.hostile()
    defer { withExtendedLifetime(folder) {} }
    let text = MetricsFile.text(try StatusReport(casebook, now: ProcessIdentity.now()))
    var running = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      #expect(isHarmless(String(line)), "\(line)")
      if line.hasPrefix("#") { continue }
      let sample = #/^leaktrace_[a-z_]+(\{([a-z0-9]+="([^"\\]|\\[\\"n])*",?)*\})? [-0-9.e+]+$/#
      #expect(try sample.wholeMatch(in: line) != nil, "\(line)")
      if line.hasPrefix("leaktrace_running_seconds{") { running += 1 }
    }
    #expect(running == hostileNames.count)
    #expect(text.contains("leaktrace_jobs{state=\"running\"} \(hostileNames.count)\n"))
    #expect(text.contains("leaktrace_jobs{state=\"done\"} 0\n"))
  }

  @Test("say how fast work goes, and how long the rest takes")
  func rate() throws {
    let (folder, casebook) = try Self.site()
    defer { withExtendedLifetime(folder) {} }
    var now = ProcessIdentity.now()
    let runner = try casebook.enter(
      ProcessIdentity.runner(kind: "watch", workers: 1),
      now: now
    )
    for index in 0..<3 {
      let place = JobPlace(
        path: Array("/in/\(index)".utf8),
        root: Array("/in".utf8),
        device: 1,
        inode: 1,
        sizeBytes: 1000,
        changedNanoseconds: 1
      )
      let digest = ContentDigest.of(Array("\(index)".utf8))
      _ = try casebook.admit([(digest, place, 0)], now: now)
    }
    let ticket = try #require(try casebook.claimJob(for: runner, now: now))
    now.wallSeconds += 100
    // 200 s of film in 100 s.
    let result = JobResult(answer: "matched", filmSeconds: 200, workSeconds: 100)
    _ = try casebook.complete(ticket, with: result, recording: nil, now: now)
    let status = try StatusReport(casebook, now: now)
    #expect(status.rate == 2)
    #expect(status.secondsLeft == 200)
    #expect(status.queue.matched == 1 && status.queue.waiting == 2)
    now.wallSeconds += 1000
    #expect(try StatusReport(casebook, now: now).runners.first?.health == .silent)
  }
}

@Suite("Processes that work on a queue")
struct ProcessIdentityTests {
  @Test("are known by number, start, boot and numbering")
  func life() throws {
    let own = ProcessIdentity.runner(kind: "watch", workers: 1)
    #expect(ProcessIdentity.life(of: own) == .running)
    var other = own
    other.startTicks += 1
    #expect(ProcessIdentity.life(of: other) == .gone)
    other = own
    other.bootID = "another"
    #expect(ProcessIdentity.life(of: other) == .elsewhere)
    other = own
    other.pidNamespace = "pid:[1]"
    #expect(ProcessIdentity.life(of: other) == .elsewhere)
    other = own
    other.pid = Int32.max - 1
    #expect(ProcessIdentity.life(of: other) == .gone)
  }

  @Test("that ended and were not waited for are gone")
  func zombie() throws {
    // The shell becomes a program that never waits for the child, which ends at once.
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "sleep 0.1 & echo $!; exec sleep 5"]
    process.standardOutput = pipe
    try process.run()
    defer { process.terminate() }
    let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    let number = try #require(Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    usleep(500_000)
    let stat = try String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
    let fields = stat.split(separator: " ")
    #expect(fields[2] == "Z", "\(stat)")
    var entry = ProcessIdentity.runner(kind: "watch", workers: 1)
    entry.pid = number
    entry.startTicks = try #require(Int64(fields[21]))
    #expect(ProcessIdentity.life(of: entry) == .gone)
    entry.pid = process.processIdentifier
    let parent = try String(contentsOfFile: "/proc/\(entry.pid)/stat", encoding: .utf8)
    entry.startTicks = try #require(Int64(parent.split(separator: " ")[21]))
    #expect(ProcessIdentity.life(of: entry) == .running)
  }
}

@Suite("Where leaks go that are done")
struct DoneFolderTests {
  @Test("finishes a move that a kill interrupted")
  func interrupted() throws {
    let folder = try TemporaryDirectory()
    let (file, done) = (FilePath(folder.path("in/a.mp4")), FilePath(folder.path("done")))
    for name in ["in", "done"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name),
        withIntermediateDirectories: true
      )
    }
    try Data("x".utf8).write(to: URL(fileURLWithPath: file.string))
    try FileManager.default.linkItem(atPath: file.string, toPath: folder.path("done/a.mp4"))
    let place = try DoneFolder(done).take(file, below: FilePath(folder.path("in")))
    #expect(place == done.appending("a.mp4"))
    #expect(!FileManager.default.fileExists(atPath: file.string))
    #expect(try FileManager.default.contentsOfDirectory(atPath: done.string) == ["a.mp4"])
  }

  @Test("keeps names of any bytes, and numbers those that are taken")
  func names() throws {
    let folder = try TemporaryDirectory()
    let root = FilePath(folder.url.path)
    let outcome = try Toolbox.run(
      [
        "bash", "-c",
        "cd \"$0\"; mkdir in; echo x > $'in/\\xff.mp4'; mkdir done; echo y > $'done/\\xff.mp4'",
        root.string,
      ]
    )
    #expect(outcome.status == 0)
    let name: [UInt8] = [0xFF] + Array(".mp4".utf8)
    let file = SafeText.path(of: SafeText.bytes(of: root.appending("in")) + [0x2F] + name)
    let place = try DoneFolder(root.appending("done")).take(file, below: root.appending("in"))
    let expected = [0xFF] + Array(" (1).mp4".utf8)
    #expect(Array(SafeText.bytes(of: place).suffix(expected.count)) == expected)
  }
}
