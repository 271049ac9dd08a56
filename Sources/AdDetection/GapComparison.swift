/// Says whether something may have come or gone between two moments of a leak.
///
/// What is there on one side alone came or went. Pictures that take turns at one place differ on the
/// two sides as well, but beside what stays.
struct GapComparison {
  let grid: BlockGrid
  /// Foreign contrast of each block at the moment before and at the one after; of single pictures, or
  /// medians of several.
  let before: [UInt8]
  let after: [UInt8]

  init(before: [UInt8], after: [UInt8], grid: BlockGrid) {
    precondition(before.count == grid.count && after.count == grid.count, "a number for each block")
    (self.before, self.after, self.grid) = (before, after, grid)
  }

  /// What is taken to lie between where nothing came or went.
  var between: [UInt8] { zip(before, after).map { min($0, $1) } }

  /// Whether something came or went; single pictures are noisier than medians, so that it takes more
  /// of what one shows.
  func tellsOfChange(isBeforeSingle: Bool = false, isAfterSingle: Bool = false) -> Bool {
    let lasting = components { before[$0] >= Self.present && after[$0] >= Self.present }
    let (least, later) = (
      isBeforeSingle ? Self.glimpsed : Self.present, isAfterSingle ? Self.glimpsed : Self.present
    )
    let changed = components {
      before[$0] >= least && after[$0] < Self.absent
        || after[$0] >= later && before[$0] < Self.absent
    }
    return changed.contains { !isTurn($0, beside: lasting) }
  }

  /// The median of each block.
  static func medians(_ samples: [[UInt8]]) -> [UInt8]? {
    guard let first = samples.first else { return nil }
    return first.indices.map { block in
      samples.map { $0[block] }.sorted()[samples.count / 2]
    }
  }

  /// Blocks that hang together and could hold a word.
  private struct Drawing {
    var blocks: [Int]
    var box: BlockBox
  }

  /// Whether it is one of several pictures that take turns beside, or over, one that stays.
  private func isTurn(_ drawing: Drawing, beside lasting: [Drawing]) -> Bool {
    lasting.contains {
      $0.box.grown(by: Self.reach).overlap(drawing.box) > 0
        && drawing.blocks.count <= Self.largestTurn * $0.blocks.count
    }
  }

  private func components(where isOn: (Int) -> Bool) -> [Drawing] {
    var open = (0..<grid.count).map(isOn)
    var result: [Drawing] = []
    for seed in open.indices where open[seed] {
      open[seed] = false
      var blocks = [seed]
      var next = 0
      var box = cell(seed)
      while next < blocks.count {
        let (x, y) = (blocks[next] % grid.columns, blocks[next] / grid.columns)
        for ny in max(0, y - Self.reach)...min(grid.rows - 1, y + Self.reach) {
          for nx in max(0, x - Self.reach)...min(grid.columns - 1, x + Self.reach)
          where open[ny * grid.columns + nx] {
            open[ny * grid.columns + nx] = false
            blocks.append(ny * grid.columns + nx)
            box = box.union(cell(ny * grid.columns + nx))
          }
        }
        next += 1
      }
      if blocks.count >= Self.leastBlocks, min(box.width, box.height) >= 2,
        Double(blocks.count) >= Self.leastFill * Double(box.area)
      {
        result.append(Drawing(blocks: blocks, box: box))
      }
    }
    return result
  }

  private func cell(_ block: Int) -> BlockBox {
    let (x, y) = (block % grid.columns, block / grid.columns)
    return BlockBox(left: x, top: y, right: x + 1, bottom: y + 1)
  }

  /// Levels of foreign contrast from which something is there, below which nothing is, and that a
  /// single picture must show.
  private static let (present, absent, glimpsed): (UInt8, UInt8, UInt8) = (24, 14, 40)
  private static let reach = 2
  private static let leastBlocks = 8
  private static let leastFill = 0.3
  /// How much larger than what stays a picture that takes turns may be.
  private static let largestTurn = 4
}
