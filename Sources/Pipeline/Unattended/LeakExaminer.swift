public import Casebook
public import SystemPackage

/// All that looking at one leak gave.
public struct LeakExamination: Sendable {
  /// The answer: the document of `leaktrace match --json`.
  public var report: MatchReport
  /// What goes into the history; nil where nothing is recorded.
  public var analysis: LeakAnalysis?
  /// What is wrong with a file that could be examined all the same, or with the library.
  public var complaint: PipelineError?

  /// Creates an examination.
  public init(report: MatchReport, analysis: LeakAnalysis?, complaint: PipelineError?) {
    (self.report, self.analysis, self.complaint) = (report, analysis, complaint)
  }
}

/// Looks at leaks: the one way that a leak goes, whoever brought it.
///
/// May be used by several threads at once.
public protocol LeakExaminer: Sendable {
  /// Examines a leak that was first seen at `seenAt`, in seconds since 1970-01-01T00:00:00Z.
  ///
  /// `progress` is told the fraction done.
  ///
  /// - Throws: ``PipelineError`` where the file cannot be examined, or the library not be used.
  func examine(
    _ path: FilePath,
    seenAt: Int64,
    progress: @escaping @Sendable (Double) -> Void
  ) throws -> LeakExamination
}
