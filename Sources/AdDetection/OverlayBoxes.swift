import VideoCore

/// The rectangle of pixels in which something was drawn while it showed one picture.
///
/// Blocks say where to within half a dozen pixels; here the gradients of the difference from the film
/// that stay in place over some moments say where to the pixel.
enum OverlayBoxes {
  /// Pixels of a state, half-open; nil where too little is steady.
  static func refined(
    _ differences: [[Float]],
    size: FrameSize,
    around box: BlockBox
  ) -> (left: Int, top: Int, right: Int, bottom: Int)? {
    guard differences.count >= 2 else { return nil }
    let (wide, high) = (Self.reach.wide, Self.reach.high)
    let left = max(1, box.left * BlockGrid.side - wide)
    let top = max(1, box.top * BlockGrid.side - high)
    let right = min(size.width - 1, box.right * BlockGrid.side + wide)
    let bottom = min(size.height - 1, box.bottom * BlockGrid.side + high)
    guard right - left > 2, bottom - top > 2 else { return nil }
    let (w, h) = (right - left, bottom - top)
    var strengths = [Float](repeating: 0, count: w * h)
    for y in top..<bottom {
      for x in left..<right {
        var (sx, sy, length): (Float, Float, Float) = (0, 0, 0)
        let i = y * size.width + x
        for plane in differences {
          let dx = (plane[i + 1] - plane[i - 1]) / 2
          let dy = (plane[i + size.width] - plane[i - size.width]) / 2
          sx += dx
          sy += dy
          length += (dx * dx + dy * dy).squareRoot()
        }
        let n = Float(differences.count)
        let sum = (sx * sx + sy * sy).squareRoot()
        if sum > leastSteadiness * length { strengths[(y - top) * w + x - left] = sum / n }
      }
    }
    // What is faint beside the rest is residue of the film.
    let strong = strengths.filter { $0 > leastGradient }.sorted()
    guard strong.count >= leastPixels else { return nil }
    let level = max(leastGradient, 0.2 * strong[strong.count * 9 / 10])
    var (rows, columns) = ([Int](repeating: 0, count: h), [Int](repeating: 0, count: w))
    for y in 0..<h {
      for x in 0..<w where strengths[y * w + x] >= level {
        rows[y] += 1
        columns[x] += 1
      }
    }
    let (leastRow, leastColumn) = (max(2, w / 16), max(2, h / 8))
    let inRows = max(0, box.top * BlockGrid.side - top)..<min(h, box.bottom * BlockGrid.side - top)
    let inColumns =
      max(0, box.left * BlockGrid.side - left)..<min(w, box.right * BlockGrid.side - left)
    guard let (firstRow, lastRow) = extent(rows.map { $0 >= leastRow }, from: inRows, gap: 5),
      let (firstColumn, lastColumn) = extent(
        columns.map { $0 >= leastColumn },
        from: inColumns,
        gap: 10
      )
    else { return nil }
    // A central difference sees an edge from one pixel on either side.
    let inset = { (first: Int, last: Int) in
      last - first >= 5 ? (first + 1, last) : (first, last + 1)
    }
    let (a, b) = inset(firstColumn, lastColumn)
    let (c, d) = inset(firstRow, lastRow)
    return (
      a + left == 2 ? 0 : a + left, c + top == 2 ? 0 : c + top,
      b + left >= size.width - 2 ? size.width : b + left,
      d + top >= size.height - 2 ? size.height : d + top
    )
  }

  /// The rows of a strip in which text runs, as wide as the strip.
  ///
  /// Text in motion is steady nowhere, but its contrast reaches over the whole width.
  static func strip(
    _ differences: [[Float]],
    size: FrameSize,
    around box: BlockBox
  ) -> (left: Int, top: Int, right: Int, bottom: Int)? {
    guard !differences.isEmpty else { return nil }
    let top = max(1, box.top * BlockGrid.side - reach.high)
    let bottom = min(size.height - 1, box.bottom * BlockGrid.side + reach.high)
    let left = max(1, box.left * BlockGrid.side)
    let right = min(
      size.width - 1,
      box.right >= BlockGrid(size: size).columns
        ? size.width - 1 : box.right * BlockGrid.side
    )
    let bins = 12
    guard bottom - top > 2, right - left > bins else { return nil }
    var isEdge = [Bool](repeating: false, count: bottom - top)
    let energies = (top..<bottom).map { y -> Float in
      var sums = [Float](repeating: 0, count: bins)
      var (slope, slopes): (Float, Float) = (0, 0)
      for x in left..<right {
        let i = y * size.width + x
        for plane in differences {
          sums[(x - left) * bins / (right - left)] += abs(plane[i + 1] - plane[i - 1])
          let down = plane[i + size.width] - plane[i - size.width]
          slope += down
          slopes += abs(down)
        }
      }
      // The rim of the strip: one slope all along.
      isEdge[y - top] =
        abs(slope) > 0.6 * slopes
        && slopes > leastGradient * Float((right - left) * differences.count)
      // Something narrower in the same rows does not count.
      return sums.sorted()[bins * 3 / 10]
    }
    guard let most = energies.max(), most > 0 else { return nil }
    let inside = energies.map { $0 > 0.25 * most }
    guard let peak = energies.firstIndex(of: most),
      let (first, last) = extent(inside, from: peak..<(peak + 1), gap: 3)
    else { return nil }
    let near = 10
    let above = (max(0, first - near)..<max(1, first)).first { isEdge[$0] }
    let below = (min(isEdge.count - 1, last + 1)..<min(isEdge.count, last + near)).last {
      isEdge[$0]
    }
    let (upper, lower) = (above ?? first, below ?? last)
    let isWhole = Double(right - left) > 0.6 * Double(size.width)
    let end = lower + top + 2
    return (
      isWhole ? 0 : left, max(0, upper + top - 1), isWhole ? size.width : right,
      end >= size.height - 2 ? size.height : end
    )
  }

  /// The first and last line that are on, within `range` and beyond it over pauses of up to `gap`.
  private static func extent(
    _ on: [Bool],
    from range: Range<Int>,
    gap: Int
  ) -> (first: Int, last: Int)? {
    guard var first = range.first(where: { on[$0] }), var last = range.last(where: { on[$0] })
    else { return nil }
    while let next = (max(0, first - gap - 1)..<first).first(where: { on[$0] }) { first = next }
    while let next = ((last + 1)..<min(on.count, last + gap + 2)).last(where: { on[$0] }) {
      last = next
    }
    return (first, last)
  }

  /// Pixels looked at around the blocks: words that are hardly visible stand beside others.
  private static let reach = (wide: 24, high: 8)
  private static let leastSteadiness: Float = 0.65
  private static let leastGradient: Float = 3
  private static let leastPixels = 12
}
