/// What a server's log says that it played (SMPTE ST 430-4, with the events of ST 430-5).
public struct PlayoutLog: Sendable {
  /// What a record tells.
  public enum Event: Sendable, Hashable {
    /// A composition begins.
    case compositionStart
    /// A composition ends.
    case compositionEnd
    /// Frames of a reel were played; their number, where it is written.
    case framesPlayed(Int64?)
    /// The show is over.
    case playoutComplete
    /// Something else, which counts for the clock alone.
    case other
  }

  /// One record.
  public struct Record: Sendable, Hashable {
    /// The line that it begins on.
    public var line: Int
    /// When it was written, by the device's clock.
    public var time: ZonedTime
    /// The device that wrote it.
    public var deviceID: String
    /// What it tells.
    public var event: Event
    /// UUID of the composition.
    public var cplID: String?
  }

  /// The records, in the order of the log.
  public let records: [Record]
}

extension PlayoutLog {
  static func isNamespace(_ namespace: String) -> Bool {
    namespace.contains("smpte-ra.org/") && namespace.contains("/430-4/")
  }

  init(_ root: XMLTree) throws(ScreeningsError) {
    let reporting = try root.first("reportingDevice")?.value("PrimaryID", "DeviceIdentifier")
    var records: [Record] = []
    for element in Self.elements(root) {
      records.append(try Self.record(element, reporting: reporting))
    }
    guard !records.isEmpty else {
      throw ScreeningsError(.badValue, line: root.line, "the log has no records")
    }
    self.records = records
  }

  private static func elements(_ root: XMLTree) -> [XMLTree] {
    let named = root.descendants("LogRecordElement")
    return named.isEmpty ? root.descendants("LogRecord") : named
  }

  private static func record(
    _ element: XMLTree,
    reporting: String?
  ) throws(ScreeningsError) -> Record {
    guard let header = element.first("LogRecordHeader") else {
      throw ScreeningsError(.badValue, line: element.line, "a record has no <LogRecordHeader>")
    }
    let body = element.first("LogRecordBody")
    let stamp = try header.required("TimeStamp")
    let device = try header.first("DeviceSourceID")?.value("PrimaryID", "DeviceIdentifier")
    guard let device = device ?? reporting else {
      throw ScreeningsError(.badValue, line: header.line, "a record names no device")
    }
    do {
      let type = try header.value("EventType")?.lowercased()
      let subtype = try body?.value("EventSubType") ?? ""
      // Other records refer to other things; their identifiers are not looked at.
      let isPlayout = type == nil || type == "playout"
      let event = isPlayout ? try Self.event(subtype, body) : .other
      return Record(
        line: element.line,
        time: try WrittenTime(stamp).moment(in: nil),
        deviceID: device,
        event: event,
        cplID: event == .other ? nil : try cplID(header, body)
      )
    } catch let error as ScreeningsError {
      throw error
    } catch let flaw as ValueFlaw {
      throw ScreeningsError(.badValue, line: header.first("TimeStamp")?.line, flaw.message)
    } catch {
      throw ScreeningsError(.badValue, line: element.line, "\(error)")
    }
  }

  private static func event(_ subtype: String, _ body: XMLTree?) throws(ScreeningsError) -> Event {
    switch subtype.lowercased() {
    case "cplstart": .compositionStart
    case "cplend": .compositionEnd
    case "playoutcomplete": .playoutComplete
    case "framesequenceplayed": .framesPlayed(try frames(body))
    default: .other
    }
  }

  /// The number of frames from the parameters FirstFrame and LastFrame.
  private static func frames(_ body: XMLTree?) throws(ScreeningsError) -> Int64? {
    var bounds: [String: Int64] = [:]
    for parameter in body?.first("Parameters")?.all("Parameter") ?? [] {
      guard let name = try parameter.value("Name"), let text = try parameter.value("Value"),
        let number = Int64(text), (0...1_000_000_000).contains(number)
      else { continue }
      bounds[name.lowercased()] = number
    }
    guard let first = bounds["firstframe"], let last = bounds["lastframe"], last >= first else {
      return nil
    }
    return last - first + 1
  }

  /// The composition: a referenced identifier, else the content that the header names.
  private static func cplID(_ header: XMLTree, _ body: XMLTree?) throws -> String? {
    for reference in body?.first("ReferencedIDs")?.all("ReferencedID") ?? [] {
      let name = try reference.value("IDName")?.lowercased()
      guard name == "compositionid" || name == "cplid" else { continue }
      if let text = try reference.value("IDValue") {
        return try TextRules.uuid(text, "CompositionID")
      }
    }
    return try header.value("contentId").map { try TextRules.uuid($0, "contentId") }
  }
}
