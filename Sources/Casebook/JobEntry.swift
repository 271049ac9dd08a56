/// How far a job has come.
public enum JobState: String, Sendable, Hashable, CaseIterable, Codable {
  /// Nobody works on it.
  case waiting
  /// A runner works on it.
  case running
  /// Its answer is recorded.
  case done
  /// It failed as often as is allowed and was set aside.
  case failed
}

/// A moment by both clocks of a machine.
public struct QueueMoment: Sendable, Hashable {
  /// Seconds since 1970-01-01T00:00:00Z; anyone may set that clock.
  public var wallSeconds: Int64
  /// Milliseconds since the machine was started; nobody can set that one.
  public var uptimeMilliseconds: Int64
  /// Which start of which machine ``uptimeMilliseconds`` counts from.
  public var bootID: String

  /// Creates a moment.
  public init(wallSeconds: Int64, uptimeMilliseconds: Int64, bootID: String) {
    (self.wallSeconds, self.uptimeMilliseconds) = (wallSeconds, uptimeMilliseconds)
    self.bootID = bootID
  }
}

/// Where contents were seen, with what tells an unchanged file without reading it.
public struct JobPlace: Sendable, Hashable {
  /// The file, as the file system writes it.
  public var path: [UInt8]
  /// The folder that was looked through; the file's own where it was named by itself.
  public var root: [UInt8]
  /// Number of the device.
  public var device: UInt64
  /// Number of the file on it.
  public var inode: UInt64
  /// Size in bytes.
  public var sizeBytes: Int64
  /// Time of the last change of the contents, in nanoseconds since 1970-01-01T00:00:00Z.
  public var changedNanoseconds: Int64

  /// Creates a place.
  public init(
    path: [UInt8],
    root: [UInt8],
    device: UInt64,
    inode: UInt64,
    sizeBytes: Int64,
    changedNanoseconds: Int64
  ) {
    (self.path, self.root, self.device, self.inode) = (path, root, device, inode)
    (self.sizeBytes, self.changedNanoseconds) = (sizeBytes, changedNanoseconds)
  }
}

/// The process that works on jobs, as it can be known again.
public struct RunnerEntry: Sendable, Hashable {
  /// `watch` or `batch`.
  public var kind: String
  /// Name of the machine, for people.
  public var host: String
  /// Which start of which machine it runs in.
  public var bootID: String
  /// Which numbering of processes its number belongs to; containers have their own.
  public var pidNamespace: String
  /// Number of the process.
  public var pid: Int32
  /// When it was started, in ticks since the machine was; numbers are given again, these are not.
  public var startTicks: Int64
  /// Files at a time.
  public var workers: Int

  /// Creates an entry.
  public init(
    kind: String,
    host: String,
    bootID: String,
    pidNamespace: String,
    pid: Int32,
    startTicks: Int64,
    workers: Int
  ) {
    (self.kind, self.host, self.bootID, self.pidNamespace) = (kind, host, bootID, pidNamespace)
    (self.pid, self.startTicks, self.workers) = (pid, startTicks, workers)
  }
}

/// A runner of the queue, as it is recorded.
public struct RunnerRecord: Sendable, Hashable {
  /// Its row.
  public var key: Int64
  /// What it is.
  public var entry: RunnerEntry
  /// When it began, in seconds since 1970-01-01T00:00:00Z.
  public var startedAt: Int64
  /// How often it has said that it lives.
  public var beat: Int64
  /// When it last did, in seconds since 1970-01-01T00:00:00Z.
  public var beatAt: Int64
  /// What keeps it from working; nil where nothing does.
  public var note: String?
  /// When it ended of its own will; nil for one that runs or was killed.
  public var endedAt: Int64?
}

/// The right to work on a job, until someone else is given it.
public struct JobTicket: Sendable, Hashable {
  /// The job's row.
  public let jobKey: Int64
  /// SHA-256 of the contents.
  public let sha256: String
  /// Size in bytes.
  public let sizeBytes: Int64
  /// How often it failed before.
  public let attempts: Int
  /// Counts the times that the job was given out; an older ticket is worth nothing.
  public let claim: Int64
  /// Who holds it.
  public let runner: Int64
  /// When the contents were first seen, in seconds since 1970-01-01T00:00:00Z.
  public let firstSeen: Int64
  /// Where the contents were seen, the earliest first.
  public let places: [JobPlace]
}

/// What came of a job.
public struct JobResult: Sendable, Hashable {
  /// `matched` or `no_match`.
  public var answer: String
  /// Running time of the film.
  public var filmSeconds: Double
  /// Time spent on it.
  public var workSeconds: Double
  /// What is wrong with a file that could be examined all the same.
  public var remark: JobFailure?

  /// Creates a result.
  public init(
    answer: String,
    filmSeconds: Double,
    workSeconds: Double,
    remark: JobFailure? = nil
  ) {
    (self.answer, self.filmSeconds) = (answer, filmSeconds)
    (self.workSeconds, self.remark) = (workSeconds, remark)
  }
}

/// Why a job failed.
public struct JobFailure: Sendable, Hashable {
  /// Name of the cause for programs.
  public var code: String
  /// The cause in words.
  public var message: String

  /// Creates a failure.
  public init(code: String, message: String) { (self.code, self.message) = (code, message) }

  /// The file is no longer where it was seen; it is taken up again where it is seen anew.
  public static let gone = "gone"
  /// Other contents lie where the job's were seen, which is taken up again as above.
  public static let replaced = "replaced"
  /// The processes that worked on it died, time and again.
  public static let workerDied = "worker_died"
}

/// A job, as it is recorded.
public struct JobRecord: Sendable, Hashable {
  /// Its row; lower numbers were added earlier, whatever the clock said.
  public var key: Int64
  /// SHA-256 of the contents.
  public var sha256: String
  /// Size in bytes.
  public var sizeBytes: Int64
  /// How far it has come.
  public var state: JobState
  /// Higher ones come first.
  public var priority: Int
  /// How often it failed.
  public var attempts: Int
  /// How often the process that worked on it died.
  public var losses: Int
  /// When it was added, in seconds since 1970-01-01T00:00:00Z.
  public var addedAt: Int64
  /// When its state last changed.
  public var changedAt: Int64
  /// Before when it is not tried again, by the wall clock; nil where it may be.
  public var notBefore: Int64?
  /// Why it failed last, or what is wrong with a file that is done.
  public var failure: JobFailure?
  /// `matched` or `no_match`, of one that is done.
  public var answer: String?
  /// Running time of the film, of one that is done.
  public var filmSeconds: Double?
  /// Time spent on it, of one that is done.
  public var workSeconds: Double?
  /// Who works on it.
  public var runner: Int64?
  /// Where its contents were seen, the earliest first.
  public var places: [JobPlace]
}

/// A file that could not be read so far, so that nobody knows its contents.
public struct UnreadFile: Sendable, Hashable {
  /// The file, as the file system writes it.
  public var path: [UInt8]
  /// Why it could not be read.
  public var failure: JobFailure
  /// When that was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var firstSeen: Int64
  /// When it was last seen.
  public var lastSeen: Int64
}

/// How much of the queue is in which state.
public struct QueueSummary: Sendable, Hashable {
  /// Jobs by state; states without any are missing.
  public var counts: [JobState: Int] = [:]
  /// Bytes of those that wait.
  public var waitingBytes: Int64 = 0
  /// How many of those that wait may not be tried yet.
  public var delayed = 0
  /// Films that could not be read.
  public var unread = 0
  /// Jobs that were done since the moment that was asked for.
  public var recentJobs = 0
  /// Seconds of film in these.
  public var recentFilmSeconds = 0.0
  /// Bytes of these.
  public var recentBytes: Int64 = 0
  /// When the first of these was done, in seconds since 1970-01-01T00:00:00Z.
  public var recentSince: Int64?
  /// Seconds of film in all jobs that are done.
  public var filmSeconds = 0.0
  /// Those that match a release, of all that are done.
  public var matched = 0
}
