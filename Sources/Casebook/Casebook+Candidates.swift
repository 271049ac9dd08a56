import GRDB
import SystemPackage

/// Sightings without a brand that show one advertiser.
public struct CandidateGroup: Sendable, Hashable {
  /// Identifier: `c-` and twelve digits; it stays while the earliest sighting does.
  public var id: String
  /// The sightings, the earliest first.
  public var sightings: [RecordedSighting]

  /// Number of leaks that show it.
  public var leakCount: Int { Set(sightings.map(\.leakID)).count }

  /// When one of its leaks was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var firstSeen: Int64 { sightings.map(\.leakFirstSeen).min() ?? 0 }

  /// When one of its leaks was last seen.
  public var lastSeen: Int64 { sightings.map(\.leakLastSeen).max() ?? 0 }

  /// The different texts, the most frequent first.
  public var texts: [String] { Self.ranked(sightings.compactMap(\.text)) }

  /// The different domains, the most frequent first; those of everybody's pages are left out.
  public var domains: [String] {
    let marks = sightings.flatMap(\.marks).filter {
      $0.kind == SightingEntry.Mark.url || $0.kind == SightingEntry.Mark.domain
    }
    return Self.ranked(
      marks.compactMap { HostName.of($0.value) }.filter { !HostName.shared.contains($0) }
    )
  }

  /// The different promo codes, the most frequent first.
  public var promoCodes: [String] {
    Self.ranked(
      sightings.flatMap(\.marks).filter { $0.kind == SightingEntry.Mark.promoCode }.map(\.value)
    )
  }

  /// SHA-256 of the earliest picture.
  public var pictureDigest: String? { sightings.compactMap(\.pictureDigest).first }

  private static func ranked(_ values: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for value in values where !value.allSatisfy(\.isWhitespace) { counts[value, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }
}

extension Casebook {
  /// Most texts that an accepted brand takes from its sightings.
  private static let mostAcceptedTexts = 20

  /// The groups of sightings without a brand, those with most leaks first.
  public func candidates() throws(CasebookError) -> [CandidateGroup] {
    try read { try Self.candidates($0) }.sorted {
      ($1.leakCount, $1.sightings.count, $0.id) < ($0.leakCount, $0.sightings.count, $1.id)
    }
  }

  /// Where the picture of a sighting is.
  public func picturePath(_ digest: String) -> String {
    layout.file(digest, in: .pictures).string
  }

  static func candidates(_ database: Database) throws -> [CandidateGroup] {
    let unknown = try sightings(database, where: "sighting.brandID IS NULL", [])
    return CandidateGrouping.groups(unknown).map { members in
      CandidateGroup(
        id: CandidateGrouping.identifier(unknown[members[0]]),
        sightings: members.map { unknown[$0] }
      )
    }
  }

  /// The group whose identifier is `text` or begins with it.
  ///
  /// - Throws: ``CasebookError/Code/noSuchCandidate`` where there is none, or more than one.
  public func candidate(_ text: String) throws(CasebookError) -> CandidateGroup {
    try read { try Self.candidate(text, $0) }
  }

  private static func candidate(_ text: String, _ database: Database) throws -> CandidateGroup {
    let found = try candidates(database).filter { $0.id.hasPrefix(text) && !text.isEmpty }
    guard let group = found.first(where: { $0.id == text }) ?? found.first else {
      throw CasebookError(
        .noSuchCandidate,
        "there is no group \"\(text)\"; `leaktrace brand candidates` lists those there are"
      )
    }
    guard found.count == 1 || group.id == text else {
      throw CasebookError(
        .noSuchCandidate,
        "\"\(text)\" could be any of \(found.count) groups; give more of the identifier"
      )
    }
    return group
  }

  /// Makes a brand of a group, or adds the group to one, and gives its sightings that brand; all in
  /// one transaction.
  ///
  /// `logo` makes a logo of the group's picture; nil where there is no picture, or it is not wanted.
  ///
  /// - Returns: The brand as it is then, and the number of sightings that were given it.
  public func accept(
    _ group: String,
    as brand: AcceptedBrand,
    logo: (CandidateGroup, Brand) throws(CasebookError) -> (Brand.Logo, BrandFile)?,
    addedAt: Int64
  ) throws(CasebookError) -> (brand: Brand, sightingCount: Int) {
    // The logo is made and written outside of the transaction, which then finds the same group.
    let preview = try candidate(group)
    var target: Brand
    switch brand {
    case .new(let given): target = given
    case .existing(let name): target = try self.brand(name)
    }
    let made = try logo(preview, target)
    let staging = try Staging(
      made.map { [($0.1.digest, $0.1.bytes)] } ?? [],
      shelf: .brands,
      layout
    )
    defer { staging.abandon() }
    return try write { database in
      let group = try Self.candidate(preview.id, database)
      if case .existing(let name) = brand { target = try Self.brand(name, database) }
      target = Self.completed(target, with: group, made?.0)
      if case .new = brand { target.addedAt = addedAt }
      let plan = try Self.plan(
        try target.validated(),
        database,
        mayReplace: { if case .existing = brand { true } else { false } }(),
        staging
      )
      if case .new = brand, plan.outcome == .unchanged {
        throw CasebookError(.duplicate, "the brand \(target.id) is there already")
      }
      if plan.outcome != .unchanged { try Self.store(plan.brand, database, staging) }
      for sighting in group.sightings {
        try database.cachedStatement(
          sql:
            "UPDATE sighting SET brandID = ?, brandConfidence = NULL, isAccepted = 1 WHERE key = ?"
        ).execute(arguments: [plan.brand.id, sighting.key])
      }
      return (plan.brand, group.sightings.count)
    }
  }

  /// The brand with what the group's sightings say added, each once.
  private static func completed(
    _ brand: Brand,
    with group: CandidateGroup,
    _ logo: Brand.Logo?
  ) -> Brand {
    var brand = brand
    func add(_ values: some Sequence<String>, to list: inout [String]) {
      for value in values where !list.contains(value) { list.append(value) }
    }
    let lines = group.texts.flatMap { $0.split(whereSeparator: \.isNewline).map(String.init) }
    add(lines.lazy.compactMap(printable).prefix(mostAcceptedTexts), to: &brand.texts)
    add(group.domains.prefix(mostAcceptedTexts), to: &brand.domains)
    add(
      group.promoCodes.lazy.compactMap(printable).prefix(mostAcceptedTexts),
      to: &brand.promoCodes
    )
    if let logo, !brand.logos.contains(where: { $0.digest == logo.digest }) {
      brand.logos.append(logo)
    }
    return brand
  }

  /// A text of strangers as a brand may have it; nil where nothing is left.
  private static func printable(_ text: String) -> String? {
    let scalars = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
    let clean = String(String.UnicodeScalarView(scalars.prefix(Brand.longestText)))
    return clean.allSatisfy(\.isWhitespace) ? nil : clean
  }
}

/// What a group becomes.
public enum AcceptedBrand: Sendable {
  /// A new brand.
  case new(Brand)
  /// Part of the brand with this identifier or name.
  case existing(String)
}
