/// A segment on its measured line.
struct RefinedSegment {
  var leakStart: Double
  var leakEnd: Double
  var map: TimeMap
  var correlation: Double
  var errorMilliseconds: Double?
}

/// A reference's time that one window gave.
private struct Measurement {
  var leakTime: Double
  var referenceTime: Double
  var weight: Double
}

extension SegmentAligner {
  private static let windowSeconds = 4.0
  /// Windows of short segments, so that three of them fit.
  private static let leastWindowSeconds = 1.2
  private static let lagReach = 34
  private static let lagsPerSecond = 96.0
  /// Energy of what moves below which a window tells nothing, in squared local contrasts.
  private static let leastMotion = 0.02
  private static let leastPeak = 0.15
  /// Seconds by which the ends of a line may be off for reasons that its spread does not show.
  private static let leastTimeError = 0.04
  /// A measured rate is never further off.
  private static let mostRateError = 0.01
  /// Seconds of film that give a pace to within two per cent.
  private static let pacedSeconds = 6.0
  /// Usual error of one measurement in seconds, and the error of a pooled rate that says nothing.
  private static let pointError = 0.02
  private static let mostPooledError = 0.02
  /// Films are played at most this much faster or slower.
  private static let mostDeviation = 0.05
  /// The rate of shorter segments is the leak's.
  private static let ownRateSeconds = 30.0
  /// Rates further from the leak's are believed even in a short segment, if many windows say so.
  private static let mostRateChange = 0.004

  /// Measures the line of each segment at the native frame rate.
  func refine(
    _ segments: [CoarseSegment],
    pace: Pace,
    isRateCertain: Bool,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> [RefinedSegment] {
    let measured = try segments.map { try measure($0, leak: leak, reference: reference) }
    let own = zip(segments, measured).map { Line(robust: $1, origin: $0.leakStart) }
    let total = segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    // The pace of a few seconds is off by more than the common rates lie apart.
    let pooled = total < Self.pacedSeconds ? Self.pooledRate(measured) : nil
    let usual =
      isRateCertain
      ? pace.rate
      : Self.usualRate(zip(own, measured).map { $0 }) ?? pooled
        ?? Self.standard(pace.rate, Self.mostRateError)
    return segments.indices.map { index in
      let (segment, points) = (segments[index], measured[index])
      let span = (points.last?.leakTime ?? 0) - (points.first?.leakTime ?? 0)
      var line = own[index]
      let rateError = max(Self.mostRateChange, 2 * (line?.spread ?? 0) / max(span, 1))
      let isOdd =
        points.count >= 5 && span >= 10
        && (line.map { abs($0.rate - usual) > rateError } ?? false)
      if isRateCertain || (span < Self.ownRateSeconds && !isOdd) {
        line = Line(points: points, rate: usual, origin: segment.leakStart)
      }
      let coarse = segment.map(at: segment.leakStart)
      let middle = (segment.leakStart + segment.leakEnd) / 2
      let map: TimeMap
      if let line {
        map = TimeMap(leakOrigin: line.origin, referenceOrigin: line.value, rate: line.rate)
      } else {
        map = TimeMap(
          leakOrigin: middle,
          referenceOrigin: coarse.referenceTime(at: middle),
          rate: usual
        )
      }
      return RefinedSegment(
        leakStart: segment.leakStart,
        leakEnd: segment.leakEnd,
        map: map,
        correlation: segment.correlationSum / Double(max(1, segment.samples)),
        errorMilliseconds: line.flatMap(\.spread).map { $0 * 1000 }
      )
    }
  }

  /// The rate that the longest segments agree on.
  private static func usualRate(_ segments: [(line: Line?, points: [Measurement])]) -> Double? {
    var rates: [(value: Double, weight: Double)] = []
    var tolerance = mostRateError
    for (line, points) in segments {
      guard let line, let first = points.first, let last = points.last else { continue }
      let span = last.leakTime - first.leakTime
      guard span >= 6, points.count >= 4 else { continue }
      rates.append((line.rate, span * span))
      tolerance = min(tolerance, max(leastTimeError, line.spread ?? 0) / span)
    }
    return Statistics.weightedMedian(rates).map { standard($0, tolerance) }
  }

  /// The one rate that segments agree on of which none is long enough for its own.
  ///
  /// - Returns: nil where the measurements leave more than a few per cent open.
  private static func pooledRate(_ segments: [[Measurement]]) -> Double? {
    var (xx, xy) = (0.0, 0.0)
    for points in segments where points.count >= 2 {
      let x = points.reduce(0) { $0 + $1.leakTime } / Double(points.count)
      let y = points.reduce(0) { $0 + $1.referenceTime } / Double(points.count)
      for point in points {
        xx += (point.leakTime - x) * (point.leakTime - x)
        xy += (point.leakTime - x) * (point.referenceTime - y)
      }
    }
    guard xx > 0 else { return nil }
    let error = pointError / xx.squareRoot()
    guard error < mostPooledError, abs(xy / xx - 1) < mostDeviation + 2 * error else { return nil }
    return standard(xy / xx, 2 * error)
  }

  /// The rate of a common change of frame rate within a tolerance of `rate`, otherwise `rate`:
  /// films are played at their own speed, or between 24 and 25 frames a second.
  private static func standard(_ rate: Double, _ tolerance: Double) -> Double {
    let nearest = [1, 24.0 / 25, 25.0 / 24].min { abs($0 - rate) < abs($1 - rate) }
    guard let nearest, abs(nearest - rate) < tolerance else { return rate }
    return nearest
  }

  private func measure(
    _ segment: CoarseSegment,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> [Measurement] {
    var measurements: [Measurement] = []
    let half = (segment.leakEnd - segment.leakStart) / 2
    let length = min(Self.windowSeconds, max(Self.leastWindowSeconds, half))
    var start = segment.leakStart
    repeat {
      let end = min(segment.leakEnd, start + length)
      let map = segment.map(at: (start + end) / 2)
      if let one = try measure(from: start, to: end, map, leak: leak, reference: reference) {
        measurements.append(one)
      }
      start += length / 2
    } while segment.leakEnd - start >= length / 2
    return measurements
  }

  private func measure(
    from start: Double,
    to end: Double,
    _ map: TimeMap,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> Measurement? {
    let window = try leak.native(from: start, to: end)
    guard window.count >= 6 else { return nil }
    let (from, to) = (map.referenceTime(at: start), map.referenceTime(at: end))
    let frames = try reference.native(from: from - 0.45, to: to + 0.45)
    guard frames.count >= 6 else { return nil }
    let products = MovingProducts(
      leak: window,
      reference: frames,
      within: from...max(from, to),
      mask: leak.mask(window.geometries[window.count / 2]),
      reach: 0.45,
      guess: map.referenceTime
    )
    guard let products, products.motion > Self.leastMotion else { return nil }
    let scores = (-Self.lagReach...Self.lagReach).map { lag in
      products.score { map.referenceTime(at: $0) + Double(lag) / Self.lagsPerSecond }
    }
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }),
      best > 0, best + 1 < scores.count, scores[best] > Self.leastPeak
    else { return nil }
    let peak = Double(best) + Parabola.vertex(scores[best - 1], scores[best], scores[best + 1])
    let (left, right) = (max(0, best - 8), min(scores.count - 1, best + 8))
    let sharpness = scores[best] - (scores[left] + scores[right]) / 2
    guard sharpness > 0.01 else { return nil }
    let middle = (start + end) / 2
    return Measurement(
      leakTime: middle,
      referenceTime: map.referenceTime(at: middle)
        + (peak - Double(Self.lagReach)) / Self.lagsPerSecond,
      weight: sharpness * scores[best] * min(1, (end - start) / Self.windowSeconds)
    )
  }
}

/// A line through measurements that outliers do not move.
private struct Line {
  /// Residuals beyond this count for nothing, at least, in seconds.
  private static let leastReach = 0.03

  var origin: Double
  var value: Double
  var rate: Double
  /// Robust standard deviation of the measurements about the line; nil for less than three.
  var spread: Double?

  /// Fits rate and offset: Theil and Sen's slope, then least squares with Tukey's weights.
  init?(robust points: [Measurement], origin: Double) {
    guard points.count >= 4 else { return nil }
    let thin = max(1, points.count / 150)
    let few = stride(from: 0, to: points.count, by: thin).map { points[$0] }
    var slopes: [(value: Double, weight: Double)] = []
    for (index, a) in few.enumerated() {
      for b in few[(index + 1)...] where b.leakTime - a.leakTime >= 4 {
        let gap = b.leakTime - a.leakTime
        slopes.append(
          ((b.referenceTime - a.referenceTime) / gap, gap * (a.weight * b.weight).squareRoot())
        )
      }
    }
    guard let slope = Statistics.weightedMedian(slopes) else { return nil }
    self.init(points: points, rate: slope, origin: origin)
    for _ in 0..<5 { improve(points) }
    spread = Self.spread(points, self)
  }

  /// Fits the offset alone.
  init?(points: [Measurement], rate: Double, origin: Double) {
    let offsets = points.map {
      (value: $0.referenceTime - rate * ($0.leakTime - origin), weight: $0.weight)
    }
    guard let median = Statistics.weightedMedian(offsets) else { return nil }
    self.origin = origin
    self.rate = rate
    value = median
    let reach = Self.leastReach
    let close = offsets.filter { abs($0.value - median) < reach }
    let weight = close.reduce(0) { $0 + $1.weight }
    if weight > 0 { value = close.reduce(0) { $0 + $1.value * $1.weight } / weight }
    spread = Self.spread(points, self)
  }

  private mutating func improve(_ points: [Measurement]) {
    let reach = max(Self.leastReach, 4 * (Self.spread(points, self) ?? 0))
    var (w, x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let residual = (point.referenceTime - at(point.leakTime)) / reach
      guard abs(residual) < 1 else { continue }
      let weight = point.weight * (1 - residual * residual) * (1 - residual * residual)
      let (u, v) = (point.leakTime - origin, point.referenceTime - value)
      w += weight
      x += weight * u
      y += weight * v
      xx += weight * u * u
      xy += weight * u * v
    }
    let determinant = w * xx - x * x
    guard w > 0, determinant > 1e-9 * w * w else { return }
    rate = (w * xy - x * y) / determinant
    value += (y - rate * x) / w
  }

  private func at(_ time: Double) -> Double { value + rate * (time - origin) }

  private static func spread(_ points: [Measurement], _ line: Line) -> Double? {
    guard points.count >= 3 else { return nil }
    let residuals = points.map { abs($0.referenceTime - line.at($0.leakTime)) }
    return Statistics.quantile(residuals, 0.5).map { $0 * 1.4826 }
  }
}
