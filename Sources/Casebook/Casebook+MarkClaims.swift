import GRDB

/// A mark that LeakTrace's own detector claims to be in a leak.
public struct MarkClaim: Sendable, Hashable {
  /// SHA-256 of the leak.
  public var leakSHA256: String
  /// Identifier of the key; the key itself is nowhere.
  public var keyID: String
  /// The asset that was marked.
  public var asset: String
  /// The location.
  public var location: Int64
  /// The time stamp at the film's start.
  public var time: Int64
  /// log10 of the bound on the probability of a false claim.
  public var log10Bound: Double

  /// Creates a claim.
  public init(
    leakSHA256: String,
    keyID: String,
    asset: String,
    location: Int64,
    time: Int64,
    log10Bound: Double
  ) {
    (self.leakSHA256, self.keyID, self.asset) = (leakSHA256, keyID, asset)
    (self.location, self.time, self.log10Bound) = (location, time, log10Bound)
  }
}

extension Casebook {
  /// Writes a claim; one of the same leak, key and asset is replaced.
  public func record(_ claim: MarkClaim, at seconds: Int64) throws(CasebookError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO markClaim (leakID, keyID, asset, location, time, log10Bound,
            claimedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          claim.leakSHA256, claim.keyID, claim.asset, claim.location, claim.time,
          claim.log10Bound, seconds,
        ]
      )
    }
  }

  /// Takes back what was claimed of a leak with a key and an asset.
  public func removeMarkClaim(
    ofLeak sha256: String,
    keyID: String,
    asset: String
  ) throws(CasebookError) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM markClaim WHERE leakID = ? AND keyID = ? AND asset = ?",
        arguments: [sha256, keyID, asset]
      )
    }
  }

  /// What is claimed of a leak, by key and asset.
  public func markClaims(ofLeak sha256: String) throws(CasebookError) -> [MarkClaim] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT leakID, keyID, asset, location, time, log10Bound FROM markClaim
          WHERE leakID = ? ORDER BY keyID, asset
          """,
        arguments: [sha256]
      ).map { row in
        var row = RowReader(row)
        return MarkClaim(
          leakSHA256: try row.next(),
          keyID: try row.next(),
          asset: try row.next(),
          location: try row.next(),
          time: try row.next(),
          log10Bound: try row.next()
        )
      }
    }
  }
}
