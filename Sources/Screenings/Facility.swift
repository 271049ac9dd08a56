/// A cinema with its auditoriums and servers, as a facility list message tells it (SMPTE ST 430-7,
/// ST 430-16).
public struct Facility: Sendable, Hashable {
  /// Identifier, such as `urn:x-facilityID:example.com:1234`.
  public var id: String
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
  /// When the message was issued, as it is written.
  public var issueDate: String?
  /// The auditoriums, in the order of the message.
  public var auditoriums: [Auditorium] = []
  /// Devices of no auditorium.
  public var devices: [Device] = []

  /// Creates a facility of which little is known.
  public init(id: String, name: String) { (self.id, self.name) = (id, name) }

  /// A room with a screen.
  public struct Auditorium: Sendable, Hashable {
    /// Number or name.
    public var name: String
    /// Shape of the screen, as it is written.
    public var aspectRatio: String?
    /// Its devices.
    public var devices: [Device] = []

    /// Creates an auditorium.
    public init(name: String) { self.name = name }
  }

  /// A server, media block, projector or the like.
  public struct Device: Sendable, Hashable {
    /// Type: `SM`, `PLY`, `LD` and others.
    public var type: String?
    /// What logs know it by: the thumbprint of its certificate, or a UUID.
    public var id: String?
    /// Serial number.
    public var serial: String?
    /// Who made it.
    public var manufacturer: String?
    /// Its model.
    public var model: String?
    /// The forensic marks that it makes.
    public var marks: [Mark] = []

    /// Creates a device of which nothing is known.
    public init() {}
  }

  /// A forensic mark that a device makes.
  public struct Mark: Sendable, Hashable {
    /// `picture`, `audio`, or what else is written, in small letters.
    public var kind: String?
    /// Who made the method.
    public var manufacturer: String?
    /// The method's model.
    public var model: String?
    /// Its version.
    public var version: String?
    /// URI of the method.
    public var algorithm: String?
    /// The number that its marks carry for this device.
    public var markID: Int64?

    /// Creates a mark of which nothing is known.
    public init() {}
  }

  /// The devices of all auditoriums and of none.
  public var allDevices: [Device] { auditoriums.flatMap(\.devices) + devices }
}

extension Facility {
  static func isNamespace(_ namespace: String) -> Bool {
    namespace.contains("smpte-ra.org/")
      && (namespace.contains("/430-7/") || namespace.contains("/430-16/"))
      // Drafts of the ISDCF, which servers still write.
      || namespace.contains("isdcf.com/") && namespace.hasSuffix("/FLM")
  }

  private static let mostAuditoriums = 1000
  private static let mostDevices = 20_000
  private static let mostMarks = 64

  init(_ root: XMLTree) throws(ScreeningsError) {
    guard let information = root.first("FacilityInfo") else {
      throw ScreeningsError(.badValue, line: root.line, "the facility list has no <FacilityInfo>")
    }
    for holder in [root, information] {
      let partial = try holder.value("FLMPartial")
      guard partial != "true" && partial != "1" else {
        throw ScreeningsError(
          .badValue,
          line: holder.line,
          "the facility list is a partial one, which would take away what it does not name; import "
            + "a complete one"
        )
      }
    }
    id = try information.required("FacilityID")
    name = try information.required("FacilityName")
    circuit = try information.value("Circuit")
    issueDate = try root.value("IssueDate")
    if let zone = try information.value("FacilityTimeZone") {
      do { self.zone = try ZoneClock(zone).name } catch {
        throw ScreeningsError(
          .badValue,
          line: information.first("FacilityTimeZone")?.line,
          error.message
        )
      }
    }
    if let physical = information.descendants("Physical").first(where: { $0.first("City") != nil })
    {
      address = try physical.value("StreetAddress")
      city = try physical.value("City")
      country = try physical.value("Country")
    }
    try addDevices(root)
  }

  private mutating func addDevices(_ root: XMLTree) throws(ScreeningsError) {
    var count = 0
    for (index, room) in (root.first("AuditoriumList")?.all("Auditorium") ?? []).enumerated() {
      guard index < Self.mostAuditoriums else {
        throw ScreeningsError(.tooMuch, line: room.line, "the facility has too many auditoriums")
      }
      guard
        let name = try room.value("AuditoriumNumber", "AuditoriumName", "AuditoriumNumberOrName")
      else {
        throw ScreeningsError(.badValue, line: room.line, "an auditorium has no number or name")
      }
      guard !auditoriums.contains(where: { $0.name == name }) else {
        throw ScreeningsError(
          .badValue,
          line: room.line,
          "the facility has the auditorium \"\(TextRules.excerpt(name))\" twice"
        )
      }
      var auditorium = Auditorium(name: name)
      auditorium.aspectRatio = try room.value("ScreenAspectRatio")
      for device in room.descendants("Device") {
        count += 1
        auditorium.devices.append(try Self.device(device, device, count))
      }
      auditoriums.append(auditorium)
    }
    // What the list of 2008 has; devices beside the rooms, such as theatre servers, are like it.
    for entry in root.first("SecurityDeviceList")?.all("SecurityDevice") ?? [] {
      count += 1
      devices.append(try Self.device(entry.first("DeviceDescription") ?? entry, entry, count))
    }
    for entry in root.first("FacilityDeviceList", "DeviceList")?.descendants("Device") ?? [] {
      count += 1
      devices.append(try Self.device(entry, entry, count))
    }
  }

  /// Reads a device; `whole` holds its marks.
  private static func device(
    _ tree: XMLTree,
    _ whole: XMLTree,
    _ count: Int
  ) throws(ScreeningsError) -> Device {
    guard count <= mostDevices else {
      throw ScreeningsError(.tooMuch, line: tree.line, "the facility has too many devices")
    }
    var device = Device()
    device.type = try tree.value("DeviceTypeID")
    device.id = try tree.value("DeviceIdentifier")
    device.serial = try tree.value("DeviceSerial")
    device.manufacturer = try tree.value("ManufacturerName", "Manufacturer", "ManufacturerID")
    device.model = try tree.value("ModelNumber")
    for entry in whole.descendants("Watermarking").prefix(mostMarks) {
      var mark = Mark()
      mark.kind = try entry.value("WatermarkKind", "WatermarkingKind", "Kind")?.lowercased()
      mark.manufacturer = try entry.value(
        "WatermarkManufacturer",
        "WatermarkingManufacturer",
        "Manufacturer"
      )
      mark.model = try entry.value("WatermarkModel", "WatermarkingModel", "Model")
      mark.version = try entry.value("WatermarkVersion", "WatermarkingVersion", "Version")
      device.marks.append(mark)
    }
    for entry in whole.descendants("ForensicMarkId").prefix(mostMarks) {
      var mark = Mark()
      mark.algorithm = try entry.value("AlgorithmId")
      if let text = try entry.value("MarkId") {
        guard let number = Int64(text), number >= 0 else {
          throw ScreeningsError(
            .badValue,
            line: entry.line,
            "the mark \"\(TextRules.excerpt(text))\" is not a number"
          )
        }
        mark.markID = number
      }
      device.marks.append(mark)
    }
    return device
  }
}
