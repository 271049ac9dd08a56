/// A rectangle in fractions of a leak's frame.
public struct FrameBox: Sendable, Hashable {
  /// Left edge.
  public var x: Double
  /// Upper edge.
  public var y: Double
  /// Width.
  public var width: Double
  /// Height.
  public var height: Double

  /// Creates a box.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// Right edge.
  public var right: Double { x + width }
  /// Lower edge.
  public var bottom: Double { y + height }
  /// Its area as a share of the frame.
  public var area: Double { width * height }

  /// The smallest box around both.
  public func union(_ other: FrameBox) -> FrameBox {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return FrameBox(
      x: left,
      y: top,
      width: max(right, other.right) - left,
      height: max(bottom, other.bottom) - top
    )
  }

  /// The area that both share.
  public func overlap(_ other: FrameBox) -> Double {
    max(0, min(right, other.right) - max(x, other.x))
      * max(0, min(bottom, other.bottom) - max(y, other.y))
  }

  /// Shared over total area.
  public func intersectionOverUnion(_ other: FrameBox) -> Double {
    let shared = overlap(other)
    return shared / max(1e-12, area + other.area - shared)
  }
}

/// Something that is drawn over a leak's picture, or stands before the film: where and when.
///
/// What it is an overlay *of* is for others to say; a channel's logo and an advertiser's look alike
/// here.
public struct OverlayTrack: Sendable, Hashable {
  /// How it behaves over time.
  public enum Motion: String, Sendable, Hashable {
    /// One picture at one place.
    case still
    /// Slides in or out.
    case sliding
    /// Text that runs through a strip.
    case scrolling
    /// Two or more pictures in turn at one place.
    case alternating
  }

  /// Its form and place.
  public enum Shape: String, Sendable, Hashable {
    /// Small, near a corner.
    case corner
    /// Wide and not high, for more than a few seconds.
    case banner
    /// Nearly as wide as the picture, low, at its upper or lower edge, with moving text.
    case ticker
    /// Short-lived, not wide.
    case popup
    /// On the black bars above and below the picture.
    case bar
    /// Anywhere else.
    case patch
  }

  /// What it rests on.
  public enum Evidence: String, Sendable, Hashable {
    /// Contrast that the film does not explain.
    case foreignContrast
    /// Edges that stay while the film cuts or moves; no film is known.
    case persistence
  }

  /// A box at a moment.
  public struct TimedBox: Sendable, Hashable {
    /// Second of the leak.
    public var seconds: Double
    /// Where it is then.
    public var box: FrameBox

    /// Creates a timed box.
    public init(seconds: Double, box: FrameBox) {
      self.seconds = seconds
      self.box = box
    }
  }

  /// First second.
  public var start: Double
  /// End.
  public var end: Double
  /// Where it is, in order of time: one entry where it appears and one wherever it changes.
  public var boxes: [TimedBox]
  /// How it behaves.
  public var motion: Motion
  /// Its form and place.
  public var shape: Shape
  /// Whether the film shines through it; nil where that cannot be told.
  public var isTranslucent: Bool?
  /// Whether it lies outside the film's picture.
  public var isOutsidePicture: Bool
  /// What it rests on.
  public var evidence: Evidence
  /// Strength of the evidence: mean foreign contrast in levels of grey, or mean steadiness in 255ths.
  public var strength: Double
  /// 0...1: how sure it is that something is drawn there.
  public var confidence: Double
  /// Moments at which it is fully visible, for each of its pictures in turn: good for reading.
  public var states: [VisualState]

  /// A time during which it shows one picture.
  public struct VisualState: Sendable, Hashable {
    /// First second.
    public var start: Double
    /// End.
    public var end: Double
    /// Where it is.
    public var box: FrameBox
    /// Moments to look at, in order of time.
    public var sampleTimes: [Double]

    /// Creates a state.
    public init(start: Double, end: Double, box: FrameBox, sampleTimes: [Double]) {
      (self.start, self.end) = (start, end)
      (self.box, self.sampleTimes) = (box, sampleTimes)
    }
  }

  /// Creates a track.
  public init(
    start: Double,
    end: Double,
    boxes: [TimedBox],
    motion: Motion,
    shape: Shape,
    isTranslucent: Bool?,
    isOutsidePicture: Bool,
    evidence: Evidence,
    strength: Double,
    confidence: Double,
    states: [VisualState]
  ) {
    (self.start, self.end, self.boxes) = (start, end, boxes)
    (self.motion, self.shape, self.isTranslucent) = (motion, shape, isTranslucent)
    (self.isOutsidePicture, self.evidence) = (isOutsidePicture, evidence)
    (self.strength, self.confidence, self.states) = (strength, confidence, states)
  }

  /// The box at a moment: that of the last entry not after it, the first before that.
  public func box(at seconds: Double) -> FrameBox? {
    (boxes.last { $0.seconds <= seconds } ?? boxes.first)?.box
  }
}
