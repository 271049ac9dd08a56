import Glibc

/// The C library's cosine.
func _cosine(_ radians: Double) -> Double { cos(radians) }

/// The C library's logarithm to base 10.
func _log10(_ value: Double) -> Double { log10(value) }

/// Q(z): the upper tail of the standard normal distribution.
func _normalTail(_ z: Double) -> Double { erfc(z / 2.squareRoot()) / 2 }

/// Cosines of half waves over the unit interval.
enum CosineTable {
  private static let steps = 2048
  private static let values: [Float] = (0...steps).map {
    Float(cos(Double.pi * Double($0) / Double(steps)))
  }

  /// cos(π · x), of the nearest of 2049 places; `x` is brought into 0...1.
  static func cosine(_ x: Float) -> Float {
    let place = max(0, min(Float(steps), x * Float(steps)))
    return values[Int(place + 0.5)]
  }
}
