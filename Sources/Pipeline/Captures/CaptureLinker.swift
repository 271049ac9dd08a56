import Captures
public import Casebook

extension CaseRecorder {
  /// Compares the recording of a leak with the leaks of the history, says so in the report, and keeps
  /// signature and links where something may be recorded.
  ///
  /// The signature is written first and the others are read then: of two processes that analyse leaks
  /// of one recording at once, the later one finds the other's.
  ///
  /// - Throws: ``PipelineError``, for example where the disk is full.
  public func link(
    _ captures: [CaptureEntry],
    records: Bool,
    in report: inout MatchReport
  ) throws(PipelineError) {
    guard let casebook = readable, let sha256 = report.leak.sha256, !captures.isEmpty else {
      return
    }
    let records = records && note == nil
    do {
      if records { try casebook.record(captures: captures, of: sha256) }
      var record = try CaptureLinker(casebook).record(of: sha256, captures)
      let links = record.comparisons.filter { $0.verdict == .same }
      if records {
        record.capture.id = try casebook.record(
          captureLinks: links.map {
            CaptureLinkEntry(
              otherSHA256: $0.other,
              releaseID: $0.releaseID,
              log10Ratio: $0.log10Ratio,
              seconds: $0.commonSeconds,
              evidence: $0.evidence.text
            )
          },
          of: sha256
        )
      }
      report.capture = record.capture
    } catch {
      throw PipelineError(error)
    }
  }
}

/// Compares recordings of the history.
public struct CaptureLinker {
  let casebook: Casebook

  /// Creates a linker over a casebook.
  public init(_ casebook: Casebook) { self.casebook = casebook }

  /// What is said of a leak that is recorded, against all others of the same releases.
  ///
  /// - Throws: ``CasebookError``.
  public func record(of sha256: String) throws(CasebookError) -> LeakCaptureRecord {
    let own = try casebook.captures(ofLeak: sha256)
    return try record(of: sha256, own.map(\.entry))
  }

  func record(
    of sha256: String,
    _ captures: [CaptureEntry]
  ) throws(CasebookError) -> LeakCaptureRecord {
    var comparisons: [CaptureLinkReport] = []
    var id: String?
    for capture in captures {
      guard let signature = CaptureSignature(encoded: capture.signature) else { continue }
      for other in try casebook.captures(of: capture.releaseID, except: sha256) {
        // Without film in common there is nothing to compare.
        guard other.entry.startSeconds < capture.endSeconds,
          capture.startSeconds < other.entry.endSeconds,
          let theirs = CaptureSignature(encoded: other.entry.signature)
        else { continue }
        let comparison = CaptureComparison(signature, theirs)
        if comparison.verdict == .same { id = id ?? other.captureID }
        comparisons.append(
          CaptureLinkReport(
            comparison,
            other: other.leakSHA256,
            path: PathText(other.path).text,
            releaseID: capture.releaseID
          )
        )
      }
    }
    comparisons.sort { ($0.order, -$0.log10Ratio, $0.other) < ($1.order, -$1.log10Ratio, $1.other) }
    return LeakCaptureRecord(
      sha256: sha256,
      capture: MatchReport.Capture(
        id: id,
        measuredSeconds: ReportNumber.seconds(captures.map(\.seconds).max() ?? 0),
        compared: comparisons.count,
        different: comparisons.count { $0.verdict == .different },
        undetermined: comparisons.count { $0.verdict == .cannotBeTold },
        links: comparisons.filter { $0.verdict == .same }
      ),
      comparisons: comparisons
    )
  }
}

extension CaptureLinkReport {
  /// One recording first, what cannot be told next.
  fileprivate var order: Int {
    switch verdict {
    case .same: 0
    case .cannotBeTold: 1
    case .different: 2
    }
  }
}
