/// Filters on small pictures of floating numbers, row-major.
enum PlaneSmoothing {
  typealias Size = (width: Int, height: Int)

  /// A blur by 1, 2, 1 to both sides; edges repeat.
  static func binomial(_ plane: [Float], _ size: Size) -> [Float] {
    var across = plane
    for y in 0..<size.height {
      let row = y * size.width
      for x in 0..<size.width {
        let (left, right) = (max(0, x - 1), min(size.width - 1, x + 1))
        across[row + x] = (plane[row + left] + 2 * plane[row + x] + plane[row + right]) / 4
      }
    }
    var down = across
    for y in 0..<size.height {
      let row = y * size.width
      let above = max(0, y - 1) * size.width
      let below = min(size.height - 1, y + 1) * size.width
      for x in 0..<size.width {
        down[row + x] = (across[above + x] + 2 * across[row + x] + across[below + x]) / 4
      }
    }
    return down
  }

  /// Means of two by two pixels.
  static func halved(_ plane: [Float], _ size: Size) -> [Float] {
    let (width, height) = (size.width / 2, size.height / 2)
    var result = [Float](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let at = 2 * y * size.width + 2 * x
        result[y * width + x] =
          (plane[at] + plane[at + 1] + plane[at + size.width] + plane[at + size.width + 1]) / 4
      }
    }
    return result
  }

  /// A picture without its local mean over a square of `2 radius + 1`, where `mask` is 1; 0
  /// elsewhere.
  static func highPass(_ plane: [Float], mask: [Float], _ size: Size, radius: Int) -> [Float] {
    let (width, height) = size
    // Sums of rows first, then of columns, values and mask alike.
    var sums = [SIMD2<Float>](repeating: .zero, count: plane.count)
    for y in 0..<height {
      let row = y * width
      var sum = SIMD2<Float>.zero
      for x in 0..<min(radius, width) { sum += SIMD2(plane[row + x], 1) * mask[row + x] }
      for x in 0..<width {
        let entering = x + radius
        if entering < width {
          sum += SIMD2(plane[row + entering], 1) * mask[row + entering]
        }
        let leaving = x - radius - 1
        if leaving >= 0 { sum -= SIMD2(plane[row + leaving], 1) * mask[row + leaving] }
        sums[row + x] = sum
      }
    }
    var result = plane
    var column = [SIMD2<Float>](repeating: .zero, count: width)
    for y in 0..<min(radius, height) {
      for x in 0..<width { column[x] += sums[y * width + x] }
    }
    for y in 0..<height {
      let (entering, leaving) = (y + radius, y - radius - 1)
      if entering < height {
        for x in 0..<width { column[x] += sums[entering * width + x] }
      }
      if leaving >= 0 {
        for x in 0..<width { column[x] -= sums[leaving * width + x] }
      }
      for x in 0..<width {
        let at = y * width + x
        result[at] = mask[at] > 0 ? plane[at] - column[x].x / max(1, column[x].y) : 0
      }
    }
    return result
  }
}
