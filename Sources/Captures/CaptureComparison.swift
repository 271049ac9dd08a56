import Glibc

/// Whether two leaks of one film come from one recording.
///
/// The cameras' movements in the film's plane are compared moment by moment of the film, as differences
/// over time scales of half a second and more. Under one recording the two are the same movement,
/// measured twice; under two they are unrelated, but for errors of measurement that the film itself
/// brings about and that are alike in all leaks of it. Both are modelled as pairs of normal numbers with
/// a common part: ``togetherShare`` of their variance under one recording, ``apartShare`` under two. What
/// is compared is `2 Σab / (Σa² + Σb²)`, not a correlation: one movement has one size.
///
/// What hid the picture, how the exposure went, what was heard and which frames are missing is told as
/// well, but not counted: two cameras in one auditorium see the same heads, answer to the same film and
/// hear the same laughter, and one projector that stumbles does so for both.
public struct CaptureComparison: Sendable, Hashable {
  /// What is said of two leaks.
  public enum Verdict: Sendable, Hashable {
    /// One recording.
    case same
    /// Two recordings.
    case different
    /// It could be either.
    case cannotBeTold
  }

  /// The movements over one time scale.
  public struct Scale: Sendable, Hashable {
    /// Longest stretch of the scale, in seconds.
    public var scaleSeconds: Double
    /// Common part of the movements, -1...1, mean over shift, size and turn.
    public var correlation: Double
    /// What one recording would have by the errors of measurement, 0...1.
    public var expected: Double
    /// Differences of each of the four numbers.
    public var count: Int
    /// Logarithm, base 10, of the ratio of likelihoods.
    public var log10Ratio: Double
  }

  /// The answer.
  public var verdict: Verdict
  /// Logarithm, base 10, of how much more likely the movements are under one recording than under two.
  public var log10Ratio: Double
  /// Common part of the movements over all scales that count, -1...1.
  public var correlation: Double
  /// Seconds of film that both have.
  public var seconds: Double
  /// Seconds by which the film time of the second had to be shifted.
  public var shiftSeconds: Double
  /// The movements by time scale, the shortest first; scales that are too short to count are left out.
  public var movement: [Scale]
  /// Correlation of what hides the picture where, -1...1; nil where nothing does in one of them.
  public var occlusion: Double?
  /// Correlation of the exposure over the same time scales, -1...1; nil where one does not change.
  public var exposure: Double?
  /// Sounds at the same moments that are not the film's own; nil where one leak has hardly any, as with
  /// another sound track or one from a cable.
  public var roomSound: Coincidence?
  /// Frames that are missing at the same moments; nil where one leak hardly lacks any.
  public var droppedFrames: Coincidence?

  /// Share of the variance that two measurements of one movement have in common, and that those of two
  /// movements are granted.
  ///
  /// Between what pairs of one recording and of two were seen to share; `Benchmarks/Accuracy/captures`
  /// measures both, and ARCHITECTURE.md has the figures.
  public static let (togetherShare, apartShare) = (0.6, 0.25)
  /// Ratio from which two leaks are linked, and below whose negative they are told apart.
  public static let linkedLog10Ratio = 2.0
  /// Differences of each number without which nothing is said.
  public static let leastDifferences = 40

  /// Compares two signatures of one release.
  ///
  /// - Complexity: O(n log n) in the moments.
  public init(_ a: CaptureSignature, _ b: CaptureSignature) {
    var best: CaptureComparison?
    // What is a wild measurement of a slow hand is a turn of a fast one: both are tried.
    for allowance in Self.allowances {
      let (first, second) = (a.steady(allowance: allowance), b.steady(allowance: allowance))
      for shift in Self.shifts {
        let found = CaptureComparison(first, second, shift: shift)
        if best.map({ found.isBetter(than: $0) }) ?? true { best = found }
      }
    }
    self = best ?? CaptureComparison()
    let seconds = Self.seconds(a).intersection(Self.seconds(b))
    func common(_ marks: [FilmMark]) -> [FilmMark] {
      marks.filter { seconds.contains(Int($0.filmSeconds)) }
    }
    roomSound = Coincidence(common(a.sounds), common(b.sounds), .sound)
    droppedFrames = Coincidence(common(a.holds), common(b.holds), .held)
    // The best of several looks pays for the others.
    log10Ratio -= log10(Double(Self.shifts.count * Self.allowances.count))
    verdict = judged()
  }

  /// Whole seconds of the film that a leak was measured in.
  private static func seconds(_ signature: CaptureSignature) -> Set<Int> {
    Set(signature.samples.map { Int((Double($0.index) / CaptureSignature.rate).rounded(.down)) })
  }

  /// Whether this look has enough to say something and the other has not, or says more for one
  /// recording.
  private func isBetter(than other: CaptureComparison) -> Bool {
    let (enough, otherEnough) = (
      count >= Self.leastDifferences, other.count >= Self.leastDifferences
    )
    return enough == otherEnough ? log10Ratio > other.log10Ratio : enough
  }

  /// Differences of each number, over all scales.
  private var count: Int { movement.reduce(0) { $0 + $1.count } }

  /// Median steps of the neighbourhood that a moment may lie off it.
  private static let allowances = [0.0, 5.0]

  /// Moments by which film times may differ: a few frames.
  private static let shifts = [-1, 0, 1]

  private init() {
    (verdict, log10Ratio, correlation, seconds) = (.cannotBeTold, 0, 0, 0)
    (shiftSeconds, movement) = (0, [])
    certainty = 0
  }

  /// How much of both movements is more than errors of measurement, 0...1.
  private var certainty: Double

  private init(_ a: CaptureSignature, _ b: CaptureSignature, shift: Int) {
    self.init()
    let pairs = Self.common(a.samples, b.samples, shift: shift)
    seconds = Double(pairs.count) / CaptureSignature.rate
    shiftSeconds = Double(shift) / CaptureSignature.rate
    guard pairs.count > 1, let first = CaptureMotion(pairs.map(\.0)),
      let second = CaptureMotion(pairs.map(\.1))
    else { return }
    let differences = MotionDifferences.all(
      pairs.map { Double($0.0.index) / CaptureSignature.rate }
    )
    let (left, right) = (
      MotionDifferences.sums(first.values), MotionDifferences.sums(second.values)
    )
    var scales: [[(SIMD4<Double>, SIMD4<Double>)]] = Array(
      repeating: [],
      count: MotionDifferences.mostScale + 1
    )
    for difference in differences {
      scales[difference.scale].append((difference.value(of: left), difference.value(of: right)))
    }
    let noise = (
      Self.variances(scales[0].map(\.0)), Self.variances(scales[0].map(\.1))
    )
    var (total, weighted, certain) = (0, 0.0, 0.0)
    for scale in Self.leastScale...MotionDifferences.mostScale {
      let values = scales[scale]
      guard values.count >= Self.leastOfScale else { continue }
      var (sum, expected, ratio) = (0.0, 0.0, 0.0)
      for lane in 0..<4 {
        let share = Self.commonShare(values.map { $0.0[lane] }, values.map { $0.1[lane] })
        sum += share / 4
        ratio += Double(values.count) * Self.weight * Self.logRatio(share)
        let own = (
          Self.variance(values.map { $0.0[lane] }), Self.variance(values.map { $0.1[lane] })
        )
        let clear = min(
          own.0 > 0 ? max(0, 1 - noise.0[lane] / own.0) : 0,
          own.1 > 0 ? max(0, 1 - noise.1[lane] / own.1) : 0
        )
        expected += clear / 4
      }
      let log10Ratio = ratio / log(10)
      movement.append(
        Scale(
          scaleSeconds: MotionDifferences.longest(scale),
          correlation: sum,
          expected: expected,
          count: values.count,
          log10Ratio: log10Ratio
        )
      )
      self.log10Ratio += log10Ratio
      total += values.count
      weighted += sum * Double(values.count)
      certain += expected * Double(values.count)
    }
    guard total > 0 else { return }
    correlation = weighted / Double(total)
    certainty = certain / Double(total)
    occlusion = Self.occlusion(pairs)
    exposure = Self.exposure(pairs, differences)
  }

  private func judged() -> Verdict {
    guard count >= Self.leastDifferences else { return .cannotBeTold }
    if log10Ratio >= Self.linkedLog10Ratio { return .same }
    // Cameras that stand still differ by nothing but errors.
    let isCertain = certainty >= Self.leastCertainty
    return isCertain && log10Ratio <= -Self.linkedLog10Ratio ? .different : .cannotBeTold
  }

  /// Moments that both have.
  private static func common(
    _ a: [CaptureSample],
    _ b: [CaptureSample],
    shift: Int
  ) -> [(CaptureSample, CaptureSample)] {
    var pairs: [(CaptureSample, CaptureSample)] = []
    var other = 0
    for sample in a {
      while other < b.count, b[other].index < sample.index + shift { other += 1 }
      guard other < b.count else { break }
      if b[other].index == sample.index + shift { pairs.append((sample, b[other])) }
    }
    return pairs
  }

  /// The part that two rows have in common; single great values, as jumps, count no more than others.
  private static func commonShare(_ a: [Double], _ b: [Double]) -> Double {
    let limit = clip * 1.4826 * Median.of(a.map(abs) + b.map(abs))
    guard limit > 0 else { return 0 }
    var (cross, squares) = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (x, y) = (max(-limit, min(limit, x)), max(-limit, min(limit, y)))
      cross += x * y
      squares += x * x + y * y
    }
    return squares > 0 ? 2 * cross / squares : 0
  }

  /// Natural logarithm of the likelihoods' ratio for each pair with this common part.
  private static func logRatio(_ share: Double) -> Double {
    func likelihood(_ rho: Double) -> Double {
      -log(1 - rho * rho) / 2 - (1 - rho * share) / (1 - rho * rho)
    }
    return likelihood(togetherShare) - likelihood(apartShare)
  }

  private static func variance(_ values: [Double]) -> Double {
    let deviation = 1.4826 * Median.of(values.map(abs))
    return deviation * deviation
  }

  private static func variances(_ values: [SIMD4<Double>]) -> SIMD4<Double> {
    var result = SIMD4<Double>.zero
    for lane in 0..<4 { result[lane] = variance(values.map { $0[lane] }) }
    return result
  }

  /// Correlation of the hidden cells over places and moments.
  private static func occlusion(_ pairs: [(CaptureSample, CaptureSample)]) -> Double? {
    var (both, first, second) = (0.0, 0.0, 0.0)
    let total = Double(32 * pairs.count)
    for (a, b) in pairs {
      both += Double((a.hidden & b.hidden).nonzeroBitCount)
      first += Double(a.hidden.nonzeroBitCount)
      second += Double(b.hidden.nonzeroBitCount)
    }
    let spread = first * (total - first) * second * (total - second)
    guard first > 0, second > 0, spread > 0 else { return nil }
    return (both * total - first * second) / spread.squareRoot()
  }

  /// Correlation of the exposure's differences over the time scales that count.
  private static func exposure(
    _ pairs: [(CaptureSample, CaptureSample)],
    _ differences: [MotionDifferences.Difference]
  ) -> Double? {
    func values(_ gains: [Double]) -> [Double] {
      let sums = MotionDifferences.sums(
        gains.map { SIMD4(log(max(1.0 / 64, $0)), 0, 0, 0) }
      )
      return differences.filter { $0.scale >= leastScale }.map { $0.value(of: sums).x }
    }
    let (a, b) = (values(pairs.map(\.0.gain)), values(pairs.map(\.1.gain)))
    var (cross, own, other) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      cross += x * y
      own += x * x
      other += y * y
    }
    return own > 0 && other > 0 ? cross / (own * other).squareRoot() : nil
  }

  /// Scale from which movements count: below, errors of measurement prevail.
  private static let leastScale = 2
  private static let leastOfScale = 3
  /// Of the four numbers and of neighbouring scales not all are independent.
  private static let weight = 0.5
  private static let clip = 3.0
  private static let leastCertainty = 0.8
}

extension CaptureSignature {
  /// The moments without those that lie far off their neighbours, where the measurement went astray: a
  /// camera does not jump away and back within a fifth of a second.
  func steady(allowance: Double) -> CaptureSignature {
    guard samples.count > 2, let motion = CaptureMotion(samples) else { return self }
    var errors = [SIMD4<Double>](repeating: .zero, count: samples.count)
    var paces = errors
    var (low, high) = (0, 0)
    for index in samples.indices {
      while samples[low].index < samples[index].index - Self.neighbours { low += 1 }
      while high < samples.count, samples[high].index <= samples[index].index + Self.neighbours {
        high += 1
      }
      for lane in 0..<4 {
        let near = motion.values[low..<high].map { $0[lane] }
        errors[index][lane] = abs(motion.values[index][lane] - Median.of(near))
        // Where a hand moves fast, neighbours lie apart as well.
        let steps = zip(near, near.dropFirst()).map { abs($1 - $0) }
        paces[index][lane] = Median.of(steps)
      }
    }
    var isKept = [Bool](repeating: true, count: samples.count)
    let usual = (0..<4).map { lane in Median.of(errors.map { $0[lane] }) }
    // A number that hardly changes is not held to less than a part of what the others do.
    let least = max(1e-5, Self.leastPart * (usual.max() ?? 0))
    for lane in 0..<4 {
      let limit = Self.farOff * 1.4826 * max(least, usual[lane])
      for index in samples.indices
      where errors[index][lane] > max(limit, allowance * paces[index][lane]) {
        isKept[index] = false
      }
    }
    return CaptureSignature(samples.indices.filter { isKept[$0] }.map { samples[$0] })
  }

  private static let neighbours = 4
  private static let farOff = 4.0
  private static let leastPart = 0.3
}
