import Glibc

/// The few distributions that are needed.
enum Distributions {
  /// The factor for an ellipse in two dimensions that holds `share`, where the variance was estimated
  /// with so many degrees of freedom: `2 F(share; 2, freedom)`.
  static func ellipseQuantile(share: Double, freedom: Double) -> Double {
    // F with two degrees of freedom in its numerator has a closed form.
    freedom * (pow(1 - share, -2 / freedom) - 1)
  }

  /// Logarithm, base 10, of the probability that F with `count` and `freedom` degrees of freedom is
  /// greater than `value`.
  static func log10Tail(f value: Double, count: Int, freedom: Double) -> Double {
    let x = freedom / (freedom + Double(count) * value)
    return log10(max(1e-300, betaShare(x, freedom / 2, Double(count) / 2)))
  }

  /// The regularised incomplete beta function.
  ///
  /// - Source: Press et al.: "Numerical Recipes", 3rd ed., section 6.4 (continued fraction).
  static func betaShare(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2) { return front * fraction(x, a, b) / a }
    return 1 - front * fraction(1 - x, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var h = d
    for m in 1...300 {
      let m = Double(m)
      for step in 0..<2 {
        let factor =
          step == 0
          ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
          : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 + factor * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + factor / c
        if abs(c) < tiny { c = tiny }
        h *= d * c
        if step == 1, abs(d * c - 1) < 1e-12 { return h }
      }
    }
    return h
  }
}
