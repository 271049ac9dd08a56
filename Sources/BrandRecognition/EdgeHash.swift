/// 256 bits that say where a window of a picture is steeper than on average.
///
/// Wide windows are cut into 32 by 8 cells, others into 16 by 16.
enum EdgeHash {
  /// Columns and rows of the cells of a window of a width over height.
  static func grid(aspect: Float) -> (columns: Int, rows: Int) {
    aspect >= 2.2 ? (32, 8) : (16, 16)
  }

  /// The bits of a window that lies inside, row by row; nil where it is flat.
  static func hash(
    of picture: EdgePicture,
    left: Int,
    top: Int,
    width: Int,
    height: Int,
    grid: (columns: Int, rows: Int)
  ) -> SIMD4<UInt64>? {
    let (right, bottom) = (left + width, top + height)
    guard
      picture.variance(left: left, top: top, right: right, bottom: bottom)
        > EdgePicture.leastVariance
    else { return nil }
    let mean =
      picture.sum(left: left, top: top, right: right, bottom: bottom) / Double(width * height)
    var words = SIMD4<UInt64>()
    var bit = 0
    for row in 0..<grid.rows {
      let y0 = top + row * height / grid.rows
      let y1 = max(y0 + 1, top + (row + 1) * height / grid.rows)
      for column in 0..<grid.columns {
        let x0 = left + column * width / grid.columns
        let x1 = max(x0 + 1, left + (column + 1) * width / grid.columns)
        let sum = picture.sum(left: x0, top: y0, right: x1, bottom: y1)
        if sum > mean * Double((x1 - x0) * (y1 - y0)) { words[bit >> 6] |= 1 << UInt64(bit & 63) }
        bit += 1
      }
    }
    return words
  }
}
