/// Makes screenings of the rows of a table.
struct TableReader {
  private(set) var batch = ScreeningBatch()
  let map: ColumnMap

  private let bytes: [UInt8]
  private let columns: Columns
  /// The places of rows, by what the rows say of them: a cinema stands in thousands of rows.
  private var places: [[String]: ScreeningPlace] = [:]
  private let fileZone: String?
  private let zones = ZoneCache()
  private let delimiter: UInt8
  private let firstRow: (index: Int, line: Int)

  init(_ bytes: [UInt8], _ options: ScreeningTable.Options) throws(ScreeningsError) {
    self.bytes = bytes
    if let zone = options.zone {
      do { _ = try zones.clock(zone) } catch {
        throw ScreeningsError(.badOption, "--zone: \(error.message)")
      }
    }
    fileZone = options.zone
    let header = try Self.header(bytes, options)
    (delimiter, firstRow) = (header.delimiter, header.end)
    map = try ColumnMap(
      header.record.fields,
      line: header.record.line,
      overrides: options.columns
    )
    columns = Columns(map)
  }

  /// A field, and the column that holds it.
  private struct Column {
    let field: ScreeningField
    let index: Int?
  }

  /// The columns of all fields, so that no row looks them up.
  private struct Columns {
    let screeningID, facilityID, facility, city, auditorium, cplID, release, start, date: Column
    let zone, end, markLocation, markTime, width, height, sag, throwDistance, seatMap: Column
    /// Those that say where a screening was.
    let place: [Column]

    init(_ map: ColumnMap) {
      func column(_ field: ScreeningField) -> Column {
        Column(field: field, index: map.columns[field])
      }
      screeningID = column(.screeningID)
      facilityID = column(.facilityID)
      facility = column(.facility)
      city = column(.city)
      auditorium = column(.auditorium)
      cplID = column(.cplID)
      release = column(.release)
      start = column(.start)
      date = column(.date)
      zone = column(.zone)
      end = column(.end)
      markLocation = column(.markLocation)
      markTime = column(.markTime)
      width = column(.screenWidth)
      height = column(.screenHeight)
      sag = column(.sag)
      throwDistance = column(.throwDistance)
      seatMap = column(.seatMap)
      place = [
        facilityID, facility, city, auditorium, zone, width, height, sag, throwDistance, seatMap,
      ].filter { $0.index != nil }
    }
  }

  private typealias Header = (
    record: DelimitedRows.Record, delimiter: UInt8, end: (index: Int, line: Int)
  )

  /// The header under the delimiter that makes most fields of it known, then most fields.
  private static func header(
    _ bytes: [UInt8],
    _ options: ScreeningTable.Options
  ) throws(ScreeningsError) -> Header {
    let (start, said) = delimiterLine(bytes)
    var best: (header: Header, known: Int)?
    var failure: ScreeningsError?
    for delimiter in said.map({ [$0] }) ?? [",", ";", "\t"].map({ UInt8(ascii: $0) }) {
      var rows = DelimitedRows(bytes, delimiter: delimiter, from: start.index, line: start.line)
      var record = DelimitedRows.Record()
      do throws(ScreeningsError) {
        guard try rows.next(&record) else {
          throw ScreeningsError(.badHeader, "the list is empty; its first line names the columns")
        }
      } catch {
        failure = failure ?? error
        continue
      }
      let headers = Set(options.columns.map { ScreeningField.key($0.header) })
      let known = record.fields.count {
        ScreeningField.named($0) != nil || headers.contains(ScreeningField.key($0))
      }
      let isBetter =
        best.map { (known, record.fields.count) > ($0.known, $0.header.record.fields.count) }
        ?? true
      if isBetter { best = ((record, delimiter, rows.position), known) }
    }
    if let best { return best.header }
    throw failure ?? ScreeningsError(.badHeader, "the list is empty")
  }

  /// The line `sep=;` that spreadsheets know, where there is one.
  private static func delimiterLine(
    _ bytes: [UInt8]
  ) -> (start: (index: Int, line: Int), delimiter: UInt8?) {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard line.count == 5, line.starts(with: Array("sep=".utf8)), let sign = line.last,
      [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].contains(sign)
    else { return ((0, 1), nil) }
    let end = bytes.dropFirst(5).starts(with: [0x0D, 0x0A]) ? 7 : 6
    return ((min(end, bytes.count), 2), sign)
  }

  /// Reads all rows; what is wrong with single ones goes into the batch.
  mutating func readRows(_ progress: (Double) throws -> Void) throws {
    var rows = DelimitedRows(
      bytes,
      delimiter: delimiter,
      from: firstRow.index,
      line: firstRow.line
    )
    var record = DelimitedRows.Record()
    var count = 0
    while try rows.next(&record) {
      count += 1
      if count.isMultiple(of: 4096) {
        try progress(Double(rows.position.index) / Double(max(1, bytes.count)))
      }
      // Rows of delimiters alone, as spreadsheets leave them.
      if record.fields.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
      do {
        let screening = try screening(record.fields)
        try batch.add(screening, line: record.line)
      } catch let flaw as ValueFlaw {
        try batch.refuse(line: record.line, flaw.message)
      }
    }
  }

  // MARK: Rows

  private func value(_ column: Column, _ fields: [String]) throws(ValueFlaw) -> String? {
    guard let index = column.index, index < fields.count else { return nil }
    return try TextRules.value(fields[index], column.field.rawValue)
  }

  private mutating func screening(_ fields: [String]) throws(ValueFlaw) -> Screening {
    guard fields.count <= map.count else {
      throw ValueFlaw("the row has \(fields.count) fields, the header \(map.count)")
    }
    let place = try place(fields)
    var work = ScreeningWork(release: try value(columns.release, fields))
    if let cplID = try value(columns.cplID, fields) {
      work.cplID = try TextRules.uuid(cplID, "cpl_id")
    }
    guard work.cplID != nil || work.release != nil else {
      throw ValueFlaw("neither cpl_id nor release is given")
    }
    let (start, end) = try times(fields, zone: place.zone)
    let id =
      try value(columns.screeningID, fields) ?? Screening.identifier(of: place, start: start)
    var screening = Screening(id: id, place: place, work: work, start: start)
    screening.end = end
    screening.markLocation = try mark(columns.markLocation, fields)
    screening.markTime = try mark(columns.markTime, fields)
    return screening
  }

  /// Most places that are kept in mind.
  private static let mostPlaces = 100_000

  private mutating func place(_ fields: [String]) throws(ValueFlaw) -> ScreeningPlace {
    let key = columns.place.map { column in
      column.index.flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
    }
    if let known = places[key] { return known }
    guard let auditorium = try value(columns.auditorium, fields) else {
      throw ValueFlaw("the auditorium is missing")
    }
    let place = ScreeningPlace(
      facilityID: try value(columns.facilityID, fields),
      facility: try value(columns.facility, fields),
      city: try value(columns.city, fields),
      auditorium: auditorium,
      zone: try value(columns.zone, fields),
      screen: try screen(fields)
    )
    guard place.facilityID != nil || place.facility != nil else {
      throw ValueFlaw("neither facility nor facility_id is given")
    }
    if places.count < Self.mostPlaces { places[key] = place }
    return place
  }

  private func times(
    _ fields: [String],
    zone: String?
  ) throws(ValueFlaw) -> (start: ZonedTime, end: ZonedTime?) {
    guard let text = try value(columns.start, fields) else {
      throw ValueFlaw("the start is missing")
    }
    var written = try WrittenTime(text)
    if let date = try value(columns.date, fields) {
      let day = try WrittenTime(date)
      guard day.day != nil, day.second == nil || day.second == 0, day.offset == nil else {
        throw ValueFlaw("\"\(TextRules.excerpt(date))\" is not a date such as 2026-05-31")
      }
      guard written.day == nil || written.day == day.day else {
        throw ValueFlaw("start and date name different days")
      }
      written.day = day.day
    }
    // The zone of the row itself must go with the offset that is written; that of the file is for
    // times that have none.
    let own = try clock(zone)
    let spare = if let own { own } else { try clock(fileZone) }
    let start = try Self.named("start") { () throws(ValueFlaw) in
      try written.moment(in: written.offset == nil ? spare : own)
    }
    guard let text = try value(columns.end, fields) else { return (start, nil) }
    var last = try WrittenTime(text)
    if last.day == nil, let day = written.day, let first = written.second, let second = last.second
    {
      // A time of day before the start's is that of the next day.
      last.day = second < first ? day + 1 : day
      last.offset = last.offset ?? (own == nil ? written.offset : nil)
    }
    let end = try Self.named("end") { () throws(ValueFlaw) in
      try last.moment(in: last.offset == nil ? spare : own)
    }
    guard end.seconds > start.seconds else {
      throw ValueFlaw("the end \(end.text) is not after the start \(start.text)")
    }
    guard end.seconds - start.seconds <= Self.longestSeconds else {
      throw ValueFlaw("the end \(end.text) is more than a day after the start \(start.text)")
    }
    return (start, end)
  }

  private func clock(_ zone: String?) throws(ValueFlaw) -> ZoneClock? {
    guard let zone else { return nil }
    return try zones.clock(zone)
  }

  private static func named<Value>(
    _ name: String,
    _ body: () throws(ValueFlaw) -> Value
  ) throws(ValueFlaw) -> Value {
    do {
      return try body()
    } catch {
      throw ValueFlaw("\(name): \(error.message)")
    }
  }

  /// Longest screening, in seconds.
  private static let longestSeconds: Int64 = 86_400

  private func mark(_ column: Column, _ fields: [String]) throws(ValueFlaw) -> Int64? {
    guard let text = try value(column, fields) else { return nil }
    let number =
      text.hasPrefix("0x") || text.hasPrefix("0X")
      ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
    guard let number, number >= 0, !text.hasPrefix("+"), !text.dropFirst(2).hasPrefix("+") else {
      throw ValueFlaw(
        "the \(column.field.rawValue) \"\(TextRules.excerpt(text))\" is not a whole number of a mark"
      )
    }
    return number
  }

  // MARK: Screens

  /// What can be: from a screening room to the largest screens there are, with room to spare.
  private static let lengths: [ScreeningField: ClosedRange<Double>] = [
    .screenWidth: 0.5...60, .screenHeight: 0.3...45, .sag: 0...10, .throwDistance: 0.5...200,
  ]

  private func screen(_ fields: [String]) throws(ValueFlaw) -> ScreeningPlace.Screen {
    var screen = ScreeningPlace.Screen()
    screen.width = try length(columns.width, fields)
    screen.height = try length(columns.height, fields)
    screen.sag = try length(columns.sag, fields)
    screen.throwDistance = try length(columns.throwDistance, fields)
    screen.seatMap = try value(columns.seatMap, fields)
    if let width = screen.width, let height = screen.height, height > width * 1.2 {
      throw ValueFlaw("the screen is \(height) m high and only \(width) m wide")
    }
    if let width = screen.width, let sag = screen.sag, sag > width / 2 {
      throw ValueFlaw("the sag of \(sag) m is more than half of the width of \(width) m")
    }
    return screen
  }

  private static func number(_ text: String) -> Double? {
    text.utf8.contains(UInt8(ascii: ",")) ? Double(text.replacing(",", with: ".")) : Double(text)
  }

  private func length(_ column: Column, _ fields: [String]) throws(ValueFlaw) -> Double? {
    let field = column.field
    guard let text = try value(column, fields) else { return nil }
    let isDecimal = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
        || byte == UInt8(ascii: "-")
    }
    // Lists with semicolons write 12,5.
    guard isDecimal, let metres = Self.number(text), metres.isFinite else {
      throw ValueFlaw(
        "the \(field.rawValue) \"\(TextRules.excerpt(text))\" is not a number of metres"
      )
    }
    guard let range = Self.lengths[field], range.contains(metres) else {
      throw ValueFlaw("the \(field.rawValue) of \(metres) m is not that of a cinema")
    }
    return metres
  }
}
