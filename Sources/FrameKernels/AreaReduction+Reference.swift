extension AreaReduction {
  /// The definition, pixel by pixel: what every level must equal.
  ///
  /// - Shape: `source` holds `height` rows of `stride` samples, of which `width` count.
  /// - Complexity: O(pixels covered by all output pixels), in 64-bit integers.
  package static func reference(
    _ source: [UInt16],
    stride: Int,
    width: Int,
    height: Int,
    bitDepth: Int,
    outputWidth: Int,
    outputHeight: Int
  ) -> [UInt8] {
    let (unitX, unitY) = (gcd(width, outputWidth), gcd(height, outputHeight))
    let (sourceX, sourceY) = (width / unitX, height / unitY)
    let (outX, outY) = (outputWidth / unitX, outputHeight / unitY)
    let divisor = (sourceX * sourceY) << (bitDepth - 8)
    var output: [UInt8] = []
    for y in 0..<outputHeight {
      for x in 0..<outputWidth {
        let (left, right) = (x * sourceX, (x + 1) * sourceX)
        let (top, bottom) = (y * sourceY, (y + 1) * sourceY)
        var sum = 0
        for row in top / outY...(bottom - 1) / outY {
          let high = min(bottom, (row + 1) * outY) - max(top, row * outY)
          for column in left / outX...(right - 1) / outX {
            let wide = min(right, (column + 1) * outX) - max(left, column * outX)
            sum += Int(source[row * stride + column]) * high * wide
          }
        }
        output.append(UInt8(min(255, (sum + divisor / 2) / divisor)))
      }
    }
    return output
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}
