/// What a passage says of each chip of the film, before any key is looked at.
///
/// Gains are taken less their trend in each shot, whitened by an autoregressive filter of order 16,
/// divided by their local deviation, limited to three deviations, and summed over each chip with the
/// chip's pulse as the frames' resolution and the same filter make it. All later steps are sums of these scores with
/// signs, so that for signs that have nothing to do with the film, be the film what it may, the
/// probability of a sum is that of ``SignTail``.
///
/// - Source: the filter after Levinson and Durbin.
public struct ChipScores: Sendable {
  /// Number of the first chip of the film.
  public let firstChip: Int
  /// A score for each chip and mode from ``firstChip`` on; zero where nothing was seen.
  public let scores: [SIMD4<Float>]

  /// Scores for chips given as they are.
  public init(firstChip: Int, scores: [SIMD4<Float>]) {
    (self.firstChip, self.scores) = (firstChip, scores)
  }

  /// Chips that something is known of.
  public var seenChips: Int { scores.count { $0 != .zero } }

  /// Order of the whitening filter.
  static let order = 16
  /// Deviations that a whitened gain is limited to.
  private static let limit: Float = 3
  /// Seconds of the window of local deviations and of the trend, on either side.
  private static let reach = 0.7
  private static let trendReach = 1.0
  /// Frames further apart than this many usual steps do not follow each other.
  private static let longestStep = 2.5

  /// Scores of what was observed, in order of the film's time.
  ///
  /// - Parameters:
  ///   - observations: of one or more passages.
  ///   - shift: seconds by which the film's times are later than observed.
  public init(_ observations: [ModeObservation], shift: Double = 0) {
    let seen = observations.sorted { $0.filmSeconds < $1.filmSeconds }
    guard let first = seen.first, let last = seen.last, seen.count > 4 * Self.order else {
      (firstChip, scores) = (0, [])
      return
    }
    let runs = Self.runs(seen)
    let start = max(0, Int((first.filmSeconds + shift) / LFM1.chipSeconds) - 1)
    let end = max(start, Int((last.filmSeconds + shift) / LFM1.chipSeconds) + 1)
    var result = [SIMD4<Float>](repeating: .zero, count: end - start + 1)
    for mode in 0..<4 {
      var series = runs.map { run in
        Self.withoutTrend(seen[run], mode: mode)
      }
      // Limited before the filter is fitted, so that a few cuts do not decide it.
      let usual = Self.deviation(series.flatMap { $0 })
      guard usual > 0 else { continue }
      let most = Self.limit * usual
      for run in series.indices {
        for i in series[run].indices { series[run][i] = max(-most, min(most, series[run][i])) }
      }
      let filter = Self.whitening(series)
      for (run, values) in zip(runs, series) {
        Self.add(
          values,
          resolution: seen[run].map { $0.resolution[mode] },
          at: seen[run].map { ($0.filmSeconds + shift) / LFM1.chipSeconds },
          filter: filter,
          firstChip: start,
          mode: mode,
          to: &result
        )
      }
    }
    (firstChip, scores) = (start, result)
  }

  /// Stretches without gaps.
  private static func runs(_ seen: [ModeObservation]) -> [Range<Int>] {
    let steps = (1..<seen.count).map { seen[$0].filmSeconds - seen[$0 - 1].filmSeconds }.sorted()
    let usual = max(1e-3, steps[steps.count / 2])
    var runs: [Range<Int>] = []
    var start = 0
    for i in 1...seen.count {
      let isBreak =
        i == seen.count
        || seen[i].filmSeconds - seen[i - 1].filmSeconds > longestStep * usual
      guard isBreak else { continue }
      if i - start > 2 * order { runs.append(start..<i) }
      start = i
    }
    return runs
  }

  /// A mode's gains less their mean over a window that ends at cuts.
  private static func withoutTrend(_ run: ArraySlice<ModeObservation>, mode: Int) -> [Float] {
    let values = run.map { $0.gains[mode] }
    let shots = run.map(\.shot)
    let times = run.map(\.filmSeconds)
    var sums: [Double] = [0]
    for value in values { sums.append((sums.last ?? 0) + Double(value)) }
    var result = values
    var (low, high) = (0, 0)
    for i in values.indices {
      while shots[low] != shots[i] || times[i] - times[low] > trendReach { low += 1 }
      high = max(high, i)
      while high + 1 < values.count, shots[high + 1] == shots[i],
        times[high + 1] - times[i] <= trendReach
      { high += 1 }
      let count = high - low + 1
      result[i] -= Float((sums[high + 1] - sums[low]) / Double(count))
    }
    return result
  }

  /// 1.4826 times the median of the absolute values: the deviation of normal ones.
  static func deviation(_ values: [Float]) -> Float {
    guard !values.isEmpty else { return 0 }
    let sorted = values.map(abs).sorted()
    return 1.4826 * sorted[sorted.count / 2]
  }

  /// Coefficients of the prediction error filter, the first of them 1.
  private static func whitening(_ series: [[Float]]) -> [Float] {
    var correlation = [Double](repeating: 0, count: order + 1)
    for values in series {
      for lag in 0...order {
        var sum: Float = 0
        for i in lag..<max(lag, values.count) { sum += values[i] * values[i - lag] }
        correlation[lag] += Double(sum)
      }
    }
    guard correlation[0] > 0 else { return [1] + Array(repeating: 0, count: order) }
    correlation[0] *= 1.001
    var (filter, error) = ([1.0], correlation[0])
    for step in 1...order {
      var sum = 0.0
      for k in 0..<step { sum += filter[k] * correlation[step - k] }
      let reflection = -sum / error
      var next = filter + [0]
      for k in 0...step { next[k] += reflection * (k == 0 ? 0 : (filter + [0])[step - k]) }
      filter = next
      error *= 1 - reflection * reflection
    }
    return filter.map(Float.init)
  }

  private static func add(
    _ values: [Float],
    resolution: [Float],
    at places: [Double],
    filter: [Float],
    firstChip: Int,
    mode: Int,
    to result: inout [SIMD4<Float>]
  ) {
    let count = values.count
    var white = [Float](repeating: 0, count: count)
    for i in 0..<count {
      var sum: Float = 0
      for k in 0...min(order, i) { sum += filter[k] * values[i - k] }
      white[i] = sum
    }
    let deviations = localDeviations(white, places)
    for i in 0..<count {
      let scaled = white[i] / deviations[i]
      // Once for the unit, once for how much a change of a gain shows there.
      white[i] = max(-limit, min(limit, scaled)) / deviations[i]
    }
    // The pulse of a chip ends a quarter of a chip after it, its way through the filter 16 frames on.
    var low = 0
    for chip in result.indices {
      let begin = Double(firstChip + chip)
      while low < count, places[low] < begin - LFM1.transition / 2 { low += 1 }
      guard low < count, places[low] < begin + 1 + LFM1.transition / 2 else { continue }
      var pulse: [Float] = []
      var end = low
      while end < count, places[end] < begin + 1 + LFM1.transition / 2 {
        pulse.append(resolution[end] * Float(LFM1.pulse(at: places[end] - begin)))
        end += 1
      }
      let last = min(count, end + order)
      var sum: Float = 0
      for i in low..<last {
        var shape: Float = 0
        for k in max(0, i - end + 1)...min(order, i - low) {
          shape += filter[k] * pulse[i - k - low]
        }
        sum += shape * white[i]
      }
      result[chip][mode] = sum
    }
  }

  /// Root mean squares around each value, at least an eighth of the usual one.
  private static func localDeviations(_ values: [Float], _ places: [Double]) -> [Float] {
    let usual = max(deviation(values), .leastNormalMagnitude)
    let most = limit * usual
    var sums: [Double] = [0]
    for value in values {
      let bounded = Double(max(-most, min(most, value)))
      sums.append((sums.last ?? 0) + bounded * bounded)
    }
    let reachChips = reach / LFM1.chipSeconds
    var (low, high) = (0, 0)
    return values.indices.map { i in
      while places[i] - places[low] > reachChips { low += 1 }
      high = max(high, i)
      while high + 1 < values.count, places[high + 1] - places[i] <= reachChips { high += 1 }
      let mean = (sums[high + 1] - sums[low]) / Double(high - low + 1)
      return max(usual / 8, Float(mean.squareRoot()))
    }
  }
}
