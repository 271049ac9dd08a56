/// What an import did to the screenings of the casebook.
public struct ScreeningOutcome: Sendable, Hashable {
  /// Screenings that are new.
  public var added = 0
  /// Screenings that were there and said something else.
  public var changed = 0
  /// Screenings that were there with the same contents, or twice in the file.
  public var unchanged = 0
  /// Identifiers of the first of those that were changed.
  public var changedIDs: [String] = []

  /// Most identifiers in ``changedIDs``.
  public static let mostChangedIDs = 1000

  /// Creates the outcome of doing nothing.
  public init() {}
}

/// What became of one composition or facility that was imported.
public enum EntryOutcome: String, Sendable, Hashable {
  /// It is new.
  case added
  /// It was there, said something else, and was replaced.
  case changed
  /// The same was there.
  case unchanged
}

/// What was removed of the screening list.
public struct ScreeningRemoval: Sendable, Hashable {
  /// Number of screenings.
  public var screenings = 0
  /// Number of compositions.
  public var compositions = 0
  /// Number of facilities.
  public var facilities = 0

  /// Creates the removal of nothing.
  public init() {}
}
