/// A screening that a leak may have been recorded in, as far as weighing it needs.
public struct Candidate: Sendable, Hashable {
  /// Identifier of the screening.
  public var id: String
  /// When it began, in seconds since 1970-01-01T00:00:00Z.
  public var start: Int64
  /// When it ended, where the list says.
  public var end: Int64?
  /// The release of the library that it showed, where that is known.
  public var releaseID: String?
  /// The location that marks of its auditorium carry, where the list says.
  public var markLocation: Int64?
  /// The time stamp that a mark carries at its start, where the list says.
  public var markTime: Int64?
  /// The step of 15 minutes of its year, UTC, that the start lies in.
  public var startStep: Int64?

  /// Creates a candidate.
  public init(id: String, start: Int64) { (self.id, self.start) = (id, start) }
}
