public import Casebook
import Foundation
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

  private let library: FilePath
  private let kind: Kind
  private let log: Logger
  private let hooks: Hooks
  /// Stops all work; the examiner has to look at it.
  private let stop: CancellationFlag

  private static let tickSeconds = 0.1
  private static let countSeconds = 2.0
  private static let countPause = 20.0
  private static let metricsSeconds = 10.0
  private static let pauseSeconds = 5.0
  /// Longest wait for threads to put down what they have in hand.
  private static let graceSeconds = 3.0

  /// Creates a service over the queue of a library; `stop` has to stop the examiner.
  public init(
    library: FilePath,
    kind: Kind,
    log: Logger,
    stop: CancellationFlag,
    hooks: Hooks
  ) {
    (self.library, self.kind, self.log) = (library, kind, log)
    (self.stop, self.hooks) = (stop, hooks)
  }

  /// Works as `plan` says until `isStopped` says so, or until all is done.
  ///
  /// The plan is asked for once the library can be written to.
  ///
  /// - Throws: ``PipelineError`` where nothing can be done.
  public func run(
    _ plan: () throws -> ServicePlan,
    isStopped: @escaping @Sendable () -> Bool
  ) throws(PipelineError) -> Outcome {
    let (casebook, runner) = try enter(isStopped)
    let first: ServicePlan
    do {
      first = try plan()
    } catch {
      _ = try? casebook.leave(runner, now: ProcessIdentity.now())
      throw PipelineError(error)
    }
    let state = ServiceState(casebook, kind, runner: runner, plan: first, log: log, stop: stop)
    first.settings.reports?.tidy()
    log.notice("start", metadata: ["runner": .stringConvertible(runner)])
    let threads = ThreadGroup()
    threads.start { FolderIntake(state).run() }
    threads.start { LeakRegistrar(state).run() }
    keepHouse(state, threads, isStopped)
    // What cannot be put down in time goes back by the ticket: a late answer then counts for nothing.
    _ = threads.wait(Self.graceSeconds)
    let returned = (try? casebook.leave(runner, now: ProcessIdentity.now())) ?? 0
    if let metrics = state.plan.0.settings.metrics { try? write(metrics, state) }
    log.notice("end", metadata: ["returned": .stringConvertible(returned)])
    if let failure = state.failure { throw failure }
    if isStopped() { throw .cancelled }
    return try outcome(state)
  }

  /// Opens the queue and enters the runner; waits for others who write, and a watch for as long as
  /// nothing can be written.
  private func enter(_ isStopped: () -> Bool) throws(PipelineError) -> (Casebook, Int64) {
    let entry = ProcessIdentity.runner(kind: kind.rawValue, workers: 0)
    var told = ""
    while true {
      do throws(PipelineError) {
        // Opened anew each time: SQLite stays with reading where it could not write at first.
        let casebook = try QueueStore(at: library, forWriting: true).casebook
        do throws(CasebookError) {
          if kind == .batch { try casebook.beginFollowing() }
          return (casebook, try casebook.enter(entry, now: ProcessIdentity.now()))
        } catch {
          throw PipelineError(error)
        }
      } catch {
        let trouble = Trouble(error)
        let mayPass = trouble == .passing || (trouble == .storage && kind == .watch)
        guard mayPass else { throw error }
        if told != error.message {
          log.error("trouble", metadata: ["cause": .string(error.message)])
        }
        told = error.message
        Bell().sleep(Self.pauseSeconds, until: isStopped)
        if isStopped() { throw .cancelled }
      }
    }
  }

  private func outcome(_ state: ServiceState) throws(PipelineError) -> Outcome {
    do throws(CasebookError) {
      let jobs = try state.casebook.jobs(keys: state.allChosen)
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
        if kind == .watch { UnreadFiles(state).forgetOld() }
      }
      // Those who are too many end by themselves, and are started anew where they are wanted again.
      for number in workers..<max(workers, settings.workers) {
        threads.start { [hooks] in JobWorker(state, number: number, answered: hooks.answered).run()
        }
      }
      workers = settings.workers
      if now >= due.count {
        live = counted(state) ?? live
        if kind == .batch, isDone(state) { state.finish() }
        // Counting a queue of millions takes its time: no more than a twentieth of all.
        let end = ProcessIdentity.steadySeconds()
        due.count = end + max(Self.countSeconds, Self.countPause * (end - now))
      }
      if let metrics = settings.metrics, now >= due.metrics {
        due.metrics = now + Self.metricsSeconds
        noteFailure(of: "metrics") { try write(metrics, state) }
      }
      if let plan = reloaded() { state.replace(plan) }
      hooks.shown(state.refreshed(live))
      if !state.isOver { state.bell.wait(Self.tickSeconds) }
    }
    state.bell.ring()
  }

  private func beat(_ state: ServiceState, _ settings: ServiceSettings) {
    noteFailure(of: "beat") {
      try state.casebook.beat(
        state.runner,
        workers: settings.workers,
        note: state.trouble,
        now: ProcessIdentity.now()
      )
    }
  }

  private func write(_ file: MetricsFile, _ state: ServiceState) throws(PipelineError) {
    try file.write(try StatusReport(state.casebook, now: ProcessIdentity.now()))
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
      let summary = try? state.casebook.queueSummary(recentSince: .max, now: ProcessIdentity.now())
    else { return nil }
    guard kind == .batch else {
      return state.live(
        summary.counts,
        unread: summary.unread,
        waitingBytes: summary.waitingBytes
      )
    }
    guard let counts = try? state.casebook.followedCounts() else { return nil }
    // Jobs that were put off are followed no more.
    let unread = state.missingCount + state.postponedCount
    return state.live(counts, unread: unread, waitingBytes: summary.waitingBytes)
  }

  /// Whether all that was asked for is done, set aside or put off.
  private func isDone(_ state: ServiceState) -> Bool {
    guard state.isQuiet else { return false }
    return (try? state.casebook.hasOpenFollowed()) == false
  }
}
