public import Casebook
import Foundation
import Intake
public import Logging
public import SystemPackage

/// Takes leaks from folders and works on them until somebody says stop, or until all are done.
///
/// Threads: one looks at the folders, one reads what is new, each worker examines one leak at a time,
/// and the caller's own keeps house: it beats, looks after runners that died, and shows how it goes.
public final class UnattendedService: Sendable {
  /// When it ends.
  public enum Kind: String, Sendable {
    /// When somebody says so.
    case watch
    /// When all that was asked for is done or set aside.
    case batch
  }

  /// Called with each answer, and with what is wrong with the file, once the answer is on the disk.
  public typealias Answered = @Sendable (FilePath, MatchReport, PipelineError?) -> Void

  /// What the service asks of the program that it runs in.
  public struct Hooks: Sendable {
    /// Is given each answer.
    public var answered: Answered = { _, _, _ in }
    /// Is told several times a second how the work stands.
    public var shown: @Sendable (LiveState) -> Void = { _ in }
    /// Gives a new plan where somebody asked to read the settings anew; else nil.
    public var reloaded: @Sendable () throws -> ServicePlan? = { nil }

    /// Creates hooks that do nothing.
    public init() {}
  }

  /// How it ended.
  public struct Outcome: Sendable, Hashable {
    /// The jobs that were asked for, by state; for a watch, all.
    public var counts: [JobState: Int] = [:]
    /// Of these, those that show a release.
    public var matched = 0
    /// Files and folders that could not be taken, and leaks that could not be reached.
    public var missing = 0
  }

  private let casebook: Casebook
  private let kind: Kind
  private let plan: ServicePlan
  private let log: Logger
  private let hooks: Hooks
  /// Stops all work; the examiner has to look at it.
  public let stop: CancellationFlag

  private static let tickSeconds = 0.1
  private static let countSeconds = 1.0
  private static let metricsSeconds = 10.0
  /// Longest wait for threads to put down what they have in hand.
  private static let graceSeconds = 3.0

  /// Creates a service over the queue of a library.
  public init(
    _ store: QueueStore,
    kind: Kind,
    plan: ServicePlan,
    log: Logger,
    stop: CancellationFlag,
    hooks: Hooks
  ) {
    casebook = store.casebook
    (self.kind, self.plan, self.log, self.stop, self.hooks) = (kind, plan, log, stop, hooks)
  }

  /// Works until `isStopped` says so, or until all is done.
  ///
  /// - Throws: ``PipelineError`` where nothing can be done.
  public func run(isStopped: @escaping @Sendable () -> Bool) throws(PipelineError) -> Outcome {
    let entry = ProcessIdentity.runner(kind: kind.rawValue, workers: plan.settings.workers)
    let runner = try enter(entry, isStopped)
    let state = ServiceState(casebook, kind, runner: runner, plan: plan, log: log, stop: stop)
    log.notice("start", metadata: ["runner": .stringConvertible(runner)])
    let threads = ThreadGroup()
    threads.start { FolderIntake(state).run() }
    threads.start { LeakRegistrar(state).run() }
    keepHouse(state, threads, isStopped)
    // What cannot be put down in time goes back by the ticket: a late answer then counts for nothing.
    _ = threads.wait(Self.graceSeconds)
    let returned = (try? casebook.leave(runner, now: ProcessIdentity.now())) ?? 0
    if let metrics = state.plan.0.settings.metrics { try? writeMetrics(metrics) }
    log.notice("end", metadata: ["returned": .stringConvertible(returned)])
    if let failure = state.failure { throw failure }
    if isStopped() { throw .cancelled }
    return try outcome(state)
  }

  /// Enters the runner; waits for others who write, and where nothing can be written, as told.
  private func enter(
    _ entry: RunnerEntry,
    _ isStopped: () -> Bool
  ) throws(PipelineError) -> Int64 {
    var told = ""
    while true {
      do throws(CasebookError) {
        return try casebook.enter(entry, now: ProcessIdentity.now())
      } catch {
        let cause = PipelineError(error)
        let trouble = Trouble(cause)
        let mayPass = trouble == .passing || (trouble == .storage && kind == .watch)
        guard mayPass else { throw cause }
        if told != cause.message {
          log.error("trouble", metadata: ["cause": .string(cause.message)])
        }
        told = cause.message
        if isStopped() { throw .cancelled }
        Bell().sleep(5, until: isStopped)
      }
    }
  }

  private func outcome(_ state: ServiceState) throws(PipelineError) -> Outcome {
    do throws(CasebookError) {
      let jobs = try casebook.jobs(keys: state.allChosen)
      var outcome = Outcome()
      for job in jobs { outcome.counts[job.state, default: 0] += 1 }
      outcome.matched = jobs.count { $0.answer == MatchReport.Status.matched.rawValue }
      outcome.missing = state.missingCount + state.postponedCount
      return outcome
    } catch {
      throw PipelineError(error)
    }
  }

  // MARK: Keeping house

  private func keepHouse(
    _ state: ServiceState,
    _ threads: ThreadGroup,
    _ isStopped: () -> Bool
  ) {
    var watch = RunnerWatch(state)
    var due = (beat: 0.0, count: 0.0, metrics: 0.0)
    var workers = 0
    var live = LiveState()
    while !state.isOver {
      if isStopped() { stop.cancel() }
      let now = ProcessIdentity.steadySeconds()
      let settings = state.plan.0.settings
      if now >= due.beat {
        due.beat = now + StatusReport.beatSeconds
        beat(state, settings)
        watch.look(lease: settings.leaseSeconds)
      }
      // Those who are too many end by themselves, and are started anew where they are wanted again.
      for number in workers..<max(workers, settings.workers) {
        threads.start { [hooks] in JobWorker(state, number: number, answered: hooks.answered).run()
        }
      }
      workers = settings.workers
      if now >= due.count {
        due.count = now + Self.countSeconds
        live = counted(state) ?? live
        if kind == .batch, isDone(state) { state.finish() }
      }
      if let metrics = settings.metrics, now >= due.metrics {
        due.metrics = now + Self.metricsSeconds
        noteFailure(of: "metrics") { try writeMetrics(metrics) }
      }
      if let plan = reloaded() { state.replace(plan) }
      hooks.shown(state.refreshed(live))
      if !state.isOver { state.bell.wait(Self.tickSeconds) }
    }
    state.bell.ring()
  }

  private func beat(_ state: ServiceState, _ settings: ServiceSettings) {
    noteFailure(of: "beat") {
      try casebook.beat(
        state.runner,
        workers: settings.workers,
        note: state.trouble,
        now: ProcessIdentity.now()
      )
    }
  }

  private func writeMetrics(_ file: MetricsFile) throws(PipelineError) {
    try file.write(try StatusReport(casebook, now: ProcessIdentity.now()))
  }

  private func reloaded() -> ServicePlan? {
    do {
      let plan = try hooks.reloaded()
      if plan != nil { log.notice("reloaded") }
      return plan
    } catch {
      let cause = PipelineError(error).message
      log.error("not_reloaded", metadata: ["cause": .string(cause)])
      return nil
    }
  }

  /// Does what the work can go on without.
  private func noteFailure(of name: String, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      let cause = PipelineError(error).message
      log.warning("no_\(name)", metadata: ["cause": .string(cause)])
    }
  }

  private func counted(_ state: ServiceState) -> LiveState? {
    guard
      let summary = try? casebook.queueSummary(recentSince: .max, now: ProcessIdentity.now())
    else { return nil }
    guard kind == .batch else {
      return state.live(
        summary.counts,
        unread: summary.unread,
        waitingBytes: summary.waitingBytes
      )
    }
    guard let counts = try? casebook.count(of: state.allChosen) else { return nil }
    return state.live(counts, unread: state.missingCount, waitingBytes: summary.waitingBytes)
  }

  /// Whether all that was asked for is done, set aside or put off.
  private func isDone(_ state: ServiceState) -> Bool {
    guard state.isQuiet, let counts = try? casebook.count(of: state.chosen ?? []) else {
      return false
    }
    return (counts[.waiting] ?? 0) + (counts[.running] ?? 0) == 0
  }
}

/// Threads that block for minutes, and a wait for all of them.
final class ThreadGroup: Sendable {
  private let group = DispatchGroup()
  private static let stackBytes = 8 << 20

  func start(_ body: @escaping @Sendable () -> Void) {
    group.enter()
    let thread = Thread { [group] in
      body()
      group.leave()
    }
    thread.stackSize = Self.stackBytes
    thread.start()
  }

  /// Waits for all, at most for `seconds`.
  ///
  /// - Returns: Whether all ended.
  func wait(_ seconds: Double) -> Bool {
    group.wait(timeout: .now() + seconds) == .success
  }
}

/// Looks after runners that died with leaks in hand.
struct RunnerWatch {
  private let state: ServiceState
  /// When a runner elsewhere was first seen at its present beat, by a clock that nobody sets.
  private var beats: [Int64: (beat: Int64, since: Double)] = [:]

  init(_ state: ServiceState) { self.state = state }

  /// Puts back what dead runners had; those elsewhere are dead when they have not beaten for `lease`
  /// seconds, whatever their clock says.
  mutating func look(lease: Double) {
    guard let runners = try? state.casebook.runners() else { return }
    let now = ProcessIdentity.steadySeconds()
    for runner in runners where runner.key != state.runner {
      switch ProcessIdentity.life(of: runner.entry) {
      case .running: continue
      case .gone: break
      case .elsewhere:
        guard let known = beats[runner.key], known.beat == runner.beat else {
          beats[runner.key] = (runner.beat, now)
          continue
        }
        if now < known.since + lease { continue }
      }
      guard
        let count = try? state.casebook.bury(
          runner.key,
          lastBeat: runner.beat,
          now: ProcessIdentity.now()
        )
      else { continue }
      beats[runner.key] = nil
      state.log.warning(
        "runner.dead",
        metadata: [
          "runner": .stringConvertible(runner.key),
          "pid": .stringConvertible(Int(runner.entry.pid)),
          "host": .string(runner.entry.host), "returned": .stringConvertible(count),
        ]
      )
      state.bell.ring()
    }
  }
}
