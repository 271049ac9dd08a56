/// The document of `leaktrace ads --json`: what one file advertises.
public struct AdsReport: Sendable, Codable, Hashable {
  /// How a file was answered.
  public enum Status: String, Sendable, Codable {
    /// There is at least one ad in it.
    case found
    /// There is none.
    case none
    /// The file could not be examined.
    case failed
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.ads/1"
  /// The file.
  public var leak: MatchReport.LeakFile
  /// The answer.
  public var status: Status
  /// Why the file could not be examined; only with ``Status/failed``.
  public var error: MatchReport.Failure?
  /// The film that was known while looking; missing where none was.
  public var film: Film?
  /// The ads, in order of their start.
  public var ads: [MatchReport.Ad]
  /// What else is drawn or inserted, in order of its start.
  public var overlays: [MatchReport.Overlay]
  /// Time spent, in seconds.
  public var elapsedSeconds: Double
  /// Frames decoded of the file.
  public var decodedFrames: Int

  private enum CodingKeys: String, CodingKey {
    case schema, leak, status, error, film, ads, overlays
    case elapsedSeconds = "elapsed_s"
    case decodedFrames = "decoded_frames"
  }

  /// The film that a leak shows.
  public struct Film: Sendable, Codable, Hashable {
    /// Name of the work.
    public var title: String
    /// Identifier of the release in the library.
    public var releaseID: String

    private enum CodingKeys: String, CodingKey {
      case title
      case releaseID = "release_id"
    }
  }

  /// The part of a match's report that is about ads.
  public init(_ report: MatchReport) {
    leak = report.leak
    error = report.error
    film = report.matches.first.map { Film(title: $0.title, releaseID: $0.releaseID) }
    ads = report.ads ?? []
    overlays = report.overlays ?? []
    status = report.status == .failed ? .failed : ads.isEmpty ? .none : .found
    elapsedSeconds = report.elapsedSeconds
    decodedFrames = report.decodedFrames
  }
}
