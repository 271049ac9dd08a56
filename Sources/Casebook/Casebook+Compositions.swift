import GRDB
public import Screenings

extension Casebook {
  /// All compositions, by title, then by identifier.
  public func compositions() throws(CasebookError) -> [Composition] {
    try read { try Self.compositions($0, where: "1", []) }
  }

  /// The composition with this UUID; nil where there is none.
  public func composition(_ id: String) throws(CasebookError) -> Composition? {
    try read { try Self.compositions($0, where: "id = ?", [id]).first }
  }

  /// Writes a composition; one with the same UUID is replaced where it says something else.
  public func add(_ composition: Composition) throws(CasebookError) -> EntryOutcome {
    try write { database in
      let known = try Self.compositions(database, where: "id = ?", [composition.id]).first
      if known == composition { return .unchanged }
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO composition (id, title, titleKey, annotation, issueDate, kind,
            rateNumerator, rateDenominator, reels, intrinsicDuration, duration)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          composition.id, composition.title, TextKey.of(composition.title),
          composition.annotation, composition.issueDate, composition.kind,
          composition.editRate?.numerator, composition.editRate?.denominator, composition.reels,
          composition.intrinsicDuration, composition.duration,
        ]
      )
      return known == nil ? .added : .changed
    }
  }

  static func compositions(
    _ database: Database,
    where condition: String,
    _ arguments: StatementArguments
  ) throws -> [Composition] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, title, reels, annotation, issueDate, kind, rateNumerator, rateDenominator,
          intrinsicDuration, duration
        FROM composition WHERE \(condition) ORDER BY titleKey, id
        """,
      arguments: arguments
    )
    return try rows.map { row in
      var row = RowReader(row)
      var composition = Composition(
        id: try row.next(),
        title: try row.next(),
        reels: try row.next()
      )
      composition.annotation = try row.nextOptional()
      composition.issueDate = try row.nextOptional()
      composition.kind = try row.nextOptional()
      let numerator: Int64? = try row.nextOptional()
      let denominator: Int64? = try row.nextOptional()
      if let numerator, let denominator {
        composition.editRate = .init(numerator: numerator, denominator: denominator)
      }
      composition.intrinsicDuration = try row.nextOptional()
      composition.duration = try row.nextOptional()
      return composition
    }
  }
}
