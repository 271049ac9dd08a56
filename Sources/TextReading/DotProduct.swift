/// Sums of products, sixteen at a time.
package enum DotProduct {
  /// The sum of `a[i + k] * b[j + k]` over `count` places.
  package static func of(
    _ a: [Float],
    from i: Int,
    _ b: [Float],
    from j: Int,
    count: Int
  ) -> Float {
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
