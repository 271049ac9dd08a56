import GRDB

// A batch is after some of the jobs. Which ones stands in a table of its connection that no other
// process sees: to hand the list over with each question would cost the square of its length.
extension Casebook {
  /// The condition that a job is followed.
  static let isFollowed = "EXISTS (SELECT 1 FROM temp.followed WHERE followed.key = job.key)"

  /// Makes it possible to follow jobs; at first none are.
  public func beginFollowing() throws(CasebookError) {
    try inSession { database in
      try database.execute(
        sql: "CREATE TEMP TABLE IF NOT EXISTS followed (key INTEGER PRIMARY KEY)"
      )
    }
  }

  /// Follows a job, after ``beginFollowing()``.
  public func follow(_ job: Int64) throws(CasebookError) {
    try inSession { database in
      try database.cachedStatement(sql: "INSERT OR IGNORE INTO temp.followed (key) VALUES (?)")
        .execute(arguments: [job])
    }
  }

  /// Follows a job no longer.
  public func unfollow(_ job: Int64) throws(CasebookError) {
    try inSession { database in
      try database.execute(sql: "DELETE FROM temp.followed WHERE key = ?", arguments: [job])
    }
  }

  /// Whether jobs that are followed wait or are being worked on.
  public func hasOpenFollowed() throws(CasebookError) -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM job
            WHERE state IN ('waiting', 'running') AND \(Self.isFollowed))
          """
      ) ?? false
    }
  }

  /// How many of the jobs that are followed are in which state.
  public func followedCounts() throws(CasebookError) -> [JobState: Int] {
    try read { try Self.counts($0, "WHERE \(Self.isFollowed)", []) }
  }
}
