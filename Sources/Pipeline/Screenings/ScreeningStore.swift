public import Casebook
import ReferenceLibrary
public import Screenings
public import SystemPackage

/// The screening list of a library: what was shown where and when.
public final class ScreeningStore: Sendable {
  /// The folder of the library.
  public var path: FilePath { casebook.folder }

  let casebook: Casebook

  /// Opens the list of a library; for writing, a library that is missing is created.
  ///
  /// - Throws: ``PipelineError``.
  public init(at path: FilePath, forWriting: Bool) throws(PipelineError) {
    casebook = try BrandStore.translated {
      try Casebook.open(at: path, mode: forWriting ? .readWrite(createFolder: true) : .readOnly)
    }
  }

  /// The screenings of a query, by start, then by identifier.
  ///
  /// This is also what marks and leaks are held against: all screenings of a release, or of a
  /// stretch of time, with facility, auditorium and screen.
  public func screenings(_ query: ScreeningQuery) throws(PipelineError) -> [RecordedScreening] {
    try BrandStore.translated { try casebook.screenings(query) }
  }

  /// All compositions, by title.
  public func compositions() throws(PipelineError) -> [Composition] {
    try BrandStore.translated { try casebook.compositions() }
  }

  /// All facilities, by name.
  public func facilities() throws(PipelineError) -> [Facility] {
    try BrandStore.translated { try casebook.facilities() }
  }

  /// What the list knows under an identifier.
  public enum Entry: Sendable {
    /// A screening.
    case screening(RecordedScreening)
    /// A composition.
    case composition(Composition)
    /// A facility.
    case facility(Facility)
  }

  /// The screening, composition or facility with an identifier.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/usage`` where there is none.
  public func entry(_ id: String) throws(PipelineError) -> Entry {
    try BrandStore.translated {
      if let screening = try casebook.screening(id) { return .screening(screening) }
      if let composition = try casebook.composition(Self.bareUUID(id)) {
        return .composition(composition)
      }
      if let facility = try casebook.facility(id) { return .facility(facility) }
      throw CasebookError(
        .noSuchScreening,
        "the list has no screening, composition or facility \"\(id)\"; `leaktrace screening list` "
          + "shows those it has"
      )
    }
  }

  /// Removes screenings, compositions and facilities by their identifiers, all or none.
  public func remove(_ ids: [String]) throws(PipelineError) -> ScreeningRemoval {
    // A screening may have any identifier, a composition's is written with or without `urn:uuid:`.
    try BrandStore.translated {
      let wanted = try ids.map { id in
        let isScreening = try casebook.screening(id) != nil
        return isScreening ? id : try casebook.composition(Self.bareUUID(id))?.id ?? id
      }
      return try casebook.removeScreenings(wanted)
    }
  }

  /// Removes the screenings of a facility.
  public func remove(ofFacility facility: String) throws(PipelineError) -> ScreeningRemoval {
    try BrandStore.translated { try casebook.removeScreenings(ofFacility: facility) }
  }

  /// Removes everything of the list.
  public func removeAll() throws(PipelineError) -> ScreeningRemoval {
    try BrandStore.translated { try casebook.removeAllScreenings() }
  }

  static func bareUUID(_ text: String) -> String {
    let lower = text.lowercased()
    return lower.hasPrefix("urn:uuid:") ? String(lower.dropFirst(9)) : lower
  }
}

/// The releases of the reference library beside a screening list, by what lists call them.
public struct ScreenedReleases: Sendable {
  private let releases: [Release]

  /// Reads the releases; a library without references, or one that cannot be read, has none.
  public init(at library: FilePath) {
    releases = (try? Library.open(at: library, mode: .readOnly).releases()) ?? []
  }

  /// Asks `query` for the screenings of a release: by its title, its identifier in the library, or
  /// the UUID of its composition.
  ///
  /// Of a release of the library, lists may name the composition, the identifier or the title; a
  /// title beside the composition of another version does not count.
  public func narrow(_ query: inout ScreeningQuery, to release: String) {
    query.releases.append(release)
    query.cplIDs.append(ScreeningStore.bareUUID(release))
    let key = TextKey.of(release)
    for known in releases {
      let metadata = known.metadata
      let isNamed = !release.isEmpty && known.id == release
      if !isNamed, TextKey.of(metadata.title) != key { continue }
      query.releases.append(known.id)
      if let cplID = metadata.cplID {
        query.cplIDs.append(cplID)
        query.bareTitles.append(metadata.title)
      } else {
        query.releases.append(metadata.title)
      }
    }
  }

  /// The identifier of the one release that a screening shows; nil where none or several may be.
  public func releaseID(of work: ScreeningWork) -> String? {
    if let cplID = work.cplID {
      let found = releases.filter { $0.metadata.cplID == cplID }
      if found.count == 1 { return found[0].id }
      if !found.isEmpty { return nil }
    }
    guard let release = work.release else { return nil }
    if let known = releases.first(where: { $0.id == release }) { return known.id }
    guard work.cplID == nil else { return nil }
    let key = TextKey.of(release)
    let named = releases.filter { TextKey.of($0.metadata.title) == key }
    return named.count == 1 ? named[0].id : nil
  }
}
