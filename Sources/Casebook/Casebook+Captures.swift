import Foundation
import GRDB

extension Casebook {
  /// Beginning of the identifiers that the casebook gives to captures.
  static let capturePrefix = "capture-"
  /// Most bytes of one signature.
  static let mostSignatureBytes = 16 << 20

  /// Keeps the signatures of a leak that is recorded, in place of those it had; its links go.
  ///
  /// - Throws: ``CasebookError/Code/noSuchCapture`` where the leak was never recorded.
  public func record(
    captures: [CaptureEntry],
    of leakSHA256: String
  ) throws(CasebookError) {
    for entry in captures {
      guard !entry.releaseID.isEmpty, entry.signature.count <= Self.mostSignatureBytes,
        [entry.startSeconds, entry.endSeconds, entry.seconds].allSatisfy(\.isFinite)
      else { throw CasebookError(.invalidValue, "a signature of a recording is out of bounds") }
    }
    try write { database in
      let key = try Self.leakKey(leakSHA256, database)
      let neighbours = try Self.neighbours(of: key, database)
      try database.execute(
        sql: "DELETE FROM captureSignature WHERE leakKey = ?",
        arguments: [key]
      )
      try database.execute(
        sql: "DELETE FROM captureLink WHERE leakKey = ? OR otherKey = ?",
        arguments: [key, key]
      )
      for entry in captures {
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO captureSignature
              (leakKey, releaseID, startSeconds, endSeconds, seconds, signature)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            key, entry.releaseID, entry.startSeconds, entry.endSeconds, entry.seconds,
            Data(entry.signature),
          ]
        )
      }
      for leak in [key] + neighbours { try Self.name(captureOf: leak, database) }
    }
  }

  /// Keeps links of a leak to others, in place of those that the pairs had.
  ///
  /// Leaks that hang together get one identifier: that of the one that was recorded first. An
  /// identifier given by hand stays.
  ///
  /// - Returns: The leak's identifier; nil where it is linked to none.
  @discardableResult
  public func record(
    captureLinks links: [CaptureLinkEntry],
    of leakSHA256: String
  ) throws(CasebookError) -> String? {
    try write { database in
      let key = try Self.leakKey(leakSHA256, database)
      for link in links {
        // A leak that was forgotten in the meantime is linked to nothing.
        guard let other = try Self.knownLeakKey(link.otherSHA256, database), other != key else {
          continue
        }
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO captureLink
              (leakKey, otherKey, releaseID, log10Ratio, seconds, evidence)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            min(key, other), max(key, other), link.releaseID,
            link.log10Ratio.isFinite ? link.log10Ratio : 0, link.seconds, link.evidence,
          ]
        )
      }
      try Self.name(captureOf: key, database)
      return try String.fetchOne(
        database,
        sql: "SELECT captureID FROM leak WHERE key = ?",
        arguments: [key]
      )
    }
  }

  /// The signatures of a release, all but those of one leak, in the order of recording.
  public func captures(
    of releaseID: String,
    except leakSHA256: String?
  ) throws(CasebookError) -> [RecordedCapture] {
    try captures(
      where: "captureSignature.releaseID = ? AND leak.id <> ?",
      [
        releaseID, leakSHA256 ?? "",
      ]
    )
  }

  /// The signatures of one leak.
  public func captures(ofLeak sha256: String) throws(CasebookError) -> [RecordedCapture] {
    try captures(where: "leak.id = ?", [sha256])
  }

  private func captures(
    where condition: String,
    _ arguments: StatementArguments
  ) throws(CasebookError) -> [RecordedCapture] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT leak.id, leak.lastPath, leak.captureID, captureSignature.releaseID,
            captureSignature.startSeconds, captureSignature.endSeconds, captureSignature.seconds,
            captureSignature.signature
          FROM captureSignature JOIN leak ON leak.key = captureSignature.leakKey
          WHERE \(condition) ORDER BY leak.key, captureSignature.releaseID
          """,
        arguments: arguments
      ).map { row in
        var row = RowReader(row)
        return RecordedCapture(
          leakSHA256: try row.next(),
          path: try row.nextBytes(),
          captureID: try row.nextOptional(),
          entry: CaptureEntry(
            releaseID: try row.next(),
            startSeconds: try row.next(),
            endSeconds: try row.next(),
            seconds: try row.next(),
            signature: try row.nextBytes()
          )
        )
      }
    }
  }

  /// All captures, by identifier; of one title where `title` gives words of it.
  public func captureGroups(title: String? = nil) throws(CasebookError) -> [CaptureGroup] {
    let groups = try read { database in
      let ids = try String.fetchAll(
        database,
        sql: "SELECT DISTINCT captureID FROM leak WHERE captureID IS NOT NULL ORDER BY captureID"
      )
      return try ids.map { try Self.group($0, database) }
    }
    guard let title else { return groups }
    let words = TextKeys.nameKey(title)
    return groups.filter { $0.titles.contains { TextKeys.nameKey($0).contains(words) } }
  }

  /// The capture with an identifier; nil where there is none.
  public func captureGroup(_ id: String) throws(CasebookError) -> CaptureGroup? {
    try read { database in
      let group = try Self.group(id, database)
      return group.members.isEmpty ? nil : group
    }
  }

  private static func group(_ id: String, _ database: Database) throws -> CaptureGroup {
    let members = try Row.fetchAll(
      database,
      sql: """
        SELECT id, lastPath, firstSeen, groupName FROM leak WHERE captureID = ?
        ORDER BY firstSeen, key
        """,
      arguments: [id]
    ).map { row in
      var row = RowReader(row)
      return CaptureGroup.Member(
        leakSHA256: try row.next(),
        path: try row.nextBytes(),
        firstSeen: try row.next(),
        releaseGroup: try row.nextOptional()
      )
    }
    let titles = try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT leakTitle.title FROM leakTitle JOIN leak ON leak.key = leakTitle.leakKey
        WHERE leak.captureID = ? ORDER BY leakTitle.title
        """,
      arguments: [id]
    )
    let links = try Row.fetchAll(
      database,
      sql: """
        SELECT a.id, b.id, captureLink.releaseID, captureLink.log10Ratio, captureLink.seconds,
          captureLink.evidence
        FROM captureLink JOIN leak AS a ON a.key = captureLink.leakKey
        JOIN leak AS b ON b.key = captureLink.otherKey
        WHERE a.captureID = ? AND b.captureID = ?
        ORDER BY captureLink.leakKey, captureLink.otherKey, captureLink.releaseID
        """,
      arguments: [id, id]
    ).map { row in
      var row = RowReader(row)
      return CaptureGroup.Link(
        leakSHA256: try row.next(),
        entry: CaptureLinkEntry(
          otherSHA256: try row.next(),
          releaseID: try row.next(),
          log10Ratio: try row.next(),
          seconds: try row.next(),
          evidence: try row.next()
        )
      )
    }
    return CaptureGroup(id: id, titles: titles, members: members, links: links)
  }

  // MARK: Names of captures

  private static func knownLeakKey(_ sha256: String, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(database, sql: "SELECT key FROM leak WHERE id = ?", arguments: [sha256])
  }

  static func leakKey(_ sha256: String, _ database: Database) throws -> Int64 {
    guard let key = try knownLeakKey(sha256, database) else {
      throw CasebookError(.noSuchCapture, "the leak \(sha256) was never recorded")
    }
    return key
  }

  private static func neighbours(of key: Int64, _ database: Database) throws -> [Int64] {
    try Int64.fetchAll(
      database,
      sql: """
        SELECT otherKey FROM captureLink WHERE leakKey = ?
        UNION SELECT leakKey FROM captureLink WHERE otherKey = ?
        """,
      arguments: [key, key]
    )
  }

  /// Gives all leaks that hang together with one the identifier of the first of them.
  private static func name(captureOf key: Int64, _ database: Database) throws {
    var reached: Set<Int64> = [key]
    var open = [key]
    while let next = open.popLast() {
      for other in try neighbours(of: next, database) where reached.insert(other).inserted {
        open.append(other)
      }
    }
    let keys = reached.sorted()
    var id: String?
    if keys.count > 1 {
      let first = try String.fetchOne(
        database,
        sql: "SELECT id FROM leak WHERE key = ?",
        arguments: [keys[0]]
      )
      id = first.map { capturePrefix + $0.prefix(12) }
    }
    for leak in keys {
      try database.execute(
        sql: """
          UPDATE leak SET captureID = ?
          WHERE key = ? AND (captureID IS NULL OR captureID GLOB '\(capturePrefix)*')
          """,
        arguments: [id, leak]
      )
    }
  }
}
