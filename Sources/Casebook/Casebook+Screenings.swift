import GRDB
import Screenings

extension Casebook {
  /// The screenings of a query, by start, then by identifier.
  ///
  /// - Complexity: milliseconds for a limited query, whatever the number of screenings: each work or
  ///   place that is asked for has its screenings in the order of time.
  public func screenings(_ query: ScreeningQuery) throws(CasebookError) -> [RecordedScreening] {
    try read { database in
      let places = try Self.placeKeys(query, database)
      let works = try Self.workKeys(query, database)
      if places?.isEmpty == true || works?.isEmpty == true { return [] }
      var found: [FoundScreening] = []
      // Places and works have their screenings in the order of time each; where both are asked for,
      // those of a place are fewer.
      if let places {
        for key in places {
          found += try Self.find(query, "placeKey = \(key)", works: works, database)
        }
      } else if let works {
        for key in works {
          found += try Self.find(query, "workKey = \(key)", works: nil, database)
        }
      } else {
        found = try Self.find(query, nil, works: nil, database)
      }
      found.sort()
      if let limit = query.limit { found = Array(found.prefix(limit)) }
      var reader = ScreeningReader(database)
      return try found.map { try reader.screening($0.key) }
    }
  }

  /// Number of screenings.
  public func screeningCount() throws(CasebookError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM screening") ?? 0 }
  }

  /// The screening with this identifier; nil where there is none.
  public func screening(_ id: String) throws(CasebookError) -> RecordedScreening? {
    try read { database in
      let key = try Int64.fetchOne(
        database,
        sql: "SELECT key FROM screening WHERE id = ?",
        arguments: [id]
      )
      guard let key else { return nil }
      var reader = ScreeningReader(database)
      return try reader.screening(key)
    }
  }

  // MARK: Removing

  /// Removes screenings, compositions and facilities by their identifiers, all or none.
  ///
  /// - Throws: ``CasebookError/Code/noSuchScreening`` where one of them is not there.
  public func removeScreenings(_ ids: [String]) throws(CasebookError) -> ScreeningRemoval {
    try write { database in
      var removal = ScreeningRemoval()
      for id in Set(ids).sorted() {
        let before = removal
        for (table, path) in Self.removable {
          try database.execute(sql: "DELETE FROM \(table) WHERE id = ?", arguments: [id])
          removal[keyPath: path] += database.changesCount
        }
        guard removal != before else {
          throw CasebookError(
            .noSuchScreening,
            "the list has no screening, composition or facility \"\(id)\"; `leaktrace screening "
              + "list` shows those it has"
          )
        }
      }
      try Self.removeUnusedPlaces(database)
      return removal
    }
  }

  /// Removes the screenings of a facility, by its identifier or name.
  ///
  /// - Throws: ``CasebookError/Code/noSuchScreening`` where there are none.
  public func removeScreenings(ofFacility facility: String) throws(CasebookError)
    -> ScreeningRemoval
  {
    var query = ScreeningQuery()
    query.facility = facility
    return try write { database in
      var removal = ScreeningRemoval()
      for key in try Self.placeKeys(query, database) ?? [] {
        try database.execute(sql: "DELETE FROM screening WHERE placeKey = ?", arguments: [key])
        removal.screenings += database.changesCount
      }
      guard removal.screenings > 0 else {
        throw CasebookError(.noSuchScreening, "the list has no screenings in \"\(facility)\"")
      }
      try Self.removeUnusedPlaces(database)
      return removal
    }
  }

  /// Removes all screenings, compositions and facilities.
  public func removeAllScreenings() throws(CasebookError) -> ScreeningRemoval {
    try write { database in
      var removal = ScreeningRemoval()
      for (table, path) in Self.removable {
        removal[keyPath: path] =
          try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
        try database.execute(sql: "DELETE FROM \(table)")
      }
      try database.execute(sql: "DELETE FROM screeningPlace")
      try database.execute(sql: "DELETE FROM screeningWork")
      return removal
    }
  }

  private static let removable: [(String, any WritableKeyPath<ScreeningRemoval, Int> & Sendable)] =
    [
      ("screening", \.screenings), ("composition", \.compositions), ("facility", \.facilities),
    ]

  /// Forgets places and works that no screening has any more.
  static func removeUnusedPlaces(_ database: Database) throws {
    for (table, column) in [("screeningPlace", "placeKey"), ("screeningWork", "workKey")] {
      try database.execute(
        sql: """
          DELETE FROM \(table) WHERE NOT EXISTS (
            SELECT 1 FROM screening WHERE screening.\(column) = \(table).key
          )
          """
      )
    }
  }

  // MARK: Finding

  /// A screening that a query found, in the order in which they are given.
  private struct FoundScreening: Comparable {
    var start: Int64
    var id: String
    var key: Int64

    static func < (a: FoundScreening, b: FoundScreening) -> Bool {
      a.start != b.start ? a.start < b.start : a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
    }
  }

  private static func find(
    _ query: ScreeningQuery,
    _ condition: String?,
    works: [Int64]?,
    _ database: Database
  ) throws -> [FoundScreening] {
    var conditions = condition.map { [$0] } ?? []
    if let works {
      let list = works.map(String.init).joined(separator: ",")
      // The sign keeps SQLite from looking through all screenings of the works for each place.
      conditions.append("+workKey IN (\(list))")
    }
    var arguments: [Int64] = []
    if let from = query.from {
      conditions.append("start >= ?")
      arguments.append(from)
    }
    if let to = query.to {
      conditions.append("start < ?")
      arguments.append(to)
    }
    var sql = "SELECT start, id, key FROM screening"
    if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
    // SQLite compares texts by their bytes, as `FoundScreening` does.
    sql += " ORDER BY start, id"
    if let limit = query.limit {
      sql += " LIMIT ?"
      arguments.append(Int64(limit))
    }
    let rows = try Row.fetchCursor(database, sql: sql, arguments: StatementArguments(arguments))
    var found: [FoundScreening] = []
    while let row = try rows.next() {
      var row = RowReader(row)
      found.append(FoundScreening(start: try row.next(), id: try row.next(), key: try row.next()))
    }
    return found
  }

  /// The places of the facility that is asked for; nil where none is.
  private static func placeKeys(_ query: ScreeningQuery, _ database: Database) throws -> [Int64]? {
    guard let facility = query.facility else { return nil }
    return try Int64.fetchAll(
      database,
      sql: """
        SELECT key FROM screeningPlace WHERE facilityKey = ?
        UNION SELECT key FROM screeningPlace WHERE nameKey = ?
        UNION SELECT place.key FROM facility
          JOIN screeningPlace AS place ON place.facilityKey = facility.id
          WHERE facility.nameKey = ?
        """,
      arguments: [facility, TextKey.of(facility), TextKey.of(facility)]
    )
  }

  /// The works that are asked for; nil where any will do.
  private static func workKeys(_ query: ScreeningQuery, _ database: Database) throws -> [Int64]? {
    guard !query.releases.isEmpty || !query.cplIDs.isEmpty || !query.bareTitles.isEmpty else {
      return nil
    }
    var keys: Set<Int64> = []
    for release in query.releases where !release.isEmpty {
      let key = TextKey.of(release)
      keys.formUnion(
        try Int64.fetchAll(
          database,
          sql: """
            SELECT key FROM screeningWork WHERE releaseKey = ?
            UNION SELECT work.key FROM composition
              JOIN screeningWork AS work ON work.cplID = composition.id
              WHERE composition.titleKey = ?
            """,
          arguments: [key, key]
        )
      )
    }
    for title in query.bareTitles where !title.isEmpty {
      keys.formUnion(
        try Int64.fetchAll(
          database,
          sql: "SELECT key FROM screeningWork WHERE releaseKey = ? AND cplID IS NULL",
          arguments: [TextKey.of(title)]
        )
      )
    }
    for id in query.cplIDs {
      keys.formUnion(
        try Int64.fetchAll(
          database,
          sql: "SELECT key FROM screeningWork WHERE cplID = ?",
          arguments: [id]
        )
      )
    }
    return keys.sorted()
  }
}

/// Reads screenings by their keys; places and works that many of them share are read once.
private struct ScreeningReader {
  private typealias PlaceEntry = (place: ScreeningPlace, name: String?, city: String?)
  private typealias WorkEntry = (work: ScreeningWork, composition: Composition?)

  private let database: Database
  private var places: [Int64: PlaceEntry] = [:]
  private var works: [Int64: WorkEntry] = [:]

  init(_ database: Database) { self.database = database }

  mutating func screening(_ key: Int64) throws -> RecordedScreening {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, placeKey, workKey, start, startOffset, end, endOffset, markLocation, markTime,
          deviceID
        FROM screening WHERE key = ?
        """
    )
    var row = RowReader(try row(statement, key))
    let id: String = try row.next()
    let place = try place(try row.next())
    let work = try work(try row.next())
    let start = ZonedTime(seconds: try row.next(), offset: try row.next())
    var screening = Screening(id: id, place: place.place, work: work.work, start: start)
    let end: Int64? = try row.nextOptional()
    let endOffset: Int? = try row.nextOptional()
    screening.end = end.map { ZonedTime(seconds: $0, offset: endOffset ?? start.offset) }
    screening.markLocation = try row.nextOptional()
    screening.markTime = try row.nextOptional()
    screening.deviceID = try row.nextOptional()
    var record = RecordedScreening(screening)
    record.composition = work.composition
    (record.facilityName, record.facilityCity) = (place.name, place.city)
    return record
  }

  private func row(_ statement: Statement, _ key: Int64) throws -> Row {
    guard let row = try Row.fetchOne(statement, arguments: [key]) else {
      throw RowReader.Flaw(message: "a screening names a place or work that is not there")
    }
    return row
  }

  private mutating func place(_ key: Int64) throws -> PlaceEntry {
    if let known = places[key] { return known }
    let statement = try database.cachedStatement(
      sql: """
        SELECT place.facilityID, place.facility, place.city, place.auditorium, place.zone,
          place.width, place.height, place.sag, place.throwDistance, place.seatMap,
          facility.name, facility.city
        FROM screeningPlace AS place LEFT JOIN facility ON facility.id = place.facilityID
        WHERE place.key = ?
        """
    )
    var row = RowReader(try row(statement, key))
    var place = ScreeningPlace(
      facilityID: try row.nextOptional(),
      facility: try row.nextOptional(),
      city: try row.nextOptional(),
      auditorium: try row.next(),
      zone: try row.nextOptional()
    )
    place.screen.width = try row.nextOptional()
    place.screen.height = try row.nextOptional()
    place.screen.sag = try row.nextOptional()
    place.screen.throwDistance = try row.nextOptional()
    place.screen.seatMap = try row.nextOptional()
    let entry: PlaceEntry = (place, try row.nextOptional(), try row.nextOptional())
    places[key] = entry
    return entry
  }

  private mutating func work(_ key: Int64) throws -> WorkEntry {
    if let known = works[key] { return known }
    let statement = try database.cachedStatement(
      sql: "SELECT cplID, release FROM screeningWork WHERE key = ?"
    )
    var row = RowReader(try row(statement, key))
    let work = ScreeningWork(cplID: try row.nextOptional(), release: try row.nextOptional())
    let composition = try work.cplID.flatMap { id in
      try Casebook.compositions(database, where: "id = ?", [id]).first
    }
    works[key] = (work, composition)
    return (work, composition)
  }
}
