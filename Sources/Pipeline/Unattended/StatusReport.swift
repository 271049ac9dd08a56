public import Casebook

/// How the queue stands: the document of `leaktrace status --json`, see `docs/schema`.
public struct StatusReport: Sendable, Codable, Hashable {
  /// How many leaks are in which state.
  public struct Queue: Sendable, Codable, Hashable {
    /// Nobody works on them.
    public var waiting: Int
    /// Of these, those that may not be tried yet.
    public var delayed: Int
    /// Somebody works on them.
    public var running: Int
    /// Their answers are recorded.
    public var done: Int
    /// Of these, those that show a release.
    public var matched: Int
    /// They were set aside.
    public var failed: Int
    /// Files that could not be read, so that nobody knows what is in them.
    public var unread: Int
    /// Bytes of those that wait or run.
    public var waitingBytes: Int64

    private enum CodingKeys: String, CodingKey {
      case waiting, delayed, running, done, matched, failed, unread
      case waitingBytes = "waiting_bytes"
    }
  }

  /// A leak that is being worked on.
  public struct Running: Sendable, Codable, Hashable {
    /// Where it is; bytes that are not UTF-8 stand as U+FFFD.
    public var path: String
    /// The exact bytes of a name that is not UTF-8.
    public var pathBase64: String?
    /// SHA-256 of the file.
    public var sha256: String
    /// Since when it is worked on.
    public var since: String
    /// The same in seconds.
    public var seconds: Double

    private enum CodingKeys: String, CodingKey {
      case path, sha256, since, seconds
      case pathBase64 = "path_base64"
    }
  }

  /// A process that works on the queue.
  public struct Runner: Sendable, Codable, Hashable {
    /// How it is.
    public enum Health: String, Sendable, Codable {
      /// It works.
      case well
      /// Something keeps it from working.
      case hindered
      /// It has not said for a while that it lives.
      case silent
      /// It was killed; what it worked on goes back when another one runs.
      case dead
      /// It ended of its own will.
      case ended
    }

    /// Its number in the queue.
    public var number: Int64
    /// `watch` or `batch`.
    public var kind: String
    /// Name of the machine.
    public var host: String
    /// Number of the process.
    public var pid: Int32
    /// Files at a time.
    public var workers: Int
    /// When it began.
    public var started: String
    /// Seconds since it last said that it lives.
    public var beatAge: Double
    /// How it is.
    public var health: Health
    /// What keeps it from working; missing where nothing does.
    public var note: String?

    private enum CodingKeys: String, CodingKey {
      case number, kind, host, pid, workers, started, health, note
      case beatAge = "beat_age_s"
    }
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.status/1"
  /// When it was made.
  public var time: String
  /// How many leaks are in which state.
  public var queue: Queue
  /// What is being worked on.
  public var running: [Running]
  /// Those that work, and the last that ended where none does.
  public var runners: [Runner]
  /// Hours of film that are done.
  public var filmHours: Double
  /// Hours of film done for each hour, over the last one.
  public var rate: Double
  /// Expected time until nothing waits, by the bytes; missing where nothing was done of late.
  public var secondsLeft: Double?

  private enum CodingKeys: String, CodingKey {
    case schema, time, queue, running, runners
    case filmHours = "film_hours"
    case rate = "film_hours_per_hour"
    case secondsLeft = "eta_s"
  }

  /// A runner beats so often, in seconds.
  public static let beatSeconds = 10.0
  private static let windowSeconds: Int64 = 3600

  /// Reads how a queue stands.
  ///
  /// - Throws: ``PipelineError`` where the library cannot be read.
  public init(_ casebook: Casebook, now: QueueMoment) throws(PipelineError) {
    do throws(CasebookError) {
      let from = now.wallSeconds - Self.windowSeconds
      let summary = try casebook.queueSummary(recentSince: from, now: now)
      let jobs = try casebook.jobs(in: [.running])
      var runners = try casebook.runners()
      if runners.isEmpty { runners = try casebook.runners(ended: 1) }
      self.init(summary, jobs, runners, now: now, from: from)
    } catch {
      throw PipelineError(error)
    }
  }

  private init(
    _ summary: QueueSummary,
    _ jobs: [JobRecord],
    _ runners: [RunnerRecord],
    now: QueueMoment,
    from: Int64
  ) {
    time = ReportTime.text(now.wallSeconds)
    queue = Queue(
      waiting: summary.counts[.waiting] ?? 0,
      delayed: summary.delayed,
      running: summary.counts[.running] ?? 0,
      done: summary.counts[.done] ?? 0,
      matched: summary.matched,
      failed: summary.counts[.failed] ?? 0,
      unread: summary.unread,
      waitingBytes: summary.waitingBytes
    )
    running = jobs.map { job in
      let name = PathText(job.places.first?.path ?? [])
      return Running(
        path: name.text,
        pathBase64: name.base64,
        sha256: job.sha256,
        since: ReportTime.text(job.changedAt),
        seconds: Double(max(0, now.wallSeconds - job.changedAt))
      )
    }
    self.runners = runners.map { Runner($0, now: now) }
    filmHours = ReportNumber.seconds(summary.filmSeconds / 3600)
    let since = max(from, min(summary.recentSince ?? from, now.wallSeconds - 1))
    let window = Double(max(1, now.wallSeconds - since))
    rate = ReportNumber.seconds(summary.recentFilmSeconds / window)
    let bytesASecond = Double(summary.recentBytes) / window
    secondsLeft =
      bytesASecond > 0
      ? ReportNumber.seconds(Double(summary.waitingBytes) / bytesASecond) : nil
  }

  /// Whether somebody works on the queue, and nothing keeps them from it.
  public var isWell: Bool { runners.contains { $0.health == .well } }
}

extension StatusReport.Runner {
  /// After so many seconds without a beat something is wrong.
  fileprivate static let silentSeconds = 45.0

  init(_ record: RunnerRecord, now: QueueMoment) {
    let age = Double(max(0, now.wallSeconds - record.beatAt))
    let health: Health =
      if record.endedAt != nil {
        .ended
      } else if ProcessIdentity.life(of: record.entry) == .gone {
        .dead
      } else if age > Self.silentSeconds {
        .silent
      } else {
        record.note == nil ? .well : .hindered
      }
    self.init(
      number: record.key,
      kind: record.entry.kind,
      host: record.entry.host,
      pid: record.entry.pid,
      workers: record.entry.workers,
      started: ReportTime.text(record.startedAt),
      beatAge: age,
      health: health,
      note: record.note
    )
  }
}
