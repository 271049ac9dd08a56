import Casebook
import Foundation
import Intake
import Logging
import Synchronization
import SystemPackage

/// What the threads of a service share.
final class ServiceState: Sendable {
  /// A file on its way into the queue.
  struct Arrival: Sendable {
    var found: FoundFile
    var priority: Int
  }

  private struct Running {
    var name: String
    var fraction: Double
    var began: Double
  }

  private struct Content {
    var plan: ServicePlan
    var generation = 0
    // A slice gives its first element away without moving the others.
    var arrivals: ArraySlice<Arrival> = []
    var isRegistering = false
    var isSettled = false
    var reconsidered: [FilePath] = []
    var chosen: Set<Int64> = []
    var postponed: Set<Int64> = []
    var running: [Int: Running] = [:]
    var pace: Pace
    var troubles: [TroubleSource: String] = [:]
    var failure: PipelineError?
    var missing: Set<FilePath> = []
  }

  let casebook: Casebook
  let kind: UnattendedService.Kind
  let runner: Int64
  let log: Logger
  /// Stops all work.
  let stop: CancellationFlag
  /// Wakes those who wait for something to do.
  let bell = Bell()
  private let content: Mutex<Content>
  private let finished = Atomic<Bool>(false)

  init(
    _ casebook: Casebook,
    _ kind: UnattendedService.Kind,
    runner: Int64,
    plan: ServicePlan,
    log: Logger,
    stop: CancellationFlag
  ) {
    (self.casebook, self.kind, self.runner) = (casebook, kind, runner)
    (self.log, self.stop) = (log, stop)
    content = Mutex(Content(plan: plan, pace: Pace(at: ProcessIdentity.steadySeconds())))
  }

  // MARK: Ending

  /// Whether threads end: all is done, someone asked to stop, or nothing can be done.
  var isOver: Bool { stop.isCancelled || finished.load(ordering: .acquiring) }

  /// Ends the threads once they have nothing in hand.
  func finish() {
    finished.store(true, ordering: .releasing)
    bell.ring()
  }

  /// Ends the service because nothing can be done.
  func fail(_ error: PipelineError) {
    content.withLock { $0.failure = $0.failure ?? error }
    stop.cancel()
    bell.ring()
  }

  /// Why the service cannot go on; nil where it can.
  var failure: PipelineError? { content.withLock(\.failure) }

  // MARK: Plan

  /// What is to be done now, and a number that grows with each change of it.
  var plan: (ServicePlan, generation: Int) { content.withLock { ($0.plan, $0.generation) } }

  func replace(_ plan: ServicePlan) {
    content.withLock { content in
      content.plan = plan
      content.generation += 1
    }
    bell.ring()
  }

  // MARK: Trouble

  /// What keeps the service from working; nil where nothing does.
  var trouble: String? { content.withLock { Self.trouble($0.troubles) } }

  private static func trouble(_ troubles: [TroubleSource: String]) -> String? {
    troubles.min { $0.key.rawValue < $1.key.rawValue }?.value
  }

  /// Does something with the library or a folder, and again until it succeeds, as far as it can.
  ///
  /// - Throws: ``PipelineError`` where trying again is of no use, and where someone asked to stop.
  func persist<Result>(
    _ source: TroubleSource = .library,
    _ body: () throws -> Result
  ) throws(PipelineError) -> Result {
    while true {
      do {
        let result = try body()
        note(trouble: nil, source)
        return result
      } catch {
        let cause = PipelineError(error)
        switch Trouble(cause) {
        case .passing?: note(trouble: cause.message, source)
        case .storage?:
          note(trouble: cause.message, source)
          guard kind == .watch else { throw cause }
          bell.sleep(Self.pauseSeconds) { self.isOver }
        case .fatal?, nil: throw cause
        }
        if stop.isCancelled { throw .cancelled }
      }
    }
  }

  private static let pauseSeconds = 5.0

  /// Notes what keeps the service from working, and says so where that is news.
  func note(trouble: String?, _ source: TroubleSource) {
    let isNews = content.withLock { content in
      guard content.troubles[source] != trouble else { return false }
      content.troubles[source] = trouble
      return true
    }
    guard isNews else { return }
    if let trouble {
      log.error("trouble", metadata: ["cause": .string(trouble)])
    } else {
      log.notice("trouble.over")
    }
  }

  // MARK: Arrivals

  func arrive(_ arrivals: [Arrival]) {
    guard !arrivals.isEmpty else { return }
    content.withLock { $0.arrivals += arrivals }
    bell.ring()
  }

  /// Takes the next file that arrived; the caller says ``registered()`` when it is through with all.
  func nextArrival() -> Arrival? {
    content.withLock { content in
      guard let arrival = content.arrivals.popFirst() else { return nil }
      content.isRegistering = true
      return arrival
    }
  }

  func registered() { content.withLock { $0.isRegistering = false } }

  /// Says whether every folder was looked at and nothing is about to be complete.
  func setSettled(_ isSettled: Bool) { content.withLock { $0.isSettled = isSettled } }

  /// Whether no file is on its way into the queue.
  var isQuiet: Bool {
    content.withLock { $0.isSettled && $0.arrivals.isEmpty && !$0.isRegistering }
  }

  /// Lets the folders' watch report a file once more.
  func reconsider(_ path: FilePath) { content.withLock { $0.reconsidered.append(path) } }

  func takeReconsidered() -> [FilePath] {
    content.withLock { content in
      defer { content.reconsidered = [] }
      return content.reconsidered
    }
  }

  /// Notes a file or folder that was named and could not be taken.
  func miss(_ path: FilePath) { content.withLock { _ = $0.missing.insert(path) } }

  /// Notes that it could be after all.
  func found(_ path: FilePath) { content.withLock { _ = $0.missing.remove(path) } }

  /// Files and folders that could not be taken.
  var missingCount: Int { content.withLock(\.missing.count) }

  // MARK: Jobs

  /// Adds a job to those that this service was asked for.
  func choose(_ job: Int64) throws(PipelineError) {
    // A watch takes all, and lives too long for a list of them.
    guard kind == .batch else { return }
    try persist { try casebook.follow(job) }
    content.withLock { _ = $0.chosen.insert(job) }
  }

  /// All jobs that this service was asked for, also those that it put off.
  var allChosen: [Int64] { content.withLock { $0.chosen.sorted() } }

  /// Notes that a job cannot be done now, for no fault of its own.
  func postpone(_ job: Int64) throws(PipelineError) {
    try persist { try casebook.unfollow(job) }
    content.withLock { _ = $0.postponed.insert(job) }
  }

  /// Whether jobs were put off.
  var postponedCount: Int { content.withLock(\.postponed.count) }

  func begin(_ worker: Int, _ name: String) {
    let now = ProcessIdentity.steadySeconds()
    content.withLock { $0.running[worker] = Running(name: name, fraction: 0, began: now) }
  }

  func progress(_ worker: Int, _ fraction: Double) {
    content.withLock { content in
      let before = content.running[worker]?.fraction ?? 0
      content.running[worker]?.fraction = max(before, min(1, fraction))
    }
  }

  func end(_ worker: Int) { content.withLock { $0.running[worker] = nil } }

  func done(filmSeconds: Double, bytes: Int64) {
    let now = ProcessIdentity.steadySeconds()
    content.withLock { $0.pace.add(filmSeconds: filmSeconds, bytes: bytes, at: now) }
  }

  /// The same counts with what changed since they were made.
  func refreshed(_ live: LiveState) -> LiveState {
    var fresh = live
    let now = ProcessIdentity.steadySeconds()
    content.withLock { content in
      fresh.arriving = content.arrivals.count
      fresh.jobs = Self.jobs(content, now)
      fresh.trouble = Self.trouble(content.troubles)
    }
    return fresh
  }

  private static func jobs(_ content: Content, _ now: Double) -> [LiveState.Job] {
    content.running.sorted { $0.key < $1.key }.map {
      .init(name: $0.value.name, fraction: $0.value.fraction, seconds: now - $0.value.began)
    }
  }

  /// How the work stands, for those counts of the queue.
  func live(_ counts: [JobState: Int], unread: Int, waitingBytes: Int64) -> LiveState {
    let now = ProcessIdentity.steadySeconds()
    return content.withLock { content in
      let rates = content.pace.rates(at: now)
      var live = LiveState()
      live.waiting = counts[.waiting] ?? 0
      live.running = counts[.running] ?? 0
      live.done = counts[.done] ?? 0
      live.failed = counts[.failed] ?? 0
      live.unread = unread
      live.arriving = content.arrivals.count
      live.rate = rates.film
      live.secondsLeft = rates.bytes > 0 ? Double(waitingBytes) / rates.bytes : nil
      live.jobs = Self.jobs(content, now)
      live.trouble = Self.trouble(content.troubles)
      return live
    }
  }
}

/// Wakes threads that wait for something to do.
final class Bell: Sendable {
  private let condition = NSCondition()

  func ring() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Waits until it rings, at most for `seconds`.
  func wait(_ seconds: Double) {
    condition.lock()
    _ = condition.wait(until: Date(timeIntervalSinceNow: seconds))
    condition.unlock()
  }

  /// Waits for `seconds` whatever rings, but no longer than until `isOver`.
  func sleep(_ seconds: Double, until isOver: () -> Bool) {
    let end = ProcessIdentity.steadySeconds() + seconds
    while !isOver(), ProcessIdentity.steadySeconds() < end { wait(min(0.2, seconds)) }
  }
}
