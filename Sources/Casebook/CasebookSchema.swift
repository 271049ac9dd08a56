import GRDB

/// The tables of the casebook, as the steps that lead from one format to the next.
enum CasebookSchema {
  /// `LTCB`, in the header of the SQLite file.
  static let applicationID: Int32 = 0x4C54_4342

  /// Step `i` makes format `i + 1` of format `i`.
  ///
  /// Format 0 is an empty file. A step that was
  /// published is never changed: what comes later is a new step.
  static let steps: [[String]] = [first, screenings, marks, captures, queue]

  /// What is in a file of the format that `steps` lead to.
  static func statements(after steps: [[String]]) throws -> [String] {
    let queue = try DatabaseQueue()
    return try queue.write { database in
      for statement in steps.joined() { try database.execute(sql: statement) }
      return try statements(of: database)
    }
  }

  /// The statements that a file's tables and indexes were made by.
  static func statements(of database: Database) throws -> [String] {
    try Row.fetchAll(
      database,
      sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
    ).map { row in
      var reader = RowReader(row)
      return try reader.next()
    }
  }

  private static let first = [
    """
    CREATE TABLE brand (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      nameKey TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      extra TEXT,
      addedAt INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE brandWord (
      brandID TEXT NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
      field TEXT NOT NULL,
      position INTEGER NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (brandID, field, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE brandLogo (
      brandID TEXT NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      digest TEXT NOT NULL,
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      PRIMARY KEY (brandID, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE brandCreative (
      brandID TEXT NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      sourceDigest TEXT NOT NULL,
      durationSeconds REAL NOT NULL,
      digest TEXT NOT NULL,
      PRIMARY KEY (brandID, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE leak (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      sizeBytes INTEGER NOT NULL,
      durationSeconds REAL,
      firstPath BLOB NOT NULL,
      lastPath BLOB NOT NULL,
      claimedTitle TEXT,
      claimedYear INTEGER,
      source TEXT,
      groupName TEXT,
      groupKey TEXT NOT NULL,
      language TEXT,
      resolution TEXT,
      site TEXT,
      captureID TEXT,
      firstSeen INTEGER NOT NULL,
      lastSeen INTEGER NOT NULL,
      analysedAt INTEGER NOT NULL,
      toolVersion TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE leakName (
      leakKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      name BLOB NOT NULL,
      firstSeen INTEGER NOT NULL,
      PRIMARY KEY (leakKey, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE leakTitle (
      leakKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      titleKey TEXT NOT NULL,
      title TEXT NOT NULL,
      isMatched INTEGER NOT NULL,
      PRIMARY KEY (leakKey, titleKey)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE match (
      leakKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      releaseID TEXT NOT NULL,
      title TEXT NOT NULL,
      log10P REAL NOT NULL,
      isMirrored INTEGER NOT NULL,
      coverage REAL NOT NULL,
      PRIMARY KEY (leakKey, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sighting (
      key INTEGER PRIMARY KEY,
      leakKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      brandID TEXT REFERENCES brand (id) ON DELETE SET NULL,
      brandConfidence REAL,
      isAccepted INTEGER NOT NULL,
      evidence TEXT NOT NULL,
      text TEXT,
      startSeconds REAL NOT NULL,
      endSeconds REAL NOT NULL,
      boxes TEXT NOT NULL,
      isFullFrame INTEGER NOT NULL,
      picture TEXT,
      look BLOB,
      UNIQUE (leakKey, position)
    ) STRICT
    """,
    """
    CREATE TABLE sightingMark (
      sightingKey INTEGER NOT NULL REFERENCES sighting (key) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (sightingKey, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX brandLogoByDigest ON brandLogo (digest)",
    "CREATE INDEX brandCreativeByDigest ON brandCreative (digest)",
    "CREATE INDEX leakByGroup ON leak (groupKey)",
    "CREATE INDEX leakByLastSeen ON leak (lastSeen)",
    "CREATE INDEX leakTitleByKey ON leakTitle (titleKey)",
    "CREATE INDEX matchByRelease ON match (releaseID)",
    "CREATE INDEX sightingByBrand ON sighting (brandID)",
    "CREATE INDEX sightingByPicture ON sighting (picture)",
    "CREATE INDEX sightingMarkByValue ON sightingMark (kind, value)",
  ]
}
