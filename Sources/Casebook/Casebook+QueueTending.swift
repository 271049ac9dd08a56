import Foundation
import GRDB

extension Casebook {
  // MARK: Runners

  /// Most runners that are remembered after they ended.
  private static let mostEndedRunners = 100
  /// So many runners may die over one job before it is set aside.
  public static let mostLosses = 10

  /// Enters a runner.
  ///
  /// - Returns: Its row.
  public func enter(_ runner: RunnerEntry, now: QueueMoment) throws(CasebookError) -> Int64 {
    try write { database in
      // A disk that lost what it had promised may have kept a job and not who had it in hand: nobody
      // would take it up, and the new runner, under the same number, would seem to have it.
      _ = try Self.putBackJobs(
        where: "state = 'running' AND runnerKey NOT IN (SELECT key FROM runner)",
        countsLoss: true,
        now,
        database
      )
      try database.execute(
        sql: """
          INSERT INTO runner (kind, host, bootID, pidNamespace, pid, startTicks, startedAt, beat,
            beatAt, workers)
          VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
          """,
        arguments: [
          runner.kind, Self.cut(runner.host, 255), runner.bootID, runner.pidNamespace, runner.pid,
          runner.startTicks, now.wallSeconds, now.wallSeconds, runner.workers,
        ]
      )
      let key = database.lastInsertedRowID
      try database.execute(
        sql: """
          DELETE FROM runner WHERE endedAt IS NOT NULL AND key NOT IN
            (SELECT key FROM runner WHERE endedAt IS NOT NULL ORDER BY key DESC LIMIT ?)
          """,
        arguments: [Self.mostEndedRunners]
      )
      return key
    }
  }

  /// Says that a runner lives, and what keeps it from working.
  public func beat(
    _ runner: Int64,
    workers: Int,
    note: String?,
    now: QueueMoment
  ) throws(CasebookError) {
    try write { database in
      try database.execute(
        sql: """
          UPDATE runner SET beat = beat + 1, beatAt = ?, workers = ?, note = ?, endedAt = NULL
          WHERE key = ?
          """,
        arguments: [now.wallSeconds, workers, note.map { Self.cut($0, 1000) }, runner]
      )
    }
  }

  /// Says that a runner ends, and puts back what it works on.
  ///
  /// - Returns: How many jobs were put back.
  public func leave(_ runner: Int64, now: QueueMoment) throws(CasebookError) -> Int {
    try write { database in
      let count = try Self.putBackJobs(
        where: "runnerKey = \(runner)",
        countsLoss: false,
        now,
        database
      )
      try database.execute(
        sql: "UPDATE runner SET endedAt = ? WHERE key = ?",
        arguments: [now.wallSeconds, runner]
      )
      return count
    }
  }

  /// Puts back what a runner works on that was found dead.
  ///
  /// What ten runners died over is set aside. A runner whose ``RunnerRecord/beat`` is not the one
  /// that was seen has said since that it lives, and is left alone.
  ///
  /// - Returns: How many jobs were put back or set aside.
  public func bury(
    _ runner: Int64,
    lastBeat beat: Int64,
    now: QueueMoment
  ) throws(CasebookError) -> Int {
    try write { database in
      let isStill = try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM runner WHERE key = ? AND beat = ? AND endedAt IS NULL)",
        arguments: [runner, beat]
      )
      guard isStill == true else { return 0 }
      let count = try Self.putBackJobs(
        where: "runnerKey = \(runner)",
        countsLoss: true,
        now,
        database
      )
      try database.execute(
        sql: "UPDATE runner SET endedAt = ?, note = 'it died' WHERE key = ?",
        arguments: [now.wallSeconds, runner]
      )
      return count
    }
  }

  private static func putBackJobs(
    where condition: String,
    countsLoss: Bool,
    _ now: QueueMoment,
    _ database: Database
  ) throws -> Int {
    let loss = countsLoss ? 1 : 0
    try database.execute(
      sql: """
        UPDATE job SET runnerKey = NULL, losses = losses + :loss, changedAt = :now,
          state = iif(losses + :loss >= :most, 'failed', 'waiting'),
          errorCode = iif(losses + :loss >= :most, :code, errorCode),
          errorMessage = iif(losses + :loss >= :most, :message, errorMessage)
        WHERE \(condition)
        """,
      arguments: [
        "loss": loss, "now": now.wallSeconds, "most": mostLosses, "code": JobFailure.workerDied,
        "message": "the program died \(mostLosses) times while it worked on this file",
      ]
    )
    return database.changesCount
  }

  /// Runners that have not ended, and the last `ended` of those that have; the latest first.
  public func runners(ended: Int = 0) throws(CasebookError) -> [RunnerRecord] {
    try read { database in
      let columns = """
        key, kind, host, bootID, pidNamespace, pid, startTicks, workers, startedAt, beat, beatAt,
        note, endedAt
        """
      return try Row.fetchAll(
        database,
        sql: """
          SELECT \(columns) FROM runner WHERE endedAt IS NULL OR key IN
            (SELECT key FROM runner WHERE endedAt IS NOT NULL ORDER BY key DESC LIMIT ?)
          ORDER BY key DESC
          """,
        arguments: [ended]
      ).map { row in
        var row = RowReader(row)
        return RunnerRecord(
          key: try row.next(),
          entry: RunnerEntry(
            kind: try row.next(),
            host: try row.next(),
            bootID: try row.next(),
            pidNamespace: try row.next(),
            pid: try row.next(),
            startTicks: try row.next(),
            workers: try row.next()
          ),
          startedAt: try row.next(),
          beat: try row.next(),
          beatAt: try row.next(),
          note: try row.nextOptional(),
          endedAt: try row.nextOptional()
        )
      }
    }
  }

  // MARK: Looking

  private static let jobColumns = """
    key, sha256, sizeBytes, state, priority, attempts, losses, addedAt, changedAt, notBefore,
    errorCode, errorMessage, answer, filmSeconds, workSeconds, runnerKey
    """

  /// The jobs in some states, in the order in which they are given out; those that ended, the latest
  /// first.
  public func jobs(
    in states: [JobState] = JobState.allCases,
    limit: Int = .max
  ) throws(CasebookError) -> [JobRecord] {
    try read { database in
      var jobs: [JobRecord] = []
      for state in states where jobs.count < limit {
        let isOpen = state == .waiting || state == .running
        let order = isOpen ? "priority DESC, losses, key" : "changedAt DESC, key DESC"
        jobs += try Row.fetchAll(
          database,
          sql: """
            SELECT \(Self.jobColumns) FROM job WHERE state = ? ORDER BY \(order) LIMIT ?
            """,
          arguments: [state.rawValue, Int64(limit - jobs.count)]
        ).map { try Self.job($0, database) }
      }
      return jobs
    }
  }

  /// The jobs with these rows, as far as they are there, by row.
  public func jobs(keys: [Int64]) throws(CasebookError) -> [JobRecord] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(Self.jobColumns) FROM job WHERE key IN (SELECT value FROM json_each(?))
          ORDER BY key
          """,
        arguments: [ListText.of(keys)]
      ).map { try Self.job($0, database) }
    }
  }

  /// The jobs whose SHA-256 begins with `text`.
  public func jobs(sha256Prefix text: String) throws(CasebookError) -> [JobRecord] {
    // What stands for other letters in a pattern is in no digest.
    guard !text.isEmpty, text.allSatisfy(\.isHexDigit) else { return [] }
    return try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT \(Self.jobColumns) FROM job WHERE sha256 GLOB ? ORDER BY key",
        arguments: [text.lowercased() + "*"]
      ).map { try Self.job($0, database) }
    }
  }

  /// The job whose contents were last seen at a path; none or one.
  public func jobs(at path: [UInt8]) throws(CasebookError) -> [JobRecord] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(Self.jobColumns) FROM job
          WHERE key = (SELECT jobKey FROM jobSighting WHERE path = ?)
          """,
        arguments: [Data(path)]
      ).map { try Self.job($0, database) }
    }
  }

  static func counts(
    _ database: Database,
    _ condition: String,
    _ arguments: StatementArguments
  ) throws -> [JobState: Int] {
    var counts: [JobState: Int] = [:]
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT state, count(*) FROM job \(condition) GROUP BY state",
      arguments: arguments
    )
    for row in rows {
      var row = RowReader(row)
      counts[try state(row.next())] = try row.next()
    }
    return counts
  }

  private static func job(_ row: Row, _ database: Database) throws -> JobRecord {
    var row = RowReader(row)
    let (key, sha256, size): (Int64, String, Int64) = (
      try row.next(), try row.next(), try row.next()
    )
    let state = try state(row.next())
    let (priority, attempts, losses): (Int, Int, Int) = (
      try row.next(), try row.next(), try row.next()
    )
    let (addedAt, changedAt): (Int64, Int64) = (try row.next(), try row.next())
    let notBefore: Int64? = try row.nextOptional()
    let (code, message): (String?, String?) = (try row.nextOptional(), try row.nextOptional())
    return JobRecord(
      key: key,
      sha256: sha256,
      sizeBytes: size,
      state: state,
      priority: priority,
      attempts: attempts,
      losses: losses,
      addedAt: addedAt,
      changedAt: changedAt,
      notBefore: notBefore,
      failure: code.map { JobFailure(code: $0, message: message ?? $0) },
      answer: try row.nextOptional(),
      filmSeconds: try row.nextOptional(),
      workSeconds: try row.nextOptional(),
      runner: try row.nextOptional(),
      places: try places(of: key, database)
    )
  }

  /// Files that could not be read so far, by path.
  public func unreadFiles() throws(CasebookError) -> [UnreadFile] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT path, code, message, firstSeen, lastSeen FROM unreadFile ORDER BY path"
      ).map { row in
        var row = RowReader(row)
        return UnreadFile(
          path: try row.nextBytes(),
          failure: JobFailure(code: try row.next(), message: try row.next()),
          firstSeen: try row.next(),
          lastSeen: try row.next()
        )
      }
    }
  }

  /// How much is in which state; `recent` is the moment from which on jobs that are done count as
  /// recent ones.
  public func queueSummary(
    recentSince recent: Int64,
    now: QueueMoment
  ) throws(CasebookError) -> QueueSummary {
    try read { database in
      var summary = QueueSummary()
      summary.counts = try Self.counts(database, "", [])
      summary.unread = try Int.fetchOne(database, sql: "SELECT count(*) FROM unreadFile") ?? 0
      summary.delayed =
        try Int.fetchOne(
          database,
          sql: "SELECT count(*) FROM job WHERE state = 'waiting' AND NOT \(Self.mayBeTried)",
          arguments: Self.arguments(now)
        ) ?? 0
      summary.waitingBytes =
        try Int64.fetchOne(
          database,
          sql: "SELECT total(sizeBytes) FROM job WHERE state IN ('waiting', 'running')"
        ) ?? 0
      let done = try Row.fetchOne(
        database,
        sql: """
          SELECT total(filmSeconds), count(*) FILTER (WHERE answer = 'matched') FROM job
          WHERE state = 'done'
          """
      )
      if let done {
        var row = RowReader(done)
        (summary.filmSeconds, summary.matched) = (try row.next(), try row.next())
      }
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT count(*), total(filmSeconds), CAST(total(sizeBytes) AS INTEGER),
            CAST(min(changedAt - coalesce(workSeconds, 0)) AS INTEGER)
          FROM job WHERE state = 'done' AND changedAt >= ?
          """,
        arguments: [recent]
      )
      if let row {
        var row = RowReader(row)
        (summary.recentJobs, summary.recentFilmSeconds) = (try row.next(), try row.next())
        (summary.recentBytes, summary.recentSince) = (try row.next(), try row.nextOptional())
      }
      return summary
    }
  }

  // MARK: Tending

  /// Lets jobs wait again as if they had never been tried, those that are done as well.
  ///
  /// - Returns: How many; those that are being worked on are left alone.
  public func retry(jobs keys: [Int64], now: QueueMoment) throws(CasebookError) -> Int {
    try write { database in
      var count = 0
      for key in keys {
        try Self.putBack(key, now, database)
        count += database.changesCount
      }
      return count
    }
  }

  /// Drops jobs and where their contents were seen; what the history says of their leaks stays.
  ///
  /// A file that is still there is new to the queue when it is next seen.
  ///
  /// - Returns: How many; those that are being worked on are left alone.
  public func forget(jobs keys: [Int64]) throws(CasebookError) -> Int {
    try write { database in
      var count = 0
      for key in keys {
        try database.execute(
          sql: "DELETE FROM job WHERE key = ? AND state <> 'running'",
          arguments: [key]
        )
        count += database.changesCount
      }
      return count
    }
  }
}
