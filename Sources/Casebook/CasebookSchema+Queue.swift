extension CasebookSchema {
  /// The work that is to be done, being done and done, and by whom.
  ///
  /// A job is a file's contents; where they were seen stands in `jobSighting`. A back-off has both
  /// clocks: the moment it ends by the wall clock, and by the clock of the boot it began in, which
  /// nobody can set.
  static let queue = [
    """
    CREATE TABLE runner (
      key INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      host TEXT NOT NULL,
      bootID TEXT NOT NULL,
      pidNamespace TEXT NOT NULL,
      pid INTEGER NOT NULL,
      startTicks INTEGER NOT NULL,
      startedAt INTEGER NOT NULL,
      beat INTEGER NOT NULL,
      beatAt INTEGER NOT NULL,
      workers INTEGER NOT NULL,
      note TEXT,
      endedAt INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE job (
      key INTEGER PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE,
      sizeBytes INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
      priority INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      losses INTEGER NOT NULL,
      claim INTEGER NOT NULL,
      runnerKey INTEGER REFERENCES runner (key),
      addedAt INTEGER NOT NULL,
      changedAt INTEGER NOT NULL,
      notBefore INTEGER,
      backOffSeconds INTEGER,
      notBeforeUptime INTEGER,
      backOffBootID TEXT,
      errorCode TEXT,
      errorMessage TEXT,
      answer TEXT,
      filmSeconds REAL,
      workSeconds REAL,
      CHECK ((state = 'running') = (runnerKey IS NOT NULL))
    ) STRICT
    """,
    """
    CREATE TABLE jobSighting (
      path BLOB NOT NULL PRIMARY KEY,
      jobKey INTEGER NOT NULL REFERENCES job (key) ON DELETE CASCADE,
      root BLOB NOT NULL,
      device INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      sizeBytes INTEGER NOT NULL,
      changedNanoseconds INTEGER NOT NULL,
      firstSeen INTEGER NOT NULL,
      lastSeen INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE unreadFile (
      path BLOB NOT NULL PRIMARY KEY,
      code TEXT NOT NULL,
      message TEXT NOT NULL,
      firstSeen INTEGER NOT NULL,
      lastSeen INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX jobByTurn ON job (state, priority DESC, losses, key)",
    "CREATE INDEX jobByRunner ON job (runnerKey) WHERE runnerKey IS NOT NULL",
    "CREATE INDEX jobByChange ON job (state, changedAt)",
    "CREATE INDEX jobSightingByJob ON jobSighting (jobKey)",
  ]
}
