import GRDB
public import Screenings

extension Casebook {
  /// Bytes of pages that an import keeps in memory, in KiB: what does not fit is written early, and
  /// readers have to wait from then on.
  private static let importCacheKilobytes = 262_144
  /// Rows between two reports of progress.
  private static let progressRows = 4096

  /// Writes screenings, all or none of them, in one transaction.
  ///
  /// A screening whose identifier is here already is left alone if it says the same, and replaced
  /// otherwise. `progress` is told the fraction done and may throw to stop; nothing is changed then.
  ///
  /// - Complexity: some 10 s for a million new screenings, during which other writers wait, and readers
  ///   where the pages do not fit into memory.
  /// - Throws: ``CasebookError``, or what `progress` throws.
  public func add(
    _ batch: ScreeningBatch,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> ScreeningOutcome {
    // An error of `progress` passes through the transaction as it is.
    var stop: (any Error)?
    do {
      return try write { database in
        let usual = try Int.fetchOne(database, sql: "PRAGMA cache_size") ?? -2000
        try database.execute(sql: "PRAGMA cache_size = -\(Self.importCacheKilobytes)")
        defer { try? database.execute(sql: "PRAGMA cache_size = \(usual)") }
        var writer = try ScreeningWriter(database, batch)
        for (index, row) in batch.rows.enumerated() {
          if index.isMultiple(of: Self.progressRows) {
            do { try progress(Double(index) / Double(batch.rows.count)) } catch {
              stop = error
              throw error
            }
          }
          try writer.write(row)
        }
        try writer.finish()
        return writer.outcome
      }
    } catch {
      throw stop ?? error
    }
  }
}

/// Writes the rows of one batch inside a transaction.
private struct ScreeningWriter {
  private(set) var outcome = ScreeningOutcome()

  private let database: Database
  private let batch: ScreeningBatch
  private var placeKeys: [Int64?]
  private var workKeys: [Int64?]
  private let known: Statement
  private let insertion: Statement
  private let update: Statement
  /// Whether there was no screening before: then nothing needs to be looked up.
  private let isFirst: Bool

  init(_ database: Database, _ batch: ScreeningBatch) throws {
    self.database = database
    self.batch = batch
    placeKeys = Array(repeating: nil, count: batch.places.count)
    workKeys = Array(repeating: nil, count: batch.works.count)
    outcome.unchanged = batch.repeats
    isFirst =
      try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM screening)") ?? false
    known = try database.makeStatement(
      sql: """
        SELECT placeKey, workKey, start, startOffset, end, endOffset, markLocation, markTime,
          deviceID
        FROM screening WHERE id = ?
        """
    )
    insertion = try database.makeStatement(
      sql: """
        INSERT INTO screening (placeKey, workKey, start, startOffset, end, endOffset, markLocation,
          markTime, deviceID, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    update = try database.makeStatement(
      sql: """
        UPDATE screening SET placeKey = ?, workKey = ?, start = ?, startOffset = ?, end = ?,
          endOffset = ?, markLocation = ?, markTime = ?, deviceID = ?
        WHERE id = ?
        """
    )
  }

  mutating func write(_ row: ScreeningBatch.Row) throws {
    let place = try placeKey(row.place)
    let work = try workKey(row.work)
    // A literal: GRDB takes a third less time for it than for an array of values.
    let arguments: StatementArguments = [
      place, work, row.start.seconds, row.start.offset, row.end?.seconds, row.end?.offset,
      row.markLocation, row.markTime, row.deviceID, row.id,
    ]
    if !isFirst, let before = try Row.fetchOne(known, arguments: [row.id]) {
      let values: [DatabaseValue] = [
        place.databaseValue, work.databaseValue, row.start.seconds.databaseValue,
        row.start.offset.databaseValue, Self.value(row.end?.seconds),
        Self.value(row.end?.offset), Self.value(row.markLocation), Self.value(row.markTime),
        Self.value(row.deviceID),
      ]
      if before.databaseValues.elementsEqual(values) {
        outcome.unchanged += 1
        return
      }
      try update.execute(arguments: arguments)
      outcome.changed += 1
      if outcome.changedIDs.count < ScreeningOutcome.mostChangedIDs {
        outcome.changedIDs.append(row.id)
      }
      return
    }
    try insertion.execute(arguments: arguments)
    outcome.added += 1
  }

  func finish() throws {
    if outcome.changed > 0 { try Casebook.removeUnusedPlaces(database) }
  }

  private static func value(_ value: (some DatabaseValueConvertible)?) -> DatabaseValue {
    value?.databaseValue ?? .null
  }

  // MARK: What rows share

  private mutating func placeKey(_ number: Int32) throws -> Int64 {
    if let key = placeKeys[Int(number)] { return key }
    let place = batch.places[Int(number)]
    let nameKey = TextKey.of(place.facility ?? "")
    let arguments: StatementArguments = [
      place.facilityKey, place.auditorium, place.facilityID, place.facility, place.city,
      place.zone, place.screen.width, place.screen.height, place.screen.sag,
      place.screen.throwDistance, place.screen.seatMap,
    ]
    let there = try database.cachedStatement(
      sql: """
        SELECT key FROM screeningPlace
        WHERE facilityKey = ? AND auditorium = ? AND facilityID IS ? AND facility IS ?
          AND city IS ? AND zone IS ? AND width IS ? AND height IS ? AND sag IS ?
          AND throwDistance IS ? AND seatMap IS ?
        """
    )
    let key: Int64
    if let found = try Int64.fetchOne(there, arguments: arguments) {
      key = found
    } else {
      try database.cachedStatement(
        sql: """
          INSERT INTO screeningPlace (facilityKey, auditorium, facilityID, facility, city, zone,
            width, height, sag, throwDistance, seatMap, nameKey)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: arguments + [nameKey])
      key = database.lastInsertedRowID
    }
    placeKeys[Int(number)] = key
    return key
  }

  private mutating func workKey(_ number: Int32) throws -> Int64 {
    if let key = workKeys[Int(number)] { return key }
    let work = batch.works[Int(number)]
    let releaseKey = TextKey.of(work.release ?? "")
    let there = try database.cachedStatement(
      sql: """
        SELECT key FROM screeningWork WHERE releaseKey = ? AND cplID IS ? AND release IS ?
        """
    )
    let arguments: StatementArguments = [releaseKey, work.cplID, work.release]
    let key: Int64
    if let found = try Int64.fetchOne(there, arguments: arguments) {
      key = found
    } else {
      try database.cachedStatement(
        sql: "INSERT INTO screeningWork (releaseKey, cplID, release) VALUES (?, ?, ?)"
      ).execute(arguments: arguments)
      key = database.lastInsertedRowID
    }
    workKeys[Int(number)] = key
    return key
  }
}
