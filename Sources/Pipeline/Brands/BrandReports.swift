public import Casebook
public import SystemPackage

/// The document of `leaktrace brand list --json` and `brand show --json`.
public struct BrandListReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.brand-list/1"
  /// Folder of the library.
  public var library: String
  /// The brands, by name.
  public var brands: [BrandRecord]

  /// Creates the document.
  public init(library: FilePath, brands: [Brand]) {
    self.library = PathText(library).text
    self.brands = brands.map(BrandRecord.init)
  }
}

/// The document of `leaktrace brand add --json`, `brand import --json` and `brand accept --json`.
public struct BrandAddReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.brand-add/1"
  /// What became of each brand, in the order of the request.
  public var brands: [Item]
  /// Number of sightings that were given the brand; for `brand accept` alone.
  public var relabelledSightings: Int?

  private enum CodingKeys: String, CodingKey {
    case schema, brands
    case relabelledSightings = "relabelled_sightings"
  }

  /// What became of one brand.
  public struct Item: Sendable, Codable {
    /// `added`, `replaced` or `unchanged`.
    public var status: String
    /// The brand as it stands now.
    public var brand: BrandRecord
  }

  /// Creates the document.
  public init(_ results: [BrandResult], relabelledSightings: Int? = nil) {
    brands = results.map { Item(status: $0.outcome.rawValue, brand: BrandRecord($0.brand)) }
    self.relabelledSightings = relabelledSightings
  }
}

/// The document of `leaktrace brand remove --json`.
public struct BrandRemoveReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.brand-remove/1"
  /// The brands that were removed.
  public var removed: [BrandRecord]

  /// Creates the document.
  public init(removed: [Brand]) { self.removed = removed.map(BrandRecord.init) }
}

/// The document of `leaktrace brand export --json`.
public struct BrandExportReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.brand-export/1"
  /// The catalogue that was written.
  public var path: String
  /// Number of brands in it.
  public var brands: Int
  /// Number of logos and fingerprints written beside it.
  public var files: Int

  /// Creates the document.
  public init(path: FilePath, brands: Int, files: Int) {
    self.path = PathText(path).text
    (self.brands, self.files) = (brands, files)
  }
}

/// The document of `leaktrace brand candidates --json`.
public struct BrandCandidatesReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.brand-candidates/1"
  /// Folder of the library.
  public var library: String
  /// The groups, those with most leaks first.
  public var groups: [Group]

  /// Sightings without a brand that show one advertiser.
  public struct Group: Sendable, Codable {
    /// Identifier of the group.
    public var groupID: String
    /// Number of leaks.
    public var leaks: Int
    /// Number of sightings.
    public var sightings: Int
    /// When one of the leaks was first seen, UTC.
    public var firstSeen: String
    /// When one of the leaks was last seen, UTC.
    public var lastSeen: String
    /// The kinds of ads, in alphabetical order.
    public var kinds: [String]
    /// The different texts, the most frequent first, twenty at most.
    public var texts: [String]
    /// The different domains, the most frequent first, twenty at most.
    public var domains: [String]
    /// The different promo codes, the most frequent first, twenty at most.
    public var promoCodes: [String]
    /// Path of the earliest picture.
    public var picture: String?

    private enum CodingKeys: String, CodingKey {
      case leaks, sightings, kinds, texts, domains, picture
      case groupID = "group_id"
      case firstSeen = "first_seen"
      case lastSeen = "last_seen"
      case promoCodes = "promo_codes"
    }
  }

  /// Most entries of each list of a group.
  private static let mostEntries = 20

  /// Creates the document; `picturePath` tells where a picture is.
  public init(
    library: FilePath,
    groups: [CandidateGroup],
    picturePath: (String) -> String
  ) {
    self.library = PathText(library).text
    self.groups = groups.map { group in
      Group(
        groupID: group.id,
        leaks: group.leakCount,
        sightings: group.sightings.count,
        firstSeen: ReportTime.text(group.firstSeen),
        lastSeen: ReportTime.text(group.lastSeen),
        kinds: Set(group.sightings.map(\.kind)).sorted(),
        texts: Array(group.texts.prefix(Self.mostEntries)),
        domains: Array(group.domains.prefix(Self.mostEntries)),
        promoCodes: Array(group.promoCodes.prefix(Self.mostEntries)),
        picture: group.pictureDigest.map(picturePath)
      )
    }
  }
}
