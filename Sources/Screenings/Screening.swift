/// One showing of one version of a film in one auditorium.
public struct Screening: Sendable, Hashable {
  /// Identifier: the list's own, or one made by ``identifier(of:start:)``.
  public var id: String
  /// Where it was.
  public var place: ScreeningPlace
  /// What was shown.
  public var work: ScreeningWork
  /// When it began.
  public var start: ZonedTime
  /// When it ended, where that is known.
  public var end: ZonedTime?
  /// The location that the server's forensic mark carries, as a number.
  public var markLocation: Int64?
  /// The time stamp that the server's forensic mark carries at the start, as a number.
  public var markTime: Int64?
  /// The device whose log it was read from.
  public var deviceID: String?

  /// Creates a screening.
  public init(id: String, place: ScreeningPlace, work: ScreeningWork, start: ZonedTime) {
    (self.id, self.place, self.work, self.start) = (id, place, work, start)
  }
}

/// Where a screening was, as its list says it: facility, auditorium and what hangs there.
public struct ScreeningPlace: Sendable, Hashable {
  /// Identifier of the facility, where the list has one.
  public var facilityID: String?
  /// Name of the facility.
  public var facility: String?
  /// The facility's city.
  public var city: String?
  /// Number or name of the auditorium.
  public var auditorium: String
  /// IANA name of the time zone, where one was given.
  public var zone: String?
  /// The screen, as far as the list says.
  public var screen: Screen

  /// Creates a place; one without identifier and name of the facility is refused by importers.
  public init(
    facilityID: String? = nil,
    facility: String? = nil,
    city: String? = nil,
    auditorium: String,
    zone: String? = nil,
    screen: Screen = Screen()
  ) {
    (self.facilityID, self.facility, self.city) = (facilityID, facility, city)
    (self.auditorium, self.zone, self.screen) = (auditorium, zone, screen)
  }

  /// A screen and the seats before it, lengths in metres.
  public struct Screen: Sendable, Hashable {
    /// Width of the picture.
    public var width: Double?
    /// Height of the picture.
    public var height: Double?
    /// How far the middle of a curved screen lies behind its edges.
    public var sag: Double?
    /// From the projector's lens to the screen.
    public var throwDistance: Double?
    /// Name of a file with the places of the seats.
    public var seatMap: String?

    /// Creates a screen of which nothing is known.
    public init() {}
  }
}

/// What was shown: a version by its composition playlist, a release by name or identifier, or both.
public struct ScreeningWork: Sendable, Hashable {
  /// UUID of the composition playlist, in small letters, without `urn:uuid:`.
  public var cplID: String?
  /// Title, or identifier of a release in the library.
  public var release: String?

  /// Creates a work; one of the two is needed.
  public init(cplID: String? = nil, release: String? = nil) {
    (self.cplID, self.release) = (cplID, release)
  }
}

/// A moment, and how clocks were set where it was.
public struct ZonedTime: Sendable, Hashable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// How far local clocks were ahead of UTC, in seconds.
  public var offset: Int

  /// Creates a moment.
  public init(seconds: Int64, offset: Int) { (self.seconds, self.offset) = (seconds, offset) }

  /// `YYYY-MM-DDThh:mm:ss±hh:mm`, local time; `Z` for UTC.
  public var text: String {
    let local = seconds + Int64(offset)
    let day = Int(local.floored(by: 86_400))
    let (year, month, date) = CivilDate.date(ofDay: day)
    let second = Int(local - Int64(day) * 86_400)
    var text = Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(date, 2) + "T"
    text += [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }
      .joined(separator: ":")
    guard offset != 0 else { return text + "Z" }
    let minutes = abs(offset) / 60
    text += offset < 0 ? "-" : "+"
    return text + Self.padded(minutes / 60, 2) + ":" + Self.padded(minutes % 60, 2)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// The quotient, rounded down.
  func floored(by divisor: Int64) -> Int64 {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}
