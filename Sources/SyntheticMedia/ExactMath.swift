/// Elementary functions built from IEEE additions, products and quotients alone.
///
/// The C library's `sin` or `pow` may differ in the last bit between machines; these give the same
/// bits everywhere, which the promise "same seed, same frames" needs. Errors are below 1e-6.
enum ExactMath {
  /// The sine of an angle in turns (1 turn = 2π).
  static func sinTurns(_ turns: Double) -> Double {
    var f = turns - turns.rounded(.down)
    if f > 0.75 { f -= 1 } else if f > 0.25 { f = 0.5 - f }
    let x = f * 6.283185307179586
    let s = x * x
    return x
      * (1 + s
        * (-1 / 6 + s
          * (1 / 120 + s * (-1 / 5040 + s * (1 / 362_880 + s * (-1 / 39_916_800))))))
  }

  /// The cosine of an angle in turns.
  static func cosTurns(_ turns: Double) -> Double { sinTurns(turns + 0.25) }

  static func exp2(_ x: Double) -> Double {
    guard x > -1000 else { return 0 }
    let whole = min(x, 1000).rounded(.down)
    let f = (min(x, 1000) - whole) * 0.6931471805599453
    var term = 1.0
    var sum = 1.0
    for n in 1...11 {
      term *= f / Double(n)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
  }

  static func log2(_ x: Double) -> Double {
    let z = (x.significand - 1) / (x.significand + 1)
    let s = z * z
    var term = z
    var sum = 0.0
    for n in 0..<14 {
      sum += term / Double(2 * n + 1)
      term *= s
    }
    return Double(x.exponent) + 2 * sum * 1.4426950408889634
  }

  /// `base` to the power of `exponent`, for a base of 0 or more.
  static func pow(_ base: Double, _ exponent: Double) -> Double {
    base <= 0 ? 0 : exp2(exponent * log2(base))
  }

  /// e to the power of `x`.
  static func exp(_ x: Double) -> Double { exp2(x * 1.4426950408889634) }

  static func smoothstep(_ low: Float, _ high: Float, _ x: Float) -> Float {
    let t = min(1, max(0, (x - low) / (high - low)))
    return t * t * (3 - 2 * t)
  }

  static func smoothstep(_ low: Double, _ high: Double, _ x: Double) -> Double {
    let t = min(1, max(0, (x - low) / (high - low)))
    return t * t * (3 - 2 * t)
  }
}
