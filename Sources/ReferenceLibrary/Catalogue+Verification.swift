import GRDB

extension Catalogue {
  /// Something wrong with the catalogue.
  struct CatalogueFlaw {
    let releaseID: String?
    let message: String
  }

  /// Checks the tables: SQLite's own checks, and the checksum of every row.
  ///
  /// - Complexity: O(size of the catalogue).
  static func flaws(_ database: Database) throws -> [CatalogueFlaw] {
    var flaws: [CatalogueFlaw] = []
    func note(_ message: String, _ id: String? = nil) {
      flaws.append(CatalogueFlaw(releaseID: id, message: message))
    }
    do {
      for row in try Row.fetchAll(database, sql: "PRAGMA integrity_check(20)") {
        let message = try RowReader.firstText(row)
        if message != "ok" { note("SQLite reports: \(message)") }
      }
      if try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") != nil {
        note("a row points to a row that is missing")
      }
      _ = try generation(database)
      for stored in try releases(.all, database) where stored.release.rowDigest != stored.digest {
        note(
          "the row of release \(stored.release.id) does not match its checksum",
          stored.release.id
        )
      }
      // Not part of a row's checksum, but made from what is.
      for table in ["title", "alternativeName"] {
        let rows = try Row.fetchCursor(database, sql: "SELECT name, searchKey FROM \(table)")
        while let row = try rows.next() {
          var reader = RowReader(row)
          let name: String = try reader.next()
          if try reader.next() != ReleaseMetadata.searchKey(name) {
            note("the search key of \(PrintableText.quoted(name)) does not match")
          }
        }
      }
      let orphans = try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM title WHERE id NOT IN (SELECT titleID FROM release)"
      )
      if orphans != 0 { note("a title has no release") }
    } catch let flaw as RowReader.Flaw {
      note(flaw.message)
    } catch let error as DatabaseError
      where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_ERROR, .SQLITE_MISMATCH]
      .contains(error.resultCode)
    {
      note("SQLite reports: \(error.message ?? "damage")")
    }
    return flaws
  }
}
