import GRDB

/// Which part of the history is asked for.
public struct LinkFilter: Sendable, Hashable {
  /// Identifier or name of a brand, or identifier of a group of unknown sightings.
  public var brand: String?
  /// Name of a release group, whatever the case of its letters.
  public var group: String?
  /// Words that are part of a title, whatever the case of their letters.
  public var title: String?
  /// Only leaks that were seen at this time or later, in seconds since 1970-01-01T00:00:00Z.
  public var since: Int64?
  /// Whether groups of sightings without a brand count as brands.
  public var includesUnknown = false

  /// The whole history, without unknown brands.
  public init() {}
}

/// A brand, a release group, a title and a capture that occur together.
public struct LinkRow: Sendable, Hashable {
  /// Identifier of the brand, or of the group of sightings without one.
  public var brandID: String
  /// Name of the brand; nil for sightings without one.
  public var brandName: String?
  /// Name of the release group, as the leaks' names claim; nil where they name none.
  public var group: String?
  /// The film.
  public var title: String?
  /// Whether the film was recognised; else the leaks' names claim it.
  public var isTitleMatched: Bool
  /// The act of recording.
  public var captureID: String?
  /// The leaks, by their numbers in the casebook, ascending.
  public var leakKeys: [Int64]
  /// Number of ads.
  public var sightingCount: Int
  /// When one of the leaks was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var firstSeen: Int64
  /// When one of the leaks was last seen.
  public var lastSeen: Int64

  /// Number of leaks.
  public var leakCount: Int { leakKeys.count }

  /// Creates a row.
  public init(
    brandID: String,
    brandName: String?,
    group: String? = nil,
    title: String? = nil,
    isTitleMatched: Bool = false,
    captureID: String? = nil,
    leakKeys: [Int64],
    sightingCount: Int,
    firstSeen: Int64,
    lastSeen: Int64
  ) {
    (self.brandID, self.brandName) = (brandID, brandName)
    (self.group, self.title, self.isTitleMatched) = (group, title, isTitleMatched)
    (self.captureID, self.leakKeys, self.sightingCount) = (captureID, leakKeys, sightingCount)
    (self.firstSeen, self.lastSeen) = (firstSeen, lastSeen)
  }
}

extension Casebook {
  /// Which brands occur with which groups, titles and captures, by brand, group, title and capture.
  ///
  /// A leak that shows several titles counts for each of them.
  ///
  /// - Throws: ``CasebookError/Code/noSuchBrand`` where the filter names a brand that is not there.
  public func links(_ filter: LinkFilter = LinkFilter()) throws(CasebookError) -> [LinkRow] {
    try read { database in
      var known = filter
      var candidates: [CandidateGroup] = []
      if filter.includesUnknown || filter.brand?.hasPrefix("c-") ?? false {
        candidates = try Self.candidates(database)
      }
      let candidate = candidates.first { $0.id == filter.brand }
      if let name = filter.brand, candidate == nil {
        known.brand = try Self.brand(name, database).id
        candidates = []
      } else if let candidate {
        candidates = [candidate]
      }
      var table = LinkTable()
      if candidate == nil { try Self.add(known, nil, &table, database) }
      if !candidates.isEmpty {
        var owners: [Int64: String] = [:]
        for group in candidates {
          for sighting in group.sightings { owners[sighting.key] = group.id }
        }
        try Self.add(known, owners, &table, database)
      }
      return table.rows
    }
  }

  /// The plan by which SQLite runs ``links(_:)``, one line for each step.
  package func linkPlan(_ filter: LinkFilter) throws(CasebookError) -> [String] {
    try read { database in
      let (sql, arguments) = Self.linkQuery(filter, unknown: false)
      return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
        .map { String.fromDatabaseValue(Array($0.databaseValues)[3]) ?? "" }
    }
  }

  /// The statement behind ``links(_:)``, with its arguments; sightings without a brand if `unknown`.
  private static func linkQuery(
    _ filter: LinkFilter,
    unknown: Bool
  ) -> (sql: String, arguments: StatementArguments) {
    // The sign keeps SQLite from walking through the brands where another index says more.
    var conditions = [unknown ? "sighting.brandID IS NULL" : "+sighting.brandID IS NOT NULL"]
    var arguments: StatementArguments = []
    if let brand = filter.brand, !unknown {
      conditions.append("sighting.brandID = ?")
      arguments += [brand]
    }
    if let group = filter.group {
      conditions.append("leak.groupKey = ?")
      arguments += [TextKeys.nameKey(group)]
    }
    if let title = filter.title {
      conditions.append("instr(leakTitle.titleKey, ?) > 0")
      arguments += [TextKeys.nameKey(title)]
    }
    if let since = filter.since {
      conditions.append("leak.lastSeen >= ?")
      arguments += [since]
    }
    // CROSS JOIN fixes the order: few leaks are wanted, so they come first, by their index.
    let isByLeak = (filter.group != nil || filter.since != nil) && filter.brand == nil
    let source =
      isByLeak
      ? "leak CROSS JOIN sighting ON sighting.leakKey = leak.key"
      : "sighting JOIN leak ON leak.key = sighting.leakKey"
    let sql = """
      SELECT \(unknown ? "sighting.key" : "0"), sighting.brandID, brand.name, leak.groupKey,
        leak.groupName, leakTitle.titleKey, leakTitle.title, leakTitle.isMatched, leak.captureID,
        leak.key, count(*), leak.firstSeen, leak.lastSeen
      FROM \(source)
      LEFT JOIN leakTitle ON leakTitle.leakKey = leak.key
      LEFT JOIN brand ON brand.id = sighting.brandID
      WHERE \(conditions.joined(separator: " AND "))
      GROUP BY \(unknown ? "sighting.key" : "sighting.brandID"), leak.key, leakTitle.titleKey
      """
    return (sql, arguments)
  }

  private static func add(
    _ filter: LinkFilter,
    _ owners: [Int64: String]?,
    _ table: inout LinkTable,
    _ database: Database
  ) throws {
    let (sql, arguments) = linkQuery(filter, unknown: owners != nil)
    let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
    while let row = try rows.next() {
      var row = RowReader(row)
      let sighting: Int64 = try row.next()
      let brandID: String? = try row.nextOptional()
      let brandName: String? = try row.nextOptional()
      // A sighting that no wanted group owns is not asked for.
      guard let id = brandID ?? owners?[sighting] else { continue }
      let key = LinkTable.Key(
        brandName: brandName.map(TextKeys.nameKey),
        brandID: id,
        groupKey: try row.next()
      )
      var link = LinkRow(
        brandID: id,
        brandName: brandName,
        group: try row.nextOptional(),
        isTitleMatched: false,
        leakKeys: [],
        sightingCount: 0,
        firstSeen: 0,
        lastSeen: 0
      )
      let titleKey: String? = try row.nextOptional()
      link.title = try row.nextOptional()
      link.isTitleMatched = try row.nextOptional() ?? false
      link.captureID = try row.nextOptional()
      link.leakKeys = [try row.next()]
      link.sightingCount = try row.next()
      link.firstSeen = try row.next()
      link.lastSeen = try row.next()
      table.add(link, key, titleKey: titleKey)
    }
  }
}

/// Rows added up by what they are about.
private struct LinkTable {
  struct Key: Hashable {
    var brandName: String?
    var brandID: String
    var groupKey: String
    var titleKey: String?
    var captureID: String?

    /// Order of the rows: brands with a name first, the rest by their words.
    var order: [String] {
      [
        brandName == nil ? "1" : "0", brandName ?? "", brandID, groupKey, titleKey ?? "",
        captureID ?? "",
      ]
    }
  }

  private var links: [Key: LinkRow] = [:]
  private var leaks: [Key: Set<Int64>] = [:]

  mutating func add(_ row: LinkRow, _ key: Key, titleKey: String?) {
    var key = key
    key.titleKey = titleKey
    key.captureID = row.captureID
    leaks[key, default: []].formUnion(row.leakKeys)
    guard var link = links[key] else {
      links[key] = row
      return
    }
    link.sightingCount += row.sightingCount
    link.firstSeen = min(link.firstSeen, row.firstSeen)
    link.lastSeen = max(link.lastSeen, row.lastSeen)
    link.isTitleMatched = link.isTitleMatched || row.isTitleMatched
    // Of several ways to write a name, the first of the alphabet.
    link.group = [link.group, row.group].compactMap { $0 }.min()
    link.title = [link.title, row.title].compactMap { $0 }.min()
    links[key] = link
  }

  var rows: [LinkRow] {
    links.sorted { $0.key.order.lexicographicallyPrecedes($1.key.order) }.map { key, link in
      var link = link
      link.leakKeys = (leaks[key] ?? []).sorted()
      return link
    }
  }
}
