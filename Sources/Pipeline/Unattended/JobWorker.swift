import Casebook
import Intake
import Logging
import SystemPackage

/// One of those who take leaks from the queue and examine them, each on a thread of its own.
struct JobWorker {
  private let state: ServiceState
  private let number: Int
  private let answered: UnattendedService.Answered
  private static let idleSeconds = 1.0
  private static let unreachableSeconds: Int64 = 60

  init(_ state: ServiceState, number: Int, answered: @escaping UnattendedService.Answered) {
    (self.state, self.number, self.answered) = (state, number, answered)
  }

  /// Works until the service is over, or is to have fewer workers.
  func run() {
    while !state.isOver {
      let (plan, _) = state.plan
      guard number < plan.settings.workers else { return }
      do throws(PipelineError) {
        if try !workOnce(plan) { state.bell.wait(Self.idleSeconds) }
      } catch {
        if error.kind != .cancelled { state.fail(error) }
      }
    }
  }

  /// Takes one job.
  ///
  /// - Returns: Whether there was one.
  private func workOnce(_ plan: ServicePlan) throws(PipelineError) -> Bool {
    let ticket = try state.persist(.claiming) {
      try state.casebook.claimJob(
        for: state.runner,
        followedOnly: state.kind == .batch,
        now: ProcessIdentity.now()
      )
    }
    guard let ticket else { return false }
    do throws(PipelineError) {
      switch try locate(ticket) {
      case .found(let place, let path): try work(on: ticket, at: place, path, plan)
      case .unreachable(let cause):
        if state.kind == .batch { try state.postpone(ticket.jobKey) }
        let failure = JobFailure(code: "unreachable", message: cause)
        try release(ticket, because: failure, backOff: Self.unreachableSeconds)
        log(.warning, "unreachable", ticket, ["cause": .string(cause)])
      case .gone(let code, let message):
        let error = PipelineError(.input, code: code, message)
        try setAside(ticket, ticket.places.first, error, plan)
      }
    } catch {
      // Whoever takes it up next finds it as it was. Where even that cannot be written, the next
      // start puts it back.
      _ = try? state.casebook.release(ticket, now: ProcessIdentity.now())
      throw error
    }
    return true
  }

  // MARK: Finding the file

  private enum Location {
    case found(JobPlace, FilePath)
    /// Nobody can say whether the file is there.
    case unreachable(String)
    case gone(code: String, message: String)
  }

  /// Looks for a place where the job's contents still are; places where they are not are forgotten.
  private func locate(_ ticket: JobTicket) throws(PipelineError) -> Location {
    var unreachable: String?
    // A place is taken from a job when other contents are seen there.
    var isReplaced = ticket.places.isEmpty
    for place in ticket.places {
      let path = SafeText.path(of: place.path)
      do throws(Errno) {
        let stamp = try FileStamp(of: path, followingLinks: true)
        if place.isAs(stamp) { return .found(place, path) }
        isReplaced = true
        try? state.casebook.forget(place: place.path, of: ticket)
        // What is there now is another leak.
        state.reconsider(path)
        if stamp.kind == .file, state.kind == .batch {
          let found = FoundFile(path: path, root: SafeText.path(of: place.root), stamp: stamp)
          state.arrive([.init(found: found, priority: 0)])
        }
      } catch {
        if let cause = Self.doubt(error, place) {
          unreachable = "\(SafeText.of(path)): \(cause)"
        } else {
          try? state.casebook.forget(place: place.path, of: ticket)
        }
      }
    }
    if let unreachable { return .unreachable(unreachable) }
    return isReplaced
      ? .gone(
        code: JobFailure.replaced,
        message: "another file took its place before it was examined"
      )
      : .gone(code: JobFailure.gone, message: "the file is gone")
  }

  /// Why it cannot be said that a file is gone; nil where it is.
  ///
  /// A share that is not mounted leaves an empty folder on another device, or none.
  private static func doubt(_ error: Errno, _ place: JobPlace) -> String? {
    guard [.noSuchFileOrDirectory, .notDirectory].contains(error) else { return "\(error)" }
    var root = SafeText.path(of: place.root)
    if place.root == place.path { root.removeLastComponent() }
    do throws(Errno) {
      let stamp = try FileStamp(of: root, followingLinks: true)
      guard stamp.device != place.device, try FolderWatch.isEmpty(root) else { return nil }
      return "nothing is mounted at \(SafeText.of(root))"
    } catch {
      return "\(SafeText.of(root)) cannot be reached (\(error))"
    }
  }

  // MARK: Examining it

  private func work(
    on ticket: JobTicket,
    at place: JobPlace,
    _ path: FilePath,
    _ plan: ServicePlan
  ) throws(PipelineError) {
    let began = ProcessIdentity.steadySeconds()
    state.begin(number, SafeText.of(path))
    defer { state.end(number) }
    do {
      let target = try LeakRegistrar.target(of: path)
      var examination = try plan.examiner.examine(target, seenAt: ticket.firstSeen) {
        state.progress(number, $0)
      }
      try check(examination, ticket, place, path)
      examination.analysis?.leak.path = place.path
      examination.analysis?.otherPaths = ticket.places.map(\.path).filter { $0 != place.path }
      if let complaint = examination.complaint, complaint.kind != .input { throw complaint }
      state.note(trouble: nil, .examination)
      let seconds = ProcessIdentity.steadySeconds() - began
      try complete(ticket, place, path, examination, seconds, plan)
    } catch {
      let cause = PipelineError(error)
      switch Trouble(cause) {
      case .fatal?: throw cause
      case .passing?, .storage?:
        state.note(trouble: cause.message, .examination)
        guard state.kind == .watch else { throw cause }
        try release(ticket)
        state.bell.sleep(5) { state.isOver }
      case nil:
        guard cause.kind == .input else { throw cause }
        try fail(ticket, place, cause, plan)
      }
    }
  }

  /// Refuses the answer where the file was changed while it was examined.
  private func check(
    _ examination: LeakExamination,
    _ ticket: JobTicket,
    _ place: JobPlace,
    _ path: FilePath
  ) throws(PipelineError) {
    let isSame = LeakRegistrar.stamp(of: path).map(place.isAs) ?? false
    guard isSame, examination.report.leak.sha256 == ticket.sha256 else {
      throw PipelineError(
        .input,
        code: "changed",
        "the file was changed while it was examined"
      )
    }
  }

  private func complete(
    _ ticket: JobTicket,
    _ place: JobPlace,
    _ path: FilePath,
    _ examination: LeakExamination,
    _ seconds: Double,
    _ plan: ServicePlan
  ) throws(PipelineError) {
    let report = examination.report
    // The report first: once the job is done, its answer is on the disk.
    if let folder = plan.settings.reports {
      try state.persist(.output) { try folder.keep(report, of: ticket.sha256) }
    }
    let result = JobResult(
      answer: report.status.rawValue,
      filmSeconds: report.leak.duration ?? 0,
      workSeconds: seconds,
      remark: examination.complaint.map { JobFailure(code: $0.code, message: $0.message) }
    )
    let counted = try state.persist {
      try state.casebook.complete(
        ticket,
        with: result,
        recording: examination.analysis,
        now: ProcessIdentity.now()
      )
    }
    guard counted else { return log(.warning, "lost", ticket, [:]) }
    state.done(filmSeconds: result.filmSeconds, bytes: ticket.sizeBytes)
    var fields: Logger.Metadata = [
      "path": .string(SafeText.of(path)), "answer": .string(result.answer),
      "film_s": .stringConvertible(ReportNumber.seconds(result.filmSeconds)),
      "elapsed_s": .stringConvertible(ReportNumber.seconds(seconds)),
    ]
    if let effort = report.effort { fields["effort"] = .string(effort.rawValue) }
    if let match = report.matches.first {
      fields["title"] = .string(SafeText.of(match.title))
      fields["release"] = .string(match.releaseID)
      fields["log10_p"] = .stringConvertible(match.log10P)
    }
    if let ads = report.ads { fields["ads"] = .stringConvertible(ads.count) }
    if let remark = examination.complaint { fields["remark"] = .string(remark.message) }
    log(.info, "done", ticket, fields)
    answered(path, report, examination.complaint)
    if let folder = plan.settings.done { move(ticket, into: folder) }
  }

  private func move(_ ticket: JobTicket, into folder: DoneFolder) {
    for place in ticket.places {
      let stamp = FileStamp(
        device: place.device,
        inode: place.inode,
        sizeBytes: place.sizeBytes,
        changedNanoseconds: place.changedNanoseconds
      )
      let root = SafeText.path(of: place.root)
      DoneMover(state).move(SafeText.path(of: place.path), below: root, as: stamp, into: folder)
    }
  }

  // MARK: Failing

  private func fail(
    _ ticket: JobTicket,
    _ place: JobPlace,
    _ cause: PipelineError,
    _ plan: ServicePlan
  ) throws(PipelineError) {
    guard let wait = plan.settings.backOff(after: ticket.attempts) else {
      return try setAside(ticket, place, cause, plan)
    }
    let failure = JobFailure(code: cause.code, message: cause.message)
    let counted = try state.persist {
      try state.casebook.fail(ticket, failure, backOffSeconds: wait, now: ProcessIdentity.now())
    }
    guard counted else { return log(.warning, "lost", ticket, [:]) }
    log(
      .warning,
      "retry",
      ticket,
      [
        "path": .string(SafeText.of(SafeText.path(of: place.path))), "code": .string(cause.code),
        "cause": .string(cause.message), "attempt": .stringConvertible(ticket.attempts + 1),
        "wait_s": .stringConvertible(wait),
      ]
    )
  }

  private func setAside(
    _ ticket: JobTicket,
    _ place: JobPlace?,
    _ cause: PipelineError,
    _ plan: ServicePlan
  ) throws(PipelineError) {
    let path = place.map { SafeText.path(of: $0.path) } ?? FilePath(ticket.sha256)
    var report = MatchReport(path: path, status: .failed, error: cause)
    report.leak.sha256 = ticket.sha256
    report.leak.sizeBytes = ticket.sizeBytes
    if let folder = plan.settings.reports {
      try state.persist(.output) { try folder.keep(report, of: ticket.sha256) }
    }
    let failure = JobFailure(code: cause.code, message: cause.message)
    let counted = try state.persist {
      try state.casebook.fail(ticket, failure, backOffSeconds: nil, now: ProcessIdentity.now())
    }
    guard counted else { return log(.warning, "lost", ticket, [:]) }
    log(
      .error,
      "failed",
      ticket,
      [
        "path": .string(SafeText.of(path)), "code": .string(cause.code),
        "cause": .string(cause.message), "attempt": .stringConvertible(ticket.attempts + 1),
      ]
    )
    answered(path, report, cause)
  }

  private func release(
    _ ticket: JobTicket,
    because failure: JobFailure? = nil,
    backOff: Int64? = nil
  ) throws(PipelineError) {
    _ = try state.persist {
      try state.casebook.release(
        ticket,
        because: failure,
        backOffSeconds: backOff,
        now: ProcessIdentity.now()
      )
    }
  }

  private func log(
    _ level: Logger.Level,
    _ event: Logger.Message,
    _ ticket: JobTicket,
    _ fields: Logger.Metadata
  ) {
    var fields = fields
    fields["sha256"] = .string(ticket.sha256)
    state.log.log(level: level, event, metadata: fields)
  }
}
