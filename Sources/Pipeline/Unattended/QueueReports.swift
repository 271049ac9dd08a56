public import Casebook
public import SystemPackage

/// Jobs of the queue: the document of `leaktrace queue list --json`, see `docs/schema`.
public struct QueueListReport: Sendable, Codable, Hashable {
  /// A place where contents were seen.
  public struct Sighting: Sendable, Codable, Hashable {
    /// The file; bytes that are not UTF-8 stand as U+FFFD.
    public var path: String
    /// The exact bytes of a name that is not UTF-8.
    public var pathBase64: String?

    private enum CodingKeys: String, CodingKey {
      case path
      case pathBase64 = "path_base64"
    }

    init(_ path: [UInt8]) {
      let name = PathText(path)
      (self.path, pathBase64) = (name.text, name.base64)
    }
  }

  /// A leak of the queue.
  public struct Job: Sendable, Codable, Hashable {
    /// SHA-256 of the contents.
    public var sha256: String
    /// Size in bytes.
    public var sizeBytes: Int64
    /// `waiting`, `running`, `done` or `failed`.
    public var state: JobState
    /// Higher ones come first.
    public var priority: Int
    /// How often it failed.
    public var attempts: Int
    /// How often the program died over it.
    public var losses: Int
    /// When it was added.
    public var added: String
    /// When its state last changed.
    public var changed: String
    /// Before when it is not tried again.
    public var notBefore: String?
    /// Why it failed last, or what is wrong with a file that is done.
    public var error: MatchReport.Failure?
    /// `matched` or `no_match`, of one that is done.
    public var answer: String?
    /// Running time of the film in seconds.
    public var duration: Double?
    /// Seconds of work.
    public var elapsed: Double?
    /// Where its contents were seen.
    public var sightings: [Sighting]

    private enum CodingKeys: String, CodingKey {
      case sha256, state, priority, attempts, losses, added, changed, error, answer, duration
      case sightings
      case sizeBytes = "size_bytes"
      case notBefore = "not_before"
      case elapsed = "elapsed_s"
    }

    init(_ job: JobRecord) {
      (sha256, sizeBytes, state) = (job.sha256, job.sizeBytes, job.state)
      (priority, attempts, losses) = (job.priority, job.attempts, job.losses)
      (added, changed) = (ReportTime.text(job.addedAt), ReportTime.text(job.changedAt))
      notBefore = job.notBefore.map(ReportTime.text)
      error = job.failure.map { .init(code: $0.code, message: SafeText.of($0.message)) }
      answer = job.answer
      duration = job.filmSeconds.map(ReportNumber.seconds)
      elapsed = job.workSeconds.map(ReportNumber.seconds)
      sightings = job.places.map { Sighting($0.path) }
    }
  }

  /// A file that could not be read.
  public struct Unread: Sendable, Codable, Hashable {
    /// The file.
    public var file: Sighting
    /// Why.
    public var error: MatchReport.Failure
    /// When that was first seen.
    public var since: String

    init(_ file: UnreadFile) {
      self.file = Sighting(file.path)
      error = .init(code: file.failure.code, message: SafeText.of(file.failure.message))
      since = ReportTime.text(file.firstSeen)
    }
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.queue/1"
  /// The leaks.
  public var jobs: [Job]
  /// Files that could not be read so far.
  public var unread: [Unread]

  /// Lists jobs, and files that could not be read.
  public init(jobs: [JobRecord], unread: [UnreadFile]) {
    self.jobs = jobs.map(Job.init)
    self.unread = unread.map(Unread.init)
  }
}

/// What was done to jobs: the document of `leaktrace queue retry` and `queue forget`.
public struct QueueChangeReport: Sendable, Codable, Hashable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.queue-change/1"
  /// `retried` or `forgotten`.
  public var change: String
  /// How many it was done to.
  public var count: Int
  /// How many were left alone because somebody works on them.
  public var busy: Int

  /// Creates a report.
  public init(change: String, count: Int, busy: Int) {
    (self.change, self.count, self.busy) = (change, count, busy)
  }
}

/// The queue of a library, for looking at it and tending it.
public struct QueueStore: Sendable {
  /// The casebook that it lies in.
  public let casebook: Casebook

  /// Opens the queue of a library that is there.
  ///
  /// - Throws: ``PipelineError``.
  public init(at library: FilePath, forWriting: Bool) throws(PipelineError) {
    do {
      let mode: Casebook.Mode = forWriting ? .readWrite(createFolder: false) : .readOnly
      casebook = try Casebook.open(at: library, mode: mode)
    } catch {
      throw PipelineError(error)
    }
  }

  /// How the queue stands.
  ///
  /// - Throws: ``PipelineError``.
  public func status() throws(PipelineError) -> StatusReport {
    try StatusReport(casebook, now: ProcessIdentity.now())
  }

  /// The jobs in some states, at most `limit`.
  ///
  /// - Throws: ``PipelineError``.
  public func list(_ states: [JobState], limit: Int) throws(PipelineError) -> QueueListReport {
    do throws(CasebookError) {
      return QueueListReport(
        jobs: try casebook.jobs(in: states, limit: limit),
        unread: try casebook.unreadFiles()
      )
    } catch {
      throw PipelineError(error)
    }
  }

  /// All jobs that were set aside.
  ///
  /// - Throws: ``PipelineError``.
  public func failedJobs() throws(PipelineError) -> [JobRecord] {
    do throws(CasebookError) {
      return try casebook.jobs(in: [.failed])
    } catch {
      throw PipelineError(error)
    }
  }

  /// The jobs that `names` name: beginnings of their SHA-256, or paths, which `place` makes whole.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/usage`` where one names none or several.
  public func jobs(
    named names: [FilePath],
    place: (FilePath) -> FilePath
  ) throws(PipelineError) -> [JobRecord] {
    do {
      return try names.map { name in
        let text = name.string
        var found = try casebook.jobs(at: SafeText.bytes(of: place(name)))
        if found.isEmpty, text.count >= Self.shortestPrefix {
          found = try casebook.jobs(sha256Prefix: text)
        }
        guard let job = found.first, found.count == 1 else {
          throw PipelineError(
            .usage,
            code: found.isEmpty ? "no_such_job" : "ambiguous_job",
            found.isEmpty
              ? "the queue has no leak \(text); `leaktrace queue list` shows those it has"
              : "\(text) could be any of \(found.count) leaks; give more of the SHA-256"
          )
        }
        return job
      }
    } catch {
      throw PipelineError(error)
    }
  }

  private static let shortestPrefix = 4

  /// Lets jobs wait again.
  ///
  /// - Throws: ``PipelineError``.
  public func retry(_ jobs: [JobRecord]) throws(PipelineError) -> QueueChangeReport {
    do throws(CasebookError) {
      let now = ProcessIdentity.now()
      let count = try casebook.retry(jobs: jobs.map(\.key), now: now)
      return QueueChangeReport(change: "retried", count: count, busy: jobs.count - count)
    } catch {
      throw PipelineError(error)
    }
  }

  /// Drops jobs.
  ///
  /// - Throws: ``PipelineError``.
  public func forget(_ jobs: [JobRecord]) throws(PipelineError) -> QueueChangeReport {
    do throws(CasebookError) {
      let count = try casebook.forget(jobs: jobs.map(\.key))
      return QueueChangeReport(change: "forgotten", count: count, busy: jobs.count - count)
    } catch {
      throw PipelineError(error)
    }
  }
}
