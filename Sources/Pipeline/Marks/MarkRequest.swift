public import Marks
public import SystemPackage

/// What is wanted of a leak beside its release: the mark of a key, or which of two masters it shows.
public struct MarkRequest: Sendable {
  /// A mark that may be there.
  public struct Mark: Sendable {
    /// The key.
    public var key: MarkKey
    /// Name of the asset that was given when the mark was embedded.
    public var asset: String
    /// Widths of the fields and what a claim needs.
    public var settings = MarkDetector.Settings()
    /// Screenings that alone are thought possible, for a release's identifier; nil for no such list.
    public var candidates: (@Sendable (_ releaseID: String?) throws -> [MarkCandidate])?

    /// A mark of a key and an asset.
    public init(key: MarkKey, asset: String) { (self.key, self.asset) = (key, asset) }
  }

  /// What takes the place of a release where none is found.
  public struct Blind: Sendable {
    /// Corners of the film's picture in the frame, in fractions of it: upper left, upper right, lower
    /// right, lower left.
    public var corners = [(0.0, 0.0), (1, 0), (1, 1), (0, 1)].map { SIMD2($0.0, $0.1) }
    /// Second of the film that the leak begins with.
    public var start = 0.0
    /// Seconds by which that may be wrong.
    public var tolerance = 1.0
    /// Seconds of film for each of the leak.
    public var rate = 1.0

    /// The whole frame, from the film's start.
    public init() {}

    /// Step between starts that are tried.
    static let step = 0.125

    /// Starts that are tried, as seconds to add.
    var shifts: [Double] {
      let count = Int((max(0, tolerance) / Self.step).rounded(.up))
      return (-count...count).map { Double($0) * Self.step }
    }
  }

  /// The marks that are looked for; each of them counts as a trial of all.
  public var marks: [Mark] = []
  /// Two masters; nil where none are told apart.
  public var variants: (first: FilePath, second: FilePath)?
  /// How a leak is read whose release is not found; nil to leave it.
  public var blind: Blind?
  /// Whether the release's pictures are not to be used though they are there.
  public var isBlind = false
  /// The release that the leak is taken to show; nil for the best match.
  public var releaseID: String?

  /// Whether a leak of no release is a failure, where it is not read blind; else it has no marks.
  public var needsRelease = true

  /// Nothing is wanted.
  public init() {}
}
