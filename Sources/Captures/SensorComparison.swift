import VideoCore

/// Whether two patterns are of one sensor.
///
/// The frame is cut into squares, each of which is compared for itself: a sensor's pattern agrees a
/// little everywhere, what is drawn over two leaks agrees much in a few places, and those do not
/// count. Patterns that are shifted against each other by multiples of a codec's grid show what
/// agreement means where the sensors are not the same.
public struct SensorComparison: Sendable, Hashable {
  /// The mean agreement of the squares over its error.
  public let score: Double
  /// The greatest magnitude of the same of patterns that are shifted against each other.
  public let background: Double
  /// Whether one of the two is mirrored.
  public let isMirrored: Bool

  /// Pixels of a square's side.
  private static let side = 32
  /// Least score of one sensor, measured by `Benchmarks/Accuracy/cameras`.
  public static let leastScore = 12.0
  /// The score has to be so many times the background.
  public static let leastContrast = 3.0
  /// Shifts in multiples of this many pixels, to keep the grid of a codec on itself.
  private static let grid = 16

  /// Whether they are of one sensor.
  public var isSame: Bool {
    score >= Self.leastScore && score >= Self.leastContrast * background
  }

  /// Compares patterns of one size, as they are and with the second one mirrored.
  public init(_ first: SensorPattern, _ second: SensorPattern) {
    precondition(first.size == second.size, "patterns of two sizes cannot be compared")
    let straight = Self.score(first, second, shift: (0, 0), isMirrored: false)
    let mirrored = Self.score(first, second, shift: (0, 0), isMirrored: true)
    isMirrored = mirrored > straight
    let isMirrored = isMirrored
    score = max(straight, mirrored)
    var background = 0.0
    for x in -2...2 {
      for y in -2...2 where (x, y) != (0, 0) {
        let shift = (x * Self.grid, y * Self.grid)
        let other = Self.score(first, second, shift: shift, isMirrored: isMirrored)
        background = max(background, abs(other))
      }
    }
    self.background = background
  }

  private static func score(
    _ first: SensorPattern,
    _ second: SensorPattern,
    shift: (x: Int, y: Int),
    isMirrored: Bool
  ) -> Double {
    let (width, height) = (first.size.width, first.size.height)
    var agreements: [Double] = []
    // The shift goes round the edges, by whole squares at most.
    for top in stride(from: 0, through: height - side, by: side) {
      for left in stride(from: 0, through: width - side, by: side) {
        var (product, one, other) = (Int32(0), Int32(0), Int32(0))
        for y in top..<(top + side) {
          let otherRow = (y + shift.y + height) % height * width
          for x in left..<(left + side) {
            let along = (x + shift.x + width) % width
            let a = Int32(first.values[y * width + x])
            let b = Int32(second.values[otherRow + (isMirrored ? width - 1 - along : along)])
            // A square's sums are far from the ends of 32 bits.
            product &+= a &* b
            one &+= a &* a
            other &+= b &* b
          }
        }
        if one > 0, other > 0 {
          // Its deviation is one where the two have nothing to do with each other.
          let correlation = Double(product) / (Double(one) * Double(other)).squareRoot()
          agreements.append(correlation * Double(side))
        }
      }
    }
    return robustScore(agreements)
  }

  /// The mean over its error, without the squares that stand far off.
  static func robustScore(_ agreements: [Double]) -> Double {
    guard agreements.count >= leastSquares else { return 0 }
    let middle = median(agreements)
    let spread = 1.4826 * median(agreements.map { abs($0 - middle) })
    let kept = agreements.filter { abs($0 - middle) <= 3 * max(spread, 1e-9) }
    guard kept.count >= leastSquares else { return 0 }
    let count = Double(kept.count)
    let mean = kept.reduce(0, +) / count
    let variance = kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return mean / max(1, variance.squareRoot()) * count.squareRoot()
  }

  private static let leastSquares = 50

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }
}
