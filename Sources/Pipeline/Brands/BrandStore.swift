public import Casebook
public import SystemPackage

/// A brand and what became of it.
public struct BrandResult: Sendable {
  /// The brand as it stands now.
  public var brand: Brand
  /// What became of it.
  public var outcome: BrandOutcome
}

/// The casebook as the command line sees it.
public final class BrandStore: Sendable {
  /// The folder of the library.
  public var path: FilePath { casebook.folder }

  /// The casebook itself.
  public let casebook: Casebook

  /// Opens the casebook of a library; for writing, a library that is missing is created.
  ///
  /// - Throws: ``PipelineError``.
  public init(at path: FilePath, forWriting: Bool) throws(PipelineError) {
    casebook = try Self.translated {
      try Casebook.open(at: path, mode: forWriting ? .readWrite(createFolder: true) : .readOnly)
    }
  }

  /// All brands, by name.
  public func brands() throws(PipelineError) -> [Brand] {
    try Self.translated { try casebook.brands() }
  }

  /// The brand with this identifier or name.
  public func brand(_ idOrName: String) throws(PipelineError) -> Brand {
    try Self.translated { try casebook.brand(idOrName) }
  }

  /// Adds brands, all or none.
  public func add(
    _ drafts: [BrandDraft],
    mayReplace: Bool
  ) throws(PipelineError) -> [BrandResult] {
    let outcomes = try Self.translated {
      try casebook.add(
        drafts.map(\.brand),
        files: drafts.flatMap(\.files),
        mayReplace: mayReplace
      )
    }
    return zip(drafts, outcomes).map { BrandResult(brand: $0.brand, outcome: $1) }
  }

  /// Removes brands, all or none.
  public func remove(_ idsOrNames: [String]) throws(PipelineError) -> [Brand] {
    try Self.translated { try casebook.removeBrands(idsOrNames) }
  }

  /// The groups of sightings without a brand, those with most leaks first.
  public func candidates() throws(PipelineError) -> [CandidateGroup] {
    try Self.translated { try casebook.candidates() }
  }

  /// Makes a brand of a group, or adds the group to one.
  ///
  /// The group's picture becomes a logo where it is one that can be decoded.
  public func accept(
    _ group: String,
    as brand: AcceptedBrand,
    addedAt: Int64
  ) throws(PipelineError) -> (result: BrandResult, sightingCount: Int) {
    try Self.translated {
      let accepted = try casebook.accept(
        group,
        as: brand,
        logo: { group, brand in self.logo(of: group, for: brand) },
        addedAt: addedAt
      )
      let outcome: BrandOutcome = if case .new = brand { .added } else { .replaced }
      return (BrandResult(brand: accepted.brand, outcome: outcome), accepted.sightingCount)
    }
  }

  /// Which brands occur with which groups, titles and captures.
  public func links(_ filter: LinkFilter) throws(PipelineError) -> [LinkRow] {
    try Self.translated { try casebook.links(filter) }
  }

  private func logo(of group: CandidateGroup, for brand: Brand) -> (Brand.Logo, BrandFile)? {
    // Without a picture, or with one that is gone, the brand is known by its words.
    guard let digest = group.pictureDigest, let bytes = try? casebook.picture(digest),
      let (logo, file) = try? BrandImporter.logo(bytes, name: "\(brand.id)/\(group.id).png")
    else { return nil }
    return (logo, file)
  }

  /// Runs `body`, its errors in the words of this module.
  static func translated<Value>(_ body: () throws -> Value) throws(PipelineError) -> Value {
    do {
      return try body()
    } catch {
      throw PipelineError(error)
    }
  }
}
