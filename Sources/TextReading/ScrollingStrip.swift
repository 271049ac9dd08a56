import VideoCore

/// Reads the motion of a ticker and lays its crops side by side.
enum ScrollingStrip {
  /// A ticker as one long picture.
  struct Mosaic {
    var picture: LumaPlane
    /// Pixels per second, negative to the left.
    var speed: Double
  }

  /// Least correlation of two crops after the motion is taken out.
  static let leastCorrelation: Float = 0.5
  /// What the motion must add to the correlation of the crops as they are.
  static let leastGain: Float = 0.15
  /// Width at which the motion is looked for, and the least height for it, in pixels.
  private static let (coarseWidth, leastCoarseHeight) = (480, 8)
  /// Longest picture that is laid, in pixels.
  static let longest = 4096

  /// The mosaic of crops that scroll evenly; nil where they do not.
  static func mosaic(of crops: [LumaPlane], times: [Double]) -> Mosaic? {
    guard crops.count >= 4, let size = crops.first?.size, size.width > 4 * size.height,
      let speed = speed(of: crops, times: times)
    else { return nil }
    let offsets = times.map { -speed * ($0 - times[0]) }
    let reach = offsets.map { abs($0) }.max() ?? 0
    let width = min(longest, size.width + Int(reach) + 1)
    guard width > size.width else { return nil }
    var sum = [Float](repeating: 0, count: width * size.height)
    var weight = sum
    for (crop, offset) in zip(crops, offsets) {
      // Text that enters at the left lies at the left of what came before.
      let place = speed < 0 ? offset : Double(width - size.width) + offset
      let base = Int(place.rounded(.down))
      let f = Float(place - Double(base))
      for (step, share) in [(0, 1 - f), (1, f)] where share > 0 {
        let (first, last) = (max(0, -base - step), min(size.width, width - base - step))
        guard first < last else { continue }
        for y in 0..<size.height {
          let (row, target) = (y * size.width, y * width + base + step)
          for x in first..<last {
            sum[target + x] += share * Float(crop.pixels[row + x])
            weight[target + x] += share
          }
        }
      }
    }
    let values = zip(sum, weight).map { $1 > 0 ? $0 / $1 : 0 }
    let image = GreyImage(width: width, height: size.height, values: values)
    return Mosaic(picture: image.plane(), speed: speed)
  }

  /// The speed at which neighbouring crops agree best, refined over ever longer distances.
  static func speed(of crops: [LumaPlane], times: [Double]) -> Double? {
    let images = crops.prefix(16).map { highPass($0) }
    guard let width = images.first?.width, let height = images.first?.height else { return nil }
    let factor = max(1, min(width / coarseWidth, height / leastCoarseHeight))
    let fine = images.map(Strip.init)
    let coarse =
      factor == 1
      ? fine
      : images.map { Strip($0.resized(width: width / factor, height: height / factor)) }
    var speeds: [Double] = []
    var gains: [Float] = []
    for index in 1..<fine.count {
      let interval = times[index] - times[index - 1]
      guard interval > 0, interval.isFinite else { return nil }
      // Where too few are left to agree, nothing scrolls.
      guard (speeds.count + fine.count - index) * 2 > fine.count else { return nil }
      // What stays as it is cannot gain by a motion.
      let still = fine[index - 1].correlation(with: fine[index], shift: 0)
      guard still <= 1 - leastGain else { continue }
      // A wide strip is searched at a smaller size, and at its own only about what was found there.
      let rough = best(coarse[index - 1], coarse[index], around: 0, reach: width / factor / 3)
      let (shift, value) =
        factor == 1
        ? rough
        : best(
          fine[index - 1],
          fine[index],
          around: Int((rough.shift * Double(width) / Double(width / factor)).rounded()),
          reach: factor
        )
      guard value >= leastCorrelation else { continue }
      speeds.append(shift / interval)
      gains.append(value - still)
    }
    guard speeds.count * 2 > fine.count else { return nil }
    var speed = speeds.sorted()[speeds.count / 2]
    let gain = gains.sorted()[gains.count / 2]
    let agreeing = speeds.filter { abs($0 - speed) <= 0.15 * abs(speed) + 2 }
    guard gain >= leastGain, agreeing.count * 2 > speeds.count else { return nil }
    for distance in [2, 4, 8] where distance < fine.count {
      let interval = times[distance] - times[0]
      let expected = speed * interval
      guard abs(expected) < Double(width) * 0.7 else { break }
      let (shift, value) = best(
        fine[0],
        fine[distance],
        around: Int(expected.rounded()),
        reach: 4
      )
      if value >= leastCorrelation { speed = shift / interval }
    }
    return speed
  }

  private static func highPass(_ crop: LumaPlane) -> GreyImage {
    var image = GreyImage(crop)
    let mean = image.boxMean(radius: VisualStates.highPassRadius)
    for i in image.values.indices { image.values[i] -= mean.values[i] }
    return image
  }

  /// The shift to the right from `a` to `b` of greatest correlation, to a part of a pixel.
  private static func best(
    _ a: Strip,
    _ b: Strip,
    around centre: Int,
    reach: Int
  ) -> (shift: Double, value: Float) {
    let shifts = Array(centre - reach...centre + reach)
    let values = shifts.map { a.correlation(with: b, shift: $0) }
    var top = 0
    for i in values.indices where values[i] > values[top] { top = i }
    var shift = Double(shifts[top])
    if top > 0, top + 1 < values.count {
      let (l, m, r) = (values[top - 1], values[top], values[top + 1])
      let curve = l - 2 * m + r
      if curve < 0 { shift += Double(max(-0.5, min(0.5, 0.5 * (l - r) / curve))) }
    }
    return (shift, values[top])
  }
}

/// A crop of a ticker without its mean, with what correlations of all its shifts share.
private struct Strip {
  let image: GreyImage
  /// Sums of squares of the columns ahead of each, and of all.
  private let squares: [Double]

  init(_ image: GreyImage) {
    var columns = [Float](repeating: 0, count: image.width)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let value = image.values[y * image.width + x]
        columns[x] += value * value
      }
    }
    var squares = [0.0]
    for column in columns { squares.append(squares[squares.count - 1] + Double(column)) }
    (self.image, self.squares) = (image, squares)
  }

  /// The cosine between what both show where `other` lies `shift` pixels farther to the right; 0 where
  /// that is little.
  func correlation(with other: Strip, shift: Int) -> Float {
    let width = image.width
    let (first, last) = (max(0, -shift), min(width, width - shift))
    guard last - first >= width / 4 else { return 0 }
    var products: Float = 0
    for y in 0..<image.height {
      let start = y * width + first
      products += DotProduct.of(
        image.values,
        from: start,
        other.image.values,
        from: start + shift,
        count: last - first
      )
    }
    let own = squares[last] - squares[first]
    let others = other.squares[last + shift] - other.squares[first + shift]
    return own > 0 && others > 0 ? products / Float((own * others).squareRoot()) : 0
  }
}
