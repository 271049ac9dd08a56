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
}
