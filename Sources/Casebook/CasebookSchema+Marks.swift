extension CasebookSchema {
  /// The tables of what vendors' detectors said, which may come before the leak, and of what our own
  /// claims.
  static let marks = [
    """
    CREATE TABLE vendorResult (
      id TEXT NOT NULL PRIMARY KEY,
      leakID TEXT NOT NULL,
      vendor TEXT NOT NULL,
      verdict TEXT NOT NULL,
      algorithm TEXT,
      detectorVersion TEXT,
      startSeconds REAL,
      endSeconds REAL,
      channel TEXT,
      payload TEXT,
      fieldWidths TEXT NOT NULL,
      markID INTEGER,
      markTime INTEGER,
      moment INTEGER,
      momentOffset INTEGER,
      score REAL,
      threshold REAL,
      falsePositiveRate REAL,
      reportDigest TEXT NOT NULL,
      reportName BLOB NOT NULL,
      importedAt INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE markClaim (
      leakID TEXT NOT NULL,
      keyID TEXT NOT NULL,
      asset TEXT NOT NULL,
      location INTEGER NOT NULL,
      time INTEGER NOT NULL,
      log10Bound REAL NOT NULL,
      claimedAt INTEGER NOT NULL,
      PRIMARY KEY (leakID, keyID, asset)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX vendorResultByLeak ON vendorResult (leakID)",
  ]
}
