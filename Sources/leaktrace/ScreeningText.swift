import Pipeline

/// Screenings in words.
enum ScreeningText {
  /// What became of a file.
  static func summary(_ report: ScreeningImportReport) -> String {
    let what =
      switch report.kind {
      case .screeningList: "screening list in \(report.encoding ?? "")"
      case .composition: "composition \(SafeText.of(report.entryID ?? ""))"
      case .facilityList: "facility \(SafeText.of(report.entryID ?? ""))"
      case .playoutLog: "playout log"
      case nil: "file"
      }
    if report.entryID != nil {
      let outcome = report.added > 0 ? "added" : report.changed > 0 ? "changed" : "unchanged"
      return "\(what), \(outcome)"
    }
    return "\(what), \(report.added) added, \(report.changed) changed, \(report.unchanged) "
      + "unchanged, \(report.refused.count) refused"
  }

  /// One line of a list.
  static func line(_ record: ScreeningRecord) -> String {
    var place = record.facility ?? record.facilityID ?? ""
    if let city = record.city { place += ", \(city)" }
    let parts = [record.start, record.screeningID, place, record.auditorium, record.work]
    return parts.map { cut(SafeText.of($0)) }.joined(separator: "  ")
  }

  /// One line of a list.
  static func line(_ record: CompositionRecord) -> String {
    let length = record.durationSeconds.map(ReportNumber.clock) ?? "--:--:--.---"
    return "\(record.cplID)  \(length)  \(cut(SafeText.of(record.title)))"
  }

  /// One line of a list.
  static func line(_ record: FacilityRecord) -> String {
    let rooms = record.auditoriums.count
    let city = record.city.map { ", \($0)" } ?? ""
    let name = cut(SafeText.of(record.name + city))
    return "\(SafeText.of(record.facilityID))  \(name)  \(rooms) "
      + (rooms == 1 ? "auditorium" : "auditoriums")
  }

  /// All that is known, as names and values.
  static func rows(_ record: ScreeningRecord) -> [(String, String)] {
    let screen = record.screen
    let rows: [(String, String?)] = [
      ("screening", record.screeningID), ("facility", record.facility),
      ("facility id", record.facilityID), ("city", record.city),
      ("auditorium", record.auditorium), ("start", record.start), ("end", record.end),
      ("zone", record.zone), ("release", record.release), ("CPL", record.cplID),
      ("CPL title", record.cplTitle), ("in library", record.releaseID),
      ("mark location", record.markLocation.map(String.init)),
      ("mark time", record.markTime.map(String.init)),
      ("screen width", screen?.width.map { "\($0) m" }),
      ("screen height", screen?.height.map { "\($0) m" }), ("sag", screen?.sag.map { "\($0) m" }),
      ("throw", screen?.throwDistance.map { "\($0) m" }), ("seat map", screen?.seatMap),
      ("device", record.deviceID),
    ]
    return rows.compactMap { name, value in value.map { (name, $0) } }
  }

  /// All that is known, as names and values.
  static func rows(_ record: CompositionRecord) -> [(String, String)] {
    let rows: [(String, String?)] = [
      ("composition", record.cplID), ("title", record.title), ("annotation", record.annotation),
      ("issued", record.issueDate), ("kind", record.kind), ("edit rate", record.editRate),
      ("reels", "\(record.reels)"),
      ("intrinsic", record.intrinsicDuration.map { "\($0) edit units" }),
      ("shown", record.duration.map { "\($0) edit units" }),
      ("duration", record.durationSeconds.map(ReportNumber.clock)),
      ("in library", record.releaseID),
    ]
    return rows.compactMap { name, value in value.map { (name, $0) } }
  }

  /// All that is known, as names and values.
  static func rows(_ record: FacilityRecord) -> [(String, String)] {
    let head: [(String, String?)] = [
      ("facility", record.facilityID), ("name", record.name), ("circuit", record.circuit),
      ("address", record.address), ("city", record.city), ("country", record.country),
      ("zone", record.zone), ("issued", record.issueDate),
    ]
    var rows = head.compactMap { name, value in value.map { (name, $0) } }
    for room in record.auditoriums {
      rows.append(("auditorium", room.name + (room.aspectRatio.map { ", \($0)" } ?? "")))
      rows += room.devices.flatMap(Self.rows)
    }
    return rows + record.devices.flatMap(Self.rows)
  }

  private static func rows(_ device: FacilityRecord.Device) -> [(String, String)] {
    let words = [device.type, device.manufacturer, device.model, device.serial, device.deviceID]
    let marks = device.marks.map { mark in
      let words = [mark.kind, mark.manufacturer, mark.model, mark.version, mark.algorithm]
      let number = mark.markID.map { ["mark \($0)"] } ?? []
      return ("    mark", (words.compactMap { $0 } + number).joined(separator: ", "))
    }
    return [("  device", words.compactMap { $0 }.joined(separator: ", "))] + marks
  }

  /// Longest part of a line, in characters.
  private static let widest = 48

  private static func cut(_ text: String) -> String {
    text.count <= widest ? text : text.prefix(widest - 1) + "…"
  }
}
