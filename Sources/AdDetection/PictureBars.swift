import VideoCore

/// Black bars that an editor laid along the edges of a leak.
///
/// They hide what of the film lies under them, so nothing is expected to show there. A row belongs to
/// a bar where most of it stays black while the rest of the picture does not.
struct PictureBars: Sendable, Hashable {
  /// Rows from the top and from the bottom, columns from the left and from the right.
  var (top, bottom, left, right) = (0, 0, 0, 0)

  init(of pictures: [LumaPlane]) {
    guard let size = pictures.first?.size, pictures.count >= 4 else { return }
    let limit = (rows: size.height * 17 / 100, columns: size.width * 17 / 100)
    let rows = Self.levels(pictures, count: size.height) { plane, row in
      (0..<size.width).map { plane.pixels[row * size.width + $0] }
    }
    let columns = Self.levels(pictures, count: size.width) { plane, column in
      (0..<size.height).map { plane.pixels[$0 * size.width + column] }
    }
    top = Self.run(rows, limit: limit.rows)
    bottom = Self.run(rows.reversed(), limit: limit.rows)
    // Letterboxes are even: where an ad on one bar cuts it short, the other says how high it is.
    if min(top, bottom) > 0, 100 * max(top, bottom) > Self.leastLetterbox * size.height {
      (top, bottom) = (max(top, bottom), max(top, bottom))
    }
    left = Self.run(columns, limit: limit.columns)
    right = Self.run(columns.reversed(), limit: limit.columns)
  }

  /// For each line the level that three quarters of it seldom exceed.
  private static func levels(
    _ pictures: [LumaPlane],
    count: Int,
    _ line: (LumaPlane, Int) -> [UInt8]
  ) -> [UInt8] {
    (0..<count).map { index in
      let over = pictures.map { plane -> UInt8 in
        let sorted = line(plane, index).sorted()
        let (low, high) = (sorted[sorted.count / 10], sorted[sorted.count * 6 / 10])
        // An editor's black is even; a dark room has noise.
        return high - low <= evenness ? high : 255
      }.sorted()
      return over[over.count * 85 / 100]
    }
  }

  private static func run(_ levels: some Sequence<UInt8>, limit: Int) -> Int {
    var count = 0
    for level in levels {
      guard level <= black else { return count > limit ? 0 : count }
      count += 1
    }
    return 0
  }

  /// Takes what lies under the bars out of a coverage.
  func cover(_ coverage: inout [UInt8], size: FrameSize) {
    let end = max(left, size.width - right)
    for y in 0..<size.height {
      let row = y * size.width
      if y < top || y >= size.height - bottom {
        for x in 0..<size.width { coverage[row + x] = 0 }
      } else {
        for x in 0..<left { coverage[row + x] = 0 }
        for x in end..<size.width { coverage[row + x] = 0 }
      }
    }
  }

  /// A plane without the edges of the bars: their black takes the level of the picture beside it,
  /// what is drawn on them stays.
  func opened(_ plane: [Float], size: FrameSize) -> [Float] {
    guard top + bottom + left + right > 0 else { return plane }
    var result = plane
    let (first, last) = (top > 0 ? top + 1 : 0, size.height - (bottom > 0 ? bottom + 2 : 1))
    let (near, far) = (left > 0 ? left + 1 : 0, size.width - (right > 0 ? right + 2 : 1))
    guard first < last, near < far else { return plane }
    for y in 0..<size.height {
      for x in 0..<size.width where y < first || y > last || x < near || x > far {
        let i = y * size.width + x
        let isEdge =
          y == top || y == size.height - bottom - 1 || x == left || x == size.width - right - 1
        guard plane[i] <= Float(Self.black) + 8 || isEdge else { continue }
        result[i] = plane[min(last, max(first, y)) * size.width + min(far, max(near, x))]
      }
    }
    return result
  }

  /// Height of the bars of a film of 1.85 in a frame of 16 by 9 and more, in hundredths.
  private static let leastLetterbox = 5
  /// Levels that an editor's black keeps after coding, and its spread.
  private static let (black, evenness): (UInt8, UInt8) = (20, 4)
}
