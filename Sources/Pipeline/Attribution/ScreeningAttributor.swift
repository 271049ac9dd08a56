import Attribution
public import Casebook
import Foundation
import Marks
import Screenings
public import SystemPackage

/// Ranks the screenings of a library's list by how strongly the report on a leak points to them.
public struct ScreeningAttributor: Sendable {
  private let casebook: Casebook
  private let releases: ScreenedReleases
  private let store: ReferenceStore?

  /// Most screenings of a film that are weighed.
  static let mostWeighed = 200_000
  /// Steps of 15 minutes from a film's start to a passage of it.
  private static let passageSteps: ClosedRange<Int64> = 0...20
  /// Most that a report names.
  static let mostNamed = 20

  /// Reads the list of a library; `casebook` is that library's.
  public init(_ casebook: Casebook, library: FilePath) {
    self.casebook = casebook
    releases = ScreenedReleases(at: library)
    store = try? ReferenceStore(at: library, forWriting: false)
  }

  /// Reads the list of a library; nil where there is no library.
  ///
  /// - Throws: ``PipelineError`` where its history cannot be read.
  public init?(at library: FilePath) throws(PipelineError) {
    do {
      self.init(try Casebook.open(at: library, mode: .readOnly), library: library)
    } catch {
      guard error.code == .notFound else { throw PipelineError(error) }
      return nil
    }
  }

  /// Adds to a report what vendors say of the leak, and which screenings it points to.
  ///
  /// - Parameters:
  ///   - report: The report on a leak.
  ///   - seenAt: A moment by which the leak was there, in seconds since 1970-01-01T00:00:00Z.
  /// - Throws: ``PipelineError`` where the casebook cannot be read.
  public func weigh(_ report: inout MatchReport, seenAt: Int64) throws(PipelineError) {
    guard let sha256 = report.leak.sha256 else { return }
    do {
      let vendor = try casebook.vendorResults(ofLeak: sha256)
      report.vendorMarks = Self.vendorMarks(vendor, beside: report.marks ?? [])
      try rank(&report, sha256, vendor, seenAt)
    } catch {
      throw PipelineError(error)
    }
  }

  /// What vendors say of a leak beside our own marks; nil where they say nothing.
  public func vendorMarks(
    of sha256: String,
    beside marks: [MarkReport]
  ) throws(PipelineError) -> [MatchReport.VendorMark]? {
    do {
      return Self.vendorMarks(try casebook.vendorResults(ofLeak: sha256), beside: marks)
    } catch {
      throw PipelineError(error)
    }
  }

  private static func vendorMarks(
    _ vendor: [RecordedVendorResult],
    beside marks: [MarkReport]
  ) -> [MatchReport.VendorMark]? {
    guard !vendor.isEmpty else { return nil }
    return vendor.map {
      MatchReport.VendorMark(
        result: VendorRecord($0),
        agreement: agreement(of: $0.result, with: marks)
      )
    }
  }

  private func rank(
    _ report: inout MatchReport,
    _ sha256: String,
    _ vendor: [RecordedVendorResult],
    _ now: Int64
  ) throws {
    guard let best = report.matches.first else { return }
    var query = ScreeningQuery()
    releases.narrow(&query, to: best.title)
    query.releases.append(best.releaseID)
    query.limit = Self.mostWeighed + 1
    let found = try casebook.screenings(query)
    guard !found.isEmpty else { return }
    let weighed = found.prefix(Self.mostWeighed)
    var clues = Clues()
    clues.mark = report.marks?.compactMap(\.reading).first
    clues.vendorMarks = vendor.compactMap { Self.mark($0.result) }
    for match in report.matches {
      if let evidence = match.versionEvidence, evidence.answer != .cannotBeTold {
        clues.releases[match.releaseID] = evidence.log10Odds
      }
      // The sound tells releases apart only where another one has been heard not to be it.
      if let audio = match.audio, audio.verdict == .original, let log10P = audio.log10P,
        report.matches.contains(where: { $0.audio?.verdict == .different })
      {
        clues.sounds[match.releaseID] = -log10P
      }
    }
    clues.seenAt = min(now, try casebook.leak(sha256)?.firstSeen ?? now)
    clues.filmSeconds = best.segments.map(\.referenceEnd).max() ?? 0
    clues.linked = try (report.capture?.links ?? []).map(linked)
    var seats = SeatPlausibility(report, in: store)
    for screening in weighed {
      clues.seats[screening.screening.id] = seats.ratio(screening.screening.place)
    }
    let attribution = Attribution(
      of: weighed.map { Candidate($0, releaseID: releases.releaseID(of: $0.screening.work)) },
      by: clues
    )
    let byID = Dictionary(weighed.map { ($0.screening.id, $0) }) { first, _ in first }
    report.screenings = attribution.lines.prefix(Self.mostNamed).compactMap { line in
      byID[line.candidate.id].map { MatchReport.ScreeningLikelihood(line, $0) }
    }
    if let first = attribution.lines.first.flatMap({ byID[$0.candidate.id] }) {
      let place = first.screening.place
      if let screen = SeatPlausibility.screen(place), let answer = seats.answer(before: place) {
        report.seat = SeatReport(
          answer,
          of: report,
          screen: screen,
          map: nil,
          screeningID: first.screening.id,
          isWholeFrame: false
        )
      }
    }
    report.attribution = MatchReport.AttributionSummary(
      answer: attribution.answer.rawValue,
      title: best.title,
      weighed: weighed.count,
      isTruncated: found.count > weighed.count,
      margin: attribution.margin.map(ReportNumber.logarithm)
    )
  }

  /// What is known of a leak that comes from the same recording.
  private func linked(_ link: CaptureLinkReport) throws -> Clues.LinkedLeak {
    let vendor = try casebook.vendorResults(ofLeak: link.other)
    let own = try casebook.markClaims(ofLeak: link.other).map { claim in
      Clues.VendorMark(
        vendor: "our own mark (key \(claim.keyID))",
        location: claim.location,
        time: claim.time,
        moment: nil,
        falsePositiveRate: pow(10, claim.log10Bound)
      )
    }
    return Clues.LinkedLeak(
      id: link.other,
      log10Odds: link.log10Ratio,
      vendorMarks: own + vendor.compactMap { Self.mark($0.result) },
      seenAt: try casebook.leak(link.other)?.firstSeen
    )
  }

  private static func mark(_ result: VendorResult) -> Clues.VendorMark? {
    guard result.verdict == .found else { return nil }
    return Clues.VendorMark(
      vendor: result.vendor,
      location: result.markID,
      time: result.markTime,
      moment: result.moment?.seconds,
      falsePositiveRate: result.falsePositiveRate
    )
  }

  private static func agreement(
    of result: VendorResult,
    with marks: [MarkReport]
  ) -> MatchReport.VendorMark.Agreement {
    let claimed = marks.compactMap(\.claimed).first
    guard let claimed, result.verdict == .found, let location = result.markID else {
      return .nothingToCompare
    }
    guard Int64(claimed.location) == location else { return .conflicts }
    let stamp =
      result.markTime ?? result.moment.flatMap { MarkTime.step(of: $0.seconds) }.map(Int64.init)
    guard let stamp else { return .agrees }
    // Ours is that of the film's start, a vendor's that of some passage of it.
    let steps = MarkLayout.steps(from: Int64(claimed.time), to: stamp)
    return Self.passageSteps.contains(steps) ? .agrees : .conflicts
  }
}

extension Candidate {
  init(_ recorded: RecordedScreening, releaseID: String?) {
    let screening = recorded.screening
    self.init(id: screening.id, start: screening.start.seconds)
    end = screening.end?.seconds
    self.releaseID = releaseID
    markLocation = screening.markLocation
    markTime = screening.markTime
    startStep = MarkTime.step(of: screening.start.seconds).map(Int64.init)
  }
}
