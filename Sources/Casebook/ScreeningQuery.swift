public import Screenings

/// Which screenings are asked for; what is nil does not matter.
public struct ScreeningQuery: Sendable, Hashable {
  /// Screenings that begin at this moment or later, in seconds since 1970-01-01T00:00:00Z.
  public var from: Int64?
  /// Screenings that begin before this moment.
  public var to: Int64?
  /// Identifier or, whatever the case of its letters, name of a facility.
  public var facility: String?
  /// Titles or identifiers of a release, whatever the case of their letters.
  ///
  /// Of these, of ``cplIDs`` and of ``bareTitles`` any is enough; where all are empty, any work is.
  public var releases: [String] = []
  /// UUIDs of compositions.
  public var cplIDs: [String] = []
  /// Titles that count only where no composition is named beside them.
  public var bareTitles: [String] = []
  /// Most screenings that are given; nil for all.
  public var limit: Int?

  /// Creates a query for all screenings.
  public init() {}
}

/// A screening with what else is known about its version and place.
public struct RecordedScreening: Sendable, Hashable {
  /// The screening.
  public var screening: Screening
  /// The version it showed, where its composition playlist was imported.
  public var composition: Composition?
  /// Name, city and zone of the facility by its own list, where that was imported.
  public var facilityName: String?
  /// City of the facility by its own list.
  public var facilityCity: String?

  /// Creates a record.
  public init(_ screening: Screening) { self.screening = screening }
}
