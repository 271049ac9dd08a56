/// How steep a sign is everywhere at one size, without its mean and brought to a sum of squares of 1:
/// all that correlations with it need.
struct EdgeSign {
  let width: Int
  let height: Int
  let values: [Float]
  /// Whether nothing stands out; such a sign correlates with nothing.
  let isFlat: Bool

  init(_ edges: EdgePicture) {
    (width, height) = (edges.width, edges.height)
    let place = Windows.Place(left: 0, top: 0, width: edges.width, height: edges.height)
    let (mean, variance) = (Float(edges.mean(of: place)), edges.variance(of: place))
    isFlat = variance <= EdgePicture.leastVariance
    let norm = isFlat ? 0 : Float(1 / (variance * Double(edges.values.count)).squareRoot())
    values = edges.values.map { ($0 - mean) * norm }
  }
}

/// Sums of products, sixteen at a time.
enum DotProduct {
  /// The sum of `a[i + k] * b[j + k]` over `count` places.
  static func of(_ a: [Float], from i: Int, _ b: [Float], from j: Int, count: Int) -> Float {
    precondition(i >= 0 && j >= 0 && i + count <= a.count && j + count <= b.count)
    var sums = SIMD16<Float>()
    var rest: Float = 0
    unsafe a.withUnsafeBytes { first in
      unsafe b.withUnsafeBytes { second in
        var k = 0
        while k + 16 <= count {
          let x = unsafe first.loadUnaligned(fromByteOffset: 4 * (i + k), as: SIMD16<Float>.self)
          let y = unsafe second.loadUnaligned(fromByteOffset: 4 * (j + k), as: SIMD16<Float>.self)
          sums += x * y
          k += 16
        }
        while k < count {
          rest += a[i + k] * b[j + k]
          k += 1
        }
      }
    }
    return sums.sum() + rest
  }
}
