/// One version of a title in the library.
public struct Release: Sendable, Hashable, Identifiable {
  /// `r-` and 16 hexadecimal digits, derived from the file's SHA-256 and the number of the
  /// fingerprint algorithm: the same file gets the same identifier in every library.
  public let id: String
  /// Names, cut, languages and identifiers.
  public let metadata: ReleaseMetadata
  /// The file it was made from.
  public let media: MediaDescription
  /// When it was added, in seconds since 1970-01-01T00:00:00Z.
  public let addedAt: Int64
  /// Number of the algorithm that made its fingerprint.
  public let fingerprintAlgorithm: UInt32
  /// Size of the segment file.
  public let fingerprintBytes: Int64
  /// Size of the proxy; zero where none is kept.
  public let proxyBytes: Int64

  /// What the files of the release must contain.
  let files: StoredFiles
}

/// What the catalogue knows about the files of a release, so that they can be checked.
struct StoredFiles: Sendable, Hashable {
  /// Digest of the segment file's header, which in turn holds the digests of its sections.
  let segmentDigest: [UInt8]
  /// Name extension of the proxy, nil where none is kept.
  let proxyExtension: String?
  /// SHA-256 of the proxy, empty where none is kept.
  let proxyDigest: [UInt8]
}

/// A work, and the releases of it that the library holds.
public struct Title: Sendable, Hashable {
  /// Name of the work.
  public let name: String
  /// Its releases, oldest addition first; never empty.
  public let releases: [Release]
}

/// Every release of the library at one moment.
public struct CatalogueSnapshot: Sendable {
  /// Number of changes made to the catalogue so far; equal numbers mean equal contents.
  public let generation: Int64
  /// The releases, ordered by title, then by the time they were added.
  public let releases: [Release]

  /// The releases grouped by title, in the order of their names.
  public var titles: [Title] {
    releases.chunked { $0.metadata.title == $1.metadata.title }
      .map { Title(name: $0[0].metadata.title, releases: $0) }
  }
}

/// What became of a release handed to ``Library/commit(_:metadata:media:algorithm:sections:addedAt:)``.
public struct CommitResult: Sendable, Hashable {
  /// How the library changed.
  public enum Outcome: Sendable, Hashable {
    /// The release is new.
    case added
    /// The same file with the same fingerprint algorithm was there; nothing changed.
    case alreadyPresent
    /// The same file was there with another fingerprint algorithm, under the identifier given;
    /// the new fingerprint, proxy and metadata took its place.
    case replaced(String)
  }

  /// The release as it stands in the library.
  public let release: Release
  /// How the library changed.
  public let outcome: Outcome
  /// Whether the release was there with other metadata, which were kept;
  /// ``Library/update(id:metadata:)`` changes them.
  public let keptOtherMetadata: Bool
}

extension Array {
  /// Runs of neighbours for which `belongTogether` holds.
  func chunked(_ belongTogether: (Element, Element) -> Bool) -> [[Element]] {
    var result: [[Element]] = []
    for element in self {
      if let last = result.last?.last, belongTogether(last, element) {
        result[result.count - 1].append(element)
      } else {
        result.append([element])
      }
    }
    return result
  }
}
