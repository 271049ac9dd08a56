/// The screenings of one file, kept small: places and works that many rows share stand once.
public struct ScreeningBatch: Sendable {
  /// One screening, its place and work as numbers in ``ScreeningBatch/places`` and
  /// ``ScreeningBatch/works``.
  public struct Row: Sendable, Hashable {
    /// Identifier of the screening.
    public var id: String
    /// Number of its place.
    public var place: Int32
    /// Number of its work.
    public var work: Int32
    /// The line of the file that it starts on, from 1.
    public var line: Int32
    /// When it began.
    public var start: ZonedTime
    /// When it ended.
    public var end: ZonedTime?
    /// Location of the forensic mark.
    public var markLocation: Int64?
    /// Time stamp of the forensic mark.
    public var markTime: Int64?
    /// The device whose log it was read from.
    public var deviceID: String?
  }

  /// The places, each once.
  public private(set) var places: [ScreeningPlace] = []
  /// The works, each once.
  public private(set) var works: [ScreeningWork] = []
  /// The screenings, in the order of the file, each identifier once.
  public private(set) var rows: [Row] = []
  /// Rows that said once more what another row of the file says.
  public private(set) var repeats = 0
  /// Rows that are not imported.
  public private(set) var refusals: [ScreeningRefusal] = []

  private var placeNumbers: [ScreeningPlace: Int32] = [:]
  private var workNumbers: [ScreeningWork: Int32] = [:]
  private var rowNumbers: [String: Int32] = [:]

  /// Most rows of a file, those that are refused included.
  public static let mostRows = 5_000_000
  /// Most rows that may be refused before the file as a whole is.
  public static let mostRefusals = 100_000

  /// Creates an empty batch.
  public init() {}

  /// A screening of the batch.
  public func screening(_ row: Row) -> Screening {
    var screening = Screening(
      id: row.id,
      place: places[Int(row.place)],
      work: works[Int(row.work)],
      start: row.start
    )
    screening.end = row.end
    screening.markLocation = row.markLocation
    screening.markTime = row.markTime
    screening.deviceID = row.deviceID
    return screening
  }

  /// Adds a screening; one whose identifier another row has with other contents is refused.
  ///
  /// - Throws: ``ScreeningsError/Code/tooMuch``.
  mutating func add(_ screening: Screening, line: Int) throws(ScreeningsError) {
    guard rows.count < Self.mostRows else {
      throw ScreeningsError(.tooMuch, line: line, "more than \(Self.mostRows) rows; split the file")
    }
    var row = Row(
      id: screening.id,
      place: number(of: screening.place),
      work: number(of: screening.work),
      line: Int32(clamping: line),
      start: screening.start
    )
    row.end = screening.end
    row.markLocation = screening.markLocation
    row.markTime = screening.markTime
    row.deviceID = screening.deviceID
    guard let other = rowNumbers[row.id] else {
      rowNumbers[row.id] = Int32(rows.count)
      return rows.append(row)
    }
    var known = rows[Int(other)]
    let knownLine = known.line
    known.line = row.line
    if known == row {
      repeats += 1
    } else {
      try refuse(
        line: line,
        "the screening \"\(TextRules.excerpt(row.id))\" is in line \(knownLine) already and says "
          + "something else there"
      )
    }
  }

  /// Notes a row that is not imported.
  ///
  /// - Throws: ``ScreeningsError/Code/tooMuch``.
  mutating func refuse(line: Int, _ message: String) throws(ScreeningsError) {
    guard refusals.count < Self.mostRefusals else {
      let first = refusals.first.map { " (line \($0.line): \($0.message))" } ?? ""
      throw ScreeningsError(
        .tooMuch,
        line: line,
        "more than \(Self.mostRefusals) rows are wrong: this is not the list it is taken for\(first)"
      )
    }
    refusals.append(ScreeningRefusal(line: line, message))
  }

  private mutating func number(of place: ScreeningPlace) -> Int32 {
    if let known = placeNumbers[place] { return known }
    let number = Int32(places.count)
    places.append(place)
    placeNumbers[place] = number
    return number
  }

  private mutating func number(of work: ScreeningWork) -> Int32 {
    if let known = workNumbers[work] { return known }
    let number = Int32(works.count)
    works.append(work)
    workNumbers[work] = number
    return number
  }
}
