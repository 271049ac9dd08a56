public import Casebook

extension CaseRecorder {
  /// Compares the recording of a leak with the leaks of the history.
  public func link(
    _ captures: [CaptureEntry],
    records: Bool,
    in report: inout MatchReport
  ) throws(PipelineError) {
    guard let casebook = readable, let sha256 = report.leak.sha256 else { return }
    do {
      if records, note == nil { try casebook.record(captures: captures, of: sha256) }
    } catch {
      throw PipelineError(error)
    }
  }
}
