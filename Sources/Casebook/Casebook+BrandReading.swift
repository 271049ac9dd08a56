import GRDB

extension Casebook {
  /// The lists of words of a brand, as they are named in the table.
  enum WordField: String, CaseIterable {
    case text, domain, mirror
    case promoCode = "promo_code"
    case promoPattern = "promo_pattern"

    var path: WritableKeyPath<Brand, [String]> {
      switch self {
      case .text: \.texts
      case .domain: \.domains
      case .mirror: \.mirrorPatterns
      case .promoCode: \.promoCodes
      case .promoPattern: \.promoPatterns
      }
    }
  }

  static func brand(_ idOrName: String, _ database: Database) throws -> Brand {
    let key = TextKeys.nameKey(idOrName)
    let found = try brands(database, where: "brand.id = ? OR brand.nameKey = ?", [idOrName, key])
    guard let brand = found.first(where: { $0.id == idOrName }) ?? found.first else {
      throw CasebookError(
        .noSuchBrand,
        "there is no brand \"\(idOrName)\"; `leaktrace brand list` shows those there are"
      )
    }
    return brand
  }

  static func brands(
    _ database: Database,
    where condition: String,
    _ arguments: StatementArguments
  ) throws -> [Brand] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, name, kind, extra, addedAt FROM brand WHERE \(condition) ORDER BY nameKey, id
        """,
      arguments: arguments
    )
    return try rows.map { row in
      var row = RowReader(row)
      var brand = Brand(id: try row.next(), name: try row.next(), kind: try row.next())
      brand.extra = try row.nextOptional()
      brand.addedAt = try row.next()
      try readWords(&brand, database)
      try readFiles(&brand, database)
      return brand
    }
  }

  private static func readWords(_ brand: inout Brand, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "SELECT field, value FROM brandWord WHERE brandID = ? ORDER BY field, position"
    )
    for row in try Row.fetchAll(statement, arguments: [brand.id]) {
      var row = RowReader(row)
      let name: String = try row.next()
      guard let field = WordField(rawValue: name) else {
        throw RowReader.Flaw(message: "a brand has words of an unknown kind")
      }
      brand[keyPath: field.path].append(try row.next())
    }
  }

  private static func readFiles(_ brand: inout Brand, _ database: Database) throws {
    let logos = try database.cachedStatement(
      sql: """
        SELECT name, digest, width, height FROM brandLogo WHERE brandID = ? ORDER BY position
        """
    )
    brand.logos = try Row.fetchAll(logos, arguments: [brand.id]).map { row in
      var row = RowReader(row)
      return Brand.Logo(
        name: try row.next(),
        digest: try row.next(),
        width: try row.next(),
        height: try row.next()
      )
    }
    let creatives = try database.cachedStatement(
      sql: """
        SELECT name, sourceDigest, durationSeconds, digest FROM brandCreative
        WHERE brandID = ? ORDER BY position
        """
    )
    brand.creatives = try Row.fetchAll(creatives, arguments: [brand.id]).map { row in
      var row = RowReader(row)
      return Brand.Creative(
        name: try row.next(),
        sourceDigest: try row.next(),
        durationSeconds: try row.next(),
        digest: try row.next()
      )
    }
  }
}
