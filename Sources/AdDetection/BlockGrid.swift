import VideoCore

/// A plane divided into square blocks of pixels; what is left at the right and below belongs to the
/// last ones.
struct BlockGrid: Sendable, Hashable {
  /// Side of a block in pixels.
  static let side = 6

  let size: FrameSize
  let columns: Int
  let rows: Int

  init(size: FrameSize) {
    self.size = size
    columns = max(1, size.width / Self.side)
    rows = max(1, size.height / Self.side)
  }

  var count: Int { columns * rows }

  /// The mean of each block, clipped to 0...255 after multiplication.
  func means(_ plane: [Float], times factor: Float) -> [UInt8] {
    var sums = [Float](repeating: 0, count: count)
    var counts = [Float](repeating: 0, count: count)
    for y in 0..<size.height {
      let row = min(rows - 1, y / Self.side) * columns
      for x in 0..<size.width {
        let block = row + min(columns - 1, x / Self.side)
        sums[block] += plane[y * size.width + x]
        counts[block] += 1
      }
    }
    return zip(sums, counts).map { UInt8(max(0, min(255, $0 / $1 * factor))) }
  }
}

/// Evidence of one kind: for each block a number at each sampled moment.
struct BlockSeries: Sendable {
  let grid: BlockGrid
  /// Sampled moments in seconds, ascending.
  private(set) var times: [Double] = []
  /// Blocks of the first moment, then of the second, and so on.
  private(set) var values: [UInt8] = []

  init(grid: BlockGrid) { self.grid = grid }

  mutating func append(_ blocks: [UInt8], at seconds: Double) {
    precondition(blocks.count == grid.count, "one number for each block")
    times.append(seconds)
    values += blocks
  }

  func value(_ block: Int, at sample: Int) -> UInt8 { values[sample * grid.count + block] }

  /// The series in even pieces of `seconds` at least and less than twice as much; a shorter one as it is.
  func pieces(of seconds: Double) -> [BlockSeries] {
    guard let first = times.first, let last = times.last else { return [] }
    let count = max(1, Int((last - first) / seconds))
    var result: [BlockSeries] = []
    var start = 0
    for number in 1...count {
      let limit = first + (last - first) * Double(number) / Double(count)
      let end = number == count ? times.count : times.firstIndex { $0 >= limit } ?? times.count
      var piece = BlockSeries(grid: grid)
      piece.times = Array(times[start..<end])
      piece.values = Array(values[start * grid.count..<end * grid.count])
      result.append(piece)
      start = end
    }
    return result
  }
}
