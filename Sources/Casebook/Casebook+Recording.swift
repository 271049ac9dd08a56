import Foundation
import GRDB

/// All that an analysis says of one leak.
public struct LeakAnalysis: Sendable, Hashable {
  /// The file.
  public var leak: LeakEntry
  /// The releases that it shows, the surest first.
  public var matches: [MatchEntry]
  /// The ads in it; nil where nobody looked for any, which keeps those of an earlier analysis.
  public var sightings: [SightingEntry]?
  /// Where else the same contents were seen, as the file system writes it.
  public var otherPaths: [[UInt8]]

  /// Creates an analysis.
  public init(
    leak: LeakEntry,
    matches: [MatchEntry],
    sightings: [SightingEntry]?,
    otherPaths: [[UInt8]] = []
  ) {
    (self.leak, self.matches, self.sightings) = (leak, matches, sightings)
    self.otherPaths = otherPaths
  }
}

extension Casebook {
  /// Most sightings of one leak; what comes after is left out.
  static let mostSightings = 5000
  /// Most marks and evidence of one sighting.
  static let mostMarks = 200
  /// Longest text of a sighting, in Unicode scalars.
  static let longestSightingText = 4000
  /// Most boxes of one sighting.
  static let mostBoxes = 20_000
  /// Most names that are kept of one leak.
  static let mostNames = 64

  /// Writes down what an analysis found, in one transaction.
  ///
  /// A leak is known by its SHA-256. Where it was recorded before, its matches and sightings are
  /// replaced; when and where it was first seen, its names and its capture stay. A sighting without
  /// a brand whose predecessor was accepted as a brand's by hand keeps that brand. Without a list of
  /// sightings those of an earlier analysis stay.
  ///
  /// - Throws: ``CasebookError``; nothing is changed then.
  public func record(
    leak: LeakEntry,
    matches: [MatchEntry],
    sightings: [SightingEntry]?
  ) throws(CasebookError) {
    try record([LeakAnalysis(leak: leak, matches: matches, sightings: sightings)])
  }

  /// Writes down several analyses in one transaction.
  public func record(_ analyses: [LeakAnalysis]) throws(CasebookError) {
    _ = try record(analyses) { _ in true }
  }

  /// Writes down analyses in the transaction of `step`; nothing where that says no.
  ///
  /// - Returns: What `step` said.
  func record(
    _ analyses: [LeakAnalysis],
    with step: (Database) throws -> Bool
  ) throws(CasebookError) -> Bool {
    for analysis in analyses {
      let leak = analysis.leak
      guard ContentDigest.isValid(leak.sha256), leak.sizeBytes >= 0, !leak.path.isEmpty else {
        throw CasebookError(.invalidValue, "a leak needs a SHA-256, a size and a path")
      }
    }
    let kept = analyses.flatMap { ($0.sightings ?? []).prefix(Self.mostSightings) }
    let pictures = kept.compactMap(\.picture).map(BrandFile.init)
    let staging = try Staging(pictures.map { ($0.digest, $0.bytes) }, shelf: .pictures, layout)
    defer { staging.abandon() }
    let replaced: Set<String>? = try write { database in
      guard try step(database) else { return nil }
      for picture in pictures { try staging.put(picture.digest) }
      var replaced: Set<String> = []
      for analysis in analyses { replaced.formUnion(try Self.record(analysis, database)) }
      return replaced
    }
    guard let replaced else { return false }
    try removeUnusedPictures(replaced.subtracting(pictures.map(\.digest)))
    return true
  }

  /// Forgets pictures that no sighting shows any more.
  private func removeUnusedPictures(_ digests: Set<String>) throws(CasebookError) {
    guard !digests.isEmpty else { return }
    try write { database in
      for digest in digests.sorted() where ContentDigest.isValid(digest) {
        let isUsed = try Bool.fetchOne(
          database,
          sql: "SELECT EXISTS (SELECT 1 FROM sighting WHERE picture = ?)",
          arguments: [digest]
        )
        if isUsed == false { FileOperations.remove(self.layout.file(digest, in: .pictures)) }
      }
    }
  }

  /// Gives the pictures of the sightings that were replaced.
  private static func record(_ analysis: LeakAnalysis, _ database: Database) throws -> Set<String> {
    let key = try writeLeak(analysis.leak, database)
    for path in [analysis.leak.path] + analysis.otherPaths {
      try writeName(of: path, seenAt: analysis.leak.seenAt, key, database)
    }
    let before = try Self.sightings(database, where: "sighting.leakKey = ?", [key])
    let replaced = ["match", "leakTitle"] + (analysis.sightings == nil ? [] : ["sighting"])
    for table in replaced {
      try database.cachedStatement(sql: "DELETE FROM \(table) WHERE leakKey = ?")
        .execute(arguments: [key])
    }
    try writeMatches(analysis.matches, key, database)
    guard let sightings = analysis.sightings else { return [] }
    let brands = Set(try String.fetchAll(database, sql: "SELECT id FROM brand"))
    for (position, sighting) in sightings.prefix(mostSightings).enumerated() {
      var sighting = sighting
      var isAccepted = false
      // A brand that was removed while the leak was analysed is unknown again.
      if let brand = sighting.brandID, !brands.contains(brand) {
        (sighting.brandID, sighting.brandConfidence) = (nil, nil)
      }
      if sighting.brandID == nil, let brand = acceptedBrand(of: sighting, before) {
        (sighting.brandID, isAccepted) = (brand, true)
      }
      try write(sighting, key, position, isAccepted: isAccepted, database)
    }
    return Set(before.compactMap(\.pictureDigest))
  }

  /// The brand that a person gave to the same ad of an earlier analysis.
  private static func acceptedBrand(
    of sighting: SightingEntry,
    _ before: [RecordedSighting]
  ) -> String? {
    before.first { old in
      let overlap =
        min(old.endSeconds, sighting.endSeconds) - max(old.startSeconds, sighting.startSeconds)
      let longer = max(
        old.endSeconds - old.startSeconds,
        sighting.endSeconds - sighting.startSeconds
      )
      return old.isAccepted && old.kind == sighting.kind && overlap > 0.5 * longer
    }?.brandID
  }

  // MARK: Writing

  private static func writeLeak(_ leak: LeakEntry, _ database: Database) throws -> Int64 {
    try database.cachedStatement(
      sql: """
        INSERT INTO leak (id, sizeBytes, durationSeconds, firstPath, lastPath, groupKey, captureID,
          firstSeen, lastSeen, analysedAt, toolVersion)
        VALUES (:id, :size, :duration, :path, :path, '', :capture, :seen, :seen, :analysed, :tool)
        ON CONFLICT (id) DO UPDATE SET
          durationSeconds = coalesce(excluded.durationSeconds, durationSeconds),
          firstPath = iif(excluded.firstSeen < firstSeen, excluded.firstPath, firstPath),
          lastPath = iif(excluded.lastSeen >= lastSeen, excluded.lastPath, lastPath),
          firstSeen = min(firstSeen, excluded.firstSeen),
          lastSeen = max(lastSeen, excluded.lastSeen),
          captureID = coalesce(excluded.captureID, captureID),
          analysedAt = excluded.analysedAt,
          toolVersion = excluded.toolVersion
        """
    ).execute(arguments: [
      "id": leak.sha256, "size": leak.sizeBytes, "duration": leak.durationSeconds,
      "path": Data(leak.path), "capture": leak.captureID.map { cut($0, 200) },
      "seen": leak.seenAt, "analysed": leak.analysedAt, "tool": cut(leak.toolVersion, 100),
    ])
    let key = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT key FROM leak WHERE id = ?"),
      arguments: [leak.sha256]
    )
    guard let key else { throw RowReader.Flaw(message: "a leak that was written is not there") }
    return key
  }

  /// Adds a name of a leak, and takes the claims of the name that says most.
  static func writeName(
    of path: [UInt8],
    seenAt: Int64,
    _ key: Int64,
    _ database: Database
  ) throws {
    let name = path.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? path
    let count = try Int.fetchOne(
      database.cachedStatement(sql: "SELECT count(*) FROM leakName WHERE leakKey = ?"),
      arguments: [key]
    )
    if (count ?? 0) < mostNames {
      try database.cachedStatement(
        sql: """
          INSERT INTO leakName (leakKey, name, firstSeen) VALUES (?, ?, ?)
          ON CONFLICT (leakKey, name) DO UPDATE SET firstSeen = min(firstSeen, excluded.firstSeen)
          """
      ).execute(arguments: [key, Data(name), seenAt])
    }
    let names = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT name FROM leakName WHERE leakKey = ? ORDER BY name"),
      arguments: [key]
    ).map { row in
      var row = RowReader(row)
      return ReleaseName(fileName: try row.nextBytes())
    }
    // Sorted names, and the first of the best: the order in which they were seen plays no part.
    var claim = ReleaseName()
    for name in names where name.fieldCount > claim.fieldCount { claim = name }
    try database.cachedStatement(
      sql: """
        UPDATE leak SET claimedTitle = ?, claimedYear = ?, source = ?, groupName = ?, groupKey = ?,
          language = ?, resolution = ?, site = ? WHERE key = ?
        """
    ).execute(arguments: [
      claim.title, claim.year, claim.source, claim.group, TextKeys.nameKey(claim.group ?? ""),
      claim.language, claim.resolution, claim.site, key,
    ])
  }

  private static func writeMatches(
    _ matches: [MatchEntry],
    _ key: Int64,
    _ database: Database
  ) throws {
    for (position, match) in matches.enumerated() {
      try database.cachedStatement(
        sql: """
          INSERT INTO match (leakKey, position, releaseID, title, log10P, isMirrored, coverage)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        key, position, match.releaseID, cut(match.title, 500), finite(match.log10P),
        match.isMirrored, finite(match.coverage),
      ])
    }
    // What was recognised counts; the name's claim only where nothing was.
    let claim = try String.fetchOne(
      database.cachedStatement(sql: "SELECT claimedTitle FROM leak WHERE key = ?"),
      arguments: [key]
    )
    let titles = matches.isEmpty ? claim.map { [$0] } ?? [] : matches.map { cut($0.title, 500) }
    for title in titles {
      try database.cachedStatement(
        sql: """
          INSERT INTO leakTitle (leakKey, titleKey, title, isMatched) VALUES (?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """
      ).execute(arguments: [key, TextKeys.nameKey(title), title, !matches.isEmpty])
    }
  }

  private static func write(
    _ sighting: SightingEntry,
    _ leak: Int64,
    _ position: Int,
    isAccepted: Bool,
    _ database: Database
  ) throws {
    let boxes = sighting.boxes.prefix(mostBoxes).map {
      [$0.t, $0.x, $0.y, $0.width, $0.height].map(finite)
    }
    let evidence = sighting.evidence.prefix(mostMarks).map { cut($0, 100) }
    let look = sighting.look.flatMap { $0.count == Look.byteCount ? Data($0) : nil }
    try database.cachedStatement(
      sql: """
        INSERT INTO sighting (leakKey, position, kind, brandID, brandConfidence, isAccepted,
          evidence, text, startSeconds, endSeconds, boxes, isFullFrame, picture, look)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      leak, position, cut(sighting.kind, 100), sighting.brandID,
      sighting.brandID == nil ? nil : sighting.brandConfidence.map(finite), isAccepted,
      try ListText.of(evidence), sighting.text.map { cut($0, longestSightingText) },
      finite(sighting.startSeconds), finite(sighting.endSeconds), try ListText.of(boxes),
      sighting.isFullFrame, sighting.picture.map { ContentDigest.of($0) }, look,
    ])
    let key = database.lastInsertedRowID
    for (place, mark) in sighting.marks.prefix(mostMarks).enumerated() {
      try database.cachedStatement(
        sql: "INSERT INTO sightingMark (sightingKey, position, kind, value) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [key, place, cut(mark.kind, 100), cut(mark.value, 2000)])
    }
  }

  static func cut(_ text: String, _ count: Int) -> String {
    // SQLite ends texts at a zero in some of its functions.
    let clean = text.contains("\0") ? text.replacing("\0", with: "\u{FFFD}") : text
    guard clean.unicodeScalars.count > count else { return clean }
    return String(String.UnicodeScalarView(clean.unicodeScalars.prefix(count)))
  }

  static func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }
}
