import Foundation
import GRDB
public import SystemPackage

/// The history of a laboratory: brands, leaks, and which leak showed which brand's ads when.
///
/// It lies in the library's folder beside the reference catalogue, in `casebook.sqlite`, with
/// logos and fingerprints of creatives under `brands/` and pictures of sightings under `pictures/`,
/// each file named after the SHA-256 of its contents.
///
/// Any number of processes may read and write at once. Each change is one short transaction that
/// takes the write lock at its start and waits up to half a minute for it. The file keeps a
/// rollback journal, as the catalogue does: at rest it is one file that can be copied and read on
/// a medium that cannot be written, and it needs no shared memory, which network file systems
/// lack; readers wait for the milliseconds of a commit. A process may be killed at any moment: the
/// next one undoes what it left half done, and at worst files that nothing refers to stay behind.
public final class Casebook: Sendable {
  /// What a casebook is opened for.
  public enum Mode: Sendable, Hashable {
    /// Reading; creates nothing. A library without a casebook is read as an empty one.
    case readOnly
    /// Reading and writing; creates the casebook, and the folder if allowed.
    case readWrite(createFolder: Bool)
  }

  /// The folder of the library.
  public let folder: FilePath
  /// What it was opened for.
  public let mode: Mode

  let layout: CasebookLayout
  private let queue: DatabaseQueue
  private static let busySeconds = 30.0

  /// Opens the casebook of the library in a folder.
  ///
  /// - Throws: ``CasebookError``: ``CasebookError/Code/notFound`` where there is no such folder,
  ///   ``CasebookError/Code/readOnly`` where it cannot be written but should be,
  ///   ``CasebookError/Code/incompatible`` for a newer format or another program's file,
  ///   ``CasebookError/Code/damaged`` for a file that cannot be read.
  public static func open(at library: FilePath, mode: Mode) throws(CasebookError) -> Casebook {
    try Casebook(library, mode: mode, steps: CasebookSchema.steps)
  }

  /// Opens the casebook as a program would whose formats are those of `steps`.
  package static func open(
    at library: FilePath,
    mode: Mode,
    steps: [[String]]
  ) throws(CasebookError) -> Casebook {
    try Casebook(library, mode: mode, steps: steps)
  }

  /// The steps of the format that this program writes.
  package static var formatSteps: [[String]] { CasebookSchema.steps }

  private init(_ folder: FilePath, mode: Mode, steps: [[String]]) throws(CasebookError) {
    let layout = CasebookLayout(root: folder)
    self.folder = folder
    self.mode = mode
    self.layout = layout
    guard FilePath(folder.string) == folder else {
      throw CasebookError(.incompatible, "the path of a library must be UTF-8", path: folder)
    }
    switch mode {
    case .readOnly: try layout.requireFolder()
    case .readWrite(let createFolder): try layout.prepareFolder(create: createFolder)
    }
    do {
      switch mode {
      case .readOnly:
        if try FileOperations.isRegularFile(layout.database) {
          queue = try Self.renewed(try Self.openForReading(layout.database), steps)
        } else {
          queue = try DatabaseQueue(path: ":memory:", configuration: Self.configuration(false))
          try Self.migrate(queue, steps)
        }
      case .readWrite:
        queue = try DatabaseQueue(
          path: layout.database.string,
          configuration: Self.configuration(false)
        )
        try Self.migrate(queue, steps)
      }
      try queue.read { try Self.check($0, steps, path: layout.database) }
    } catch {
      throw CasebookError.wrapping(error, path: layout.database)
    }
  }

  // MARK: Transactions

  /// Runs `body` in one read transaction.
  func read<Result>(_ body: (Database) throws -> Result) throws(CasebookError) -> Result {
    do {
      return try queue.read(body)
    } catch {
      throw CasebookError.wrapping(error, path: layout.database)
    }
  }

  /// Changes what this connection alone sees; no lock is taken.
  func inSession(_ body: (Database) throws -> Void) throws(CasebookError) {
    do {
      try queue.writeWithoutTransaction(body)
    } catch {
      throw CasebookError.wrapping(error, path: layout.database)
    }
  }

  /// Runs `body` in one transaction that holds the write lock from its start.
  func write<Result>(_ body: (Database) throws -> Result) throws(CasebookError) -> Result {
    guard mode != .readOnly else {
      throw CasebookError(.readOnly, "the casebook was opened for reading", path: layout.database)
    }
    do {
      return try queue.writeWithoutTransaction { database in
        var result: Result?
        try database.inTransaction(.immediate) {
          result = try body(database)
          return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return result
      }
    } catch {
      throw CasebookError.wrapping(error, path: layout.database)
    }
  }

  /// Copies the database, as of one moment, into the folder of another library; other processes may
  /// write meanwhile.
  ///
  /// - Throws: ``CasebookError`` where it cannot be written there.
  public func copy(to folder: FilePath) throws(CasebookError) {
    let target = CasebookLayout(root: folder).database
    do {
      let copy = try DatabaseQueue(path: target.string, configuration: Self.configuration(false))
      // All pages in one step: between two steps another process could make it begin anew.
      try queue.backup(to: copy)
      try copy.close()
    } catch {
      throw CasebookError.wrapping(error, path: target)
    }
  }

  // MARK: Opening

  private static func configuration(_ isReadOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.busyMode = .timeout(busySeconds)
    configuration.foreignKeysEnabled = true
    configuration.label = "LeakTrace.casebook"
    configuration.prepareDatabase { database in
      // The file may have been tampered with: no functions from its schema, every cell checked.
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
      try database.execute(sql: "PRAGMA cell_size_check = ON")
      if !isReadOnly {
        // EXTRA: the removal of the journal, which is the commit, reaches the disk as well.
        try database.execute(sql: "PRAGMA synchronous = EXTRA")
      }
    }
    return configuration
  }

  private static func openForReading(_ path: FilePath) throws -> DatabaseQueue {
    do {
      return try checkedReader(path)
    } catch let error as DatabaseError
      where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
    {
      // A killed writer left a journal, which a read-only connection cannot play back.
      let writer = try DatabaseQueue(path: path.string, configuration: configuration(false))
      _ = try writer.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
      return try checkedReader(path)
    }
  }

  /// A file of an older format as a copy in memory that has the present one, any other as it is.
  ///
  /// Reading changes nothing on the disk.
  private static func renewed(_ file: DatabaseQueue, _ steps: [[String]]) throws -> DatabaseQueue {
    let isOlder = try file.read { database in
      let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      // One that another process is about to create is empty still: format 0.
      let isEmpty = try application == 0 && CasebookSchema.statements(of: database).isEmpty
      return try (isEmpty || application == CasebookSchema.applicationID)
        && version(database) < steps.count
    }
    guard isOlder else { return file }
    let copy = try DatabaseQueue(path: ":memory:", configuration: configuration(false))
    try file.backup(to: copy)
    try migrate(copy, steps)
    return copy
  }

  private static func checkedReader(_ path: FilePath) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path.string, configuration: configuration(true))
    _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    return queue
  }

  /// Takes the steps that the file lacks, all in one transaction.
  private static func migrate(_ queue: DatabaseQueue, _ steps: [[String]]) throws {
    // Most of the time nothing is to be done: no write lock is taken for that.
    let version = try queue.read(version)
    guard version < steps.count else { return }
    try queue.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        // Another process may have been faster.
        let version = try Self.version(database)
        let isEmpty = try CasebookSchema.statements(of: database).isEmpty
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard application == CasebookSchema.applicationID || (isEmpty && application == 0),
          version >= 0
        else {
          throw CasebookError(.incompatible, "it is not the casebook of a LeakTrace library")
        }
        guard version < steps.count else { return .commit }
        for statement in steps[version...].joined() { try database.execute(sql: statement) }
        try database.execute(sql: "PRAGMA application_id = \(CasebookSchema.applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(steps.count)")
        return .commit
      }
    }
  }

  private static func version(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
  }

  private static func check(_ database: Database, _ steps: [[String]], path: FilePath) throws {
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    guard application == CasebookSchema.applicationID else {
      throw CasebookError(
        .incompatible,
        "it is not the casebook of a LeakTrace library",
        path: path
      )
    }
    let version = try version(database)
    guard version <= steps.count else {
      throw CasebookError(
        .incompatible,
        "the casebook has format \(version), newer than this program, which knows \(steps.count)",
        path: path
      )
    }
    guard try CasebookSchema.statements(of: database) == CasebookSchema.statements(after: steps)
    else {
      throw CasebookError(.damaged, "the casebook's tables are not what they should be", path: path)
    }
  }
}
