import Registration
import VideoCore

/// How a camera renders the brightness of a film: a blur, a curve of tone and an even cast.
///
/// Fitted at a quarter of the size by re-weighted least squares, so that what is drawn over a part of
/// the picture does not pull it. Constants of a study on camcorder leaks at 240 lines.
struct Photometry {
  let size: FrameSize
  private let small: FrameSize

  init(size: FrameSize) {
    self.size = size
    small = FrameSize(width: max(1, size.width / 4), height: max(1, size.height / 4))
  }

  /// The film as the camera saw it, brightness and all; outside the film's picture an even ground.
  ///
  /// `coverage` is where the film's picture lies, with the soft edge of a camera's picture; `bars`
  /// have sharp ones.
  func fitted(
    _ film: [Float],
    coverage: [UInt8],
    bars: PictureBars,
    to observed: [Float]
  ) -> [Float] {
    var seen = coverage
    bars.cover(&seen, size: size)
    let (o, f, inside) = (reduced(observed), reduced(film), reduced(seen))
    let samples = inside.indices.filter { inside[$0] >= 1 }
    guard samples.count >= 64 else { return ground(o, inside).map(enlarge) ?? observed }
    var cast = [Float](repeating: 0, count: o.count)
    var curve = SIMD4<Float>(0, 1, 0, 0)
    for round in 0..<2 {
      curve = tone(samples, film: f, observed: o, cast: cast, start: round == 0 ? nil : curve)
      var rest = cast
      var weight = cast
      for i in samples {
        let r = o[i] - Self.value(curve, f[i])
        rest[i] = max(-Self.castLimit, min(Self.castLimit, r))
        weight[i] = 1
      }
      cast = smooth(rest, weight)
    }
    let outside = ground(o, inside)
    let castFull = enlarge(cast)
    let groundFull = outside.map(enlarge)
    var share: [Float] = []
    if groundFull != nil {
      share = coverage.map { Float($0) / 255 }
      if coverage.contains(0) {
        share = PlaneFilters.blurred(share, size: size, sigma: Self.edgeBlur)
      }
      if seen != coverage {
        // Reduction and coding leave an edge of bars about a pixel wide.
        let film = zip(seen, coverage).map { Float($0 == 0 && $1 != 0 ? 0 : 1) }
        let open = PlaneFilters.blurred(film, size: size, sigma: Self.barBlur)
        for i in share.indices { share[i] *= open[i] }
      }
    }
    var result = film
    for i in result.indices {
      let value = Self.value(curve, film[i]) + castFull[i]
      if let groundFull {
        result[i] = share[i] * value + (1 - share[i]) * groundFull[i]
      } else {
        result[i] = value
      }
    }
    return result
  }

  private static func value(_ c: SIMD4<Float>, _ x: Float) -> Float {
    let t = x / 255
    return c.x + t * (c.y + t * c.z)
  }

  /// A quadratic from film to observed brightness; Cauchy weights, whose scale is the median error.
  private func tone(
    _ samples: [Int],
    film: [Float],
    observed: [Float],
    cast: [Float],
    start: SIMD4<Float>?
  ) -> SIMD4<Float> {
    var curve = start
    for _ in 0..<(start == nil ? 6 : 3) {
      var scale = Float.infinity
      if let curve {
        scale = max(
          2,
          1.5 * medianError(samples, film: film, observed: observed, cast: cast, curve)
        )
      }
      // Moments of t with one another and with y, all weighted.
      var (powers, values) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      var fourth = 0.0
      for i in samples {
        let t = Double(film[i]) / 255
        let y = Double(observed[i] - cast[i])
        var w = 1.0
        if let curve {
          let error = (Float(y) - Self.value(curve, film[i])) / scale
          w = Double(1 / (1 + error * error))
        }
        let weighted = SIMD4(w, w * t, w * t * t, 0)
        powers += SIMD4(w, w * t, w * t * t, w * t * t * t)
        values += weighted * y
        fourth += w * t * t * t * t
      }
      var m = [
        powers[0], powers[1], powers[2], values[0],
        powers[1], powers[2], powers[3], values[1],
        powers[2], powers[3], fourth, values[2],
      ]
      // A little weight on a straight line: pictures of one brightness determine nothing.
      m[10] += 1e-3 * Double(samples.count)
      m[5] += 1e-5 * Double(samples.count)
      curve = Self.solve(m)
    }
    return curve ?? SIMD4(0, 255, 0, 0)
  }

  /// The median distance from a curve, to an eighth of a level: a histogram needs no sorting.
  private func medianError(
    _ samples: [Int],
    film: [Float],
    observed: [Float],
    cast: [Float],
    _ curve: SIMD4<Float>
  ) -> Float {
    var histogram = [Int](repeating: 0, count: 2048)
    for i in samples {
      let error = abs(observed[i] - cast[i] - Self.value(curve, film[i]))
      histogram[Int(min(2047, 8 * error))] += 1
    }
    var (seen, step) = (0, 0)
    while step < histogram.count - 1 {
      seen += histogram[step]
      if 2 * seen > samples.count { break }
      step += 1
    }
    return (Float(step) + 0.5) / 8
  }

  /// Three linear equations in rows of four numbers.
  private static func solve(_ rows: [Double]) -> SIMD4<Float>? {
    var m = rows
    for k in 0..<3 {
      guard let pivot = (k..<3).max(by: { abs(m[4 * $0 + k]) < abs(m[4 * $1 + k]) }),
        abs(m[4 * pivot + k]) > 1e-9
      else { return nil }
      for j in 0..<4 { m.swapAt(4 * k + j, 4 * pivot + j) }
      for row in 0..<3 where row != k {
        let factor = m[4 * row + k] / m[5 * k]
        for j in k..<4 { m[4 * row + j] -= factor * m[4 * k + j] }
      }
    }
    return SIMD4(Float(m[3] / m[0]), Float(m[7] / m[5]), Float(m[11] / m[10]), 0)
  }

  /// The brightness of what lies outside the film's picture, without its details.
  private func ground(_ observed: [Float], _ inside: [Float]) -> [Float]? {
    let outside = inside.indices.filter { inside[$0] < 1 }
    guard !outside.isEmpty else { return nil }
    let median = outside.map { observed[$0] }.sorted()[outside.count / 2]
    var rest = [Float](repeating: 0, count: observed.count)
    var weight = rest
    for i in outside where inside[i] <= 0 {
      rest[i] = max(-Self.castLimit, min(Self.castLimit, observed[i] - median))
      weight[i] = 1
    }
    return smooth(rest, weight).map { $0 + median }
  }

  /// The weighted mean about each pixel.
  private func smooth(_ values: [Float], _ weights: [Float]) -> [Float] {
    let sigma = Double(small.height) / 7
    let sum = PlaneFilters.blurred(values, size: small, sigma: sigma)
    let weight = PlaneFilters.blurred(weights, size: small, sigma: sigma)
    return zip(sum, weight).map { $1 > 0.02 ? $0 / $1 : 0 }
  }

  private func reduced(_ coverage: [UInt8]) -> [Float] { reduced(coverage.map { Float($0) / 255 }) }

  /// Means of four by four pixels.
  private func reduced(_ plane: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: small.area)
    for y in 0..<small.height {
      for x in 0..<small.width {
        var sum: Float = 0
        for row in 0..<4 {
          let i = (4 * y + row) * size.width + 4 * x
          sum += plane[i] + plane[i + 1] + plane[i + 2] + plane[i + 3]
        }
        result[y * small.width + x] = sum / 16
      }
    }
    return result
  }

  /// Bilinear interpolation from a quarter of the size.
  private func enlarge(_ plane: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: size.area)
    let columns = (0..<size.width).map { Self.place($0, of: small.width) }
    for y in 0..<size.height {
      let (row, dy) = Self.place(y, of: small.height)
      let (top, bottom) = (row * small.width, min(row + 1, small.height - 1) * small.width)
      for x in 0..<size.width {
        let (column, dx) = columns[x]
        let next = min(column + 1, small.width - 1)
        let a = plane[top + column] * (1 - dx) + plane[top + next] * dx
        let b = plane[bottom + column] * (1 - dx) + plane[bottom + next] * dx
        result[y * size.width + x] = a * (1 - dy) + b * dy
      }
    }
    return result
  }

  private static func place(_ pixel: Int, of count: Int) -> (index: Int, share: Float) {
    let position = max(0, min(Float(count - 1), (Float(pixel) + 0.5) / 4 - 0.5))
    let index = Int(position)
    return (index, position - Float(index))
  }

  private static let castLimit: Float = 30
  private static let (edgeBlur, barBlur) = (1.5, 0.7)
}
