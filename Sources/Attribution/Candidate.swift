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

  /// Creates a candidate.
  public init(id: String, start: Int64) { (self.id, self.start) = (id, start) }
}

/// Time stamps of forensic marks: steps of 15 minutes since the start of the year, UTC, that carry no
/// year.
public enum MarkClock {
  /// Seconds of a step.
  public static let stepSeconds: Int64 = 900
  /// Steps until stamps repeat: 366 days.
  public static let period: Int64 = 4 * 24 * 366

  /// The stamp of a moment in seconds since 1970-01-01T00:00:00Z.
  public static func stamp(of seconds: Int64) -> Int64 {
    (seconds - yearStart(before: seconds)) / stepSeconds
  }

  /// Steps from one stamp to another, the short way round.
  static func steps(from first: Int64, to second: Int64) -> Int64 {
    let forward = ((second - first) % period + period) % period
    return forward > period / 2 ? forward - period : forward
  }

  /// The first moment of the year that a moment lies in (proleptic Gregorian calendar).
  private static func yearStart(before seconds: Int64) -> Int64 {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    // An estimate that is at most one year off.
    var year = 1970 + Int64((Double(day) / 365.2425).rounded(.down))
    while firstDay(of: year + 1) <= day { year += 1 }
    while firstDay(of: year) > day { year -= 1 }
    return firstDay(of: year) * 86_400
  }

  private static func firstDay(of year: Int64) -> Int64 {
    let past = year - 1
    return 365 * (year - 1970) + (past / 4 - 492) - (past / 100 - 19) + (past / 400 - 4)
  }
}
