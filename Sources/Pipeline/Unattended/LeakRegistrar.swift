import Casebook
import Intake
import Logging
import SystemPackage

/// Puts files that are complete into the queue: the one thread that reads them for their SHA-256.
///
/// Contents are known before anything is queued, so that a job is never more than its contents. What
/// was not queued yet when the program is killed is found again, for its file is where it was.
struct LeakRegistrar {
  private let state: ServiceState
  /// So many files, or so many seconds of reading, go into one transaction.
  private static let mostFiles = 64
  private static let mostSeconds = 0.5
  private static let idleSeconds = 1.0

  init(_ state: ServiceState) { self.state = state }

  /// Works until the service is over.
  func run() {
    while !state.isOver {
      do throws(PipelineError) {
        if try !registerSome() { state.bell.wait(Self.idleSeconds) }
      } catch {
        if error.kind != .cancelled { state.fail(error) }
      }
    }
  }

  private struct Read {
    var arrival: ServiceState.Arrival
    var sha256: String
    var place: JobPlace
  }

  /// Reads some of the files that arrived, and queues them.
  ///
  /// - Returns: Whether there were any.
  private func registerSome() throws(PipelineError) -> Bool {
    defer { state.registered() }
    let began = ProcessIdentity.steadySeconds()
    var read: [Read] = []
    var isIdle = true
    while read.count < Self.mostFiles, ProcessIdentity.steadySeconds() < began + Self.mostSeconds,
      let arrival = state.nextArrival()
    {
      isIdle = false
      if let file = try self.read(arrival) { read.append(file) }
    }
    guard !read.isEmpty else { return !isIdle }
    let seen = read.map { ($0.sha256, $0.place, $0.arrival.priority) }
    let admissions = try state.persist {
      try state.casebook.admit(seen, now: ProcessIdentity.now())
    }
    for (file, admission) in zip(read, admissions) {
      switch admission {
      case .added(let job):
        try accept(file.arrival, job, .waiting)
        state.log.debug("queued", metadata: fields(file.arrival, file.sha256))
      case .known(let job, let jobState):
        try accept(file.arrival, job, jobState)
        state.log.debug("seen.again", metadata: fields(file.arrival, file.sha256))
      }
    }
    state.bell.ring()
    return true
  }

  private func fields(_ arrival: ServiceState.Arrival, _ sha256: String) -> Logger.Metadata {
    ["path": .string(SafeText.of(arrival.found.path)), "sha256": .string(sha256)]
  }

  private func accept(
    _ arrival: ServiceState.Arrival,
    _ job: Int64,
    _ jobState: JobState
  ) throws(PipelineError) {
    state.found(arrival.found.path)
    try state.choose(job)
    guard jobState == .done, let done = state.plan.0.settings.done else { return }
    let found = arrival.found
    DoneMover(state).move(found.path, below: found.root, as: found.stamp, into: done)
  }

  /// Reads a file where it is new or was changed; nil where nothing is left to do about it.
  private func read(_ arrival: ServiceState.Arrival) throws(PipelineError) -> Read? {
    let found = arrival.found
    let place = JobPlace(found)
    let known =
      try state.persist(.claiming) { try state.casebook.jobs(ofUnchanged: [place]) }.first ?? nil
    if let known {
      try accept(arrival, known.job, known.state)
      return nil
    }
    do throws(PipelineError) {
      let identity = try FileIdentity(of: try Self.target(of: found.path), flag: state.stop)
      guard let stamp = Self.stamp(of: found.path), stamp == found.stamp,
        stamp.sizeBytes == identity.sizeBytes
      else {
        // It was written to while it was read: it is not complete yet.
        state.reconsider(found.path)
        if state.kind == .batch { state.miss(found.path) }
        return nil
      }
      return Read(arrival: arrival, sha256: identity.sha256, place: place)
    } catch {
      guard error.kind == .input else { throw error }
      if error.code == "not_found" { return nil }
      try note(unread: found.path, error)
      return nil
    }
  }

  /// Notes that a file or folder cannot be read, and says so where that is news.
  func note(unread path: FilePath, _ error: PipelineError) throws(PipelineError) {
    let failure = JobFailure(code: error.code, message: error.message)
    let isNews = try state.persist {
      try state.casebook.note(
        unread: SafeText.bytes(of: path),
        failure,
        now: ProcessIdentity.now()
      )
    }
    state.miss(path)
    state.reconsider(path)
    guard isNews || state.kind == .batch else { return }
    state.log.warning(
      "unread",
      metadata: [
        "path": .string(SafeText.of(path)), "code": .string(error.code),
        "cause": .string(error.message),
      ]
    )
  }

  /// The file itself, where a link leads to it.
  static func target(of path: FilePath) throws(PipelineError) -> FilePath {
    do throws(Errno) {
      return try FileStamp(of: path).kind == .link ? try FolderWatch.realPath(path) : path
    } catch {
      throw PipelineError(
        .input,
        code: error == .noSuchFileOrDirectory ? "not_found" : "not_readable",
        "cannot look at the file (\(error))"
      )
    }
  }

  /// What a path leads to now.
  static func stamp(of path: FilePath) -> FileStamp? {
    try? FileStamp(of: path, followingLinks: true)
  }
}

extension JobPlace {
  init(_ found: FoundFile) {
    self.init(
      path: SafeText.bytes(of: found.path),
      root: SafeText.bytes(of: found.root),
      device: found.stamp.device,
      inode: found.stamp.inode,
      sizeBytes: found.stamp.sizeBytes,
      changedNanoseconds: found.stamp.changedNanoseconds
    )
  }

  /// Whether a file looks as it did here; devices get new numbers when they are mounted anew.
  func isAs(_ stamp: FileStamp) -> Bool {
    stamp.kind == .file && stamp.inode == inode && stamp.sizeBytes == sizeBytes
      && stamp.changedNanoseconds == changedNanoseconds
  }
}
