import Foundation
import GRDB

/// What became of contents that were seen.
public enum JobAdmission: Sendable, Hashable {
  /// They are new and wait now.
  case added(job: Int64)
  /// They are a job already, in the state given.
  case known(job: Int64, state: JobState)
}

extension Casebook {
  // MARK: Adding

  /// Adds contents that were seen in places, or the places to the jobs that have these contents, in
  /// one transaction.
  ///
  /// A job that was set aside because its file had gone waits again. Higher priorities win. Where a
  /// job is done, the history learns the file's name.
  ///
  /// - Returns: What became of each, in the order of `seen`.
  public func admit(
    _ seen: [(sha256: String, place: JobPlace, priority: Int)],
    now: QueueMoment
  ) throws(CasebookError) -> [JobAdmission] {
    for (sha256, place, _) in seen {
      guard ContentDigest.isValid(sha256), place.sizeBytes >= 0, !place.path.isEmpty else {
        throw CasebookError(.invalidValue, "a job needs a SHA-256, a size and a path")
      }
    }
    guard !seen.isEmpty else { return [] }
    return try write { database in
      try seen.map { try Self.admit($0.sha256, $0.place, $0.priority, now, database) }
    }
  }

  private static func admit(
    _ sha256: String,
    _ place: JobPlace,
    _ priority: Int,
    _ now: QueueMoment,
    _ database: Database
  ) throws -> JobAdmission {
    try database.cachedStatement(
      sql: """
        INSERT INTO job (sha256, sizeBytes, state, priority, attempts, losses, claim, addedAt,
          changedAt)
        VALUES (?, ?, 'waiting', ?, 0, 0, 0, ?, ?) ON CONFLICT (sha256) DO NOTHING
        """
    ).execute(arguments: [sha256, place.sizeBytes, priority, now.wallSeconds, now.wallSeconds])
    let isNew = database.changesCount > 0
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT key, state, errorCode FROM job WHERE sha256 = ?"),
      arguments: [sha256]
    )
    guard let row else { throw RowReader.Flaw(message: "a job that was written is not there") }
    var reader = RowReader(row)
    let key: Int64 = try reader.next()
    var state = try Self.state(reader.next())
    let code: String? = try reader.nextOptional()
    try write(place, of: key, now, database)
    guard !isNew else { return .added(job: key) }
    try database.cachedStatement(
      sql: "UPDATE job SET priority = ? WHERE key = ? AND priority < ?"
    ).execute(arguments: [priority, key, priority])
    if state == .failed, [JobFailure.gone, JobFailure.replaced].contains(code) {
      try putBack(key, now, database)
      state = .waiting
    }
    if state == .done { try tellHistory(sha256, of: place, now, database) }
    return .known(job: key, state: state)
  }

  private static func write(
    _ place: JobPlace,
    of job: Int64,
    _ now: QueueMoment,
    _ database: Database
  ) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO jobSighting (path, jobKey, root, device, inode, sizeBytes, changedNanoseconds,
          firstSeen, lastSeen)
        VALUES (:path, :job, :root, :device, :inode, :size, :changed, :now, :now)
        ON CONFLICT (path) DO UPDATE SET
          firstSeen = iif(jobKey = excluded.jobKey, firstSeen, excluded.firstSeen),
          jobKey = excluded.jobKey, root = excluded.root, device = excluded.device,
          inode = excluded.inode, sizeBytes = excluded.sizeBytes,
          changedNanoseconds = excluded.changedNanoseconds, lastSeen = excluded.lastSeen
        """
    ).execute(arguments: [
      "path": Data(place.path), "job": job, "root": Data(place.root),
      "device": Int64(bitPattern: place.device), "inode": Int64(bitPattern: place.inode),
      "size": place.sizeBytes, "changed": place.changedNanoseconds, "now": now.wallSeconds,
    ])
    try database.cachedStatement(sql: "DELETE FROM unreadFile WHERE path = ?")
      .execute(arguments: [Data(place.path)])
  }

  /// Adds a place of a leak that is recorded already to what the history says of it.
  private static func tellHistory(
    _ sha256: String,
    of place: JobPlace,
    _ now: QueueMoment,
    _ database: Database
  ) throws {
    try database.cachedStatement(
      sql: "UPDATE leak SET lastPath = ?, lastSeen = max(lastSeen, ?) WHERE id = ?"
    ).execute(arguments: [Data(place.path), now.wallSeconds, sha256])
    let key = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT key FROM leak WHERE id = ?"),
      arguments: [sha256]
    )
    if let key { try writeName(of: place.path, seenAt: now.wallSeconds, key, database) }
  }

  /// The jobs of places that are as they were when they were last read, in the order of `places`.
  ///
  /// Nil stands for a place that is new or was changed, whose file has to be read.
  public func jobs(
    ofUnchanged places: [JobPlace]
  ) throws(CasebookError) -> [(job: Int64, state: JobState)?] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT job.key, job.state FROM jobSighting JOIN job ON job.key = jobSighting.jobKey
          WHERE path = ? AND device = ? AND inode = ? AND jobSighting.sizeBytes = ?
            AND changedNanoseconds = ?
            AND NOT (state = 'failed' AND errorCode IN ('gone', 'replaced'))
          """
      )
      return try places.map { place in
        let row = try Row.fetchOne(
          statement,
          arguments: [
            Data(place.path), Int64(bitPattern: place.device), Int64(bitPattern: place.inode),
            place.sizeBytes, place.changedNanoseconds,
          ]
        )
        guard let row else { return nil }
        var reader = RowReader(row)
        return (try reader.next(), try Self.state(reader.next()))
      }
    }
  }

  /// Notes that a file cannot be read, so that nobody can say what is in it.
  ///
  /// - Returns: Whether that is news: nobody knew, or the reason is another.
  public func note(
    unread path: [UInt8],
    _ failure: JobFailure,
    now: QueueMoment
  ) throws(CasebookError) -> Bool {
    try write { database in
      let before = try String.fetchOne(
        database,
        sql: "SELECT code FROM unreadFile WHERE path = ?",
        arguments: [Data(path)]
      )
      try database.execute(
        sql: """
          INSERT INTO unreadFile (path, code, message, firstSeen, lastSeen) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (path) DO UPDATE SET code = excluded.code, message = excluded.message,
            lastSeen = excluded.lastSeen
          """,
        arguments: [
          Data(path), failure.code, Self.cut(failure.message, Self.longestMessage),
          now.wallSeconds, now.wallSeconds,
        ]
      )
      return before != failure.code
    }
  }

  /// Forgets that a file could not be read, for example because it is gone.
  public func forget(unread path: [UInt8]) throws(CasebookError) {
    let isKnown = try read { database in
      try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM unreadFile WHERE path = ?)",
        arguments: [Data(path)]
      ) ?? false
    }
    guard isKnown else { return }
    try write { database in
      try database.execute(sql: "DELETE FROM unreadFile WHERE path = ?", arguments: [Data(path)])
    }
  }

  // MARK: Working

  /// Gives the next job to a runner: the highest priority, of these the oldest.
  ///
  /// Age is the order in which jobs were added, not the clock. Jobs that a runner died over come
  /// behind their equals, so that one poisoned file holds nobody up. It is chosen among all, or among
  /// those that are followed; nil where nothing may be done now.
  public func claimJob(
    for runner: Int64,
    followedOnly: Bool = false,
    now: QueueMoment
  ) throws(CasebookError) -> JobTicket? {
    // Most of the time nothing waits: no write lock is taken for that.
    guard try read({ try Self.nextJob(followedOnly, now, $0) }) != nil else { return nil }
    return try write { database in
      // Another runner may have been faster.
      guard let key = try Self.nextJob(followedOnly, now, database) else { return nil }
      try database.cachedStatement(
        sql: """
          UPDATE job SET state = 'running', runnerKey = ?, claim = claim + 1, changedAt = ?,
            notBefore = NULL, backOffSeconds = NULL, notBeforeUptime = NULL, backOffBootID = NULL
          WHERE key = ?
          """
      ).execute(arguments: [runner, now.wallSeconds, key])
      return try Self.ticket(key, runner, database)
    }
  }

  /// The condition under which a job that waits may be tried.
  ///
  /// In the boot that a back-off began in, only the clock that nobody can set counts. Else the wall
  /// clock does, and where it is earlier than the beginning of the back-off it was set back.
  static let mayBeTried = """
    (notBefore IS NULL
      OR iif(backOffBootID = :boot, notBeforeUptime <= :uptime,
        notBefore <= :now OR notBefore - backOffSeconds > :now))
    """

  private static func nextJob(
    _ followedOnly: Bool,
    _ now: QueueMoment,
    _ database: Database
  ) throws -> Int64? {
    let choice = followedOnly ? "AND \(isFollowed)" : ""
    return try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT key FROM job WHERE state = 'waiting' AND \(mayBeTried) \(choice)
          ORDER BY priority DESC, losses, key LIMIT 1
          """
      ),
      arguments: arguments(now)
    )
  }

  static func arguments(_ now: QueueMoment) -> StatementArguments {
    ["boot": now.bootID, "uptime": now.uptimeMilliseconds, "now": now.wallSeconds]
  }

  private static func ticket(
    _ key: Int64,
    _ runner: Int64,
    _ database: Database
  ) throws -> JobTicket {
    let row = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT sha256, sizeBytes, attempts, claim, addedAt,
            (SELECT min(firstSeen) FROM jobSighting WHERE jobKey = job.key)
          FROM job WHERE key = ?
          """
      ),
      arguments: [key]
    )
    guard let row else { throw RowReader.Flaw(message: "a job that was claimed is not there") }
    var reader = RowReader(row)
    let (sha256, size): (String, Int64) = (try reader.next(), try reader.next())
    let (attempts, claim): (Int, Int64) = (try reader.next(), try reader.next())
    let addedAt: Int64 = try reader.next()
    let firstSeen: Int64? = try reader.nextOptional()
    return JobTicket(
      jobKey: key,
      sha256: sha256,
      sizeBytes: size,
      attempts: attempts,
      claim: claim,
      runner: runner,
      firstSeen: min(addedAt, firstSeen ?? addedAt),
      places: try places(of: key, database)
    )
  }

  /// Completes a job and records its leak, in one transaction: both are on the disk or neither is.
  ///
  /// - Returns: Whether the ticket still counted; nothing is written where it did not.
  public func complete(
    _ ticket: JobTicket,
    with result: JobResult,
    recording analysis: LeakAnalysis?,
    now: QueueMoment
  ) throws(CasebookError) -> Bool {
    try record(analysis.map { [$0] } ?? []) { database in
      guard try Self.holds(ticket, database) else { return false }
      try database.cachedStatement(
        sql: """
          UPDATE job SET state = 'done', runnerKey = NULL, changedAt = :now, answer = :answer,
            filmSeconds = :film, workSeconds = :work, errorCode = :code, errorMessage = :message
          WHERE key = :key
          """
      ).execute(arguments: [
        "now": now.wallSeconds, "answer": result.answer, "film": Self.finite(result.filmSeconds),
        "work": Self.finite(result.workSeconds), "code": result.remark?.code,
        "message": result.remark.map { Self.cut($0.message, Self.longestMessage) },
        "key": ticket.jobKey,
      ])
      return true
    }
  }

  /// Notes that a job failed; it is tried again after a back-off, and without one is set aside.
  ///
  /// - Returns: Whether the ticket still counted.
  public func fail(
    _ ticket: JobTicket,
    _ failure: JobFailure,
    backOffSeconds: Int64?,
    now: QueueMoment
  ) throws(CasebookError) -> Bool {
    try giveBack(
      ticket,
      backOffSeconds == nil ? .failed : .waiting,
      failure,
      countsAttempt: true,
      backOffSeconds,
      now
    )
  }

  /// Gives a job back that nobody tried, or that failed for no fault of its file; it is given out
  /// again after a back-off, and without one at once.
  ///
  /// - Returns: Whether the ticket still counted.
  public func release(
    _ ticket: JobTicket,
    because failure: JobFailure? = nil,
    backOffSeconds: Int64? = nil,
    now: QueueMoment
  ) throws(CasebookError) -> Bool {
    try giveBack(ticket, .waiting, failure, countsAttempt: false, backOffSeconds, now)
  }

  private func giveBack(
    _ ticket: JobTicket,
    _ state: JobState,
    _ failure: JobFailure?,
    countsAttempt: Bool,
    _ backOffSeconds: Int64?,
    _ now: QueueMoment
  ) throws(CasebookError) -> Bool {
    try write { database in
      guard try Self.holds(ticket, database) else { return false }
      try database.cachedStatement(
        sql: """
          UPDATE job SET state = :state, runnerKey = NULL, changedAt = :now,
            attempts = attempts + :attempt, errorCode = coalesce(:code, errorCode),
            errorMessage = coalesce(:message, errorMessage), notBefore = :now + :wait,
            backOffSeconds = :wait, notBeforeUptime = :uptime + 1000 * :wait,
            backOffBootID = iif(:wait IS NULL, NULL, :boot)
          WHERE key = :key
          """
      ).execute(
        arguments: Self.arguments(now) + [
          "state": state.rawValue, "attempt": countsAttempt ? 1 : 0, "code": failure?.code,
          "message": failure.map { Self.cut($0.message, Self.longestMessage) },
          "wait": backOffSeconds, "key": ticket.jobKey,
        ]
      )
      return true
    }
  }

  /// Forgets a place where a job's contents no longer are.
  public func forget(place path: [UInt8], of ticket: JobTicket) throws(CasebookError) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM jobSighting WHERE path = ? AND jobKey = ?",
        arguments: [Data(path), ticket.jobKey]
      )
    }
  }

  /// Whether a ticket still counts: its runner may have been taken for dead.
  private static func holds(_ ticket: JobTicket, _ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM job
            WHERE key = ? AND state = 'running' AND runnerKey = ? AND claim = ?)
          """
      ),
      arguments: [ticket.jobKey, ticket.runner, ticket.claim]
    ) ?? false
  }

  // MARK: Rows

  static let longestMessage = 1000

  static func state(_ text: String) throws -> JobState {
    guard let state = JobState(rawValue: text) else {
      throw RowReader.Flaw(message: "a job is in no state that there is")
    }
    return state
  }

  static func places(of job: Int64, _ database: Database) throws -> [JobPlace] {
    try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT path, root, device, inode, sizeBytes, changedNanoseconds FROM jobSighting
          WHERE jobKey = ? ORDER BY firstSeen, path
          """
      ),
      arguments: [job]
    ).map { row in
      var row = RowReader(row)
      let (path, root) = (try row.nextBytes(), try row.nextBytes())
      let (device, inode): (Int64, Int64) = (try row.next(), try row.next())
      return JobPlace(
        path: path,
        root: root,
        device: UInt64(bitPattern: device),
        inode: UInt64(bitPattern: inode),
        sizeBytes: try row.next(),
        changedNanoseconds: try row.next()
      )
    }
  }

  /// Puts a job back to those that wait, as if it had never been tried.
  static func putBack(_ job: Int64, _ now: QueueMoment, _ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE job SET state = 'waiting', attempts = 0, losses = 0, changedAt = ?, notBefore = NULL,
          backOffSeconds = NULL, notBeforeUptime = NULL, backOffBootID = NULL, errorCode = NULL,
          errorMessage = NULL, answer = NULL
        WHERE key = ? AND state <> 'running'
        """,
      arguments: [now.wallSeconds, job]
    )
  }
}
