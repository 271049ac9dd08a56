/// How the camera moved at moments that two leaks have in common, in the film's own plane.
///
/// A leak's frame is what a camera saw, cropped, straightened, scaled or mirrored by whoever made the
/// file: `E C(t)` with a constant `E` of the file and the camera's `C(t)`. Between the mean `M` and
/// each moment lies `M⁻¹ E C(t)`, in which `E` cancels. So the movement is the same in all files of one
/// recording, whatever was done to them.
struct CaptureMotion {
  /// Shift to the right, shift down, size and turn at each moment, in half widths of the film's
  /// picture.
  var values: [SIMD4<Double>]

  /// Half of the height over half of the width of a film's picture; only one scale for all matters.
  private static let ratio = 9.0 / 16

  /// The movement at some moments; nil where the picture was seen from nowhere.
  init?(_ samples: [CaptureSample]) {
    guard !samples.isEmpty else { return nil }
    var mean = [SIMD2<Double>](repeating: .zero, count: 4)
    for sample in samples {
      for corner in 0..<4 { mean[corner] += sample.corners[corner] / Double(samples.count) }
    }
    guard let back = PlaneMap(corners: mean)?.inverse else { return nil }
    values = []
    values.reserveCapacity(samples.count)
    for sample in samples {
      let places = sample.corners.compactMap { back.map($0.x, $0.y) }
      guard places.count == 4 else { return nil }
      values.append(Self.movement(places))
    }
  }

  /// What moves the corners of the unit square to four places.
  private static func movement(_ places: [SIMD2<Double>]) -> SIMD4<Double> {
    var result = SIMD4<Double>.zero
    for (corner, place) in zip(PlaneMap.corners, places) {
      // Half widths about the middle.
      let at = SIMD2(2 * corner.x - 1, (2 * corner.y - 1) * ratio)
      let way = SIMD2(2 * (place.x - corner.x), 2 * (place.y - corner.y) * ratio)
      let square = (at * at).sum()
      result +=
        SIMD4(
          way.x,
          way.y,
          (way * at).sum() / square,
          (at.x * way.y - at.y * way.x) / square
        ) / 4
    }
    return result
  }
}

/// Differences of a row of numbers between neighbouring stretches of all lengths (Haar's wavelets).
///
/// A camera's movement remembers itself: two recordings drift for seconds, and drifts are alike by
/// chance. Its differences over one time scale hardly remember each other, so that they count as so many
/// observations.
enum MotionDifferences {
  /// One difference, weighted so that white noise gives each the same variance.
  struct Difference {
    /// Scale: 0 up to a fifth of a second, then each twice as long.
    var scale: Int
    /// Where it is made: the stretch's first number, the second half's first, its end.
    var begin: Int
    var middle: Int
    var end: Int

    /// The difference of some values.
    func value(of sums: [SIMD4<Double>]) -> SIMD4<Double> {
      let (left, right) = (Double(middle - begin), Double(end - middle))
      let weight = (left * right / (left + right)).squareRoot()
      return ((sums[end] - sums[middle]) / right - (sums[middle] - sums[begin]) / left) * weight
    }
  }

  /// All differences of moments at ascending times.
  static func all(_ seconds: [Double]) -> [Difference] {
    var result: [Difference] = []
    var open = [(0, seconds.count)]
    while let (begin, end) = open.popLast() {
      guard end - begin > 1 else { continue }
      let middle = split(seconds, begin, end)
      let span = seconds[end - 1] - seconds[begin]
      var scale = 0
      while scale < mostScale, Double(1 << scale) * shortest < span { scale += 1 }
      result.append(Difference(scale: scale, begin: begin, middle: middle, end: end))
      open.append((begin, middle))
      open.append((middle, end))
    }
    return result
  }

  /// Where a stretch is parted: at a gap that is longer than a quarter of it, else in the middle.
  private static func split(_ seconds: [Double], _ begin: Int, _ end: Int) -> Int {
    let span = seconds[end - 1] - seconds[begin]
    var (widest, place) = (0.0, (begin + end) / 2)
    for index in (begin + 1)..<end where seconds[index] - seconds[index - 1] > widest {
      (widest, place) = (seconds[index] - seconds[index - 1], index)
    }
    return widest > max(longestStep, span / 4) ? place : (begin + end) / 2
  }

  /// Longest stretch of a scale, in seconds; the last has all that is longer.
  static func longest(_ scale: Int) -> Double { shortest * Double(1 << scale) }

  static let mostScale = 8
  private static let shortest = 0.15
  private static let longestStep = 0.35

  /// Sums of the first numbers of a row, one more than there are numbers.
  static func sums(_ values: [SIMD4<Double>]) -> [SIMD4<Double>] {
    var sums = [SIMD4<Double>.zero]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return sums
  }
}
