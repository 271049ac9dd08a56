import GRDB

/// A leak, as the casebook has it.
public struct RecordedLeak: Sendable, Hashable {
  /// SHA-256 of the file.
  public var sha256: String
  /// Size in bytes.
  public var sizeBytes: Int64
  /// Running time in seconds, where known.
  public var durationSeconds: Double?
  /// Where it was seen first.
  public var firstPath: [UInt8]
  /// Where it was seen last.
  public var lastPath: [UInt8]
  /// The file names that it was seen under.
  public var names: [[UInt8]]
  /// What the name that says most claims.
  public var claim: ReleaseName
  /// The act of recording that it comes from.
  public var captureID: String?
  /// When it was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var firstSeen: Int64
  /// When it was last seen.
  public var lastSeen: Int64
  /// When it was last analysed.
  public var analysedAt: Int64
  /// Version of the program that did.
  public var toolVersion: String
  /// The releases that it shows, the surest first.
  public var matches: [MatchEntry]
}

extension Casebook {
  /// Number of leaks.
  public func leakCount() throws(CasebookError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM leak") ?? 0 }
  }

  /// The leak with this SHA-256; nil where it was never recorded.
  public func leak(_ sha256: String) throws(CasebookError) -> RecordedLeak? {
    try read { database in
      guard
        let row = try Row.fetchOne(
          database,
          sql: """
            SELECT key, id, sizeBytes, durationSeconds, firstPath, lastPath, claimedTitle,
              claimedYear, source, groupName, language, resolution, site, captureID, firstSeen,
              lastSeen, analysedAt, toolVersion
            FROM leak WHERE id = ?
            """,
          arguments: [sha256]
        )
      else { return nil }
      var reader = RowReader(row)
      let key: Int64 = try reader.next()
      return try Self.leak(&reader, key, database)
    }
  }

  private static func leak(
    _ row: inout RowReader,
    _ key: Int64,
    _ database: Database
  ) throws -> RecordedLeak {
    var leak = RecordedLeak(
      sha256: try row.next(),
      sizeBytes: try row.next(),
      durationSeconds: try row.nextOptional(),
      firstPath: try row.nextBytes(),
      lastPath: try row.nextBytes(),
      names: [],
      claim: ReleaseName(),
      firstSeen: 0,
      lastSeen: 0,
      analysedAt: 0,
      toolVersion: "",
      matches: []
    )
    leak.claim.title = try row.nextOptional()
    leak.claim.year = try row.nextOptional()
    leak.claim.source = try row.nextOptional()
    leak.claim.group = try row.nextOptional()
    leak.claim.language = try row.nextOptional()
    leak.claim.resolution = try row.nextOptional()
    leak.claim.site = try row.nextOptional()
    leak.captureID = try row.nextOptional()
    leak.firstSeen = try row.next()
    leak.lastSeen = try row.next()
    leak.analysedAt = try row.next()
    leak.toolVersion = try row.next()
    leak.names = try Row.fetchAll(
      database,
      sql: "SELECT name FROM leakName WHERE leakKey = ? ORDER BY name",
      arguments: [key]
    ).map { row in
      var row = RowReader(row)
      return try row.nextBytes()
    }
    leak.matches = try Row.fetchAll(
      database,
      sql: """
        SELECT releaseID, title, log10P, isMirrored, coverage FROM match
        WHERE leakKey = ? ORDER BY position
        """,
      arguments: [key]
    ).map { row in
      var row = RowReader(row)
      return MatchEntry(
        releaseID: try row.next(),
        title: try row.next(),
        log10P: try row.next(),
        isMirrored: try row.next(),
        coverage: try row.next()
      )
    }
    return leak
  }
}
