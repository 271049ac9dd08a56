import GRDB

/// A mark of a brand, as leaks show it.
public struct ObservedMark: Sendable, Hashable {
  /// Identifier of the brand.
  public var brandID: String
  /// What it is.
  public var mark: SightingEntry.Mark
  /// Number of leaks that show it.
  public var leakCount: Int
  /// Number of ads that show it.
  public var sightingCount: Int
  /// When one of the leaks was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var firstSeen: Int64
  /// When one of the leaks was last seen.
  public var lastSeen: Int64

  /// Creates a mark.
  public init(
    brandID: String,
    mark: SightingEntry.Mark,
    leakCount: Int,
    sightingCount: Int,
    firstSeen: Int64,
    lastSeen: Int64
  ) {
    (self.brandID, self.mark, self.leakCount) = (brandID, mark, leakCount)
    (self.sightingCount, self.firstSeen, self.lastSeen) = (sightingCount, firstSeen, lastSeen)
  }
}

/// A leak that shows ads, as it is told to others.
public struct ObservedLeak: Sendable, Hashable {
  /// Number of the leak in the casebook.
  public var key: Int64
  /// SHA-256 of the file.
  public var sha256: String
  /// Size in bytes.
  public var sizeBytes: Int64
  /// A file name that it was seen under; the first of the alphabet.
  public var name: [UInt8]
  /// Name of the release group, as the leak's names claim.
  public var group: String?
  /// When it was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var firstSeen: Int64
  /// When it was last seen.
  public var lastSeen: Int64
}

extension Casebook {
  /// The marks of brands in the leaks with these numbers, by brand, kind and value.
  public func observedMarks(inLeaks keys: Set<Int64>) throws(CasebookError) -> [ObservedMark] {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT sighting.brandID, sightingMark.kind, sightingMark.value, leak.key,
            count(DISTINCT sighting.key), leak.firstSeen, leak.lastSeen
          FROM sighting JOIN leak ON leak.key = sighting.leakKey
          JOIN sightingMark ON sightingMark.sightingKey = sighting.key
          WHERE sighting.brandID IS NOT NULL
          GROUP BY sighting.brandID, sightingMark.kind, sightingMark.value, leak.key
          ORDER BY sighting.brandID, sightingMark.kind, sightingMark.value, leak.key
          """
      )
      var marks: [ObservedMark] = []
      while let row = try rows.next() {
        var row = RowReader(row)
        let brand: String = try row.next()
        let mark = SightingEntry.Mark(kind: try row.next(), value: try row.next())
        let leak: Int64 = try row.next()
        guard keys.contains(leak) else { continue }
        let count: Int = try row.next()
        let (first, last): (Int64, Int64) = (try row.next(), try row.next())
        if let known = marks.last, known.brandID == brand, known.mark == mark {
          marks[marks.count - 1].leakCount += 1
          marks[marks.count - 1].sightingCount += count
          marks[marks.count - 1].firstSeen = min(known.firstSeen, first)
          marks[marks.count - 1].lastSeen = max(known.lastSeen, last)
        } else {
          marks.append(
            ObservedMark(
              brandID: brand,
              mark: mark,
              leakCount: 1,
              sightingCount: count,
              firstSeen: first,
              lastSeen: last
            )
          )
        }
      }
      return marks
    }
  }

  /// The leaks with these numbers, by SHA-256.
  public func observedLeaks(_ keys: Set<Int64>) throws(CasebookError) -> [ObservedLeak] {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT key, id, sizeBytes,
            (SELECT min(name) FROM leakName WHERE leakName.leakKey = leak.key), lastPath,
            groupName, firstSeen, lastSeen
          FROM leak ORDER BY id
          """
      )
      var leaks: [ObservedLeak] = []
      while let row = try rows.next() {
        var row = RowReader(row)
        let key: Int64 = try row.next()
        guard keys.contains(key) else { continue }
        let sha256: String = try row.next()
        let size: Int64 = try row.next()
        let name = try row.nextOptionalBytes()
        let path = try row.nextBytes()
        leaks.append(
          ObservedLeak(
            key: key,
            sha256: sha256,
            sizeBytes: size,
            name: name ?? path,
            group: try row.nextOptional(),
            firstSeen: try row.next(),
            lastSeen: try row.next()
          )
        )
      }
      return leaks
    }
  }
}
