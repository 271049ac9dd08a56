public import VideoCore

/// The pattern that a camera's sensor leaves in its pictures: pixels differ in how much light they
/// answer to (PRNU).
///
/// Where a file keeps the camera's own pixels, the pattern links recordings of one camera, whatever
/// they show. A smaller size, a straightened picture or a low bit rate destroys it; so what was
/// estimated is first held against itself: the two halves of a leak must show one pattern.
///
/// - Source: Chen, Fridrich, Goljan, Lukáš: "Determining Image Origin and Integrity Using Sensor
///   Noise", IEEE TIFS 2008: the estimate of maximum likelihood (eq. 6), the rows' and columns' means
///   (section III.C); Goljan, Fridrich, Filler: "Large Scale Test of Sensor Fingerprint Camera
///   Identification", 2009: the peak's energy and its threshold of 60. The denoiser is the local
///   Wiener filter (Lim 1990) in place of one on wavelets.
public struct SensorPattern: Sendable, Hashable {
  /// Width in pixels, a power of two.
  public let width: Int
  /// Height in pixels, a power of two.
  public let height: Int
  /// The pattern, row-major, in steps of its greatest value.
  public let values: [Int8]

  /// Creates a pattern of what was stored; nil where sizes do not fit.
  public init?(width: Int, height: Int, values: [Int8]) {
    guard width > 0, height > 0, width.nonzeroBitCount == 1, height.nonzeroBitCount == 1,
      width <= 4096, height <= 4096, values.count == width * height
    else { return nil }
    (self.width, self.height, self.values) = (width, height, values)
  }

  /// How far the peak of the correlation of two patterns stands out.
  ///
  /// Its square over the mean square elsewhere, negative for a negative peak. The other pattern may be shifted, as by a crop.
  ///
  /// - Returns: 0 for patterns of two sizes.
  /// - Complexity: O(n log n) in the pixels.
  public func peakEnergy(with other: SensorPattern) -> Double {
    guard width == other.width, height == other.height else { return 0 }
    return Self.peakEnergy(floats, other.floats, width, height, mayShift: true)
  }

  /// The same pattern, left for right.
  public var mirrored: SensorPattern {
    var result = values
    for y in 0..<height {
      for x in 0..<width { result[y * width + x] = values[y * width + width - 1 - x] }
    }
    return SensorPattern(width, height, result)
  }

  private init(_ width: Int, _ height: Int, _ values: [Int8]) {
    (self.width, self.height, self.values) = (width, height, values)
  }

  private var floats: [Float] { values.map(Float.init) }

  init(_ plane: [Float], width: Int, height: Int) {
    // Four deviations are the greatest value.
    let square = plane.reduce(0) { $0 + $1 * $1 } / Float(max(1, plane.count))
    let scale = square > 0 ? 127 / (4 * square.squareRoot()) : 0
    self.init(width, height, plane.map { Int8(max(-127, min(127, ($0 * scale).rounded()))) })
  }

  static func peakEnergy(
    _ a: [Float],
    _ b: [Float],
    _ width: Int,
    _ height: Int,
    mayShift: Bool
  ) -> Double {
    let correlation = FourierPlane(a, width: width, height: height)
      .correlation(with: FourierPlane(b, width: width, height: height))
    var peak = 0
    if mayShift {
      for index in correlation.indices where abs(correlation[index]) > abs(correlation[peak]) {
        peak = index
      }
    }
    let (px, py) = (peak % width, peak / width)
    var (energy, count) = (0.0, 0)
    for y in 0..<height {
      let dy = min((y - py + height) % height, (py - y + height) % height)
      for x in 0..<width {
        let dx = min((x - px + width) % width, (px - x + width) % width)
        if dx <= peakRadius && dy <= peakRadius { continue }
        let value = Double(correlation[y * width + x])
        energy += value * value
        count += 1
      }
    }
    guard energy > 0 else { return 0 }
    let top = Double(correlation[peak])
    return (top < 0 ? -1 : 1) * top * top / (energy / Double(count))
  }

  private static let peakRadius = 5
}

/// Estimates a sensor's pattern from native frames, given one after another.
public struct SensorPatternMeter: Sendable {
  /// What became of it.
  public enum Answer: Sendable, Hashable {
    /// The pattern, and how well the two halves of the leak agree about it.
    case pattern(SensorPattern, agreement: Double)
    /// There is none to be seen, and why.
    case notEnough(Reason)
  }

  /// Why there is not enough to say something.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The picture is too small: it was scaled down, as cameras record 720 lines and more.
    case resolution
    /// Too few bits for each pixel to keep its noise.
    case bitRate = "bit_rate"
    /// Too few frames that are neither dark nor still.
    case frames
    /// The two halves of the leak do not show one pattern.
    case noPattern = "no_pattern"
  }

  /// Whether frames of this size and bit rate may hold a pattern; nil where they may.
  ///
  /// - Parameters:
  ///   - size: of the stored frames.
  ///   - bitsPerPixel: bits of the video stream for each pixel; nil where unknown.
  /// - Returns: Why they may not.
  public static func refusal(_ size: FrameSize, bitsPerPixel: Double?) -> Reason? {
    guard min(size.width, size.height) >= leastLines else { return .resolution }
    guard let bitsPerPixel, bitsPerPixel >= leastBitsPerPixel else { return .bitRate }
    return nil
  }

  /// Size of the window in the middle of the frames.
  public let width: Int
  /// Height of the window.
  public let height: Int
  private let left: Int
  private let top: Int
  private let size: FrameSize
  private var sums: [[SIMD2<Float>]]
  /// Sum of changes from frame to frame, by pixel.
  private var change: [Float]
  private var last: [Float]?
  private var counts = [0, 0]

  /// Creates a meter for frames of a size; nil where they are too small.
  public init?(_ size: FrameSize) {
    guard min(size.width, size.height) >= Self.leastLines else { return nil }
    self.size = size
    width = Self.powerOfTwo(size.width)
    height = Self.powerOfTwo(size.height)
    // A multiple of 16, so that blocks of the codec lie at the same places in all windows.
    left = (size.width - width) / 2 / 16 * 16
    top = (size.height - height) / 2 / 16 * 16
    let count = width * height
    sums = [[SIMD2<Float>]](repeating: [SIMD2<Float>](repeating: .zero, count: count), count: 2)
    change = [Float](repeating: 0, count: count)
  }

  private static func powerOfTwo(_ value: Int) -> Int {
    var power = 1
    while 2 * power <= min(value, 1024) { power *= 2 }
    return power
  }

  /// Adds a frame of the leak's first or second half.
  public mutating func add(_ plane: LumaPlane, isSecondHalf: Bool) {
    guard plane.size == size else { return }
    var window = [Float](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        window[y * width + x] = Float(plane.pixels[(top + y) * size.width + left + x])
      }
    }
    let mean = window.reduce(0, +) / Float(window.count)
    guard Self.usefulLevels.contains(mean) else { return }
    if let last {
      for index in window.indices { change[index] += min(16, abs(window[index] - last[index])) }
    }
    last = window
    let noise = Self.noise(window, width, height)
    let half = isSecondHalf ? 1 : 0
    for index in window.indices where window[index] < Self.saturated {
      sums[half][index] += SIMD2(noise[index] * window[index], window[index] * window[index])
    }
    counts[half] += 1
  }

  /// The pattern of what was added.
  public func answer() -> Answer {
    guard counts.allSatisfy({ $0 >= Self.leastFrames }) else { return .notEnough(.frames) }
    let least = Self.leastChange * Float(counts[0] + counts[1])
    // What never changes was drawn over the picture, or is a bar.
    // The filter knows too little at the window's edges.
    let moves = change.indices.map { index in
      let (x, y) = (index % width, index / width)
      let isInside = min(x, width - 1 - x) >= Self.border && min(y, height - 1 - y) >= Self.border
      return isInside && change[index] >= least
    }
    guard moves.count(where: { $0 }) > moves.count / 2 else { return .notEnough(.frames) }
    let halves = sums.map { pattern($0, moves) }
    let agreement = SensorPattern.peakEnergy(halves[0], halves[1], width, height, mayShift: false)
    guard agreement >= Self.leastAgreement else { return .notEnough(.noPattern) }
    let all = pattern(zip(sums[0], sums[1]).map { $0 + $1 }, moves)
    return .pattern(SensorPattern(all, width: width, height: height), agreement: agreement)
  }

  /// The estimate of maximum likelihood without what cameras of one kind, and codecs, have in common.
  private func pattern(_ sums: [SIMD2<Float>], _ moves: [Bool]) -> [Float] {
    var plane = sums.indices.map { moves[$0] && sums[$0].y > 0 ? sums[$0].x / sums[$0].y : 0 }
    func removeMeans(_ group: (Int) -> Int, _ groups: Int) {
      var totals = [Float](repeating: 0, count: groups)
      var counts = totals
      for index in plane.indices where moves[index] {
        totals[group(index)] += plane[index]
        counts[group(index)] += 1
      }
      for index in plane.indices where moves[index] {
        plane[index] -= totals[group(index)] / max(1, counts[group(index)])
      }
    }
    removeMeans({ $0 / width }, height)
    removeMeans({ $0 % width }, width)
    removeMeans({ ($0 / width) % 16 * 16 + ($0 % width) % 16 }, 256)
    // Periodic remains stand as single strong frequencies.
    var transform = FourierPlane(plane, width: width, height: height)
    let strengths = transform.values.map { ($0 * $0).sum().squareRoot() }
    let limit = 3 * strengths.reduce(0, +) / Float(strengths.count)
    for index in strengths.indices where strengths[index] > limit {
      transform.values[index] *= limit / strengths[index]
    }
    plane = transform.plane()
    for index in plane.indices where !moves[index] { plane[index] = 0 }
    return plane
  }

  /// A picture without what a local Wiener filter takes for the scene.
  static func noise(_ plane: [Float], _ width: Int, _ height: Int) -> [Float] {
    let (mean, square) = (boxes(plane, width, height), boxes(plane.map { $0 * $0 }, width, height))
    return plane.indices.map { index in
      let variance = max(0, square[index] - mean[index] * mean[index])
      let share = variance > noiseVariance ? (variance - noiseVariance) / variance : 0
      return (plane[index] - mean[index]) * (1 - share)
    }
  }

  /// Means over 5x5 pixels; edges repeat.
  private static func boxes(_ plane: [Float], _ width: Int, _ height: Int) -> [Float] {
    var across = plane
    for y in 0..<height {
      for x in 0..<width {
        var sum: Float = 0
        for dx in -2...2 { sum += plane[y * width + max(0, min(width - 1, x + dx))] }
        across[y * width + x] = sum / 5
      }
    }
    var down = across
    for y in 0..<height {
      for x in 0..<width {
        var sum: Float = 0
        for dy in -2...2 { sum += across[max(0, min(height - 1, y + dy)) * width + x] }
        down[y * width + x] = sum / 5
      }
    }
    return down
  }

  private static let leastLines = 720
  private static let border = 4
  private static let leastBitsPerPixel = 0.08
  private static let leastFrames = 12
  private static let leastAgreement = 60.0
  private static let leastChange: Float = 1
  private static let saturated: Float = 250
  private static let usefulLevels: ClosedRange<Float> = 25...235
  private static let noiseVariance: Float = 9
}
