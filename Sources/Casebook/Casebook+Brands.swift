import GRDB
public import SystemPackage

/// A logo or a fingerprint on its way into the casebook.
public struct BrandFile: Sendable, Hashable {
  /// SHA-256 of the bytes.
  public let digest: String
  /// The contents.
  public let bytes: [UInt8]

  /// Takes the contents and digests them.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    digest = ContentDigest.of(bytes)
  }
}

/// What became of a brand that was to be added.
public enum BrandOutcome: String, Sendable, Hashable {
  /// The brand is new.
  case added
  /// A brand of this identifier said something else, and was replaced.
  case replaced
  /// The same brand was there.
  case unchanged
}

extension Casebook {
  /// Largest logo or fingerprint, in bytes.
  public static let mostFileBytes = 32 << 20

  /// All brands, by name, then by identifier.
  public func brands() throws(CasebookError) -> [Brand] {
    try read { try Self.brands($0, where: "1", []) }
  }

  /// The brand with this identifier or, whatever the case of its letters, this name.
  ///
  /// - Throws: ``CasebookError/Code/noSuchBrand`` where there is none.
  public func brand(_ idOrName: String) throws(CasebookError) -> Brand {
    try read { try Self.brand(idOrName, $0) }
  }

  /// Adds brands, all or none of them.
  ///
  /// `files` holds the logos and fingerprints that they name, but for those that are here already.
  /// A brand that is here with the same contents is left alone; one that says something else is an
  /// error unless `mayReplace`.
  ///
  /// - Throws: ``CasebookError/Code/duplicate`` or ``CasebookError/Code/invalidValue`` that name
  ///   the brand; nothing is changed then.
  @discardableResult
  public func add(
    _ brands: [Brand],
    files: [BrandFile],
    mayReplace: Bool = false
  ) throws(CasebookError) -> [BrandOutcome] {
    let brands = try Self.checked(brands)
    let staging = try Staging(files.map { ($0.digest, $0.bytes) }, shelf: .brands, layout)
    defer { staging.abandon() }
    return try write { database in
      let plans = try brands.map { try Self.plan($0, database, mayReplace: mayReplace, staging) }
      for plan in plans where plan.outcome != .unchanged {
        try Self.store(plan.brand, database, staging)
      }
      return plans.map(\.outcome)
    }
  }

  /// Removes brands, all or none of them; their sightings become unknown again.
  ///
  /// - Returns: The brands, in the order of the arguments.
  @discardableResult
  public func removeBrands(_ idsOrNames: [String]) throws(CasebookError) -> [Brand] {
    let removed = try write { database in
      var brands: [Brand] = []
      for name in idsOrNames {
        let brand = try Self.brand(name, database)
        if !brands.contains(brand) { brands.append(brand) }
      }
      for brand in brands {
        try database.execute(
          sql: """
            UPDATE sighting SET brandConfidence = NULL, isAccepted = 0 WHERE brandID = ?
            """,
          arguments: [brand.id]
        )
        try database.execute(sql: "DELETE FROM brand WHERE id = ?", arguments: [brand.id])
      }
      return brands
    }
    try removeUnused(removed.flatMap(\.fileDigests))
    return removed
  }

  /// The bytes of a logo or of a creative's fingerprint.
  ///
  /// - Throws: ``CasebookError/Code/damaged`` where they are missing or changed.
  public func brandFile(_ digest: String) throws(CasebookError) -> [UInt8] {
    try file(digest, in: .brands)
  }

  /// Where a logo or a creative's fingerprint is; its contents never change.
  ///
  /// - Throws: ``CasebookError/Code/damaged`` where the digest is none.
  public func brandFilePath(_ digest: String) throws(CasebookError) -> FilePath {
    guard ContentDigest.isValid(digest) else {
      throw CasebookError(.damaged, "a file has an impossible digest", path: layout.database)
    }
    return layout.file(digest, in: .brands)
  }

  /// The bytes of a sighting's picture.
  ///
  /// - Throws: ``CasebookError/Code/damaged`` where they are missing or changed.
  public func picture(_ digest: String) throws(CasebookError) -> [UInt8] {
    try file(digest, in: .pictures)
  }

  // MARK: Files

  private func file(
    _ digest: String,
    in shelf: CasebookLayout.Shelf
  ) throws(CasebookError) -> [UInt8] {
    // The digest becomes a path: nothing but what this program makes may pass.
    guard ContentDigest.isValid(digest) else {
      throw CasebookError(.damaged, "a file has an impossible digest", path: layout.database)
    }
    let path = layout.file(digest, in: shelf)
    guard let bytes = try FileOperations.read(path, limit: Self.mostFileBytes) else {
      throw CasebookError(.damaged, "it is missing", path: path)
    }
    guard ContentDigest.of(bytes) == digest else {
      throw CasebookError(.damaged, "it does not match its checksum", path: path)
    }
    return bytes
  }

  /// Removes files that no brand names any more.
  ///
  /// Whoever adds a brand moves its files into place while it holds the write lock, as this does:
  /// a file that is in use again is not touched.
  private func removeUnused(_ digests: [String]) throws(CasebookError) {
    guard !digests.isEmpty else { return }
    try write { database in
      for digest in digests where ContentDigest.isValid(digest) {
        let uses = try Int.fetchOne(
          database,
          sql: """
            SELECT (SELECT count(*) FROM brandLogo WHERE digest = ?)
              + (SELECT count(*) FROM brandCreative WHERE digest = ?)
            """,
          arguments: [digest, digest]
        )
        if uses == 0 { FileOperations.remove(self.layout.file(digest, in: .brands)) }
      }
    }
  }

  // MARK: Adding

  /// The brands, if each is acceptable and no two have the same name or identifier.
  private static func checked(_ brands: [Brand]) throws(CasebookError) -> [Brand] {
    var ids: Set<String> = []
    var names: Set<String> = []
    var checked: [Brand] = []
    for brand in brands {
      do {
        checked.append(try brand.validated())
      } catch {
        throw CasebookError(error.code, "brand \"\(brand.name)\": \(error.message)")
      }
      guard ids.insert(brand.id).inserted else {
        throw CasebookError(.duplicate, "two brands have the identifier \"\(brand.id)\"")
      }
      guard names.insert(TextKeys.nameKey(brand.name)).inserted else {
        throw CasebookError(.duplicate, "two brands have the name \"\(brand.name)\"")
      }
    }
    return checked
  }

  /// What is to become of a brand, before anything is changed.
  static func plan(
    _ brand: Brand,
    _ database: Database,
    mayReplace: Bool,
    _ staging: Staging
  ) throws -> (brand: Brand, outcome: BrandOutcome) {
    let key = TextKeys.nameKey(brand.name)
    if let other = try String.fetchOne(
      database,
      sql: "SELECT id FROM brand WHERE nameKey = ? AND id <> ?",
      arguments: [key, brand.id]
    ) {
      throw CasebookError(
        .duplicate,
        "brand \"\(brand.name)\": the brand \(other) has this name already"
      )
    }
    var brand = brand
    let known = try brands(database, where: "brand.id = ?", [brand.id]).first
    if let known {
      if known.hasSameContents(as: brand) { return (known, .unchanged) }
      guard mayReplace else {
        throw CasebookError(
          .duplicate,
          "brand \"\(brand.name)\": a brand with the identifier \(brand.id) is there already and "
            + "says something else"
        )
      }
      brand.addedAt = known.addedAt
    }
    for digest in brand.fileDigests {
      guard try staging.has(digest) else {
        throw CasebookError(.invalidValue, "brand \"\(brand.name)\": a file of it is missing")
      }
    }
    return (brand, known == nil ? .added : .replaced)
  }

  static func store(_ brand: Brand, _ database: Database, _ staging: Staging) throws {
    for digest in brand.fileDigests { try staging.put(digest) }
    try write(brand, TextKeys.nameKey(brand.name), database)
  }

  private static func write(
    _ brand: Brand,
    _ key: String,
    _ database: Database
  ) throws {
    // Not "INSERT OR REPLACE", which would delete the row and make its sightings unknown.
    try database.execute(
      sql: """
        INSERT INTO brand (id, name, nameKey, kind, extra, addedAt) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, nameKey = excluded.nameKey,
          kind = excluded.kind, extra = excluded.extra
        """,
      arguments: [brand.id, brand.name, key, brand.kind, brand.extra, brand.addedAt]
    )
    for table in ["brandWord", "brandLogo", "brandCreative"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE brandID = ?", arguments: [brand.id])
    }
    for field in WordField.allCases {
      for (position, value) in brand[keyPath: field.path].enumerated() {
        try database.cachedStatement(
          sql: "INSERT INTO brandWord (brandID, field, position, value) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [brand.id, field.rawValue, position, value])
      }
    }
    for (position, logo) in brand.logos.enumerated() {
      try database.cachedStatement(
        sql: """
          INSERT INTO brandLogo (brandID, position, name, digest, width, height)
          VALUES (?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [brand.id, position, logo.name, logo.digest, logo.width, logo.height])
    }
    for (position, creative) in brand.creatives.enumerated() {
      try database.cachedStatement(
        sql: """
          INSERT INTO brandCreative (brandID, position, name, sourceDigest, durationSeconds, digest)
          VALUES (?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        brand.id, position, creative.name, creative.sourceDigest, creative.durationSeconds,
        creative.digest,
      ])
    }
  }
}
