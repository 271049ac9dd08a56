/// What a column of a screening list holds; the raw value is the name in messages and `--map`.
public enum ScreeningField: String, Sendable, CaseIterable {
  /// The list's own identifier of the screening.
  case screeningID = "screening_id"
  /// Identifier of the facility.
  case facilityID = "facility_id"
  /// Name of the facility.
  case facility
  /// Its city.
  case city
  /// Number or name of the auditorium.
  case auditorium
  /// UUID of the composition playlist.
  case cplID = "cpl_id"
  /// Title, or identifier of a release.
  case release
  /// Start: date and time, or the time of day beside a column ``date``.
  case start
  /// The day, where it has a column of its own.
  case date
  /// IANA name of the time zone.
  case zone
  /// End: date and time, or the time of day.
  case end
  /// Location of the forensic mark, a number.
  case markLocation = "mark_location"
  /// Time stamp of the forensic mark, a number.
  case markTime = "mark_time"
  /// Width of the screen, metres.
  case screenWidth = "screen_width_m"
  /// Height of the screen, metres.
  case screenHeight = "screen_height_m"
  /// Sag of a curved screen, metres.
  case sag = "sag_m"
  /// From the projector to the screen, metres.
  case throwDistance = "throw_m"
  /// Name of a file with the places of the seats.
  case seatMap = "seat_map"

  /// The field of a column's header, whatever its case, in English or Russian; nil for others.
  static func named(_ header: String) -> ScreeningField? { byHeader[key(header)] }

  /// A header reduced to its words: `Screen Width (m)` and `screen_width_m` are the same.
  static func key(_ header: String) -> String {
    var words = ""
    for scalar in header.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal {
        words.unicodeScalars.append(scalar == "ё" ? "е" : scalar)
      } else if !words.isEmpty, !words.hasSuffix(" ") {
        words += " "
      }
    }
    return words.hasSuffix(" ") ? String(words.dropLast()) : words
  }

  private static let synonyms: [ScreeningField: [String]] = [
    .screeningID: [
      "screening id", "screening", "session id", "session", "show id", "showing id", "id",
      "id сеанса", "идентификатор сеанса", "номер сеанса", "код сеанса", "сеанс",
    ],
    .facilityID: [
      "facility id", "theatre id", "theater id", "cinema id", "site id", "venue id",
      "id кинотеатра", "идентификатор кинотеатра", "код кинотеатра", "id площадки",
    ],
    .facility: [
      "facility", "facility name", "theatre", "theater", "theatre name", "theater name", "cinema",
      "cinema name", "venue", "site", "кинотеатр", "название кинотеатра", "площадка",
    ],
    .city: ["city", "town", "город", "населенный пункт"],
    .auditorium: [
      "auditorium", "auditorium number", "auditorium name", "hall", "hall number", "screen",
      "screen number", "room", "зал", "кинозал", "номер зала", "название зала", "экран",
    ],
    .cplID: ["cpl id", "cpl", "cpl uuid", "composition", "composition id", "id cpl", "версия cpl"],
    .release: [
      "release", "release id", "title", "film", "film title", "movie", "movie title", "feature",
      "релиз", "фильм", "название", "название фильма", "кинофильм",
    ],
    .start: [
      "start", "start time", "starts", "starts at", "start at", "begin", "begins", "datetime",
      "date time", "show time", "showtime", "session start", "time", "начало", "начало сеанса",
      "время начала", "дата и время", "дата время", "дата начала", "время", "время сеанса",
    ],
    .date: ["date", "show date", "start date", "day", "дата", "дата сеанса", "день"],
    .zone: [
      "zone", "time zone", "timezone", "tz", "часовой пояс", "таймзона", "пояс", "часовая зона",
    ],
    .end: [
      "end", "end time", "ends", "ends at", "end at", "finish", "session end", "конец",
      "окончание", "конец сеанса", "окончание сеанса", "время окончания",
    ],
    .markLocation: [
      "mark location", "mark id", "watermark location", "watermark id", "location id",
      "метка", "метка места", "код метки", "номер метки", "метка локации",
    ],
    .markTime: [
      "mark time", "watermark time", "mark timestamp",
      "метка времени", "время метки",
    ],
    .screenWidth: [
      "screen width m", "screen width", "width", "width m", "ширина экрана", "ширина экрана м",
      "ширина",
    ],
    .screenHeight: [
      "screen height m", "screen height", "height", "height m", "высота экрана",
      "высота экрана м", "высота",
    ],
    .sag: ["sag m", "sag", "screen sag", "curvature", "прогиб", "прогиб экрана", "прогиб м"],
    .throwDistance: [
      "throw m", "throw", "throw distance", "throw distance m", "проекционное расстояние",
      "расстояние до экрана", "расстояние проекции",
    ],
    .seatMap: [
      "seat map", "seatmap", "seat map file", "seats", "seating", "схема зала", "карта мест",
      "файл схемы зала",
    ],
  ]

  private static let byHeader: [String: ScreeningField] = {
    var fields: [String: ScreeningField] = [:]
    for field in allCases {
      fields[key(field.rawValue)] = field
      for synonym in synonyms[field] ?? [] { fields[key(synonym)] = field }
    }
    return fields
  }()
}

/// Which column of a list holds what.
struct ColumnMap {
  /// The column of each field, from 0.
  let columns: [ScreeningField: Int]
  /// Headers of columns that are not used.
  let unused: [String]
  /// Number of columns.
  let count: Int

  /// Maps the headers; `overrides` are fields by header, which come before what headers mean.
  ///
  /// - Throws: ``ScreeningsError/Code/badHeader`` or ``ScreeningsError/Code/badOption``.
  init(
    _ headers: [String],
    line: Int,
    overrides: [(header: String, field: ScreeningField)]
  ) throws(ScreeningsError) {
    var columns: [ScreeningField: Int] = [:]
    var unused: [String] = []
    let keys = headers.map(ScreeningField.key)
    var given: [Int: ScreeningField] = [:]
    for (header, field) in overrides {
      guard let column = keys.firstIndex(of: ScreeningField.key(header)) else {
        throw ScreeningsError(
          .badOption,
          "--map names the column \"\(TextRules.excerpt(header))\", which the list does not have"
        )
      }
      given[column] = field
    }
    let overridden = Set(overrides.map(\.field))
    for (column, header) in headers.enumerated() {
      let meant = ScreeningField.named(header).flatMap { overridden.contains($0) ? nil : $0 }
      guard let field = given[column] ?? meant else {
        if !header.allSatisfy(\.isWhitespace) { unused.append(header) }
        continue
      }
      if let other = columns[field] {
        throw ScreeningsError(
          .badHeader,
          line: line,
          "the columns \"\(TextRules.excerpt(headers[other]))\" and "
            + "\"\(TextRules.excerpt(header))\" both hold the \(field.rawValue); choose one with "
            + "--map column=\(field.rawValue)"
        )
      }
      columns[field] = column
    }
    // A column called "date" may hold the time as well.
    if columns[.start] == nil { columns[.start] = columns.removeValue(forKey: .date) }
    (self.columns, self.unused, count) = (columns, unused, headers.count)
    try check(line)
  }

  private func check(_ line: Int) throws(ScreeningsError) {
    let needs: [(String, [ScreeningField])] = [
      ("a start", [.start]), ("an auditorium", [.auditorium]),
      ("a facility or facility_id", [.facility, .facilityID]),
      ("a cpl_id or release", [.cplID, .release]),
    ]
    for (what, fields) in needs where !fields.contains(where: { columns[$0] != nil }) {
      throw ScreeningsError(
        .badHeader,
        line: line,
        "the list has no column for \(what); its first line names the columns, and --map "
          + "column=\(fields[0].rawValue) tells which one it is"
      )
    }
  }
}
