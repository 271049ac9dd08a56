/// How probable it is that fixed weights under random signs sum up to a value.
///
/// With weights a_i of unit length and independent signs ε_i, P(Σ ε_i a_i ≥ z). Two bounds hold for any
/// weights: Hoeffding's exp(-z²/2), and c · Q(z) with the normal tail Q and c = 3.179. For the weights at
/// hand the distribution itself can be had: they are laid on a lattice and their distributions folded
/// one after the other. What rounding to the lattice may have added to the sum is taken off `z`, so
/// that the result is a bound, too, and a close one.
///
/// - Source: Hoeffding: "Probability inequalities for sums of bounded random variables", JASA 1963;
///   Bentkus, Dzindzalieta: "A tight Gaussian bound for weighted sums of Rademacher random
///   variables", Bernoulli 21, 2015.
public struct SignTail: Sendable {
  /// Steps of the lattice in one deviation.
  private let steps: Double
  /// The most that rounding may have moved a sum, in steps.
  private let slack: Double
  /// Probability that the sum on the lattice reaches this many steps or more.
  private let reached: [Double]

  /// Lattice steps for each weight in one deviation: rounding costs about 1/32 of a deviation.
  private static let stepsForWeight = 8
  /// Weights beyond which the distribution is not folded; its cost grows with their square.
  private static let mostWeights = 1200
  /// Log10 of c, with c = 1 / 4Q(√2), rounded up.
  private static let universal = 0.50225
  /// Deviations that the lattice ends at.
  ///
  /// A sum that gets there on its way counts as one that stays.
  private static let reach = 12.0

  /// Folds the distribution of weights, of any length.
  ///
  /// - Complexity: 200 additions for each pair of weights; none where there are more than 1,200 weights,
  ///   of which only the bounds are known.
  public init(weights: [Float]) {
    let sizes = weights.lazy.map { abs(Double($0)) }.filter { $0 > 0 }.sorted(by: >)
    let length = sizes.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard !sizes.isEmpty, sizes.count <= Self.mostWeights, length.isFinite else {
      (steps, slack, reached) = (1, 0, [])
      return
    }
    let steps = Double(Self.stepsForWeight * sizes.count)
    let most = Int(Self.reach * steps)
    var now = [Double](repeating: 0, count: 2 * most + 1)
    var next = now
    now[most] = 1
    var (slack, spread) = (0.0, 0)
    for size in sizes {
      let place = size / length * steps
      let step = Int(place.rounded())
      slack += abs(place - Double(step))
      spread = min(most, spread + step)
      Self.fold(now, by: step, spread: spread, into: &next)
      swap(&now, &next)
    }
    var tail = 0.0
    var reached = [Double](repeating: 0, count: most + 1)
    for place in stride(from: most, through: 0, by: -1) {
      tail += now[most + place]
      reached[place] = tail
    }
    (self.steps, self.slack, self.reached) = (steps, slack, reached)
  }

  /// Half of each probability goes up by `step`, half down; the ends of the lattice keep what comes.
  ///
  /// Beyond `spread` from the middle there is nothing yet.
  private static func fold(_ old: [Double], by step: Int, spread: Int, into new: inout [Double]) {
    let last = old.count - 1
    let (first, end) = (max(0, last / 2 - spread), min(last, last / 2 + spread + 1))
    func value(_ place: Int) -> Double { place >= 0 && place < last ? old[place] : 0 }
    let (low, high) = (max(first, step), min(end, last - step))
    unsafe old.withUnsafeBufferPointer { old in
      unsafe new.withUnsafeMutableBufferPointer { new in
        for place in low..<max(low, high) {
          unsafe new[place] = (old[place &- step] + old[place &+ step]) / 2
        }
      }
    }
    for place in first..<min(low, end) { new[place] = value(place + step) / 2 }
    for place in max(first, high, low)..<max(first, high, low, end) {
      new[place] = value(place - step) / 2
    }
    // The upper end keeps what is there, the lower one has more than it should.
    new[last] = old[last]
    guard step > 0 else { return }
    for place in max(0, last - step)..<last { new[last] += old[place] / 2 }
    for place in 0..<min(step, last) { new[0] += old[place] / 2 }
  }

  /// Log10 of the least bound known on P(Σ ≥ z); at most 0.
  public func log10(reaching z: Double) -> Double {
    guard z > 0 else { return 0 }
    let bound = Self.log10Bound(reaching: z)
    guard !reached.isEmpty else { return bound }
    let place = Int((z * steps - slack).rounded(.up))
    guard place > 0 else { return bound }
    guard place < reached.count, reached[place] > 0 else { return bound }
    return min(bound, _log10(reached[place]))
  }

  /// Log10 of the least bound on P(Σ ≥ z) that holds for any weights of unit length.
  public static func log10Bound(reaching z: Double) -> Double {
    guard z > 0 else { return 0 }
    let hoeffding = -z * z / 2 * 0.4342944819032518
    let normal = _log10(_normalTail(z)) + universal
    return min(0, hoeffding, normal.isFinite ? normal : 0)
  }

  /// The least z of which ``log10(reaching:)`` is at most `target`, to a thousandth.
  public func threshold(log10 target: Double) -> Double {
    var (low, high) = (0.0, 40.0)
    while high - low > 0.0005 {
      let middle = (low + high) / 2
      if log10(reaching: middle) <= target { high = middle } else { low = middle }
    }
    return high
  }
}
