public import VideoCore

/// The plan of one invented film: what is shown when, decided by a seed before anything is drawn.
public struct FilmScript: Sendable {
  /// The film's name as its title card shows it, in capitals of the built-in font.
  public let title: String
  /// Short name for files, lower-case ASCII.
  public let identifier: String
  /// Decides everything that the other properties leave open.
  public let seed: UInt64
  /// Frames per second.
  public let frameRate: Rational
  /// Frames in the film.
  public let frameCount: Int
  /// Height of the picture as a share of the frame: below 1 there are black bars above and below.
  public let activeHeight: Double

  let profile: FilmProfile
  let shots: [ShotPlan]

  /// The length in seconds.
  public var duration: Double { Double(frameCount) / frameRate.value }

  /// When the shots start, in seconds; the first is 0.
  public var shotStarts: [Double] { shots.map(\.start) }

  /// When the title card is shown, in seconds.
  public var titleInterval: ClosedRange<Double> { shots[0].start...shots[0].end }

  /// When the end credits are shown, in seconds.
  public var creditsInterval: ClosedRange<Double> {
    let last = shots[shots.count - 1]
    return last.start...min(last.end, duration)
  }

  /// Every line of text that the film shows.
  package var texts: [String] {
    shots.flatMap { shot in
      switch shot.content {
      case .scene: [String]()
      case .titleCard(let title): [title]
      case .credits(let lines): lines
      }
    }
  }

  /// Plans the film of `seed`; equal arguments give equal films.
  ///
  /// - Parameters:
  ///   - seed: any number; ``catalogue`` names those of the default set.
  ///   - duration: seconds, at least 1; a film longer than some 12 seconds has credits.
  ///   - title: what the title card says; else it follows from the seed.
  ///   - identifier: short name; else it follows from the seed.
  public init(seed: UInt64, duration: Double, title: String? = nil, identifier: String? = nil) {
    let profile = FilmProfile.forSeed(seed)
    self.init(
      seed: seed,
      profile: profile,
      duration: duration,
      title: title ?? (profile.title.isEmpty ? FilmScript.inventTitle(seed: seed) : profile.title),
      identifier: identifier
        ?? (profile.identifier.isEmpty ? "film-\(seed)" : profile.identifier)
    )
  }

  init(seed: UInt64, profile: FilmProfile, duration: Double, title: String, identifier: String) {
    precondition(duration >= 1 && duration < 40_000, "a film lasts from 1 to 40,000 seconds")
    self.seed = seed
    self.profile = profile
    self.title = title
    self.identifier = identifier
    frameRate = profile.frameRate
    activeHeight = profile.activeHeight
    frameCount = max(1, Int((duration * profile.frameRate.value).rounded()))
    shots = FilmScript.plan(
      seed: seed,
      profile: profile,
      title: title,
      duration: Double(frameCount) / profile.frameRate.value
    )
  }

  /// The films of the default set, in order; ``isReference(_:)`` tells which go to a
  /// library.
  public static var catalogue: [FilmScript] {
    FilmProfile.all.enumerated().map { index, profile in
      FilmScript(
        seed: profile.seed,
        profile: profile,
        duration: 46 + Double(index * 5 % 13),
        title: profile.title,
        identifier: profile.identifier
      )
    }
  }

  /// Whether the film belongs to the library; the others are sources of negatives.
  public static func isReference(_ script: FilmScript) -> Bool {
    !["last-tram", "snow-pass"].contains(script.identifier)
  }

  private static func inventTitle(seed: UInt64) -> String {
    var random = RandomSource(seed: seed, stream: 9)
    return random.pick(["COLD", "LONG", "SECOND", "PAPER", "SILENT", "ТИХИЙ", "ДОЛГИЙ", "NORTH"])
      + " " + random.pick(["HARBOUR", "SUMMER", "ROOM", "ВЕЧЕР", "ПОЕЗД", "RIVER", "HOUSE"])
  }

  /// The shot shown at `time` seconds, and how long it has been on.
  func shotIndex(at time: Double) -> Int {
    var low = 0
    var high = shots.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if shots[middle].start <= time + 1e-9 { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

/// One shot: a camera in front of a set, with a cast.
struct ShotPlan: Sendable {
  enum Transition: Sendable {
    case cut
    /// Seconds for which the shot before shows through.
    case dissolve(Double)
    /// Seconds of coming out of black; the shot before goes into black as long.
    case fade(Double)
  }

  enum Content: Sendable {
    case scene
    case titleCard(String)
    case credits([String])
  }

  var start: Double
  var duration: Double
  var transition: Transition
  var content: Content
  var setup: StageSetup
  var camera: CameraMove
  var cast: [Actor]
  var grade: ShotGrade
  var end: Double { start + duration }
}

/// A stage set: what it is, and the seed that paints it.
struct StageSetup: Sendable, Hashable {
  var kind: StageKind
  var seed: UInt64
}

/// What a stage set shows.
enum StageKind: Int, Sendable, Hashable, CaseIterable {
  case hills, mountains, street, courtyard, room, forest, nightCity, sea, road, hall, meadow,
    closeUp
}

/// How the film camera moves during one shot, in picture heights and turns of zoom.
struct CameraMove: Sendable {
  var x0: Double
  var y0: Double
  var x1: Double
  var y1: Double
  var zoom0: Double
  var zoom1: Double
  /// Amplitude of the operator's hand in picture heights; 0 for a tripod.
  var hand: Double
  var seed: UInt64
  var eased: Bool

  /// Where the camera looks at `t` seconds of a shot that lasts `duration`.
  func pose(_ t: Double, _ duration: Double) -> (x: Double, y: Double, zoom: Double) {
    var f = t / max(0.1, duration)
    if eased { f = ExactMath.smoothstep(-0.05, 1.05, f) }
    let sx = hand * NoiseField.fractal(t * 0.9, seed: seed)
    let sy = hand * NoiseField.fractal(t * 1.1, seed: seed &+ 5)
    return (
      x0 + (x1 - x0) * f + sx, y0 + (y1 - y0) * f + sy * 0.7, zoom0 + (zoom1 - zoom0) * f
    )
  }
}

/// Light and colour of one shot.
struct ShotGrade: Sendable {
  var gain: Double
  var gamma: Double
  var lift: Double
  var saturation: Double
  var tintB: Double
  var tintR: Double
  var vignette: Double
  /// Deviation of the film grain in luma steps.
  var grain: Double
  /// Depth of slow changes of the light, 0 to 0.5.
  var pulse: Double
  /// Cells per second of these changes.
  var pulseRate: Double
  /// Strength of a wandering pool of light that leaves the rest dark, 0 to 1.
  var lamp: Double
  var seed: UInt64
}
