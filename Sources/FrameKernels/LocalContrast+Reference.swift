extension LocalContrast {
  /// The definition, step by step: what every level must equal bit for bit.
  package static func reference(
    _ plane: [UInt8],
    width: Int,
    height: Int,
    kernel: [Float],
    epsilon: Float
  ) -> [Float] {
    let levels = plane.map { (Float($0) / 255).squareRoot() }
    let means = blurred(levels, width: width, height: height, kernel: kernel)
    let deviations = zip(levels, means).map { $0 - $1 }
    let squares = deviations.map { $0 * $0 }
    let variances = blurred(squares, width: width, height: height, kernel: kernel)
    return zip(deviations, variances).map { $0 / (($1 > 0 ? $1 : 0).squareRoot() + epsilon) }
  }

  private static func blurred(
    _ plane: [Float],
    width: Int,
    height: Int,
    kernel: [Float]
  ) -> [Float] {
    let radius = kernel.count / 2
    var down = plane
    for y in 0..<height {
      for x in 0..<width {
        let column = kernel.indices.map { plane[mirrored(y + $0 - radius, height) * width + x] }
        down[y * width + x] = sum(column, kernel)
      }
    }
    var across = down
    for y in 0..<height {
      for x in 0..<width {
        let row = kernel.indices.map { down[y * width + mirrored(x + $0 - radius, width)] }
        across[y * width + x] = sum(row, kernel)
      }
    }
    return across
  }

  private static func sum(_ samples: [Float], _ kernel: [Float]) -> Float {
    var sum = samples[0] * kernel[0]
    for tap in kernel.indices.dropFirst() { sum += samples[tap] * kernel[tap] }
    return sum
  }

  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    var index = index
    while count > 1 && !(0..<count).contains(index) {
      index = index < 0 ? -index : 2 * (count - 1) - index
    }
    return count > 1 ? index : 0
  }
}
