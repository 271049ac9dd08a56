import Foundation
import GRDB
import SystemPackage

extension Library {
  /// Reads every byte of the library and compares it with its checksum.
  ///
  /// Works while another process writes: what is removed or replaced meanwhile is not a finding.
  /// A catalogue too damaged to be opened is reported by ``open(at:mode:)`` instead. `progress` is
  /// told after each block how far the check has come; what it throws ends the check.
  ///
  /// - Returns: What was read, and what is wrong.
  /// - Throws: ``LibraryError`` where reading is not possible at all, or what `progress` throws.
  /// - Complexity: O(bytes of the library).
  public func verify(
    progress: (VerificationProgress) throws -> Void = { _ in }
  ) throws -> VerificationReport {
    var report = VerificationReport()
    let releases = try verifyCatalogue(&report)
    let total = releases.reduce(report.byteCount) { sum, release in
      let (next, overflow) = sum.addingReportingOverflow(
        release.fingerprintBytes.addingReportingOverflow(release.proxyBytes).partialValue
      )
      return overflow ? .max : next
    }
    var done = report.byteCount
    let step = { (count: Int) in
      done += Int64(count)
      try progress(VerificationProgress(doneBytes: done, totalBytes: max(total, done)))
    }
    for release in releases {
      let findings = try verifyFiles(of: release, &report, step)
      // A release that went away while it was read has nothing wrong with it.
      if !findings.isEmpty, try isCurrent(release) { report.findings += findings }
      report.releaseCount += 1
    }
    for path in keyShardPaths() {
      do {
        let shard = try SegmentFile(opening: path)
        report.fileCount += 1
        for message in try shard.verify(progress: step) {
          report.findings.append(.init(path: path, releaseID: nil, message: message))
        }
      } catch let error as LibraryError {
        // A part that another process has just replaced is no finding.
        guard try FileOperations.status(path) != nil else { continue }
        report.findings.append(.init(path: path, releaseID: nil, message: error.message))
      }
    }
    report.byteCount = done
    return report
  }

  /// Checks the catalogue; gives the releases that can be read from it.
  private func verifyCatalogue(_ report: inout VerificationReport) throws -> [Release] {
    // A writer that has committed writes the digest within milliseconds.
    var attempts = 20
    while true {
      attempts -= 1
      let isLast = attempts == 0
      let result = try catalogue.read { database -> (VerificationReport, [Release])? in
        var report = VerificationReport()
        let digestState = digestState(database)
        if digestState == .stale, !isLast { return nil }
        report.catalogueDigestWasCurrent = digestState == .matches
        report.fileCount = 2
        report.byteCount = (try FileOperations.status(layout.catalogue)?.sizeBytes ?? 0)
        for flaw in try Catalogue.flaws(database) {
          report.findings.append(
            .init(path: layout.catalogue, releaseID: flaw.releaseID, message: flaw.message)
          )
        }
        if case .wrong(let path, let message) = digestState {
          report.findings.append(.init(path: path, releaseID: nil, message: message))
        }
        // Reported above where the rows cannot be read.
        let releases = (try? Catalogue.releases(.all, database).map(\.release)) ?? []
        return (report, releases)
      }
      if let result {
        report = result.0
        return result.1
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  private enum DigestState: Equatable {
    case matches
    case stale
    case wrong(FilePath, String)
  }

  /// Compares the catalogue's file with its digest; the transaction that `database` is in keeps
  /// the file from changing.
  private func digestState(_ database: Database) -> DigestState {
    do {
      guard let known = try CatalogueDigest(reading: layout.digest) else {
        return try Catalogue.generation(database) == 0
          ? .stale : .wrong(layout.digest, "the catalogue's digest is missing")
      }
      let actual = try CatalogueDigest(of: database, path: layout.catalogue)
      if known.generation < actual.generation { return .stale }
      if known.generation > actual.generation {
        return .wrong(layout.catalogue, "the catalogue is older than its digest")
      }
      return known == actual
        ? .matches : .wrong(layout.catalogue, "the file does not match its digest")
    } catch let error as LibraryError {
      return .wrong(error.path ?? layout.digest, error.message)
    } catch let flaw as RowReader.Flaw {
      return .wrong(layout.catalogue, flaw.message)
    } catch {
      return .wrong(layout.catalogue, LibraryError.wrapping(error, path: layout.catalogue).message)
    }
  }

  /// Whether the catalogue still holds the release with the same files.
  private func isCurrent(_ release: Release) throws -> Bool {
    try catalogue.read { try Catalogue.releases(.id(release.id), $0) }
      .contains { $0.release.files == release.files }
  }

  private func verifyFiles(
    of release: Release,
    _ report: inout VerificationReport,
    _ step: (Int) throws -> Void
  ) throws -> [VerificationReport.Finding] {
    var findings: [VerificationReport.Finding] = []
    func note(_ path: FilePath, _ message: String) {
      findings.append(.init(path: path, releaseID: release.id, message: message))
    }
    let segmentPath = layout.segment(of: release.id)
    do {
      let segment = try SegmentFile(opening: segmentPath)
      report.fileCount += 1
      if segment.digest != release.files.segmentDigest
        || Int64(segment.byteCount) != release.fingerprintBytes
      {
        note(segmentPath, "the segment file is not the one that was added")
      }
      for message in try segment.verify(progress: step) { note(segmentPath, message) }
    } catch let error as LibraryError {
      note(error.path ?? segmentPath, error.message)
    }
    guard let proxyPath = layout.proxy(of: release) else { return findings }
    do {
      let proxy = try FileDigest(of: proxyPath, progress: step)
      report.fileCount += 1
      if proxy.sizeBytes != release.proxyBytes {
        note(proxyPath, "the proxy has \(proxy.sizeBytes) bytes, not \(release.proxyBytes)")
      } else if proxy.sha256 != release.files.proxyDigest {
        note(proxyPath, "the proxy does not match its checksum")
      }
    } catch let error as LibraryError {
      note(error.path ?? proxyPath, error.message)
    }
    return findings
  }
}
