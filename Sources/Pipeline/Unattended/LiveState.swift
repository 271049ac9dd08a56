/// How the work stands, for whoever watches it.
public struct LiveState: Sendable {
  /// A leak that is worked on by this process.
  public struct Job: Sendable, Hashable {
    /// Its name, safe to print.
    public var name: String
    /// Fraction done.
    public var fraction: Double
    /// Seconds since it was taken up.
    public var seconds: Double
  }

  /// Leaks that wait.
  public var waiting = 0
  /// Leaks that are worked on, by whomever.
  public var running = 0
  /// Leaks that are done.
  public var done = 0
  /// Leaks that were set aside.
  public var failed = 0
  /// Files that could not be read.
  public var unread = 0
  /// Files that were found and not read yet.
  public var arriving = 0
  /// Hours of film for each hour, of late.
  public var rate = 0.0
  /// Expected seconds until nothing waits; nil where nothing was done of late.
  public var secondsLeft: Double?
  /// What this process works on.
  public var jobs: [Job] = []
  /// What keeps it from working; nil where nothing does.
  public var trouble: String?
}

/// How fast work goes, over the last quarter of an hour of a clock that nobody sets.
struct Pace {
  private struct Piece {
    var at: Double
    var filmSeconds: Double
    var bytes: Int64
  }

  static let windowSeconds = 900.0
  private var began: Double
  private var pieces: [Piece] = []

  init(at now: Double) { began = now }

  mutating func add(filmSeconds: Double, bytes: Int64, at now: Double) {
    pieces.removeAll { $0.at < now - Self.windowSeconds }
    pieces.append(Piece(at: now, filmSeconds: filmSeconds, bytes: bytes))
  }

  /// Hours of film for each hour, and bytes a second.
  func rates(at now: Double) -> (film: Double, bytes: Double) {
    let from = max(began, now - Self.windowSeconds)
    let recent = pieces.filter { $0.at >= from }
    let seconds = max(1, now - from)
    return (
      recent.reduce(0) { $0 + $1.filmSeconds } / seconds,
      recent.reduce(0) { $0 + Double($1.bytes) } / seconds
    )
  }
}
