public import SystemPackage

/// Where the answer for each leak is kept, a JSON document named by the leak's SHA-256.
public struct ReportFolder: Sendable, Hashable {
  /// The folder.
  public let path: FilePath

  /// Names a folder, which is created where it is missing.
  public init(_ path: FilePath) { self.path = path }

  /// The file of a leak.
  public func file(of sha256: String) -> FilePath { path.appending(sha256 + ".json") }

  /// Removes what writers left that were killed; nobody takes an hour to write an answer.
  public func tidy() {
    OutputFile.removeTemporaries(in: path, olderThanSeconds: 3600)
  }

  /// Writes an answer; one for the same leak that is there is replaced as a whole.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output``.
  public func keep(_ report: MatchReport, of sha256: String) throws(PipelineError) {
    try OutputFile.makeDirectories(path)
    let line: String
    do {
      line = try JSONDocument.line(report)
    } catch {
      throw PipelineError(.output, code: "output_failed", "the report cannot be written (\(error))")
    }
    try OutputFile.write(Array((line + "\n").utf8), to: file(of: sha256))
  }
}
