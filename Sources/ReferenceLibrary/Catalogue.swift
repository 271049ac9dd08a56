import GRDB
import SystemPackage

/// The SQLite file of a library: titles, releases and what their files must contain.
///
/// It keeps a rollback journal instead of a write-ahead log: at rest there is one file and nothing
/// beside it, every byte of which a digest can cover, and which can be read on a medium that
/// cannot be written. The price is that readers wait for the milliseconds of a commit.
final class Catalogue: Sendable {
  /// `LTRL`, in the header of the SQLite file.
  static let applicationID: Int32 = 0x4C54_524C
  /// The format of the library folder and of the tables; a reader refuses a newer one.
  static let formatVersion: Int32 = 1
  private static let busySeconds = 10.0

  /// Where the SQLite file is.
  let path: FilePath
  private let queue: DatabaseQueue
  private let isWritable: Bool

  /// Opens the catalogue; where `mayCreate`, a missing or empty one is filled with empty tables.
  init(_ path: FilePath, isWritable: Bool, mayCreate: Bool) throws(LibraryError) {
    self.path = path
    self.isWritable = isWritable
    do {
      if isWritable {
        queue = try Self.openQueue(path, isReadOnly: false)
      } else {
        queue = try Self.openForReading(path)
      }
      let format = try queue.read(Self.format)
      if format.isEmpty {
        guard isWritable, mayCreate else {
          throw LibraryError(.damaged, "the catalogue is empty", path: path)
        }
        try queue.write(Self.createTables)
      } else {
        try Self.check(format, path: path)
      }
    } catch {
      throw LibraryError.wrapping(error, path: path)
    }
  }

  /// Runs `body` in one read transaction.
  func read<Result>(_ body: (Database) throws -> Result) throws(LibraryError) -> Result {
    do {
      do {
        return try queue.read(body)
      } catch let error as DatabaseError
        where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
      {
        try Self.undoInterruptedChange(path)
        return try queue.read(body)
      }
    } catch {
      throw LibraryError.wrapping(error, path: path)
    }
  }

  /// Runs `body` in one write transaction and counts it; `afterCommit` runs after the commit,
  /// before any other use of this object.
  func write<Result>(
    _ body: (Database) throws -> Result,
    afterCommit: (Database) throws -> Void = { _ in }
  ) throws(LibraryError) -> Result {
    guard isWritable else {
      throw LibraryError(.readOnly, "the library was opened for reading", path: path)
    }
    do {
      return try queue.writeWithoutTransaction { database in
        var result: Result?
        try database.inTransaction(.immediate) {
          result = try body(database)
          try Self.setGeneration(Self.generation(database) + 1, database)
          return .commit
        }
        try afterCommit(database)
        guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return result
      }
    } catch {
      throw LibraryError.wrapping(error, path: path)
    }
  }

  /// Runs `body` with the writable connection, outside of a transaction.
  func access<Result>(_ body: (Database) throws -> Result) throws(LibraryError) -> Result {
    do {
      return try queue.writeWithoutTransaction(body)
    } catch {
      throw LibraryError.wrapping(error, path: path)
    }
  }

  // MARK: Opening

  private static func openQueue(_ path: FilePath, isReadOnly: Bool) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.busyMode = .timeout(busySeconds)
    configuration.label = "LeakTrace.catalogue"
    configuration.prepareDatabase { database in
      // The file may have been tampered with: no functions from its schema, every cell checked.
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
      try database.execute(sql: "PRAGMA cell_size_check = ON")
      if !isReadOnly {
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        // EXTRA: the removal of the journal, which is the commit, reaches the disk as well.
        try database.execute(sql: "PRAGMA synchronous = EXTRA")
      }
    }
    return try DatabaseQueue(path: path.string, configuration: configuration)
  }

  private static func openForReading(_ path: FilePath) throws -> DatabaseQueue {
    do {
      return try openQueue(path, isReadOnly: true)
    } catch let error as DatabaseError
      where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
    {
      try undoInterruptedChange(path)
      return try openQueue(path, isReadOnly: true)
    }
  }

  /// Lets SQLite undo what a killed writer left half done, which a read-only connection cannot.
  private static func undoInterruptedChange(_ path: FilePath) throws {
    _ = try openQueue(path, isReadOnly: false).read(format)
  }

  private struct Format {
    let applicationID: Int32
    let version: Int32
    let schema: [String]

    var isEmpty: Bool { applicationID == 0 && version == 0 && schema.isEmpty }
  }

  private static func format(_ database: Database) throws -> Format {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    )
    return Format(
      applicationID: try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
      version: try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
      schema: try rows.map { row in try RowReader.firstText(row) }
    )
  }

  private static func check(_ format: Format, path: FilePath) throws(LibraryError) {
    guard format.applicationID == applicationID else {
      throw LibraryError(
        .incompatible,
        "it is not the catalogue of a LeakTrace library",
        path: path
      )
    }
    guard format.version <= formatVersion else {
      throw LibraryError(
        .incompatible,
        "the library has format \(format.version), newer than this program, which knows "
          + "\(formatVersion)",
        path: path
      )
    }
    guard format.version == formatVersion, format.schema == CatalogueSchema.statements else {
      throw LibraryError(.damaged, "the catalogue's tables are not what they should be", path: path)
    }
  }

  private static func createTables(_ database: Database) throws {
    for statement in CatalogueSchema.statements { try database.execute(sql: statement) }
    try database.execute(
      sql: "INSERT INTO library (only, generation, digest) VALUES (1, 0, ?)",
      arguments: [CatalogueSchema.generationDigest(0).asData]
    )
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(formatVersion)")
  }

  // MARK: Generation

  /// Number of changes committed so far.
  ///
  /// - Throws: ``LibraryError/Code/damaged`` where the number does not match its checksum.
  static func generation(_ database: Database) throws -> Int64 {
    guard
      let row = try Row.fetchOne(
        database,
        sql: "SELECT generation, digest FROM library WHERE only = 1"
      )
    else { throw RowReader.Flaw(message: "the count of changes is missing") }
    var reader = RowReader(row)
    let generation: Int64 = try reader.next()
    guard try reader.nextBytes() == CatalogueSchema.generationDigest(generation) else {
      throw RowReader.Flaw(message: "the count of changes does not match its checksum")
    }
    return generation
  }

  private static func setGeneration(_ generation: Int64, _ database: Database) throws {
    try database.execute(
      sql: "UPDATE library SET generation = ?, digest = ? WHERE only = 1",
      arguments: [generation, CatalogueSchema.generationDigest(generation).asData]
    )
  }
}

/// The tables of the catalogue.
enum CatalogueSchema {
  /// The statements that make the tables, as SQLite keeps them.
  static let statements = [
    """
    CREATE TABLE library (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      generation INTEGER NOT NULL,
      digest BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE title (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      searchKey TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE release (
      id TEXT NOT NULL PRIMARY KEY,
      titleID INTEGER NOT NULL REFERENCES title (id),
      eidr TEXT,
      isan TEXT,
      version TEXT,
      aspectRatio TEXT,
      audioLanguage TEXT,
      subtitleLanguage TEXT,
      cplID TEXT,
      releaseDate TEXT,
      territory TEXT,
      source TEXT,
      contentHash TEXT NOT NULL UNIQUE,
      sizeBytes INTEGER NOT NULL,
      durationSeconds REAL NOT NULL,
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      frameRateNumerator INTEGER,
      frameRateDenominator INTEGER,
      videoCodec TEXT NOT NULL,
      container TEXT NOT NULL,
      originalFileName BLOB NOT NULL,
      activeX REAL NOT NULL,
      activeY REAL NOT NULL,
      activeWidth REAL NOT NULL,
      activeHeight REAL NOT NULL,
      addedAt INTEGER NOT NULL,
      fingerprintAlgorithm INTEGER NOT NULL,
      fingerprintBytes INTEGER NOT NULL,
      segmentDigest BLOB NOT NULL,
      proxyExtension TEXT,
      proxyBytes INTEGER NOT NULL,
      proxyDigest BLOB NOT NULL,
      digest BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE alternativeName (
      releaseID TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      searchKey TEXT NOT NULL,
      PRIMARY KEY (releaseID, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX titleBySearchKey ON title (searchKey)",
    "CREATE INDEX releaseByTitle ON release (titleID)",
    "CREATE INDEX alternativeNameBySearchKey ON alternativeName (searchKey)",
  ]

  /// Checksum of the count of changes.
  static func generationDigest(_ generation: Int64) -> [UInt8] {
    var digest = FieldDigest()
    digest.add("generation")
    digest.add(generation)
    return digest.finish()
  }
}
