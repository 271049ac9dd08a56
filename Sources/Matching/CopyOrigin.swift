/// Whether a camera took the picture of a leak, or a direct copy was made of the film.
///
/// A camera looks at the screen from one side, and its picture sways; a web-rip, a DVD or a recording
/// from television scales and crops, and never moves. A camera on a stand straight in front of the
/// screen, or one whose slant was straightened well, is near to both: then nothing is said.
public struct CopyOrigin: Sendable, Hashable {
  /// What the geometry says.
  public enum Answer: Sendable, Hashable {
    /// A camera in front of a screen.
    case camera
    /// Scaled and cropped only, as digital copies are.
    case direct
    /// It could be either.
    case cannotBeTold
  }

  /// What the geometry says.
  public var answer: Answer
  /// How far the corners lie from an upright rectangle, as a part of its width: the median over time.
  public var slant: Double
  /// How far the corners move about where they were a few seconds before, as a part of the width: the
  /// median over time.
  public var sway: Double
  /// Mean correlation of the pictures, -1...1; cameras lose detail and tone.
  public var correlation: Double

  /// Judges the geometry of a match; nil without any.
  package init?(_ segments: [AlignedSegment]) {
    let corners = segments.flatMap { $0.geometry }.compactMap { Self.corners($0.homography) }
    guard !corners.isEmpty else { return nil }
    let lengths = segments.map { $0.leakEnd - $0.leakStart }
    let total = max(1e-9, lengths.reduce(0, +))
    let slant = Statistics.quantile(corners.map(Self.slant), 0.5) ?? 0
    let moves = zip(corners, corners.dropFirst(Self.swayKnots)).map(Self.distance)
    let sway = Statistics.quantile(moves, 0.5) ?? 0
    let correlation =
      zip(segments, lengths).reduce(0) { $0 + $1.0.correlation * $1.1 } / total
    (self.slant, self.sway, self.correlation) = (slant, sway, correlation)
    if slant > Self.cameraSlant || sway > Self.cameraSway {
      answer = .camera
    } else if slant < Self.directSlant, sway < Self.directSway, correlation > Self.directCorrelation
    {
      answer = .direct
    } else {
      answer = .cannotBeTold
    }
  }

  private typealias Corners = [(x: Double, y: Double)]

  private static func corners(_ homography: Homography) -> Corners? {
    let points = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].compactMap {
      homography.map($0.0, $0.1)
    }
    return points.count == 4 ? points : nil
  }

  private static func width(_ c: Corners) -> Double {
    max(1e-6, (abs(c[1].x - c[0].x) + abs(c[2].x - c[3].x)) / 2)
  }

  /// The greatest distance of a corner from the upright rectangle through the means of the sides.
  private static func slant(_ c: Corners) -> Double {
    let (left, right) = ((c[0].x + c[3].x) / 2, (c[1].x + c[2].x) / 2)
    let (top, bottom) = ((c[0].y + c[1].y) / 2, (c[2].y + c[3].y) / 2)
    let rectangle = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return zip(c, rectangle).map { max(abs($0.x - $1.0), abs($0.y - $1.1)) }.reduce(0, max)
      / width(c)
  }

  private static func distance(_ a: Corners, _ b: Corners) -> Double {
    zip(a, b).map { max(abs($0.x - $1.x), abs($0.y - $1.y)) }.reduce(0, max) / width(a)
  }

  /// Samples of geometry between the two that are compared.
  private static let swayKnots = 4
  /// What registration gets wrong of a straight and steady picture lies below the lower numbers (0.2
  /// and 0.1 per cent of its width), what cameras were seen to do mostly above the higher ones.
  private static let (directSlant, cameraSlant) = (0.003, 0.008)
  private static let (directSway, cameraSway) = (0.002, 0.004)
  private static let directCorrelation = 0.85
}
