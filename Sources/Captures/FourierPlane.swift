import Glibc

/// Two-dimensional Fourier transforms of planes whose sides are powers of two.
struct FourierPlane {
  let width: Int
  let height: Int
  /// Real and imaginary parts, row-major.
  var values: [SIMD2<Float>]

  /// The transform of a real plane.
  init(_ plane: [Float], width: Int, height: Int) {
    precondition(plane.count == width * height, "a plane of another size")
    (self.width, self.height) = (width, height)
    values = plane.map { SIMD2($0, 0) }
    transform(isInverse: false)
  }

  private init(_ values: [SIMD2<Float>], width: Int, height: Int) {
    (self.values, self.width, self.height) = (values, width, height)
  }

  /// The circular correlation with another plane: at (dx, dy) the sum of `self(x + dx, y + dy) other(x, y)`.
  func correlation(with other: FourierPlane) -> [Float] {
    precondition(width == other.width && height == other.height, "planes of two sizes")
    var product = FourierPlane(
      zip(values, other.values).map { a, b in
        SIMD2(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y)
      },
      width: width,
      height: height
    )
    product.transform(isInverse: true)
    return product.values.map(\.x)
  }

  /// The plane whose transform this is.
  func plane() -> [Float] {
    var copy = self
    copy.transform(isInverse: true)
    return copy.values.map(\.x)
  }

  private mutating func transform(isInverse: Bool) {
    let (rowTwiddles, columnTwiddles) = (
      Self.twiddles(width, isInverse), Self.twiddles(height, isInverse)
    )
    var line = [SIMD2<Float>](repeating: .zero, count: max(width, height))
    for y in 0..<height {
      for x in 0..<width { line[x] = values[y * width + x] }
      Self.transform(&line, width, rowTwiddles)
      for x in 0..<width { values[y * width + x] = line[x] }
    }
    for x in 0..<width {
      for y in 0..<height { line[y] = values[y * width + x] }
      Self.transform(&line, height, columnTwiddles)
      for y in 0..<height { values[y * width + x] = line[y] }
    }
    guard isInverse else { return }
    let scale = 1 / Float(width * height)
    for index in values.indices { values[index] *= scale }
  }

  private static func twiddles(_ count: Int, _ isInverse: Bool) -> [SIMD2<Float>] {
    (0..<max(1, count / 2)).map { index in
      let angle = (isInverse ? 2 : -2) * Double.pi * Double(index) / Double(count)
      return SIMD2(Float(cos(angle)), Float(sin(angle)))
    }
  }

  /// Cooley and Tukey's, in place, for a power of two.
  private static func transform(
    _ line: inout [SIMD2<Float>],
    _ count: Int,
    _ twiddles: [SIMD2<Float>]
  ) {
    var j = 0
    for i in 1..<max(1, count) {
      var bit = count >> 1
      while j & bit != 0 {
        j ^= bit
        bit >>= 1
      }
      j |= bit
      if i < j { line.swapAt(i, j) }
    }
    var length = 2
    while length <= count {
      let (half, step) = (length / 2, count / length)
      var start = 0
      while start < count {
        for k in 0..<half {
          let w = twiddles[k * step]
          let (a, b) = (line[start + k], line[start + k + half])
          let turned = SIMD2(b.x * w.x - b.y * w.y, b.x * w.y + b.y * w.x)
          line[start + k] = a + turned
          line[start + k + half] = a - turned
        }
        start += length
      }
      length *= 2
    }
  }
}
