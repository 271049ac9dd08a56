import GRDB
public import Screenings

extension Casebook {
  /// All facilities whose lists were imported, by name, then by identifier.
  public func facilities() throws(CasebookError) -> [Facility] {
    try read { try Self.facilities($0, where: "1", []) }
  }

  /// The facility with this identifier; nil where there is none.
  public func facility(_ id: String) throws(CasebookError) -> Facility? {
    try read { try Self.facilities($0, where: "id = ?", [id]).first }
  }

  /// The auditorium of a device that exactly one facility list names; nil where none or several do.
  public func place(ofDevice id: String) throws(CasebookError) -> ScreeningPlace? {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT DISTINCT facility.id, facility.name, facility.city, facilityDevice.auditorium
          FROM facilityDevice JOIN facility ON facility.id = facilityDevice.facilityID
          WHERE facilityDevice.deviceID = ? AND facilityDevice.auditorium IS NOT NULL
          """,
        arguments: [id]
      )
      guard rows.count == 1, let row = rows.first else { return nil }
      var reader = RowReader(row)
      return ScreeningPlace(
        facilityID: try reader.next(),
        facility: try reader.next(),
        city: try reader.nextOptional(),
        auditorium: try reader.next()
      )
    }
  }

  /// Writes a facility; one with the same identifier is replaced where it says something else.
  public func add(_ facility: Facility) throws(CasebookError) -> EntryOutcome {
    try write { database in
      let known = try Self.facilities(database, where: "id = ?", [facility.id]).first
      if known == facility { return .unchanged }
      try database.execute(sql: "DELETE FROM facility WHERE id = ?", arguments: [facility.id])
      try Self.write(facility, database)
      return known == nil ? .added : .changed
    }
  }

  private static func write(_ facility: Facility, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO facility (id, name, nameKey, circuit, address, city, country, zone, issueDate)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        facility.id, facility.name, TextKey.of(facility.name), facility.circuit, facility.address,
        facility.city, facility.country, facility.zone, facility.issueDate,
      ]
    )
    for (position, room) in facility.auditoriums.enumerated() {
      try database.cachedStatement(
        sql: """
          INSERT INTO facilityAuditorium (facilityID, position, name, aspectRatio)
          VALUES (?, ?, ?, ?)
          """
      ).execute(arguments: [facility.id, position, room.name, room.aspectRatio])
    }
    let rooms: [(String?, [Facility.Device])] =
      facility.auditoriums.map { ($0.name, $0.devices) } + [(nil, facility.devices)]
    let devices = rooms.flatMap { room in room.1.map { (room.0, $0) } }
    for (position, (auditorium, device)) in devices.enumerated() {
      try database.cachedStatement(
        sql: """
          INSERT INTO facilityDevice (facilityID, position, auditorium, type, deviceID, serial,
            manufacturer, model)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        facility.id, position, auditorium, device.type, device.id, device.serial,
        device.manufacturer, device.model,
      ])
      for (number, mark) in device.marks.enumerated() {
        try database.cachedStatement(
          sql: """
            INSERT INTO facilityMark (facilityID, device, position, kind, manufacturer, model,
              version, algorithm, markID)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).execute(arguments: [
          facility.id, position, number, mark.kind, mark.manufacturer, mark.model, mark.version,
          mark.algorithm, mark.markID,
        ])
      }
    }
  }

  // MARK: Reading

  private static func facilities(
    _ database: Database,
    where condition: String,
    _ arguments: StatementArguments
  ) throws -> [Facility] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, name, circuit, address, city, country, zone, issueDate
        FROM facility WHERE \(condition) ORDER BY nameKey, id
        """,
      arguments: arguments
    )
    return try rows.map { row in
      var row = RowReader(row)
      var facility = Facility(id: try row.next(), name: try row.next())
      facility.circuit = try row.nextOptional()
      facility.address = try row.nextOptional()
      facility.city = try row.nextOptional()
      facility.country = try row.nextOptional()
      facility.zone = try row.nextOptional()
      facility.issueDate = try row.nextOptional()
      try readAuditoriums(&facility, database)
      try readDevices(&facility, database)
      return facility
    }
  }

  private static func readAuditoriums(_ facility: inout Facility, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT name, aspectRatio FROM facilityAuditorium WHERE facilityID = ? ORDER BY position
        """
    )
    facility.auditoriums = try Row.fetchAll(statement, arguments: [facility.id]).map { row in
      var row = RowReader(row)
      var room = Facility.Auditorium(name: try row.next())
      room.aspectRatio = try row.nextOptional()
      return room
    }
  }

  private static func readDevices(_ facility: inout Facility, _ database: Database) throws {
    let marks = try marks(of: facility.id, database)
    let numbers = Dictionary(
      facility.auditoriums.enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let statement = try database.cachedStatement(
      sql: """
        SELECT position, auditorium, type, deviceID, serial, manufacturer, model
        FROM facilityDevice WHERE facilityID = ? ORDER BY position
        """
    )
    for row in try Row.fetchAll(statement, arguments: [facility.id]) {
      var row = RowReader(row)
      let position: Int = try row.next()
      let auditorium: String? = try row.nextOptional()
      var device = Facility.Device()
      device.type = try row.nextOptional()
      device.id = try row.nextOptional()
      device.serial = try row.nextOptional()
      device.manufacturer = try row.nextOptional()
      device.model = try row.nextOptional()
      device.marks = marks[position] ?? []
      if let number = auditorium.flatMap({ numbers[$0] }) {
        facility.auditoriums[number].devices.append(device)
      } else {
        facility.devices.append(device)
      }
    }
  }

  /// The marks of a facility's devices, by the positions of these.
  private static func marks(
    of facilityID: String,
    _ database: Database
  ) throws -> [Int: [Facility.Mark]] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT device, kind, manufacturer, model, version, algorithm, markID
        FROM facilityMark WHERE facilityID = ? ORDER BY device, position
        """
    )
    var marks: [Int: [Facility.Mark]] = [:]
    for row in try Row.fetchAll(statement, arguments: [facilityID]) {
      var row = RowReader(row)
      let device: Int = try row.next()
      var mark = Facility.Mark()
      mark.kind = try row.nextOptional()
      mark.manufacturer = try row.nextOptional()
      mark.model = try row.nextOptional()
      mark.version = try row.nextOptional()
      mark.algorithm = try row.nextOptional()
      mark.markID = try row.nextOptional()
      marks[device, default: []].append(mark)
    }
    return marks
  }
}
