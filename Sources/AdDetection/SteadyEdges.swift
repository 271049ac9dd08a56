import VideoCore

/// Finds edges that stay where they are while the rest comes and goes.
///
/// The gradients of some pictures are added up as vectors, pixel by pixel: the length of the sums over
/// the sum of the lengths is 1 where all point the same way, and falls with the root of their number
/// where they are chance. Lengths are added over a block first, so that strong edges count and noise
/// does not.
///
/// A picture is taken only when the film has changed since the last one: a shot that stands still is
/// one witness, however long it stands.
struct SteadyEdges {
  private struct Witness {
    var seconds: Double
    var x: [Float]
    var y: [Float]
  }

  /// Witnesses to either side of the middle one.
  let reach: Int
  /// Added to the mean length of a pixel's gradient: weaker ones are noise.
  let floor: Float
  private let grid: BlockGrid
  private var witnesses: [Witness] = []
  private var thumbnail: [Float] = []
  private var next = 0

  init(grid: BlockGrid, reach: Int, floor: Float) {
    self.grid = grid
    self.reach = reach
    self.floor = floor
  }

  /// Adds `plane`, the picture itself or its difference from the film, if the picture has changed;
  /// hands on the blocks about a witness, in 255ths, once its window is complete.
  mutating func add(
    _ plane: [Float],
    of picture: TimedPicture,
    _ body: (_ middle: Double, _ blocks: [UInt8]) -> Void
  ) {
    let small = ShotCuts.thumbnail(picture.plane)
    if thumbnail.count == small.count {
      var change: Float = 0
      for i in small.indices { change += abs(small[i] - thumbnail[i]) }
      guard change > Self.leastChange * Float(small.count) else { return }
    }
    thumbnail = small
    let (w, h) = (grid.size.width, grid.size.height)
    var witness = Witness(seconds: picture.seconds, x: plane, y: plane)
    for y in 0..<h {
      let (up, down) = (max(0, y - 1) * w, min(h - 1, y + 1) * w)
      let row = y * w
      for x in 0..<w {
        witness.x[row + x] = plane[row + min(w - 1, x + 1)] - plane[row + max(0, x - 1)]
        witness.y[row + x] = plane[down + x] - plane[up + x]
      }
    }
    witnesses.append(witness)
    while next + reach < witnesses.count { hand(to: body) }
  }

  /// Hands on what is left at the end.
  mutating func finish(_ body: (_ middle: Double, _ blocks: [UInt8]) -> Void) {
    while next < witnesses.count { hand(to: body) }
    witnesses = []
    next = 0
  }

  private mutating func hand(to body: (_ middle: Double, _ blocks: [UInt8]) -> Void) {
    let window = max(0, next - reach)..<min(witnesses.count, next + reach + 1)
    if window.count > reach { body(witnesses[next].seconds, blocks(window)) }
    next += 1
    if next > reach {
      witnesses.removeFirst()
      next -= 1
    }
  }

  private func blocks(_ window: Range<Int>) -> [UInt8] {
    let (w, h) = (grid.size.width, grid.size.height)
    var sums = [Float](repeating: 0, count: grid.count)
    var lengths = [Float](repeating: 0, count: grid.count)
    let least = floor * Float(window.count)
    var (x, y, length) = ([Float](), [Float](), [Float]())
    for row in 0..<h {
      x = [Float](repeating: 0, count: w)
      y = x
      length = x
      for index in window {
        for column in 0..<w {
          let i = row * w + column
          let (dx, dy) = (witnesses[index].x[i], witnesses[index].y[i])
          x[column] += dx
          y[column] += dy
          length[column] += (dx * dx + dy * dy).squareRoot()
        }
      }
      let first = min(grid.rows - 1, row / BlockGrid.side) * grid.columns
      for column in 0..<w {
        let block = first + min(grid.columns - 1, column / BlockGrid.side)
        sums[block] += (x[column] * x[column] + y[column] * y[column]).squareRoot()
        lengths[block] += length[column] + least
      }
    }
    return zip(sums, lengths).map { UInt8(max(0, min(255, 255 * $0 / max(1e-6, $1)))) }
  }

  /// Mean change of a thumbnail, in levels, that makes a new witness.
  private static let leastChange: Float = 8
}
