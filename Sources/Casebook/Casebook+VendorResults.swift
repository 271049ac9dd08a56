import Foundation
import GRDB
public import Screenings

/// A vendor's result with where it came from.
public struct RecordedVendorResult: Sendable, Hashable {
  /// What the vendor says.
  public var result: VendorResult
  /// The report that it was first read from.
  public var source: Source

  /// The file that a result was read from.
  public struct Source: Sendable, Hashable {
    /// SHA-256 of the report, 64 hexadecimal digits in small letters.
    public var digest: String
    /// Its name without folders, as the file system writes it.
    public var name: [UInt8]
    /// When it was imported, in seconds since 1970-01-01T00:00:00Z.
    public var importedAt: Int64

    /// Creates a source.
    public init(digest: String, name: [UInt8], importedAt: Int64) {
      (self.digest, self.name, self.importedAt) = (digest, name, importedAt)
    }
  }

  /// Creates a record.
  public init(_ result: VendorResult, source: Source) {
    (self.result, self.source) = (result, source)
  }
}

extension Casebook {
  /// Adds results, all or none; those that are there are left alone.
  ///
  /// - Returns: How many are new.
  @discardableResult
  public func add(
    _ results: [VendorResult],
    from source: RecordedVendorResult.Source
  ) throws(CasebookError) -> Int {
    try write { database in
      var added = 0
      for result in results {
        try database.execute(
          sql: """
            INSERT INTO vendorResult (id, leakID, vendor, verdict, algorithm, detectorVersion,
              startSeconds, endSeconds, channel, payload, fieldWidths, markID, markTime, moment,
              momentOffset, score, threshold, falsePositiveRate, reportDigest, reportName,
              importedAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """,
          arguments: [
            result.id, result.leakSHA256, result.vendor, result.verdict.rawValue,
            result.algorithm, result.detectorVersion, result.start, result.end,
            result.channel?.rawValue, result.payload, try ListText.of(result.fieldWidths),
            result.markID, result.markTime, result.moment?.seconds, result.moment?.offset,
            result.score, result.threshold, result.falsePositiveRate, source.digest,
            Data(source.name), source.importedAt,
          ]
        )
        added += database.changesCount
      }
      return added
    }
  }

  /// All results, or those on one leak, by leak, vendor and place in it.
  public func vendorResults(
    ofLeak sha256: String? = nil
  ) throws(CasebookError) -> [RecordedVendorResult] {
    try read { database in
      if let sha256 {
        try Self.vendorResults(database, where: "leakID = ?", [sha256])
      } else {
        try Self.vendorResults(database, where: "1", [])
      }
    }
  }

  /// Results by their identifiers, in that order.
  ///
  /// - Throws: ``CasebookError/Code/noSuchVendorResult``.
  public func vendorResults(ids: [String]) throws(CasebookError) -> [RecordedVendorResult] {
    try read { database in try ids.map { try Self.vendorResult($0, database) } }
  }

  /// Removes results by their identifiers, all or none.
  ///
  /// - Returns: The results.
  @discardableResult
  public func removeVendorResults(
    _ ids: [String]
  ) throws(CasebookError) -> [RecordedVendorResult] {
    try write { database in
      let found = try ids.map { try Self.vendorResult($0, database) }
      for id in ids {
        try database.execute(sql: "DELETE FROM vendorResult WHERE id = ?", arguments: [id])
      }
      return found
    }
  }

  private static func vendorResult(
    _ id: String,
    _ database: Database
  ) throws -> RecordedVendorResult {
    guard let found = try vendorResults(database, where: "id = ?", [id]).first else {
      throw CasebookError(
        .noSuchVendorResult,
        "there is no vendor result \"\(id)\"; `leaktrace vendor list` shows those there are"
      )
    }
    return found
  }

  private static func vendorResults(
    _ database: Database,
    where condition: String,
    _ arguments: StatementArguments
  ) throws -> [RecordedVendorResult] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT leakID, vendor, verdict, algorithm, detectorVersion, startSeconds, endSeconds,
          channel, payload, fieldWidths, markID, markTime, moment, momentOffset, score, threshold,
          falsePositiveRate, reportDigest, reportName, importedAt
        FROM vendorResult WHERE \(condition) ORDER BY leakID, vendor, startSeconds, id
        """,
      arguments: arguments
    )
    return try rows.map { row in
      var row = RowReader(row)
      let (leak, vendor): (String, String) = (try row.next(), try row.next())
      guard let verdict = VendorResult.Verdict(rawValue: try row.next()) else {
        throw RowReader.Flaw(message: "a vendor's result has an unknown verdict")
      }
      var result = VendorResult(leakSHA256: leak, vendor: vendor, verdict: verdict)
      result.algorithm = try row.nextOptional()
      result.detectorVersion = try row.nextOptional()
      result.start = try row.nextOptional()
      result.end = try row.nextOptional()
      let channel: String? = try row.nextOptional()
      result.channel = channel.flatMap(VendorResult.Channel.init)
      result.payload = try row.nextOptional()
      result.fieldWidths = try row.nextNumbers()
      result.markID = try row.nextOptional()
      result.markTime = try row.nextOptional()
      let moment: Int64? = try row.nextOptional()
      let offset: Int? = try row.nextOptional()
      result.moment = moment.map { ZonedTime(seconds: $0, offset: offset ?? 0) }
      result.score = try row.nextOptional()
      result.threshold = try row.nextOptional()
      result.falsePositiveRate = try row.nextOptional()
      let digest: String = try row.next()
      let name = try row.nextBytes()
      let source = RecordedVendorResult.Source(
        digest: digest,
        name: name,
        importedAt: try row.next()
      )
      return RecordedVendorResult(result, source: source)
    }
  }
}
