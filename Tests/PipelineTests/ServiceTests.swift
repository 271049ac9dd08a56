import Casebook
import Foundation
import Intake
import Logging
import Pipeline
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Examines files by their text: `match…`, `fail…`, `slow…`, anything else matches nothing.
private final class FakeExaminer: LeakExaminer {
  private let counts = Mutex<[String: Int]>([:])
  private let hook: @Sendable (FilePath) throws -> Void
  /// Stops the present run.
  let stop = Mutex(CancellationFlag())

  init(hook: @escaping @Sendable (FilePath) throws -> Void = { _ in }) { self.hook = hook }

  /// How often contents were examined.
  var examined: [String: Int] { counts.withLock { $0 } }

  func examine(
    _ path: FilePath,
    seenAt: Int64,
    progress: @escaping @Sendable (Double) -> Void
  ) throws -> LeakExamination {
    let bytes = try InputFile.read(path, limit: 1 << 20)
    let text = String(decoding: bytes, as: UTF8.self)
    counts.withLock { $0[text, default: 0] += 1 }
    progress(0.5)
    try hook(path)
    while text.hasPrefix("slow") {
      try stop.withLock { $0 }.check()
      usleep(20_000)
    }
    if text.hasPrefix("fail") {
      throw PipelineError(.input, code: "broken", "it is broken")
    }
    var report = MatchReport(path: path, status: text.hasPrefix("match") ? .matched : .noMatch)
    report.leak.sha256 = ContentDigest.of(bytes)
    report.leak.sizeBytes = Int64(bytes.count)
    report.leak.duration = 60
    return LeakExamination(
      report: report,
      analysis: report.analysis(nil, of: path, at: seenAt),
      complaint: nil
    )
  }
}

/// A library, a folder of leaks, and a service over both.
private final class Site: Sendable {
  let folder: TemporaryDirectory
  let lines = Mutex<[String]>([])
  let answers = Mutex<[(String, MatchReport.Status)]>([])

  init() throws {
    folder = try TemporaryDirectory()
    for name in ["in", "library"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name),
        withIntermediateDirectories: true
      )
    }
    _ = try Casebook.open(at: library, mode: .readWrite(createFolder: false))
  }

  var library: FilePath { FilePath(folder.path("library")) }
  var incoming: FilePath { FilePath(folder.path("in")) }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: folder.path("in/" + name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: file)
  }

  func settings(_ change: (inout ServiceSettings) -> Void = { _ in }) -> ServiceSettings {
    var intake = FolderWatch.Options(names: LeakNames(extensions: ["mp4"]))
    (intake.quietSeconds, intake.rescanSeconds) = (0.1, 1)
    var settings = ServiceSettings(folders: [.init(path: incoming)], intake: intake)
    (settings.workers, settings.attempts, settings.backOffSeconds) = (2, 2, 1)
    change(&settings)
    return settings
  }

  /// Runs a service; a watch until `isStopped` says so.
  func run(
    _ kind: UnattendedService.Kind,
    _ settings: ServiceSettings,
    _ examiner: FakeExaminer,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws -> UnattendedService.Outcome {
    var settings = settings
    settings.intake.waitsForContents = kind == .watch
    let stop = CancellationFlag()
    examiner.stop.withLock { $0 = stop }
    var hooks = UnattendedService.Hooks()
    hooks.answered = { [self] path, report, _ in
      answers.withLock { $0.append((path.lastComponent?.string ?? "", report.status)) }
    }
    let log = Logger(label: "test") { [self] _ in
      LineLogHandler(.logfmt, level: .debug) { line in
        self.lines.withLock { $0.append(line) }
      }
    }
    let service = UnattendedService(
      library: library,
      kind: kind,
      log: log,
      stop: stop,
      hooks: hooks
    )
    let plan = ServicePlan(settings: settings, examiner: examiner)
    return try service.run({ plan }, isStopped: isStopped)
  }

  func casebook() throws -> Casebook { try Casebook.open(at: library, mode: .readOnly) }

  func has(_ text: String) -> Bool { lines.withLock { $0.contains { $0.contains(text) } } }
}

/// A limit for what a watch is waited for.
private func deadline(_ seconds: Double) -> @Sendable () -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  return { ContinuousClock.now > end }
}

@Suite("Unattended work")
struct ServiceTests {
  @Test("of a batch examines each film once, and ends when all are done or set aside")
  func batch() throws {
    let site = try Site()
    try site.write("a.mp4", "match a")
    try site.write("b/again.mp4", "match a")
    try site.write("c.mp4", "none")
    try site.write("d.mp4", "fail")
    let examiner = FakeExaminer()
    let reports = FilePath(site.folder.path("reports"))
    let settings = site.settings { $0.reports = ReportFolder(reports) }
    let outcome = try site.run(.batch, settings, examiner)
    #expect(outcome.counts == [.done: 2, .failed: 1])
    #expect(outcome.matched == 1 && outcome.missing == 0)
    #expect(examiner.examined == ["match a": 1, "none": 1, "fail": 2])
    let casebook = try site.casebook()
    let digest = ContentDigest.of(Array("match a".utf8))
    #expect(try casebook.jobs(sha256Prefix: digest).first?.places.count == 2)
    #expect(try casebook.leak(digest) != nil)
    let failed = try #require(try casebook.jobs(in: [.failed]).first)
    #expect(failed.attempts == 2 && failed.failure?.code == "broken")
    let statuses = site.answers.withLock { $0.map(\.1) }
    #expect(Set(statuses) == [.matched, .noMatch, .failed])
    let names = try FileManager.default.contentsOfDirectory(atPath: reports.string)
    #expect(names.count == 3 && names.contains(digest + ".json"))
    // Again: nothing is done twice, nothing is said twice.
    let second = try site.run(.batch, settings, examiner)
    #expect(second == outcome)
    #expect(examiner.examined["match a"] == 1 && site.answers.withLock { $0.count } == 3)
    // Originals are as they were.
    #expect(FileManager.default.contents(atPath: site.folder.path("in/a.mp4"))?.count == 7)
  }

  @Test("says what it could not take")
  func missing() throws {
    let site = try Site()
    try site.write("empty.mp4", "")
    let settings = site.settings {
      $0.folders.append(.init(path: FilePath(site.folder.path("nothing.mp4"))))
    }
    let outcome = try site.run(.batch, settings, FakeExaminer())
    #expect(outcome.missing == 2)
    #expect(try site.casebook().unreadFiles().map(\.failure.code) == ["empty"])
    #expect(site.has("event=unread") && site.has("event=folder.lost"))
  }

  @Test("of a watch takes what comes, and gives back what it has in hand when it is stopped")
  func stopping() throws {
    let site = try Site()
    try site.write("slow.mp4", "slow")
    try site.write("z.mp4", "none")
    let began = Mutex<ContinuousClock.Instant?>(nil)
    let isStopped: @Sendable () -> Bool = {
      if began.withLock({ $0 }) != nil { return true }
      guard site.has("event=done"), (try? site.casebook().jobs(in: [.running]).count) == 1 else {
        return false
      }
      began.withLock { $0 = $0 ?? .now }
      return true
    }
    #expect(throws: PipelineError.cancelled) {
      try site.run(.watch, site.settings(), FakeExaminer(), isStopped: isStopped)
    }
    let took = try #require(began.withLock { $0 }).duration(to: .now)
    #expect(took < .seconds(4))
    let jobs = try site.casebook().jobs()
    #expect(jobs.map(\.state).sorted { $0.rawValue < $1.rawValue } == [.done, .waiting])
    #expect(jobs.allSatisfy { $0.attempts == 0 && $0.losses == 0 })
    #expect(try site.casebook().runners(ended: 1).first?.endedAt != nil)
  }

  @Test("does not count an answer of a file that was changed while it was examined")
  func changed() throws {
    let site = try Site()
    try site.write("a.mp4", "match old")
    let isFirst = Atomic<Bool>(true)
    let examiner = FakeExaminer { path in
      guard isFirst.exchange(false, ordering: .relaxed) else { return }
      try Data("match new!".utf8).write(to: URL(fileURLWithPath: path.string))
    }
    let outcome = try site.run(.batch, site.settings(), examiner)
    // The old contents are gone, the new ones are another leak.
    let jobs = try site.casebook().jobs()
    let old = jobs.first { $0.sha256 == ContentDigest.of(Array("match old".utf8)) }
    let new = jobs.first { $0.sha256 == ContentDigest.of(Array("match new!".utf8)) }
    // The watch may have seen the change before the worker looked again.
    let codes = [JobFailure.replaced, JobFailure.gone]
    #expect(old?.state == .failed && codes.contains(old?.failure?.code ?? ""))
    #expect(new?.state == .done)
    #expect(outcome.counts == [.failed: 1, .done: 1])
    #expect(try site.casebook().leak(ContentDigest.of(Array("match old".utf8))) == nil)
  }

  @Test("knows a file that is gone from one whose folder is")
  func vanished() throws {
    for isFolder in [false, true] {
      let site = try Site()
      try site.write("first.mp4", "none")
      try site.write("sub/a.mp4", "match")
      let settings = site.settings {
        $0.workers = 1
        $0.folders = [
          .init(path: site.incoming.appending("first.mp4"), priority: 9),
          .init(path: site.incoming.appending("sub")),
        ]
      }
      // The first is worked on until the other is in the queue, and its file is then taken away.
      let examiner = FakeExaminer { path in
        guard path.lastComponent?.string == "first.mp4" else { return }
        let limit = deadline(10)
        while try site.casebook().jobs().count < 2, !limit() { usleep(20_000) }
        let gone = site.folder.path(isFolder ? "in/sub" : "in/sub/a.mp4")
        try FileManager.default.moveItem(atPath: gone, toPath: site.folder.path("away"))
        if !isFolder { try site.write("sub/other.txt", "so that the folder is not empty") }
      }
      let outcome = try site.run(.batch, settings, examiner)
      let job = try #require(
        try site.casebook().jobs(sha256Prefix: ContentDigest.of(Array("match".utf8))).first
      )
      #expect(job.state == (isFolder ? .waiting : .failed))
      #expect(job.failure?.code == (isFolder ? "unreachable" : JobFailure.gone))
      #expect(outcome.missing >= (isFolder ? 1 : 0))
    }
  }

  @Test("is shared by two services: each film once")
  func sharing() throws {
    let site = try Site()
    let count = 30
    for index in 0..<count { try site.write("\(index).mp4", "none \(index)") }
    let examiner = FakeExaminer { _ in usleep(30_000) }
    let limit = deadline(60)
    let isStopped: @Sendable () -> Bool = {
      limit()
        || (try? site.casebook().queueSummary(recentSince: 0, now: ProcessIdentity.now()))?
          .counts[.done] == count
    }
    let group = DispatchGroup()
    for _ in 0..<2 {
      group.enter()
      Thread {
        _ = try? site.run(.watch, site.settings { $0.workers = 1 }, examiner, isStopped: isStopped)
        group.leave()
      }.start()
    }
    group.wait()
    #expect(examiner.examined.count == count)
    #expect(examiner.examined.values.allSatisfy { $0 == 1 })
  }

  @Test("puts back what a runner had that no longer lives")
  func deadRunner() throws {
    let site = try Site()
    try site.write("a.mp4", "match")
    let casebook = try Casebook.open(at: site.library, mode: .readWrite(createFolder: false))
    let now = ProcessIdentity.now()
    var entry = ProcessIdentity.runner(kind: "watch", workers: 1)
    // This process, but of another start: its number was given again.
    entry.startTicks += 1
    let runner = try casebook.enter(entry, now: now)
    let place = JobPlace(
      path: SafeText.bytes(of: site.incoming.appending("a.mp4")),
      root: SafeText.bytes(of: site.incoming),
      device: 0,
      inode: 0,
      sizeBytes: 5,
      changedNanoseconds: 0
    )
    let digest = ContentDigest.of(Array("match".utf8))
    _ = try casebook.admit([(digest, place, 0)], now: now)
    #expect(try casebook.claimJob(for: runner, now: now) != nil)
    let outcome = try site.run(.batch, site.settings(), FakeExaminer())
    #expect(outcome.counts == [.done: 1])
    #expect(try site.casebook().jobs().first?.losses == 1)
    #expect(site.has("event=runner.dead"))
  }

  @Test("moves what is done where that was asked for, replaces nothing, and moves nothing else")
  func moving() throws {
    let site = try Site()
    try site.write("sub/a.mp4", "match")
    try site.write("b.mp4", "fail")
    let done = FilePath(site.folder.path("in/done"))
    try site.write("done/sub/a.mp4", "here before")
    let settings = site.settings { $0.done = DoneFolder(done) }
    _ = try site.run(.batch, settings, FakeExaminer())
    func text(_ name: String) -> String? {
      FileManager.default.contents(atPath: site.folder.path("in/" + name)).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    #expect(text("sub/a.mp4") == nil)
    #expect(text("done/sub/a.mp4") == "here before")
    #expect(text("done/sub/a (1).mp4") == "match")
    #expect(text("b.mp4") == "fail")
    // The same film again, as after a kill between the answer and the move.
    try site.write("c.mp4", "match")
    _ = try site.run(.batch, settings, FakeExaminer())
    #expect(text("c.mp4") == nil && text("done/c.mp4") == "match")
  }

  @Test("says what keeps it from writing answers, and goes on when it can")
  func trouble() throws {
    let site = try Site()
    try site.write("a.mp4", "match")
    let reports = FilePath(site.folder.path("reports"))
    // A file where the folder should be.
    try Data().write(to: URL(fileURLWithPath: reports.string))
    let settings = site.settings { $0.reports = ReportFolder(reports) }
    #expect(throws: PipelineError.self) {
      try site.run(.batch, settings, FakeExaminer())
    }
    #expect(try site.casebook().jobs().first?.state == .waiting)
    let limit = deadline(30)
    let isMended = Atomic<Bool>(false)
    let isStopped: @Sendable () -> Bool = {
      if site.has("event=trouble "), !isMended.exchange(true, ordering: .relaxed) {
        try? FileManager.default.removeItem(atPath: reports.string)
      }
      return limit() || site.has("event=trouble.over")
    }
    #expect(throws: PipelineError.cancelled) {
      try site.run(.watch, settings, FakeExaminer(), isStopped: isStopped)
    }
    #expect(try site.casebook().jobs().first?.state == .done)
  }
}
