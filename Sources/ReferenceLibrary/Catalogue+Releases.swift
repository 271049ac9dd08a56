import GRDB
import SystemPackage
import VideoCore

extension Catalogue {
  /// Which releases to read.
  enum Selection {
    case all
    case id(String)
    case contentHash(String)
    case idPrefix(String)
    case namePrefix(String)
  }

  private static let columns = """
    release.id, title.name, release.eidr, release.isan, release.version, release.aspectRatio,
    release.audioLanguage, release.subtitleLanguage, release.cplID, release.releaseDate,
    release.territory, release.source, release.contentHash, release.sizeBytes,
    release.durationSeconds, release.width, release.height, release.frameRateNumerator,
    release.frameRateDenominator, release.videoCodec, release.container,
    release.originalFileName, release.activeX, release.activeY, release.activeWidth,
    release.activeHeight, release.addedAt, release.fingerprintAlgorithm,
    release.fingerprintBytes, release.segmentDigest, release.proxyExtension,
    release.proxyBytes, release.proxyDigest, release.digest
    """

  /// A release with the checksum that stands in its row.
  struct StoredRelease {
    let release: Release
    let digest: [UInt8]
  }

  /// The releases selected, ordered by title, time of addition and identifier.
  static func releases(
    _ selection: Selection,
    _ database: Database
  ) throws -> [StoredRelease] {
    let (condition, arguments) = condition(selection)
    let names = try alternativeNames(condition, arguments, database)
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT \(columns) FROM release JOIN title ON title.id = release.titleID
        WHERE \(condition) ORDER BY title.searchKey, title.name, release.addedAt, release.id
        """,
      arguments: arguments
    )
    var result: [StoredRelease] = []
    while let row = try rows.next() { result.append(try stored(row, names: names)) }
    return result
  }

  private static func condition(_ selection: Selection) -> (String, StatementArguments) {
    switch selection {
    case .all: return ("1", [])
    case .id(let id): return ("release.id = ?", [id])
    case .contentHash(let hash): return ("release.contentHash = ?", [hash])
    case .idPrefix(let prefix): return ("release.id >= ? AND release.id < ?", bounds(prefix))
    case .namePrefix(let prefix):
      let key = bounds(ReleaseMetadata.searchKey(prefix))
      return (
        """
        ((title.searchKey >= ? AND title.searchKey < ?) OR release.id IN (
          SELECT releaseID FROM alternativeName WHERE searchKey >= ? AND searchKey < ?))
        """, key + key
      )
    }
  }

  /// The half-open range of texts that start with `prefix`.
  private static func bounds(_ prefix: String) -> StatementArguments {
    [prefix, prefix + "\u{10FFFF}"]
  }

  private static func alternativeNames(
    _ condition: String,
    _ arguments: StatementArguments,
    _ database: Database
  ) throws -> [String: [String]] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT alternativeName.releaseID, alternativeName.name FROM alternativeName
        JOIN release ON release.id = alternativeName.releaseID
        JOIN title ON title.id = release.titleID
        WHERE \(condition) ORDER BY alternativeName.releaseID, alternativeName.position
        """,
      arguments: arguments
    )
    var result: [String: [String]] = [:]
    while let row = try rows.next() {
      var reader = RowReader(row)
      result[try reader.next(), default: []].append(try reader.next())
    }
    return result
  }

  private static func stored(_ row: Row, names: [String: [String]]) throws -> StoredRelease {
    var row = RowReader(row)
    let id: String = try row.next()
    // The identifier becomes a path: nothing but what this program makes may pass.
    guard ReleaseID.isValid(id) else {
      throw RowReader.Flaw(
        message: "a release has the impossible identifier "
          + PrintableText.quoted(id)
      )
    }
    var metadata = ReleaseMetadata(title: try row.next())
    metadata.alternativeNames = names[id] ?? []
    metadata.eidr = try row.nextOptional()
    metadata.isan = try row.nextOptional()
    metadata.version = try row.nextOptional()
    metadata.aspectRatio = try row.nextOptional()
    metadata.audioLanguage = try row.nextOptional()
    metadata.subtitleLanguage = try row.nextOptional()
    metadata.cplID = try row.nextOptional()
    metadata.releaseDate = try row.nextOptional()
    metadata.territory = try row.nextOptional()
    metadata.source = try row.nextOptional()
    let media = try media(&row)
    do throws(LibraryError) {
      try media.validate()
    } catch {
      throw RowReader.Flaw(message: "release \(id): \(error.message)")
    }
    let addedAt: Int64 = try row.next()
    let algorithm: UInt32 = try row.next()
    let fingerprintBytes: Int64 = try row.next()
    let segmentDigest = try row.nextBytes()
    let proxyExtension: String? = try row.nextOptional()
    guard proxyExtension.map(StagedAddition.isValidExtension) ?? true else {
      throw RowReader.Flaw(message: "release \(id) has an impossible proxy")
    }
    let release = Release(
      id: id,
      metadata: metadata,
      media: media,
      addedAt: addedAt,
      fingerprintAlgorithm: algorithm,
      fingerprintBytes: fingerprintBytes,
      proxyBytes: try row.next(),
      files: StoredFiles(
        segmentDigest: segmentDigest,
        proxyExtension: proxyExtension,
        proxyDigest: try row.nextBytes()
      )
    )
    return StoredRelease(release: release, digest: try row.nextBytes())
  }

  private static func media(_ row: inout RowReader) throws -> MediaDescription {
    let contentHash: String = try row.next()
    let sizeBytes: Int64 = try row.next()
    let duration: Double = try row.next()
    let size = FrameSize(width: try row.next(), height: try row.next())
    let numerator: Int32? = try row.nextOptional()
    let denominator: Int32? = try row.nextOptional()
    var frameRate: Rational?
    if let numerator, let denominator {
      guard denominator != 0 else { throw RowReader.Flaw(message: "a frame rate divides by zero") }
      frameRate = Rational(numerator, denominator)
    }
    return MediaDescription(
      contentHash: contentHash,
      sizeBytes: sizeBytes,
      durationSeconds: duration,
      frameSize: size,
      frameRate: frameRate,
      videoCodec: try row.next(),
      container: try row.next(),
      originalFileName: try row.nextBytes(),
      activeArea: FractionalRectangle(
        x: try row.next(),
        y: try row.next(),
        width: try row.next(),
        height: try row.next()
      )
    )
  }

  // MARK: Changing

  /// Adds the row of a release that is not there yet.
  static func insert(_ release: Release, _ database: Database) throws {
    let metadata = release.metadata
    let media = release.media
    try database.execute(
      sql: """
        INSERT INTO release VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,
          ?,?)
        """,
      arguments: [
        release.id, try titleID(metadata.title, database), metadata.eidr, metadata.isan,
        metadata.version, metadata.aspectRatio, metadata.audioLanguage,
        metadata.subtitleLanguage, metadata.cplID, metadata.releaseDate, metadata.territory,
        metadata.source, media.contentHash, media.sizeBytes, media.durationSeconds,
        media.frameSize.width, media.frameSize.height, media.frameRate?.numerator,
        media.frameRate?.denominator, media.videoCodec, media.container,
        media.originalFileName.asData, media.activeArea.x, media.activeArea.y,
        media.activeArea.width, media.activeArea.height, release.addedAt,
        release.fingerprintAlgorithm, release.fingerprintBytes,
        release.files.segmentDigest.asData, release.files.proxyExtension, release.proxyBytes,
        release.files.proxyDigest.asData, release.rowDigest.asData,
      ]
    )
    for (position, name) in metadata.alternativeNames.enumerated() {
      try database.execute(
        sql: "INSERT INTO alternativeName VALUES (?, ?, ?, ?)",
        arguments: [release.id, position, name, ReleaseMetadata.searchKey(name)]
      )
    }
  }

  /// Removes the row of a release, and its title where no other release has it; false where there
  /// was none.
  static func delete(_ id: String, _ database: Database) throws -> Bool {
    try database.execute(sql: "DELETE FROM release WHERE id = ?", arguments: [id])
    let wasThere = database.changesCount > 0
    try database.execute(
      sql: "DELETE FROM title WHERE NOT EXISTS (SELECT 1 FROM release WHERE titleID = title.id)"
    )
    return wasThere
  }

  private static func titleID(_ name: String, _ database: Database) throws -> Int64 {
    if let id = try Int64.fetchOne(
      database,
      sql: "SELECT id FROM title WHERE name = ?",
      arguments: [name]
    ) {
      return id
    }
    try database.execute(
      sql: "INSERT INTO title (name, searchKey) VALUES (?, ?)",
      arguments: [name, ReleaseMetadata.searchKey(name)]
    )
    return database.lastInsertedRowID
  }
}

/// The identifiers of releases.
enum ReleaseID {
  private static let digits = 16

  /// The identifier of a file under a fingerprint algorithm.
  static func make(contentHash: String, algorithm: UInt32) -> String {
    var digest = FieldDigest()
    digest.add(contentHash)
    digest.add(Int64(algorithm))
    return "r-" + Hex.text(digest.finish().prefix(digits / 2))
  }

  /// The number in a valid identifier.
  static func number(_ id: String) -> UInt64 { UInt64(id.dropFirst(2), radix: 16) ?? 0 }

  /// The identifier of a number.
  static func text(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return "r-" + String(repeating: "0", count: digits - text.count) + text
  }

  /// Whether `id` is `r-` and sixteen lower-case hexadecimal digits.
  static func isValid(_ id: String) -> Bool {
    id.utf8.starts(with: "r-".utf8) && Hex.isValid(id.dropFirst(2), count: digits)
  }
}

extension Release {
  /// Checksum over everything that the catalogue holds about the release.
  var rowDigest: [UInt8] {
    var digest = FieldDigest()
    digest.add(id)
    digest.add(metadata.title)
    digest.add(Int64(metadata.alternativeNames.count))
    for name in metadata.alternativeNames { digest.add(name) }
    for field in [
      metadata.eidr, metadata.isan, metadata.version, metadata.aspectRatio,
      metadata.audioLanguage, metadata.subtitleLanguage, metadata.cplID, metadata.releaseDate,
      metadata.territory, metadata.source,
    ] {
      digest.add(field)
    }
    digest.add(media.contentHash)
    digest.add(media.sizeBytes)
    digest.add(media.durationSeconds)
    digest.add(Int64(media.frameSize.width))
    digest.add(Int64(media.frameSize.height))
    digest.add(media.frameRate.map { Int64($0.numerator) })
    digest.add(media.frameRate.map { Int64($0.denominator) })
    digest.add(media.videoCodec)
    digest.add(media.container)
    digest.add(media.originalFileName)
    let area = media.activeArea
    for edge in [area.x, area.y, area.width, area.height] { digest.add(edge) }
    digest.add(addedAt)
    digest.add(Int64(fingerprintAlgorithm))
    digest.add(fingerprintBytes)
    digest.add(files.segmentDigest)
    digest.add(files.proxyExtension)
    digest.add(proxyBytes)
    digest.add(files.proxyDigest)
    return digest.finish()
  }
}
