extension CasebookSchema {
  /// What tells the recordings of leaks apart, and which leaks were found to come from one.
  ///
  /// A signature belongs to a leak and a release, for it counts in seconds of that release. The
  /// smaller key of a link stands first, so that a pair has one row.
  static let captures = [
    """
    CREATE TABLE captureSignature (
      leakKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      releaseID TEXT NOT NULL,
      startSeconds REAL NOT NULL,
      endSeconds REAL NOT NULL,
      seconds REAL NOT NULL,
      signature BLOB NOT NULL,
      PRIMARY KEY (leakKey, releaseID)
    ) STRICT
    """,
    """
    CREATE TABLE captureLink (
      leakKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      otherKey INTEGER NOT NULL REFERENCES leak (key) ON DELETE CASCADE,
      releaseID TEXT NOT NULL,
      log10Ratio REAL NOT NULL,
      seconds REAL NOT NULL,
      evidence TEXT NOT NULL,
      PRIMARY KEY (leakKey, otherKey, releaseID),
      CHECK (leakKey < otherKey)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX captureSignatureByRelease ON captureSignature (releaseID)",
    "CREATE INDEX captureLinkByOther ON captureLink (otherKey)",
    "CREATE INDEX leakByCapture ON leak (captureID) WHERE captureID IS NOT NULL",
  ]
}
