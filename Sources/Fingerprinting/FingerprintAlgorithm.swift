import CFingerprintTables

/// A frozen way to turn films into fingerprints; a number is never given to another one.
///
/// Two fingerprints compare only where their algorithms are equal. Anything that changes a bit of
/// a hash (tables, filters, sizes, thresholds) makes a new number; `testmedia/hash.golden` holds
/// what each of them gives.
public struct FingerprintAlgorithm: Sendable, Hashable, RawRepresentable {
  /// The number, as it is stored.
  public var rawValue: UInt32

  /// Names an algorithm by its number, whether or not this program knows it.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Motion hashes: differences over one second of a locally contrast-normalised 16x9 picture,
  /// projected to 64 components by a learned table, five levels each, four hashes a second.
  public static let motion1 = FingerprintAlgorithm(rawValue: 1)
}

/// The numbers of algorithm 1.
///
/// - Source: temporal differences for camcorder copies were chosen by measurement (see
///   ARCHITECTURE.md); the projection is a linear discriminant analysis (Fisher 1936, Rao 1948)
///   trained by `scripts/train-projection.py`.
public enum Motion1 {
  /// Hashes per second of film.
  public static let samplesPerSecond = 4.0
  /// A hash compares the pictures this many seconds before and after its moment.
  public static let halfSpanSeconds = 0.5
  /// Components of a motion vector.
  public static let components = 64

  /// Size of the thumbnail that contrast is normalised on.
  static let thumbnailWidth = 32
  static let thumbnailHeight = 18
  /// Size of the normalised picture that is projected.
  static let gridWidth = 16
  static let gridHeight = 9
  static let gridCount = gridWidth * gridHeight
  /// Added to the local deviation, so that noise on flat parts stays small.
  static let contrastFloor: Float = 0.02
  /// Length of the normalised picture as a vector of integers.
  static let unitLength: Float = 8192

  /// A Gaussian of 5 thumbnail pixels, cut at 10.
  ///
  /// Kept as numbers because `exp` may differ between machines, and these decide bits.
  static let blurTaps: [Float] = {
    let half: [Float] = [
      0.08271846, 0.08108053, 0.07635877, 0.06909227, 0.06006593, 0.05017129, 0.04026340,
      0.03104516, 0.02299882, 0.01636988, 0.01119473,
    ]
    return half.dropFirst().reversed() + half
  }()

  /// Quantisation thresholds on a motion vector of length 1.
  public static let thresholds: [Float] = [-0.14375, -0.05, 0.05, 0.14375]

  /// Length of a motion vector, in units of the integer projection, below which nothing moved.
  public static let motionFloor = cft_motion_floor_v1

  static let projection: [Int16] = unsafe Array(
    UnsafeBufferPointer(start: cft_projection_v1(), count: components * gridCount)
  )
}
