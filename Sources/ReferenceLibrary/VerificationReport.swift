public import SystemPackage

/// What ``Library/verify(progress:)`` found.
public struct VerificationReport: Sendable, Hashable {
  /// Something wrong with one file.
  public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let path: FilePath
    /// The release it belongs to; nil for the catalogue.
    public let releaseID: String?
    /// What is wrong, in one line.
    public let message: String

    /// The file and what is wrong with it, in one line.
    public var description: String { "\(PrintableText.of(path)): \(PrintableText.of(message))" }
  }

  /// Number of releases whose files were read.
  public internal(set) var releaseCount = 0
  /// Number of files read.
  public internal(set) var fileCount = 0
  /// Number of bytes read and compared.
  public internal(set) var byteCount: Int64 = 0
  /// Whether the whole of the catalogue's file was compared with its digest.
  ///
  /// Not the case while another process writes, or after one was killed, until the library is next
  /// opened for writing; then its tables were checked, but not the unused parts of the file.
  public internal(set) var catalogueDigestWasCurrent = false
  /// What is wrong; empty for a library in order.
  public internal(set) var findings: [Finding] = []

  /// Whether nothing is wrong.
  public var isClean: Bool { findings.isEmpty }
}

/// How far ``Library/verify(progress:)`` has come.
public struct VerificationProgress: Sendable, Hashable {
  /// Bytes read so far.
  public let doneBytes: Int64
  /// Bytes to be read in all.
  public let totalBytes: Int64
}
