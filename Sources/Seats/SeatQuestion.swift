/// What a seat is estimated from.
public struct SeatQuestion: Sendable, Hashable {
  /// Where the released picture lies in the leak's frame at one moment: nine row-major numbers of the
  /// map from the release's unit square to the leak's, mirror included.
  public typealias Homography = [Double]

  /// The screen.
  public var screen: AuditoriumScreen
  /// The homographies, in order of time.
  public var homographies: [Homography]
  /// Width and height of the leak's frame in square pixels.
  public var frame: (width: Double, height: Double) {
    get { (frameWidth, frameHeight) }
    set { (frameWidth, frameHeight) = newValue }
  }
  private var frameWidth: Double
  private var frameHeight: Double
  /// The picture inside the release's frame, without its bars: left, top, right, bottom in 0...1.
  public var picture = SIMD4<Double>(0, 0, 1, 1)
  /// Radial distortion of the lens: r' = r (1 + k1 r²), r in half diagonals of the frame.
  public var k1 = 0.0
  /// Focal length in pixels of the frame, where known.
  public var focalLength: Double?
  /// Standard error of a known focal length, as a part of it.
  public var focalError = 0.03
  /// Standard error of a homography before any was seen, in pixels over the picture's area.
  public var priorError: Double
  /// Whether the leak's frame is known to be a part of the camera's.
  public var isCropped = false
  /// Whether the leak's frame is known to be all of the camera's.
  ///
  /// A crop that keeps the frame's shape cannot be told from a picture: where nobody knows, the
  /// camera's axis may lie off the frame's middle.
  public var isWholeFrame = false

  /// Creates a question.
  public init(
    screen: AuditoriumScreen,
    homographies: [Homography],
    frameWidth: Double,
    frameHeight: Double
  ) {
    (self.screen, self.homographies) = (screen, homographies)
    (self.frameWidth, self.frameHeight) = (frameWidth, frameHeight)
    priorError = 0.0015 * frameWidth
  }
}

/// Why no place is named.
public enum SeatRefusal: String, Sendable, Hashable, CaseIterable {
  /// There is no geometry to start from.
  case noGeometry = "no_geometry"
  /// The frame has the shape of no camera's: it was cropped.
  case cropped
  /// The picture is so nearly a straight rectangle that it was straightened, or shows nothing.
  case deskewed
  /// No camera with its axis in the frame's middle sees the screen like this: the leak was cropped off
  /// its middle, straightened, or squeezed.
  case inconsistent
  /// The place that fits lies outside of any auditorium.
  case impossible
  /// The place is too uncertain to be of use.
  case undetermined
}

/// Where the camera was.
public struct SeatEstimate: Sendable, Hashable {
  /// The camera's place in metres; see ``AuditoriumScreen``.
  public var position: SIMD3<Double>
  /// Covariance of the place, row-major, in square metres.
  public var covariance: [Double]
  /// The region of the floor that holds the camera with 95 %.
  public var ellipse: SeatEllipse
  /// Focal length in pixels of the frame.
  public var focalLength: Double
  /// Its standard error.
  public var focalError: Double
  /// Standard error of one homography, in pixels.
  public var homographyError: Double
  /// Angle between the camera's axis and the screen's normal, in degrees.
  public var obliqueness: Double
  /// Logarithm, base 10, of the probability that an uncropped frame fits as badly.
  public var log10Consistency: Double
}

/// An ellipse on the floor.
public struct SeatEllipse: Sendable, Hashable {
  /// Middle: x and z in metres.
  public var center: SIMD2<Double>
  /// Longer half axis in metres.
  public var major: Double
  /// Shorter half axis in metres.
  public var minor: Double
  /// Angle of the longer axis from x towards z, in degrees.
  public var angle: Double
  /// Covariance of x and z: xx, xz, zz.
  public var covariance: SIMD3<Double>
  /// Squared distance, in standard deviations, of the ellipse's edge.
  public var quantile: Double

  /// Squared distance of a place from the middle, in standard deviations.
  public func squaredDistance(_ x: Double, _ z: Double, spread: Double = 0) -> Double {
    let (dx, dz) = (x - center.x, z - center.y)
    let (xx, xz, zz) = (covariance.x + spread, covariance.y, covariance.z + spread)
    let determinant = xx * zz - xz * xz
    guard determinant > 0 else { return .infinity }
    return (zz * dx * dx - 2 * xz * dx * dz + xx * dz * dz) / determinant
  }

  /// Whether a place lies inside.
  public func contains(_ x: Double, _ z: Double) -> Bool { squaredDistance(x, z) <= quantile }
}

/// What is said about a seat.
public enum SeatAnswer: Sendable, Hashable {
  /// A place.
  case place(SeatEstimate)
  /// None, and why.
  case refused(SeatRefusal)
}
