/// The windows of one size of a picture, with their bits.
///
/// The picture's steepness is averaged over cells as large as those of the bits, so that the bits of a
/// window are comparisons of a few rows of cells with their mean: windows by the hundred thousand cost
/// no more than single correlations.
struct Windows {
  /// Where a window lies, in pixels.
  struct Place: Hashable {
    var left: Int
    var top: Int
    var width: Int
    var height: Int
  }

  private(set) var places: [Place] = []
  /// Four words for each place.
  private(set) var hashes: [UInt64] = []

  /// Cuts windows of `height` pixels, `aspect` times as wide, an eighth of their height apart or less.
  init(of edges: EdgePicture, aspect: Float, height: Int) {
    let grid = EdgeHash.grid(aspect: aspect)
    let width = Int((Float(height) * aspect).rounded())
    let cell = (
      width: Float(width) / Float(grid.columns), height: Float(height) / Float(grid.rows)
    )
    let step = Float(height) / 8
    let phases = max(1, Int((cell.width / step).rounded(.up)))
    let strides = (
      x: max(1, Int(step / cell.width)), y: max(1, Int((step / cell.height).rounded()))
    )
    for phase in 0..<phases {
      let cells = Cells(of: edges, first: Float(phase) * cell.width / Float(phases), cell)
      for row in stride(from: 0, through: cells.rows - grid.rows, by: strides.y) {
        for column in stride(from: 0, through: cells.columns - grid.columns, by: strides.x) {
          let place = Place(
            left: cells.lefts[column],
            top: cells.tops[row],
            width: width,
            height: height
          )
          guard place.left + width <= edges.width, place.top + height <= edges.height,
            edges.variance(of: place) > EdgePicture.leastVariance
          else { continue }
          let mean = edges.mean(of: place)
          let hash = cells.hash(row: row, column: column, grid, mean: mean)
          places.append(place)
          for word in 0..<4 { hashes.append(hash[word]) }
        }
      }
    }
  }

  /// The heights at which windows of a width over height fit into a picture, `factor` apart.
  static func heights(in edges: EdgePicture, aspect: Float, factor: Float) -> [Int] {
    var heights: [Int] = []
    // Small crops are enlarged to twice their size: signs of fewer than ten rows cannot be read.
    var exact: Float = 20
    while Int(exact.rounded()) <= edges.height,
      Int((Float(Int(exact.rounded())) * aspect).rounded()) <= edges.width
    {
      let height = Int(exact.rounded())
      if heights.last != height { heights.append(height) }
      exact *= factor
    }
    return heights
  }

  /// The `count` places of the least distances, at most `most`.
  func nearest(_ distances: [UInt16], count: Int, most: UInt16) -> [Int] {
    var best: [Int] = []
    for index in distances.indices {
      let distance = distances[index]
      guard distance <= most, best.count < count || distance < distances[best[best.count - 1]]
      else { continue }
      let place = best.firstIndex { distances[$0] > distance } ?? best.count
      best.insert(index, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}

/// Mean steepness of cells of one size.
private struct Cells {
  let columns: Int
  let rows: Int
  /// Left edges of the columns and upper edges of the rows, in pixels; one more at the end.
  let lefts: [Int]
  let tops: [Int]
  /// Roots of the means in sevenths, at most 127, row by row: what is faint is told apart as well as
  /// what is strong.
  private let roots: [UInt8]

  init(of edges: EdgePicture, first: Float, _ cell: (width: Float, height: Float)) {
    func marks(from start: Float, _ side: Float, _ end: Int) -> [Int] {
      let count = max(0, Int((Float(end) - start) / side + 0.01))
      return (0...count).map { min(end, Int((start + Float($0) * side).rounded())) }
    }
    let lefts = marks(from: first, cell.width, edges.width)
    let tops = marks(from: 0, cell.height, edges.height)
    var roots: [UInt8] = []
    roots.reserveCapacity(lefts.count * tops.count)
    for (top, bottom) in zip(tops, tops.dropFirst()) {
      for (left, right) in zip(lefts, lefts.dropFirst()) {
        let (right, bottom) = (max(right, left + 1), max(bottom, top + 1))
        guard right <= edges.width, bottom <= edges.height else {
          roots.append(0)
          continue
        }
        let sum = edges.sum(left: left, top: top, right: right, bottom: bottom)
        roots.append(Self.root(of: sum / Double((right - left) * (bottom - top))))
      }
    }
    (columns, rows) = (lefts.count - 1, tops.count - 1)
    (self.lefts, self.tops, self.roots) = (lefts, tops, roots)
  }

  /// The bits of the cells from a row and column on: which are steeper than `mean`.
  func hash(
    row: Int,
    column: Int,
    _ grid: (columns: Int, rows: Int),
    mean: Double
  ) -> SIMD4<UInt64> {
    precondition(row + grid.rows <= rows && column + grid.columns <= columns)
    // Eight cells at once: the highest bit of each byte is left where nothing has to be borrowed.
    let highest: UInt64 = 0x8080_8080_8080_8080
    let least = UInt64(Self.root(of: mean) + 1) &* 0x0101_0101_0101_0101
    let perRow = grid.columns / 8
    var hash = SIMD4<UInt64>()
    unsafe roots.withUnsafeBytes { bytes in
      for word in 0..<4 {
        var bits: UInt64 = 0
        for byte in 0..<8 {
          let eight = 8 * word + byte
          let start = (row + eight / perRow) * columns + column + 8 * (eight % perRow)
          let cells = unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
          let isMore = (((cells | highest) &- least) & highest) &>> 7
          // The product gathers the lowest bits of eight bytes in the highest byte.
          bits |= ((isMore &* 0x0102_0408_1020_4080) &>> 56) &<< UInt64(8 * byte)
        }
        hash[word] = bits
      }
    }
    return hash
  }

  private static func root(of mean: Double) -> UInt8 {
    UInt8(min(126, 7 * max(0, mean).squareRoot()))
  }
}
