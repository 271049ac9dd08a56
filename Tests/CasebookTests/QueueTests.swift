import Casebook
import Foundation
import SystemPackage
import Synchronization
import TestSupport
import Testing

/// A queue with values to put into it.
private final class Queue {
  let fixture: Fixture
  let casebook: Casebook
  /// The clock of the tests.
  var now = QueueMoment(wallSeconds: 1_700_000_000, uptimeMilliseconds: 50_000, bootID: "boot")

  init() throws {
    fixture = try Fixture()
    casebook = try fixture.open()
  }

  func pass(_ seconds: Int64) {
    now.wallSeconds += seconds
    now.uptimeMilliseconds += 1000 * seconds
  }

  func place(_ path: String, size: Int64 = 10) -> JobPlace {
    JobPlace(
      path: Array(path.utf8),
      root: Array("/in".utf8),
      device: .max,
      inode: 7,
      sizeBytes: size,
      changedNanoseconds: -5
    )
  }

  @discardableResult
  func admit(_ text: String, at path: String? = nil, priority: Int = 0) throws -> JobAdmission {
    let place = place(path ?? "/in/\(text).mp4")
    return try #require(
      try casebook.admit([(Fixture.digest(text), place, priority)], now: now).first
    )
  }

  func runner(_ pid: Int32 = 1, boot: String = "boot") throws -> Int64 {
    try casebook.enter(
      RunnerEntry(
        kind: "watch",
        host: "host",
        bootID: boot,
        pidNamespace: "pid:[1]",
        pid: pid,
        startTicks: 9,
        workers: 2
      ),
      now: now
    )
  }

  func job(_ text: String) throws -> JobRecord {
    try #require(try casebook.jobs(sha256Prefix: Fixture.digest(text)).first)
  }

  func order(_ runner: Int64) throws -> [String] {
    var order: [String] = []
    while let ticket = try casebook.claimJob(for: runner, now: now) {
      order.append(ticket.sha256)
    }
    return order
  }
}

@Suite("The queue")
struct QueueTests {
  private static let failure = JobFailure(code: "broken", message: "it is broken")

  private static func result(_ answer: String = "matched") -> JobResult {
    JobResult(answer: answer, filmSeconds: 60, workSeconds: 5)
  }

  private static func analysis(_ text: String) -> LeakAnalysis {
    var leak = Fixture.leak(text)
    leak.sha256 = Fixture.digest(text)
    return LeakAnalysis(leak: leak, matches: [Fixture.match("Film")], sightings: [])
  }

  @Test("knows a film by its contents: another name is another sighting of one job")
  func contents() throws {
    let queue = try Queue()
    #expect(try queue.admit("a", at: "/in/1.mp4") == .added(job: 1))
    #expect(try queue.admit("a", at: "/in/2.mp4") == .known(job: 1, state: .waiting))
    #expect(try queue.admit("b") == .added(job: 2))
    #expect(
      try queue.job("a").places.map(\.path) == [Array("/in/1.mp4".utf8), Array("/in/2.mp4".utf8)]
    )
    #expect(try queue.job("a").places.first == queue.place("/in/1.mp4"))
  }

  @Test("knows a file that was not changed without its contents being read")
  func unchanged() throws {
    let queue = try Queue()
    try queue.admit("a", at: "/in/1.mp4")
    let same = queue.place("/in/1.mp4")
    let other = queue.place("/in/2.mp4")
    var (inode, time, device) = (same, same, same)
    inode.inode += 1
    time.changedNanoseconds += 1
    device.device -= 1
    let known = try queue.casebook.jobs(ofUnchanged: [same, other, inode, time, device])
    #expect(known.map { $0?.job } == [1, nil, nil, nil, nil])
  }

  @Test("gives a place to the job of its new contents, when a file is replaced")
  func replaced() throws {
    let queue = try Queue()
    try queue.admit("a", at: "/in/1.mp4")
    try queue.admit("b", at: "/in/1.mp4")
    #expect(try queue.job("a").places == [])
    #expect(try queue.job("b").places.count == 1)
  }

  @Test("is worked on by priority, then by age, whatever the clock says")
  func order() throws {
    let queue = try Queue()
    try queue.admit("first")
    queue.now.wallSeconds -= 3600
    try queue.admit("second")
    try queue.admit("urgent", priority: 5)
    try queue.admit("lifted")
    queue.now.wallSeconds += 7200
    try queue.admit("lifted", at: "/in/other.mp4", priority: 9)
    try queue.admit("urgent", at: "/in/lesser.mp4", priority: 1)
    let order = try queue.order(try queue.runner())
    #expect(order == ["lifted", "urgent", "first", "second"].map(Fixture.digest))
  }

  @Test("gives only the jobs that are asked for")
  func choice() throws {
    let queue = try Queue()
    for text in ["a", "b", "c"] { try queue.admit(text) }
    let runner = try queue.runner()
    try queue.casebook.beginFollowing()
    let none = try queue.casebook.claimJob(for: runner, followedOnly: true, now: queue.now)
    #expect(none == nil)
    for job: Int64 in [3, 2, 2] { try queue.casebook.follow(job) }
    #expect(try queue.casebook.followedCounts() == [.waiting: 2])
    let ticket = try queue.casebook.claimJob(for: runner, followedOnly: true, now: queue.now)
    #expect(ticket?.jobKey == 2)
    try queue.casebook.unfollow(3)
    let rest = try queue.casebook.claimJob(for: runner, followedOnly: true, now: queue.now)
    #expect(rest == nil)
    #expect(try queue.casebook.hasOpenFollowed())
    try queue.casebook.unfollow(2)
    #expect(try !queue.casebook.hasOpenFollowed())
    // Others see all, and not who follows what.
    #expect(try queue.casebook.claimJob(for: runner, now: queue.now)?.jobKey == 1)
  }

  @Test("gives each job to one of many who ask at once")
  func concurrency() throws {
    let queue = try Queue()
    let count = 60
    for index in 0..<count { try queue.admit("\(index)") }
    let (path, now) = (queue.fixture.path, queue.now)
    let runner = try queue.runner()
    let claimed = Mutex<[Int64]>([])
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      guard let casebook = try? Casebook.open(at: path, mode: .readWrite(createFolder: false))
      else { return }
      while let ticket = try? casebook.claimJob(for: runner, now: now) {
        claimed.withLock { $0.append(ticket.jobKey) }
      }
    }
    #expect(claimed.withLock { $0.sorted() } == Array(1...Int64(count)))
  }

  @Test("completes a job and records its leak together, or neither")
  func completion() throws {
    let queue = try Queue()
    try queue.admit("a", at: "/in/1.mp4")
    let runner = try queue.runner()
    let ticket = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    var analysis = Self.analysis("a")
    // Something that the recording refuses after the job was completed.
    analysis.leak.sizeBytes = -1
    #expect(throws: CasebookError.self) {
      try queue.casebook.complete(ticket, with: Self.result(), recording: analysis, now: queue.now)
    }
    #expect(try queue.job("a").state == .running)
    analysis.leak.sizeBytes = 10
    analysis.otherPaths = [Array("/in/Other.2026.TS-GRP.mkv".utf8)]
    #expect(
      try queue.casebook.complete(ticket, with: Self.result(), recording: analysis, now: queue.now)
    )
    let job = try queue.job("a")
    #expect(job.state == .done && job.answer == "matched" && job.runner == nil)
    let leak = try #require(try queue.casebook.leak(Fixture.digest("a")))
    #expect(leak.matches == [Fixture.match("Film")])
    // The name of another sighting says more.
    #expect(leak.claim.group == "GRP")
  }

  @Test("takes no answer twice, and none by a ticket that was given to another since")
  func tickets() throws {
    let queue = try Queue()
    try queue.admit("a")
    let (one, other) = (try queue.runner(1), try queue.runner(2))
    let late = try #require(try queue.casebook.claimJob(for: one, now: queue.now))
    #expect(try queue.casebook.bury(one, lastBeat: 0, now: queue.now) == 1)
    let fresh = try #require(try queue.casebook.claimJob(for: other, now: queue.now))
    let analysis = Self.analysis("a")
    #expect(
      try !queue.casebook.complete(late, with: Self.result(), recording: analysis, now: queue.now)
    )
    #expect(try queue.casebook.leak(Fixture.digest("a")) == nil)
    #expect(try !queue.casebook.release(late, now: queue.now))
    #expect(
      try !queue.casebook.fail(late, Self.failure, backOffSeconds: nil, now: queue.now)
    )
    #expect(
      try queue.casebook.complete(fresh, with: Self.result(), recording: analysis, now: queue.now)
    )
    #expect(
      try !queue.casebook.complete(fresh, with: Self.result(), recording: analysis, now: queue.now)
    )
  }

  @Test("tells the history another name of a film that is done")
  func laterNames() throws {
    let queue = try Queue()
    try queue.admit("a", at: "/in/1.mp4")
    let ticket = try #require(
      try queue.casebook.claimJob(for: try queue.runner(), now: queue.now)
    )
    let analysis = Self.analysis("a")
    _ = try queue.casebook.complete(
      ticket,
      with: Self.result(),
      recording: analysis,
      now: queue.now
    )
    queue.pass(86_400)
    #expect(
      try queue.admit("a", at: "/in/Film.2026.TS-OTHER.mkv") == .known(job: 1, state: .done)
    )
    let leak = try #require(try queue.casebook.leak(Fixture.digest("a")))
    #expect(leak.claim.group == "OTHER")
    #expect(leak.lastSeen == queue.now.wallSeconds)
  }

  // MARK: Back-off

  @Test("waits after a failure, and sets aside with the reason")
  func backOff() throws {
    let queue = try Queue()
    try queue.admit("a")
    let runner = try queue.runner()
    let first = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    #expect(first.attempts == 0)
    _ = try queue.casebook.fail(first, Self.failure, backOffSeconds: 60, now: queue.now)
    #expect(try queue.job("a").notBefore == queue.now.wallSeconds + 60)
    queue.pass(59)
    #expect(try queue.casebook.claimJob(for: runner, now: queue.now) == nil)
    queue.pass(1)
    let second = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    #expect(second.attempts == 1)
    _ = try queue.casebook.fail(second, Self.failure, backOffSeconds: nil, now: queue.now)
    let job = try queue.job("a")
    #expect(job.state == .failed && job.attempts == 2 && job.failure == Self.failure)
    queue.pass(1_000_000)
    #expect(try queue.casebook.claimJob(for: runner, now: queue.now) == nil)
  }

  @Test("waits no longer where the clock is set back, and no less where it is set forward")
  func clocks() throws {
    let queue = try Queue()
    try queue.admit("a")
    let runner = try queue.runner()
    let ticket = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    _ = try queue.casebook.fail(ticket, Self.failure, backOffSeconds: 60, now: queue.now)
    queue.now.wallSeconds += 7200
    queue.now.uptimeMilliseconds += 59_000
    #expect(try queue.casebook.claimJob(for: runner, now: queue.now) == nil)
    queue.now.wallSeconds -= 10_800
    #expect(try queue.casebook.claimJob(for: runner, now: queue.now) == nil)
    queue.now.uptimeMilliseconds += 1000
    #expect(try queue.casebook.claimJob(for: runner, now: queue.now) != nil)
  }

  @Test("after a restart of the machine goes by the wall clock, which may have been set back")
  func restart() throws {
    for (shift, isGiven) in [(Int64(59), false), (60, true), (-3600, true)] {
      let queue = try Queue()
      try queue.admit("a")
      let runner = try queue.runner()
      let ticket = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
      _ = try queue.casebook.fail(ticket, Self.failure, backOffSeconds: 60, now: queue.now)
      queue.now = QueueMoment(
        wallSeconds: queue.now.wallSeconds + shift,
        uptimeMilliseconds: 1_000_000_000,
        bootID: "next"
      )
      let given = try queue.casebook.claimJob(for: runner, now: queue.now)
      #expect((given != nil) == isGiven, "\(shift)")
    }
  }

  // MARK: Runners

  @Test("puts back what a runner had when it ends, without a mark against the job")
  func leaving() throws {
    let queue = try Queue()
    try queue.admit("a")
    try queue.admit("b")
    let runner = try queue.runner()
    #expect(try queue.order(runner).count == 2)
    #expect(try queue.casebook.leave(runner, now: queue.now) == 2)
    #expect(try queue.job("a").state == .waiting)
    #expect(try queue.job("a").losses == 0 && queue.job("a").attempts == 0)
    #expect(try queue.casebook.runners().isEmpty)
    #expect(try queue.casebook.runners(ended: 5).map(\.key) == [runner])
  }

  @Test("leaves a runner alone that has beaten since it was looked at")
  func liveRunner() throws {
    let queue = try Queue()
    try queue.admit("a")
    let runner = try queue.runner()
    #expect(try queue.order(runner).count == 1)
    try queue.casebook.beat(runner, workers: 3, note: "disk full", now: queue.now)
    #expect(try queue.casebook.bury(runner, lastBeat: 0, now: queue.now) == 0)
    let record = try #require(try queue.casebook.runners().first)
    #expect(record.beat == 1 && record.note == "disk full" && record.entry.workers == 3)
    #expect(try queue.casebook.bury(runner, lastBeat: 1, now: queue.now) == 1)
  }

  @Test("gives what runners died over last, and sets it aside in the end")
  func poison() throws {
    let queue = try Queue()
    try queue.admit("poison")
    try queue.admit("other")
    for death in 1...Casebook.mostLosses {
      let runner = try queue.runner()
      try queue.casebook.beginFollowing()
      try queue.casebook.follow(1)
      let ticket = try #require(
        try queue.casebook.claimJob(for: runner, followedOnly: true, now: queue.now)
      )
      #expect(ticket.sha256 == Fixture.digest("poison"))
      _ = try queue.casebook.bury(runner, lastBeat: 0, now: queue.now)
      #expect(try queue.job("poison").losses == death)
    }
    let job = try queue.job("poison")
    #expect(job.state == .failed && job.failure?.code == JobFailure.workerDied)
    #expect(try queue.order(try queue.runner()) == [Fixture.digest("other")])
  }

  @Test("takes up what a disk kept without who had it in hand, also under the same number")
  func orphans() throws {
    let queue = try Queue()
    try queue.admit("kept")
    let runner = try queue.runner()
    _ = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    // Another program does not ask whom the job refers to.
    let forget = """
      import sqlite3, sys
      base = sqlite3.connect(sys.argv[1])
      base.execute("DELETE FROM runner")
      base.commit()
      """
    let file = queue.fixture.path.appending("casebook.sqlite").string
    #expect(try Toolbox.run(["python3", "-c", forget, file]).status == 0)
    let next = try queue.runner()
    #expect(next == runner)
    let ticket = try queue.casebook.claimJob(for: next, now: queue.now)
    #expect(ticket?.sha256 == Fixture.digest("kept"))
    #expect(try queue.job("kept").losses == 1)
  }

  @Test("lets others go before a job that a runner died over")
  func losses() throws {
    let queue = try Queue()
    try queue.admit("hit")
    try queue.admit("other")
    let runner = try queue.runner()
    _ = try queue.casebook.claimJob(for: runner, now: queue.now)
    _ = try queue.casebook.bury(runner, lastBeat: 0, now: queue.now)
    let order = try queue.order(try queue.runner())
    #expect(order == [Fixture.digest("other"), Fixture.digest("hit")])
  }

  // MARK: Tending

  @Test("tries again, and forgets, what is asked for, but not what is being worked on")
  func tending() throws {
    let queue = try Queue()
    for text in ["a", "b", "c"] { try queue.admit(text) }
    let runner = try queue.runner()
    let a = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    _ = try queue.casebook.fail(a, Self.failure, backOffSeconds: nil, now: queue.now)
    let b = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    #expect(try queue.casebook.retry(jobs: [a.jobKey, b.jobKey, 99], now: queue.now) == 1)
    let job = try queue.job("a")
    #expect(job.state == .waiting && job.attempts == 0 && job.failure == nil)
    #expect(try queue.casebook.forget(jobs: [a.jobKey, b.jobKey]) == 1)
    #expect(try queue.casebook.jobs(sha256Prefix: a.sha256).isEmpty)
    #expect(try queue.job("b").state == .running)
    #expect(try queue.admit("a") == .added(job: 4))
  }

  @Test("lets a film wait again whose file was gone and is seen anew")
  func comeback() throws {
    let queue = try Queue()
    try queue.admit("a")
    let runner = try queue.runner()
    for (code, isBack) in [(JobFailure.gone, true), ("broken", false)] {
      let ticket = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
      let failure = JobFailure(code: code, message: "why")
      _ = try queue.casebook.fail(ticket, failure, backOffSeconds: nil, now: queue.now)
      // What was gone has to be read again, though it looks the same.
      let known = try queue.casebook.jobs(ofUnchanged: [queue.place("/in/a.mp4")])
      #expect((known[0] == nil) == isBack)
      #expect(try queue.admit("a") == .known(job: 1, state: isBack ? .waiting : .failed))
    }
  }

  @Test("knows which files could not be read, until they can")
  func unread() throws {
    let queue = try Queue()
    let path = Array("/in/\u{1B}[31m.mp4".utf8)
    #expect(try queue.casebook.note(unread: path, Self.failure, now: queue.now))
    #expect(try !queue.casebook.note(unread: path, Self.failure, now: queue.now))
    let other = JobFailure(code: "other", message: "y")
    #expect(try queue.casebook.note(unread: path, other, now: queue.now))
    #expect(try queue.casebook.unreadFiles().map(\.failure) == [other])
    var place = queue.place("x")
    place.path = path
    _ = try queue.casebook.admit([(Fixture.digest("a"), place, 0)], now: queue.now)
    #expect(try queue.casebook.unreadFiles().isEmpty)
  }

  @Test("counts")
  func summary() throws {
    let queue = try Queue()
    for text in ["a", "b", "c", "d"] { try queue.admit(text) }
    let runner = try queue.runner()
    let a = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    let b = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    queue.pass(10)
    let analysis = Self.analysis("a")
    _ = try queue.casebook.complete(a, with: Self.result(), recording: analysis, now: queue.now)
    _ = try queue.casebook.fail(b, Self.failure, backOffSeconds: 60, now: queue.now)
    _ = try queue.casebook.claimJob(for: runner, now: queue.now)
    let summary = try queue.casebook.queueSummary(recentSince: 0, now: queue.now)
    #expect(summary.counts == [.done: 1, .waiting: 2, .running: 1])
    #expect(summary.delayed == 1 && summary.matched == 1 && summary.waitingBytes == 30)
    #expect(summary.recentFilmSeconds == 60 && summary.recentBytes == 10)
    #expect(summary.recentSince == queue.now.wallSeconds - 5)
    let later = try queue.casebook.queueSummary(
      recentSince: queue.now.wallSeconds + 1,
      now: queue.now
    )
    #expect(later.recentJobs == 0 && later.recentSince == nil && later.filmSeconds == 60)
  }

  @Test("keeps hostile names and words as they are")
  func words() throws {
    let queue = try Queue()
    let names: [[UInt8]] = [
      Array("/in/'); DROP TABLE job;--.mp4".utf8), [0x2F, 0xFF, 0xFE, 0x0A, 0x22, 0x5C],
      Array("/in/\u{202E}4pm.\u{1B}[2J".utf8),
    ]
    for (index, name) in names.enumerated() {
      var place = queue.place("x")
      place.path = name
      _ = try queue.casebook.admit([(Fixture.digest("\(index)"), place, 0)], now: queue.now)
    }
    let runner = try queue.runner()
    let ticket = try #require(try queue.casebook.claimJob(for: runner, now: queue.now))
    let failure = JobFailure(code: "x'); --", message: "a\0b'); DROP TABLE job;--")
    _ = try queue.casebook.fail(ticket, failure, backOffSeconds: nil, now: queue.now)
    let jobs = try queue.casebook.jobs()
    #expect(Set(jobs.flatMap { $0.places.map(\.path) }) == Set(names))
    #expect(jobs.compactMap(\.failure).map(\.code) == [failure.code])
    // SQLite's own functions would end the text at the zero.
    #expect(jobs.compactMap(\.failure?.message) == ["a\u{FFFD}b'); DROP TABLE job;--"])
    #expect(try queue.casebook.jobs(at: names[1]).count == 1)
    #expect(try queue.casebook.jobs(sha256Prefix: "*").isEmpty)
  }

  @Test("is added to a casebook of an older format, whose history stays")
  func migration() throws {
    let fixture = try Fixture()
    let before = Casebook.formatSteps.prefix {
      !$0.joined().contains("CREATE TABLE job ")
    }
    #expect(before.count < Casebook.formatSteps.count)
    do {
      let old = try Casebook.open(
        at: fixture.path,
        mode: .readWrite(createFolder: true),
        steps: Array(before)
      )
      try old.record([Self.analysis("a")])
    }
    #expect(try fixture.open(.readOnly).jobs().isEmpty)
    let casebook = try fixture.open()
    #expect(try casebook.leak(Fixture.digest("a")) != nil)
    #expect(try casebook.jobs().isEmpty)
  }

  @Test("is copied as of one moment while others write")
  func copying() throws {
    let queue = try Queue()
    try queue.admit("a")
    let folder = try TemporaryDirectory()
    let target = FilePath(folder.path("copy"))
    try FileManager.default.createDirectory(
      atPath: target.string,
      withIntermediateDirectories: true
    )
    try queue.casebook.copy(to: target)
    try queue.admit("b")
    let copy = try Casebook.open(at: target, mode: .readOnly)
    #expect(try copy.jobs().map(\.sha256) == [Fixture.digest("a")])
  }
}
