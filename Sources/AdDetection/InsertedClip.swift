/// A stretch of a leak that is not the film, or does not look like it was recorded in a cinema.
///
/// That it is an advertisement is for others to say: credits that the library's copy of a film lacks
/// are unexplained, too.
public struct InsertedClip: Sendable, Hashable {
  /// Where it stands.
  public enum Place: String, Sendable, Hashable {
    /// Before the film.
    case preroll
    /// Between two parts of the film, or where the leak breaks off before the film ends.
    case midroll
    /// After the film's end.
    case postroll
  }

  /// What it rests on.
  public enum Evidence: String, Sendable, Hashable {
    /// No stretch of the film explains it.
    case unexplained
    /// It is sharp, still and full as no recording of a screen is.
    case digitalLook
  }

  /// A part of it between two cuts.
  public struct Shot: Sendable, Hashable {
    /// First second.
    public var start: Double
    /// End.
    public var end: Double
    /// Moments to look at, in order of time, clear of the cuts.
    public var sampleTimes: [Double]
    /// 0...1: how much it looks like a clip that never passed a camera.
    public var digitalLook: Double

    /// Creates a shot.
    public init(start: Double, end: Double, sampleTimes: [Double], digitalLook: Double) {
      (self.start, self.end) = (start, end)
      (self.sampleTimes, self.digitalLook) = (sampleTimes, digitalLook)
    }
  }

  /// First second.
  public var start: Double
  /// End.
  public var end: Double
  /// Where it stands.
  public var place: Place
  /// What it rests on.
  public var evidence: Evidence
  /// Its shots, in order of time; at least one.
  public var shots: [Shot]

  /// Creates a clip.
  public init(start: Double, end: Double, place: Place, evidence: Evidence, shots: [Shot]) {
    (self.start, self.end, self.place) = (start, end, place)
    (self.evidence, self.shots) = (evidence, shots)
  }
}
