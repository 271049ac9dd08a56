import Casebook
public import Screenings
public import SystemPackage

/// Reads files on screenings into a library's list: screening lists, composition playlists, facility
/// lists, playout logs.
public struct ScreeningImporter: Sendable {
  /// What is known beside the file.
  public struct Options: Sendable {
    /// Zone and columns of screening lists.
    public var table = ScreeningTable.Options()
    /// Identifier or name of the facility that playout logs come from.
    public var facility: String?
    /// The auditorium that playout logs come from.
    public var auditorium: String?

    /// Creates options that say nothing.
    public init() {}
  }

  private let library: FilePath
  private let options: Options
  private let flag: CancellationFlag

  /// Prepares imports into the library in a folder.
  public init(into library: FilePath, options: Options, flag: CancellationFlag) {
    (self.library, self.options, self.flag) = (library, options, flag)
  }

  /// Share of the work that reading is; writing a million rows takes longer.
  private static let readingShare = 0.4

  /// Imports a file, all that is right in it or nothing; `progress` is told the fraction done.
  ///
  /// The library is created where there is none, but not for a file of which nothing can be used.
  ///
  /// - Throws: ``PipelineError``; the list is as it was then.
  public func run(
    _ path: FilePath,
    progress: (Double) -> Void = { _ in }
  ) throws(PipelineError) -> ScreeningImportReport {
    do {
      let bytes = try InputFile.read(path, limit: ScreeningDocument.mostBytes)
      let document = try ScreeningDocument.read(bytes, options: options.table) { fraction in
        try flag.check()
        progress(fraction * Self.readingShare)
      }
      try flag.check()
      return try write(document, path, progress)
    } catch {
      throw PipelineError(error)
    }
  }

  private func write(
    _ document: ScreeningDocument,
    _ path: FilePath,
    _ progress: (Double) -> Void
  ) throws -> ScreeningImportReport {
    switch document {
    case .table(let table):
      var report = ScreeningImportReport(path, kind: .screeningList)
      report.encoding = table.encoding
      report.unusedColumns = table.unusedColumns.isEmpty ? nil : table.unusedColumns
      try write(table.batch, &report, progress)
      return report
    case .log(let log):
      var report = ScreeningImportReport(path, kind: .playoutLog)
      let (places, lengths) = try known(to: log)
      let batch = try log.screenings(place: { places[$0] }, duration: { lengths[$0] })
      try write(batch, &report, progress)
      return report
    case .composition(let composition):
      var report = ScreeningImportReport(path, kind: .composition)
      report.entryID = composition.id
      report.count(try openForWriting().add(composition))
      return report
    case .facility(let facility):
      var report = ScreeningImportReport(path, kind: .facilityList)
      report.entryID = facility.id
      report.count(try openForWriting().add(facility))
      return report
    }
  }

  private func openForWriting() throws -> Casebook {
    try Casebook.open(at: library, mode: .readWrite(createFolder: true))
  }

  private func write(
    _ batch: ScreeningBatch,
    _ report: inout ScreeningImportReport,
    _ progress: (Double) -> Void
  ) throws {
    report.refused = batch.refusals.map {
      ScreeningImportReport.Refusal(line: $0.line, message: SafeText.of($0.message))
    }
    guard !batch.rows.isEmpty else { return }
    let outcome = try openForWriting().add(batch) { fraction in
      try flag.check()
      progress(Self.readingShare + fraction * (1 - Self.readingShare))
    }
    report.added = outcome.added
    report.changed = outcome.changed
    report.unchanged = outcome.unchanged
    report.changedIDs = outcome.changedIDs.isEmpty ? nil : outcome.changedIDs
  }

  /// Where the devices of a log are, and how long its compositions run.
  private func known(
    to log: PlayoutLog
  ) throws -> (places: [String: ScreeningPlace], lengths: [String: Double]) {
    // Nothing is created for a log that may be refused. A list of an older format knows no devices.
    let casebook = try? Casebook.open(at: library, mode: .readOnly)
    var places: [String: ScreeningPlace] = [:]
    for device in log.deviceIDs {
      if let place = try place(of: device, casebook) { places[device] = place }
    }
    var lengths: [String: Double] = [:]
    for id in log.cplIDs { lengths[id] = try casebook?.composition(id)?.durationSeconds }
    return (places, lengths)
  }

  private func place(of device: String, _ casebook: Casebook?) throws -> ScreeningPlace? {
    if let facility = options.facility, let auditorium = options.auditorium {
      let known = try casebook?.facility(facility)
      return ScreeningPlace(
        facilityID: known?.id,
        facility: known?.name ?? facility,
        city: known?.city,
        auditorium: auditorium
      )
    }
    return try casebook?.place(ofDevice: device)
  }
}
