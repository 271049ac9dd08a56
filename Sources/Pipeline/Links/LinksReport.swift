public import Casebook
public import SystemPackage

/// The document of `leaktrace links --json`.
public struct LinksReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.links/1"
  /// Folder of the library.
  public var library: String
  /// What occurs together, by brand, group, title and capture.
  public var links: [Link]

  /// A brand, a release group, a title and a capture that occur together.
  public struct Link: Sendable, Codable {
    /// Identifier of the brand, or of the group of ads that no brand is known for.
    public var brandID: String
    /// Name of the brand; missing where none is known.
    public var brand: String?
    /// Name of the release group, as the leaks' names claim.
    public var group: String?
    /// The film.
    public var title: String?
    /// Whether the film was recognised; else the leaks' names claim it.
    public var isTitleMatched: Bool?
    /// The act of recording.
    public var captureID: String?
    /// Number of leaks.
    public var leaks: Int
    /// Number of ads.
    public var sightings: Int
    /// When one of the leaks was first seen, UTC.
    public var firstSeen: String
    /// When one of the leaks was last seen, UTC.
    public var lastSeen: String

    private enum CodingKeys: String, CodingKey {
      case brand, group, title, leaks, sightings
      case brandID = "brand_id"
      case isTitleMatched = "title_matched"
      case captureID = "capture_id"
      case firstSeen = "first_seen"
      case lastSeen = "last_seen"
    }
  }

  /// Creates the document.
  public init(library: FilePath, rows: [LinkRow]) {
    self.library = PathText(library).text
    links = rows.map { row in
      Link(
        brandID: row.brandID,
        brand: row.brandName,
        group: row.group,
        title: row.title,
        isTitleMatched: row.title.map { _ in row.isTitleMatched },
        captureID: row.captureID,
        leaks: row.leakCount,
        sightings: row.sightingCount,
        firstSeen: ReportTime.text(row.firstSeen),
        lastSeen: ReportTime.text(row.lastSeen)
      )
    }
  }
}
