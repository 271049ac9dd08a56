public import Casebook
public import SystemPackage

/// One line of `leaktrace screening import --json`: what became of one file.
public struct ScreeningImportReport: Sendable, Codable {
  /// What a file is.
  public enum Kind: String, Sendable, Codable {
    /// A table of screenings.
    case screeningList = "screening_list"
    /// A composition playlist.
    case composition
    /// A facility list message.
    case facilityList = "facility_list"
    /// A server's log.
    case playoutLog = "playout_log"
  }

  /// A row or record that was not imported.
  public struct Refusal: Sendable, Codable {
    /// The line of the file that it begins on, from 1.
    public var line: Int
    /// What is wrong.
    public var message: String
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.screening-import/1"
  /// Name of the file as it was given.
  public var path: String
  /// The exact bytes of a name that is not UTF-8.
  public var pathBase64: String?
  /// What the file is; missing where it could not be read.
  public var kind: Kind?
  /// Encoding of a screening list.
  public var encoding: String?
  /// Headers of columns that were not used.
  public var unusedColumns: [String]?
  /// Identifier of the composition or facility.
  public var entryID: String?
  /// Screenings, or the composition or facility, that are new.
  public var added = 0
  /// Those that were there and said something else.
  public var changed = 0
  /// Those that were there already.
  public var unchanged = 0
  /// Identifiers of the first thousand screenings that were changed.
  public var changedIDs: [String]?
  /// The rows or records that were not imported.
  public var refused: [Refusal] = []
  /// Why nothing was imported.
  public var error: MatchReport.Failure?

  private enum CodingKeys: String, CodingKey {
    case schema, path, kind, encoding, added, changed, unchanged, refused, error
    case pathBase64 = "path_base64"
    case unusedColumns = "unused_columns"
    case entryID = "entry_id"
    case changedIDs = "changed_ids"
  }

  init(_ path: FilePath, kind: Kind) {
    let text = PathText(path)
    (self.path, pathBase64, self.kind) = (text.text, text.base64, kind)
  }

  /// The report on a file of which nothing was imported.
  public init(_ path: FilePath, failure: PipelineError) {
    let text = PathText(path)
    (self.path, pathBase64) = (text.text, text.base64)
    error = MatchReport.Failure(failure)
  }

  mutating func count(_ outcome: EntryOutcome) {
    switch outcome {
    case .added: added += 1
    case .changed: changed += 1
    case .unchanged: unchanged += 1
    }
  }
}

/// The document of `leaktrace screening list --json` and `screening show --json`.
public struct ScreeningsReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.screenings/1"
  /// Folder of the library.
  public var library: String
  /// The screenings, by start, then by identifier.
  public var screenings: [ScreeningRecord] = []
  /// The compositions, by title.
  public var compositions: [CompositionRecord] = []
  /// The facilities, by name.
  public var facilities: [FacilityRecord] = []
  /// Whether there are more screenings than were asked for.
  public var isTruncated = false

  private enum CodingKeys: String, CodingKey {
    case schema, library, screenings, compositions, facilities
    case isTruncated = "truncated"
  }

  /// Creates an empty document.
  public init(library: FilePath) { self.library = PathText(library).text }
}

/// The document of `leaktrace screening remove --json`.
public struct ScreeningRemoveReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.screening-remove/1"
  /// Number of screenings that were removed.
  public var screenings: Int
  /// Number of compositions.
  public var compositions: Int
  /// Number of facilities.
  public var facilities: Int

  /// Creates the document.
  public init(_ removal: ScreeningRemoval) {
    screenings = removal.screenings
    compositions = removal.compositions
    facilities = removal.facilities
  }
}
