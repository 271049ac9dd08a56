public import VideoCore

/// A film as the simulator finds it on disk.
public struct FilmSource: Sendable, Hashable {
  /// Name of the work.
  public var title: String
  /// Short name, as file names use it.
  public var identifier: String
  /// The file's path.
  public var path: String
  /// Whether the film belongs to the library.
  public var isInLibrary: Bool
  /// Size of the stored frames.
  public var size: FrameSize
  /// Frames per second.
  public var frameRate: Rational
  /// Number of frames.
  public var frameCount: Int
  /// Height of the picture as a share of the frame.
  public var activeHeight: Double

  /// Creates the description of a film file.
  public init(
    title: String,
    identifier: String,
    path: String,
    isInLibrary: Bool,
    size: FrameSize,
    frameRate: Rational,
    frameCount: Int,
    activeHeight: Double = 1
  ) {
    self.title = title
    self.identifier = identifier
    self.path = path
    self.isInLibrary = isInLibrary
    self.size = size
    self.frameRate = frameRate
    self.frameCount = frameCount
    self.activeHeight = activeHeight
  }

  /// The length in seconds.
  public var duration: Double { Double(frameCount) / frameRate.value }
}

/// Everything that is done to a film to make one leak of it.
public struct LeakRecipe: Sendable {
  /// What fills a stretch of the leak.
  enum Piece: Sendable {
    /// The film from `start` seconds on.
    case film(start: Double, frames: Int)
    /// An advertising clip; the film waits meanwhile or goes on unseen.
    case clip(brand: AdBrand, frames: Int, filmGoesOn: Bool)

    var frames: Int {
      switch self {
      case .film(_, let frames): frames
      case .clip(_, let frames, _): frames
      }
    }
  }

  /// Name of the leak; its file and folder are called so.
  public var identifier: String
  /// How bad the recording is.
  public var preset: CamcorderPreset
  /// The recording.
  public var parameters: CamcorderParameters
  /// Size of the stored frames.
  public var size: FrameSize
  /// Frames per second of the camera and of the file.
  public var frameRate: Rational
  /// Seconds of film per second of leak.
  public var speed: Double
  /// Whether the picture is mirrored.
  public var flip: Bool
  /// Extension of the file: `mp4`, `mkv` or `avi`.
  public var container: String
  /// How the file is encoded.
  public var encoder: EncoderSettings
  var pieces: [Piece]
  var overlays: [AdOverlay]

  /// Frames in the leak.
  public var frameCount: Int { pieces.reduce(0) { $0 + $1.frames } }

  /// What a recipe may fix before the rest is drawn from the seed.
  public struct Wishes: Sendable {
    /// Frames per second; else drawn.
    public var frameRate: Rational?
    /// Seconds of film per second of leak; else 1.
    public var speed: Double
    /// Mirrored; else drawn, seldom.
    public var flip: Bool?
    /// Encoder; else H.264.
    public var codec: EncoderSettings.Codec
    /// Extension of the file.
    public var container: String
    /// Width of a pixel over its height; the stored width shrinks by it.
    public var pixelAspect: Rational
    /// Whether there is advertising; else drawn.
    public var advertising: Bool?
    /// Seconds of film; else 18 to 30.
    public var length: Double?

    /// Creates wishes; the defaults leave nearly all to the seed.
    public init(
      frameRate: Rational? = nil,
      speed: Double = 1,
      flip: Bool? = nil,
      codec: EncoderSettings.Codec = .h264,
      container: String = "mp4",
      pixelAspect: Rational = Rational(1, 1),
      advertising: Bool? = nil,
      length: Double? = nil
    ) {
      self.frameRate = frameRate
      self.speed = speed
      self.flip = flip
      self.codec = codec
      self.container = container
      self.pixelAspect = pixelAspect
      self.advertising = advertising
      self.length = length
    }
  }

  /// Draws a recipe for a film; equal arguments give equal leaks.
  ///
  /// `size` is that of the picture as shown; wide pixels make the stored width smaller.
  public static func draw(
    identifier: String,
    preset: CamcorderPreset,
    seed: UInt64,
    film: FilmSource,
    size: FrameSize = FrameSize(width: 640, height: 360),
    wishes: Wishes = Wishes()
  ) -> LeakRecipe {
    var random = RandomSource(seed: seed, stream: 61)
    let rate =
      wishes.frameRate
      ?? random.pick([Rational(24, 1), Rational(25, 1), Rational(30000, 1001), Rational(30, 1)])
    let fps = rate.value
    let flip = wishes.flip ?? random.chance(preset == .harsh ? 0.3 : 0)
    let advertised = wishes.advertising ?? random.chance(0.75)
    let wanted = wishes.length ?? random.uniform(18, 30)
    // Film time needed: what is shown, a missing passage, a clip during which the film goes on.
    let missing = wanted > 8 && random.chance(0.4) ? random.uniform(0.6, 4) : 0
    let reserve = wanted > 8 ? missing + 6 * wishes.speed : 0
    let usable = max(0.2, min(wanted, (film.duration - 0.6 - reserve) / wishes.speed))
    let slack = max(0, film.duration - 0.3 - usable * wishes.speed - reserve)
    let start = random.uniform(0, slack)
    let total = max(1, Int(usable * fps))
    let cut = usable > 8 ? Int(Double(total) * random.uniform(0.3, 0.7)) : total
    let brand = random.pick(AdBrand.all)
    func clipFrames() -> Int { Int(random.uniform(3, 6) * fps) }

    var pieces: [Piece] = []
    if advertised, random.chance(0.6) {
      pieces.append(.clip(brand: brand, frames: clipFrames(), filmGoesOn: false))
    }
    pieces.append(.film(start: start, frames: cut))
    if cut < total {
      var next = start + Double(cut) / fps * wishes.speed + missing
      if advertised, missing == 0, random.chance(0.7) {
        let frames = clipFrames()
        let goesOn = random.chance(0.5)
        pieces.append(.clip(brand: brand, frames: frames, filmGoesOn: goesOn))
        if goesOn { next += Double(frames) / fps * wishes.speed }
      }
      let left = max(0, Int((film.duration - 0.1 - next) * fps / wishes.speed))
      let rest = min(total - cut, left)
      if case .film(let from, let frames) = pieces[pieces.count - 1], missing == 0 {
        // Nothing came between: it is one stretch.
        pieces[pieces.count - 1] = .film(start: from, frames: frames + rest)
      } else if left > Int(fps) {
        pieces.append(.film(start: next, frames: rest))
      }
    }
    let stored = FrameSize(
      width: Int(Double(size.width) / wishes.pixelAspect.value / 2) * 2,
      height: size.height
    )
    var recipe = LeakRecipe(
      identifier: identifier,
      preset: preset,
      parameters: CamcorderParameters.draw(preset, seed: seed),
      size: stored,
      frameRate: rate,
      speed: wishes.speed,
      flip: flip,
      container: wishes.container,
      encoder: EncoderSettings(
        codec: wishes.codec,
        bitRate: bitRates(preset).lowerBound + random.index(bitRates(preset).count),
        pixelAspect: wishes.pixelAspect,
        keyInterval: random.uniform(2, 10)
      ),
      pieces: pieces,
      overlays: []
    )
    if advertised { recipe.addOverlays(brand, &random) }
    return recipe
  }

  /// Makes it another recording by the same camera from the same seat, which does not begin at the same
  /// moment of a film's frame either.
  public mutating func record(take: UInt64) {
    parameters.take = take
    guard take != 0 else { return }
    var random = RandomSource(seed: parameters.takeSeed, stream: 62)
    guard let start = filmPieces.first?.start else { return }
    let earlier = random.uniform(0, min(start, Self.longestShift))
    pieces = pieces.map { piece in
      guard case .film(let start, let frames) = piece else { return piece }
      return .film(start: start - earlier, frames: frames)
    }
  }

  /// Seconds by which another recording begins earlier, at most: a few frames.
  private static let longestShift = 0.1

  /// Kilobits a second that groups of such leaks spend.
  private static func bitRates(_ preset: CamcorderPreset) -> Range<Int> {
    switch preset {
    case .mild: 400..<901
    case .typical: 450..<1001
    case .harsh: 400..<601
    }
  }

  private mutating func addOverlays(_ brand: AdBrand, _ random: inout RandomSource) {
    let fps = frameRate.value
    var first = 0
    for piece in pieces {
      let range = first..<first + piece.frames
      first = range.upperBound
      guard case .film = piece, piece.frames > Int(6 * fps) else { continue }
      if random.chance(0.7) {
        overlays.append(
          AdOverlay(
            kind: .cornerLogo,
            brand: brand,
            frames: range,
            corner: random.index(4),
            opacity: random.chance(0.5) ? 1 : random.uniform(0.4, 0.7)
          )
        )
      }
      let begin = range.lowerBound + Int(random.uniform(0.5, 2) * fps)
      let end = min(range.upperBound, begin + Int(random.uniform(4, 8) * fps))
      switch random.index(3) {
      case 0:
        overlays.append(
          AdOverlay(kind: .banner, brand: brand, frames: begin..<end, corner: 0, opacity: 1)
        )
      case 1:
        overlays.append(
          AdOverlay(
            kind: .ticker,
            brand: brand,
            frames: begin..<range.upperBound,
            corner: 0,
            opacity: 1
          )
        )
      default: break
      }
    }
  }
}
