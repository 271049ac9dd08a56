import ReferenceLibrary
public import SystemPackage

/// The document of `leaktrace reference list --json` and `reference show --json`.
public struct ReferenceListReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.reference-list/1"
  /// Folder of the library.
  public var library: String
  /// The releases, by title, then by the time of addition.
  public var releases: [ReferenceRecord]

  /// Creates the document.
  public init(library: FilePath, releases: [ReferenceRecord]) {
    self.library = PathText(library).text
    self.releases = releases
  }
}

/// One line of `leaktrace reference add --json`: what became of one file.
public struct ReferenceAddReport: Sendable, Codable {
  /// What became of a file.
  public enum Status: String, Sendable, Codable {
    /// The release is new.
    case added
    /// The fingerprint of another algorithm was replaced.
    case replaced
    /// The same file was there.
    case alreadyPresent = "already_present"
    /// The file could not be added.
    case failed
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.reference-add/1"
  /// Name of the file as it was given.
  public var path: String
  /// The exact bytes of a name that is not UTF-8.
  public var pathBase64: String?
  /// Line of the manifest that named the file.
  public var line: Int?
  /// What became of it.
  public var status: Status
  /// The release as it stands in the library; missing where the file could not be added.
  public var release: ReferenceRecord?
  /// Whether the release was there with other metadata, which were kept.
  public var keptOtherMetadata: Bool?
  /// Why the file could not be added.
  public var error: MatchReport.Failure?

  private enum CodingKeys: String, CodingKey {
    case schema, path, line, status, release, error
    case pathBase64 = "path_base64"
    case keptOtherMetadata = "kept_other_metadata"
  }

  /// Creates the document.
  public init(path: FilePath, line: Int?, outcome: ImportOutcome) {
    let text = PathText(path)
    self.path = text.text
    pathBase64 = text.base64
    self.line = line
    switch outcome {
    case .added(let record): (status, release) = (.added, record)
    case .replaced(let record): (status, release) = (.replaced, record)
    case .alreadyPresent(let record, let keptOther):
      (status, release, keptOtherMetadata) = (.alreadyPresent, record, keptOther)
    case .failed(let cause): (status, error) = (.failed, MatchReport.Failure(cause))
    }
  }
}

/// The document of `leaktrace reference remove --json`.
public struct ReferenceRemoveReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.reference-remove/1"
  /// The releases that were removed.
  public var removed: [ReferenceRecord]

  /// Creates the document.
  public init(removed: [ReferenceRecord]) { self.removed = removed }
}

/// The document of `leaktrace reference verify --json`.
public struct ReferenceVerifyReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.reference-verify/1"
  /// Folder of the library.
  public var library: String
  /// Whether nothing is wrong.
  public var isClean: Bool
  /// Releases whose files were read.
  public var releases: Int
  /// Files read.
  public var files: Int
  /// Bytes read and compared.
  public var bytes: Int64
  /// What is wrong.
  public var findings: [Finding]

  /// Something wrong with one file.
  public struct Finding: Sendable, Codable {
    /// The file.
    public var path: String
    /// The release it belongs to; missing for the catalogue.
    public var releaseID: String?
    /// What is wrong.
    public var message: String

    private enum CodingKeys: String, CodingKey {
      case path, message
      case releaseID = "release_id"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, library, releases, files, bytes, findings
    case isClean = "clean"
  }

  init(_ report: VerificationReport, library: FilePath) {
    self.library = PathText(library).text
    isClean = report.isClean
    releases = report.releaseCount
    files = report.fileCount
    bytes = report.byteCount
    findings = report.findings.map {
      Finding(
        path: PathText($0.path).text,
        releaseID: $0.releaseID,
        message: SafeText.of($0.message)
      )
    }
  }
}
