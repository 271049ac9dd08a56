import Glibc

/// The seats of an auditorium and where they stand.
public struct SeatMap: Sendable, Hashable {
  /// One seat; places as ``AuditoriumScreen`` counts them.
  public struct Seat: Sendable, Hashable {
    /// Number or letter of its row.
    public var row: String
    /// Number of it in the row.
    public var number: String
    /// To the right of the screen's middle, in metres.
    public var x: Double
    /// From the screen, in metres.
    public var y: Double
    /// Height of the floor beneath it above the screen's middle, in metres; negative below.
    public var z: Double?

    /// Creates a seat.
    public init(row: String, number: String, x: Double, y: Double, z: Double? = nil) {
      (self.row, self.number, self.x, self.y, self.z) = (row, number, x, y, z)
    }
  }

  /// Why a map cannot be read.
  public struct Flaw: Error, Sendable, Hashable {
    /// The line of the file, from 1.
    public var line: Int
    /// What is wrong.
    public var message: String
  }

  /// The seats in the order of the file.
  public var seats: [Seat]

  /// Creates a map.
  public init(_ seats: [Seat]) { self.seats = seats }

  /// Reads a table with the columns `row`, `seat`, `x_m`, `y_m` and, if there is one, `z_m`, in any
  /// order, parted by commas, semicolons or tabs.
  ///
  /// - Throws: ``Flaw`` where a column or a number is missing.
  public init(csv text: String) throws(Flaw) {
    var lines: [(Int, Substring)] = []
    let bare = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : Substring(text)
    for (index, line) in bare.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated() where !line.allSatisfy(\.isWhitespace)
    {
      lines.append((index + 1, line))
    }
    guard let header = lines.first else { throw Flaw(line: 1, message: "the seat map is empty") }
    let separator =
      [",", ";", "\t"].map(Character.init).first { header.1.contains($0) } ?? Character(",")
    func fields(_ line: Substring) -> [String] {
      line.split(separator: separator, omittingEmptySubsequences: false).map(Self.trimmed)
    }
    let names = fields(header.1).map { $0.lowercased() }
    func column(_ name: String) throws(Flaw) -> Int {
      guard let index = names.firstIndex(of: name) else {
        throw Flaw(line: header.0, message: "the seat map has no column \(name)")
      }
      return index
    }
    let (row, seat) = (try column("row"), try column("seat"))
    let (x, y) = (try column("x_m"), try column("y_m"))
    let z = names.firstIndex(of: "z_m")
    guard lines.count <= Self.mostSeats else {
      throw Flaw(line: lines[Self.mostSeats].0, message: "the seat map has too many rows")
    }
    var seats: [Seat] = []
    for (number, line) in lines.dropFirst() {
      let values = fields(line)
      func metres(_ index: Int) throws(Flaw) -> Double {
        guard values.indices.contains(index), let value = Double(values[index]),
          abs(value) <= Self.farthest
        else { throw Flaw(line: number, message: "\(names[index]) is not a length in metres") }
        return value
      }
      guard values.indices.contains(row), values.indices.contains(seat), !values[row].isEmpty,
        !values[seat].isEmpty
      else { throw Flaw(line: number, message: "a seat needs a row and a number") }
      var place = Seat(row: values[row], number: values[seat], x: try metres(x), y: try metres(y))
      if let z, values.indices.contains(z), !values[z].isEmpty { place.z = try metres(z) }
      seats.append(place)
    }
    guard !seats.isEmpty else {
      throw Flaw(line: header.0, message: "the seat map has no seats")
    }
    self.seats = seats
  }

  private static func trimmed(_ field: Substring) -> String {
    var rest = field
    while let first = rest.first, first.isWhitespace || first == "\"" { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace || last == "\"" { rest.removeLast() }
    return String(rest)
  }

  private static let mostSeats = 20_000
  private static let farthest = 500.0
}

/// The seats that a place may be.
public struct SeatRange: Sendable, Hashable {
  /// Neighbouring seats of one row.
  public struct Row: Sendable, Hashable {
    /// The row.
    public var row: String
    /// The seats, from left to right as one who looks at the screen has them.
    public var seats: [String]
    /// Share of the probability of all seats.
    public var share: Double
  }

  /// The rows, the nearest to the screen first.
  public var rows: [Row]
  /// The likeliest seat.
  public var best: SeatMap.Seat
  /// Its share of the probability of all seats.
  public var bestShare: Double

  /// The seats within an estimate's 95 %; nil where there are none.
  ///
  /// A camera is held before or beside the head of the one who sits there, so that places up to half a
  /// metre from a seat's middle belong to it.
  public init?(_ estimate: SeatEstimate, in map: SeatMap) {
    var inside: [(seat: SeatMap.Seat, weight: Double)] = []
    for seat in map.seats {
      let squared = estimate.ellipse.squaredDistance(seat.x, seat.y, spread: Self.reach)
      guard squared <= estimate.ellipse.quantile else { continue }
      inside.append((seat, Self.weight(squared, estimate.ellipse.quantile)))
    }
    let total = inside.reduce(0) { $0 + $1.weight }
    guard let best = inside.max(by: { $0.weight < $1.weight }), total > 0 else { return nil }
    self.best = best.seat
    bestShare = best.weight / total
    var names: [String] = []
    for entry in inside where !names.contains(entry.seat.row) { names.append(entry.seat.row) }
    let rows = names.map { name in
      let own = inside.filter { $0.seat.row == name }
      return (
        own.map(\.seat.y).reduce(0, +) / Double(own.count),
        Row(
          row: name,
          seats: own.sorted { $0.seat.x < $1.seat.x }.map(\.seat.number),
          share: own.reduce(0) { $0 + $1.weight } / total
        )
      )
    }
    self.rows = rows.sorted { ($0.0, $0.1.row) < ($1.0, $1.1.row) }.map(\.1)
  }

  /// Density of a place, for a variance known as well as the quantile says.
  private static func weight(_ squared: Double, _ quantile: Double) -> Double {
    // The quantile of a known variance is 5.99; a greater one means a wider curve.
    exp(-squared / 2 * knownQuantile / max(knownQuantile, quantile))
  }

  private static let knownQuantile = 5.991
  /// Variance of a camera's place about its seat, in square metres.
  private static let reach = 0.09
}
