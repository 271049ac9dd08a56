public import VideoCore

/// Adds up what the sensor of a camera leaves in each frame: pixels that are a little more or less
/// sensitive than their neighbours (photo-response non-uniformity).
///
/// The residual of a frame, what a local Wiener filter takes for noise, is the pattern times the
/// light plus what is new in every frame; over many frames the latter goes away. Bright and dark
/// pixels, which sensors and codecs clip, are left out.
///
/// - Source: M. Chen, J. Fridrich, M. Goljan, J. Lukáš: "Determining image origin and integrity using
///   sensor noise", IEEE Transactions on Information Forensics and Security 3(1), 2008.
public struct SensorMeter {
  /// Size of all frames.
  public let size: FrameSize
  /// Frames that were added, of the first and of the second half.
  public private(set) var frames = [0, 0]
  /// Sums of residual times light, and of light squared, of each half.
  private var products: [[Float]]
  private var energies: [[Float]]

  /// Pixels to each side in the window of the Wiener filter.
  private static let radius = 2
  /// Variance in levels squared that counts as noise: what encoders leave of it.
  private static let noise: Float = 6
  /// Levels between which a pixel counts.
  private static let (darkest, lightest) = (Float(16), Float(235))

  /// Creates a meter for frames of one size.
  public init(size: FrameSize) {
    self.size = size
    let zeros = [Float](repeating: 0, count: size.area)
    products = [zeros, zeros]
    energies = [zeros, zeros]
  }

  /// Adds a frame of a leak's first (0) or second (1) half.
  ///
  /// - Complexity: O(pixels).
  public mutating func add(_ plane: LumaPlane, half: Int) {
    precondition(plane.size == size && (0...1).contains(half), "a frame of another size")
    let (width, height, radius) = (size.width, size.height, Self.radius)
    guard width > 2 * radius, height > 2 * radius else { return }
    frames[half] += 1
    let side = 2 * radius + 1
    let share = 1 / Float(side * side)
    // Sums over the rows of the window for each column, then running ones along the row.
    var sums = [Int32](repeating: 0, count: width)
    var squares = [Int32](repeating: 0, count: width)
    func take(_ y: Int, _ sign: Int32) {
      for x in 0..<width {
        let value = Int32(plane.pixels[y * width + x])
        sums[x] &+= sign &* value
        squares[x] &+= sign &* value &* value
      }
    }
    for y in 0..<(side - 1) { take(y, 1) }
    for y in radius..<(height - radius) {
      take(y + radius, 1)
      var (sum, square) = (Int32(0), Int32(0))
      for x in 0..<(side - 1) {
        sum &+= sums[x]
        square &+= squares[x]
      }
      for x in radius..<(width - radius) {
        sum &+= sums[x + radius]
        square &+= squares[x + radius]
        let at = y * width + x
        let value = Float(plane.pixels[at])
        let mean = Float(sum) * share
        let variance = max(Float(square) * share - mean * mean, Self.noise)
        if value > Self.darkest, value < Self.lightest {
          products[half][at] += Self.noise / variance * (value - mean) * value
          energies[half][at] += value * value
        }
        sum &-= sums[x - radius]
        square &-= squares[x - radius]
      }
      take(y - radius, -1)
    }
  }

  /// The pattern by both halves together.
  public var pattern: SensorPattern {
    SensorPattern(
      size: size,
      products: zip(products[0], products[1]).map(+),
      energies: zip(energies[0], energies[1]).map(+)
    )
  }

  /// The patterns by each half alone, which tell whether there is any.
  public var halves: (first: SensorPattern, second: SensorPattern) {
    (
      SensorPattern(size: size, products: products[0], energies: energies[0]),
      SensorPattern(size: size, products: products[1], energies: energies[1])
    )
  }
}
