import FrameKernels

/// Products of a stretch of leak frames with reference frames after the mean picture of the stretch
/// is taken off both, so that only what moves counts.
struct MovingProducts {
  private let leakTimes: [Double]
  private let referenceTimes: [Double]
  private let products: [Double]
  private let leakEnergy: Double
  private let energies: [Double]
  /// Products of each reference frame with the next.
  private let neighbours: [Double]
  /// Mean energy of what moves in a pixel, of the weaker of the two, in units of local contrast.
  let motion: Double

  /// Multiplies all pairs of frames; nil where there is no mean to take, or nothing moves at all.
  ///
  /// `mask` is 1 for the pixels that the leak shows; the reference's mean is that of its seconds
  /// `within`. Only reference frames at most `reach` seconds from `guess` of a leak frame's time are
  /// multiplied with it; a score must not ask for others.
  init?(
    leak: FrameVectors,
    reference: FrameVectors,
    within: ClosedRange<Double>,
    mask: [Int16],
    reach: Double,
    guess: (Double) -> Double
  ) {
    let first = reference.firstIndex(at: within.lowerBound)
    let end = reference.firstIndex(at: within.upperBound)
    guard leak.count > 1, end - first > 1 else { return nil }
    let moved = Self.withoutMean(leak, 0..<leak.count, mask)
    let still = Self.withoutMean(reference, first..<end, mask)
    leakTimes = leak.times
    referenceTimes = reference.times
    func dot(_ a: [Int16], _ i: Int, _ b: [Int16], _ j: Int) -> Double {
      let n = RectifiedFrames.count
      let (x, y) = (a.span, b.span)
      let (u, v) = (x.extracting(i * n..<(i + 1) * n), y.extracting(j * n..<(j + 1) * n))
      return Double(Correlation.dot(u, v))
    }
    var products = [Double](repeating: 0, count: leak.count * reference.count)
    for i in 0..<leak.count {
      let time = guess(leak.times[i])
      let (low, high) = (
        reference.firstIndex(at: time - reach), reference.firstIndex(at: time + reach)
      )
      for j in low..<high { products[i * reference.count + j] = dot(moved, i, still, j) }
    }
    self.products = products
    leakEnergy = (0..<leak.count).reduce(0) { $0 + dot(moved, $1, moved, $1) }
    energies = (0..<reference.count).map { dot(still, $0, still, $0) }
    neighbours = (0..<reference.count - 1).map { dot(still, $0, still, $0 + 1) }
    let inside = Double(max(1, mask.reduce(0) { $0 + Int($1) }))
    let unit = inside * RectifiedFrames.unit * RectifiedFrames.unit
    let referenceEnergy = energies[first..<end].reduce(0, +) / Double(end - first)
    motion = min(leakEnergy / Double(leak.count), referenceEnergy) / unit
    guard leakEnergy > 0 else { return nil }
  }

  /// The correlation of the stretch with the reference at the times that `map` gives; between two
  /// frames of the reference their mixture counts, as a camera's exposure mixes them.
  func score(_ map: (Double) -> Double) -> Double {
    var (product, energy) = (0.0, 0.0)
    var next = 0
    let n = referenceTimes.count
    for i in leakTimes.indices {
      let time = map(leakTimes[i])
      while next < n, referenceTimes[next] <= time { next += 1 }
      while next > 0, referenceTimes[next - 1] > time { next -= 1 }
      let (left, right) = (max(0, next - 1), min(n - 1, next))
      let gap = referenceTimes[right] - referenceTimes[left]
      let b = gap > 0 ? (time - referenceTimes[left]) / gap : 0
      let a = 1 - b
      product += a * products[i * n + left] + b * products[i * n + right]
      energy += a * a * energies[left] + b * b * energies[right]
      if right > left { energy += 2 * a * b * neighbours[left] }
    }
    return energy > 0 ? product / (energy * leakEnergy).squareRoot() : 0
  }

  private static func withoutMean(
    _ vectors: FrameVectors,
    _ range: Range<Int>,
    _ mask: [Int16]
  ) -> [Int16] {
    let n = RectifiedFrames.count
    var sums = [Int32](repeating: 0, count: n)
    let values = vectors.values.span
    for frame in range {
      for index in 0..<n { sums[index] &+= Int32(values[frame * n + index]) }
    }
    let count = Int32(range.count)
    let mean = sums.map { Int16(truncatingIfNeeded: $0 / count) }
    var result = [Int16](repeating: 0, count: vectors.count * n)
    for frame in 0..<vectors.count {
      for index in 0..<n {
        result[frame * n + index] = (values[frame * n + index] &- mean[index]) &* mask[index]
      }
    }
    return result
  }
}

/// The top of a parabola through three points one step apart.
enum Parabola {
  /// Steps from the middle point, -0.5...0.5.
  static func vertex(_ left: Double, _ middle: Double, _ right: Double) -> Double {
    let bend = left - 2 * middle + right
    return bend < 0 ? max(-0.5, min(0.5, (left - right) / (2 * bend))) : 0
  }
}

/// Order statistics.
enum Statistics {
  /// The value at a fraction of the sorted values; nil where there are none.
  static func quantile(_ values: [Double], _ fraction: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int(fraction * Double(sorted.count)))]
  }

  /// The value that half of the weight lies below.
  static func weightedMedian(_ values: [(value: Double, weight: Double)]) -> Double? {
    let sorted = values.sorted { $0.value < $1.value }
    let half = sorted.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    for each in sorted {
      sum += each.weight
      if sum >= half { return each.value }
    }
    return sorted.last?.value
  }
}
