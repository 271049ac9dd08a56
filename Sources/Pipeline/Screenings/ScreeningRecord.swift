public import Casebook
public import Screenings

/// A screening as it stands in reports.
public struct ScreeningRecord: Sendable, Codable {
  /// Identifier.
  public var screeningID: String
  /// Identifier of the facility.
  public var facilityID: String?
  /// Name of the facility: the list's, else that of the facility list.
  public var facility: String?
  /// Its city, likewise.
  public var city: String?
  /// Number or name of the auditorium.
  public var auditorium: String
  /// IANA name of the time zone, where the list had one.
  public var zone: String?
  /// UUID of the composition.
  public var cplID: String?
  /// What the list calls the release.
  public var release: String?
  /// Title of the composition, where it was imported.
  public var cplTitle: String?
  /// The release of the library that this is.
  public var releaseID: String?
  /// Start, local time with its offset.
  public var start: String
  /// Start, UTC.
  public var startUTC: String
  /// End, local time with its offset.
  public var end: String?
  /// End, UTC.
  public var endUTC: String?
  /// Location of the forensic mark.
  public var markLocation: Int64?
  /// Time stamp of the forensic mark.
  public var markTime: Int64?
  /// The screen; missing where nothing is known of it.
  public var screen: Screen?
  /// The device whose log it comes from.
  public var deviceID: String?

  /// A screen; lengths in metres.
  public struct Screen: Sendable, Codable {
    /// Width of the picture.
    public var width: Double?
    /// Height of the picture.
    public var height: Double?
    /// Sag of a curved screen.
    public var sag: Double?
    /// From the projector to the screen.
    public var throwDistance: Double?
    /// Name of a file with the places of the seats.
    public var seatMap: String?

    private enum CodingKeys: String, CodingKey {
      case width = "width_m"
      case height = "height_m"
      case sag = "sag_m"
      case throwDistance = "throw_m"
      case seatMap = "seat_map"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case facility, city, auditorium, zone, release, start, end, screen
    case screeningID = "screening_id"
    case facilityID = "facility_id"
    case cplID = "cpl_id"
    case cplTitle = "cpl_title"
    case releaseID = "release_id"
    case startUTC = "start_utc"
    case endUTC = "end_utc"
    case markLocation = "mark_location"
    case markTime = "mark_time"
    case deviceID = "device_id"
  }

  /// Creates a record; `releases` tells which release of the library it is.
  public init(_ recorded: RecordedScreening, releases: ScreenedReleases) {
    let screening = recorded.screening
    let place = screening.place
    screeningID = screening.id
    facilityID = place.facilityID
    facility = place.facility ?? recorded.facilityName
    city = place.city ?? recorded.facilityCity
    auditorium = place.auditorium
    zone = place.zone
    cplID = screening.work.cplID
    release = screening.work.release
    cplTitle = recorded.composition?.title
    releaseID = releases.releaseID(of: screening.work)
    start = screening.start.text
    startUTC = ZonedTime(seconds: screening.start.seconds, offset: 0).text
    end = screening.end?.text
    endUTC = screening.end.map { ZonedTime(seconds: $0.seconds, offset: 0).text }
    markLocation = screening.markLocation
    markTime = screening.markTime
    deviceID = screening.deviceID
    if place.screen != ScreeningPlace.Screen() {
      screen = Screen(
        width: place.screen.width,
        height: place.screen.height,
        sag: place.screen.sag,
        throwDistance: place.screen.throwDistance,
        seatMap: place.screen.seatMap
      )
    }
  }

  /// What was shown, in a few words: the list's title, the composition's, or its UUID.
  public var work: String { release ?? cplTitle ?? cplID ?? "" }
}

/// A composition as it stands in reports.
public struct CompositionRecord: Sendable, Codable {
  /// UUID.
  public var cplID: String
  /// Title.
  public var title: String
  /// What its makers add to that.
  public var annotation: String?
  /// When it was issued, as it is written.
  public var issueDate: String?
  /// Kind of content.
  public var kind: String?
  /// Edit units a second, as `24/1`.
  public var editRate: String?
  /// Number of reels.
  public var reels: Int
  /// Length of all pictures in edit units.
  public var intrinsicDuration: Int64?
  /// Length of what is shown of them in edit units.
  public var duration: Int64?
  /// The same in seconds.
  public var durationSeconds: Double?
  /// The release of the library that this is.
  public var releaseID: String?

  private enum CodingKeys: String, CodingKey {
    case title, annotation, kind, reels
    case cplID = "cpl_id"
    case issueDate = "issue_date"
    case editRate = "edit_rate"
    case intrinsicDuration = "intrinsic_duration"
    case duration = "duration_units"
    case durationSeconds = "duration"
    case releaseID = "release_id"
  }

  /// Creates a record; `releases` tells which release of the library it is.
  public init(_ composition: Composition, releases: ScreenedReleases) {
    cplID = composition.id
    title = composition.title
    annotation = composition.annotation
    issueDate = composition.issueDate
    kind = composition.kind
    editRate = composition.editRate.map { "\($0.numerator)/\($0.denominator)" }
    reels = composition.reels
    intrinsicDuration = composition.intrinsicDuration
    duration = composition.duration
    durationSeconds = composition.durationSeconds.map(ReportNumber.seconds)
    releaseID = releases.releaseID(of: ScreeningWork(cplID: composition.id))
  }
}

/// A facility as it stands in reports.
public struct FacilityRecord: Sendable, Codable {
  /// Identifier.
  public var facilityID: String
  /// Name.
  public var name: String
  /// The company that it belongs to.
  public var circuit: String?
  /// Street and number.
  public var address: String?
  /// City.
  public var city: String?
  /// Country, as it is written.
  public var country: String?
  /// IANA name of the time zone.
  public var zone: String?
  /// When the list was issued, as it is written.
  public var issueDate: String?
  /// The auditoriums, in the list's order.
  public var auditoriums: [Auditorium]
  /// Devices of no auditorium.
  public var devices: [Device]

  /// A room.
  public struct Auditorium: Sendable, Codable {
    /// Number or name.
    public var name: String
    /// Shape of the screen, as it is written.
    public var aspectRatio: String?
    /// Its devices.
    public var devices: [Device]

    private enum CodingKeys: String, CodingKey {
      case name, devices
      case aspectRatio = "aspect_ratio"
    }
  }

  /// A device.
  public struct Device: Sendable, Codable {
    /// Type.
    public var type: String?
    /// What logs know it by.
    public var deviceID: String?
    /// Serial number.
    public var serial: String?
    /// Who made it.
    public var manufacturer: String?
    /// Its model.
    public var model: String?
    /// The forensic marks that it makes.
    public var marks: [Mark]

    private enum CodingKeys: String, CodingKey {
      case type, serial, manufacturer, model, marks
      case deviceID = "device_id"
    }

    init(_ device: Facility.Device) {
      (type, deviceID, serial) = (device.type, device.id, device.serial)
      (manufacturer, model) = (device.manufacturer, device.model)
      marks = device.marks.map(Mark.init)
    }
  }

  /// A forensic mark that a device makes.
  public struct Mark: Sendable, Codable {
    /// `picture`, `audio`, or what else is written.
    public var kind: String?
    /// Who made the method.
    public var manufacturer: String?
    /// Its model.
    public var model: String?
    /// Its version.
    public var version: String?
    /// URI of the method.
    public var algorithm: String?
    /// The number that its marks carry.
    public var markID: Int64?

    private enum CodingKeys: String, CodingKey {
      case kind, manufacturer, model, version
      case algorithm = "algorithm_uri"
      case markID = "mark_id"
    }

    init(_ mark: Facility.Mark) {
      (kind, manufacturer, model) = (mark.kind, mark.manufacturer, mark.model)
      (version, algorithm, markID) = (mark.version, mark.algorithm, mark.markID)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, circuit, address, city, country, zone, auditoriums, devices
    case facilityID = "facility_id"
    case issueDate = "issue_date"
  }

  /// Creates a record.
  public init(_ facility: Facility) {
    (facilityID, name, circuit) = (facility.id, facility.name, facility.circuit)
    (address, city, country) = (facility.address, facility.city, facility.country)
    (zone, issueDate) = (facility.zone, facility.issueDate)
    auditoriums = facility.auditoriums.map {
      Auditorium(
        name: $0.name,
        aspectRatio: $0.aspectRatio,
        devices: $0.devices.map(Device.init)
      )
    }
    devices = facility.devices.map(Device.init)
  }
}
