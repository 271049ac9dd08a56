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

  /// What is taken to lie between where nothing came or went: what both show.
  var between: [UInt8] { zip(before, after).map { min($0, $1) } }

  /// The stronger of both in each block of pictures that take turns beside what stays.
  var turns: [[(block: Int, level: UInt8)]] {
    let lasting = lasting
    guard !lasting.isEmpty else { return [] }
    let changed = components {
      max(before[$0], after[$0]) >= Self.present && min(before[$0], after[$0]) < Self.absent
    }
    return changed.filter { isTurn($0, beside: lasting) }.map { drawing in
      drawing.blocks.map { ($0, max(before[$0], after[$0])) }
    }
  }

  /// Whether something stays beside, or under, some blocks.
  func hasLasting(beside blocks: [Int]) -> Bool {
    guard let first = blocks.first else { return false }
    let box = blocks.dropFirst().reduce(cell(first)) { $0.union(cell($1)) }
    return lasting.contains { $0.box.grown(by: Self.reach).overlap(box) > 0 }
  }

  /// Whether something came or went; single pictures are noisier than medians, so that it takes more
  /// of what one shows.
  func tellsOfChange(isBeforeSingle: Bool = false, isAfterSingle: Bool = false) -> Bool {
    let lasting = lasting
    let (least, later) = (
      isBeforeSingle ? Self.glimpsed : Self.present, isAfterSingle ? Self.glimpsed : Self.present
    )
    let changed = components {
      before[$0] >= least && after[$0] < Self.absent
        || after[$0] >= later && before[$0] < Self.absent
    }
    return changed.contains { !isTurn($0, beside: lasting) }
  }

  /// Whether something came or went between pictures of which several on each side agree.
  static func tellsOfChange(from before: [[UInt8]], to after: [[UInt8]], grid: BlockGrid) -> Bool {
    func merged(_ samples: [[UInt8]], _ choose: (UInt8, UInt8) -> UInt8) -> [UInt8] {
      let first = samples.first ?? [UInt8](repeating: 0, count: grid.count)
      return samples.dropFirst().reduce(first) { zip($0, $1).map(choose) }
    }
    let came = GapComparison(before: merged(before, max), after: merged(after, min), grid: grid)
    let went = GapComparison(before: merged(after, max), after: merged(before, min), grid: grid)
    return came.tellsOfArrival() || went.tellsOfArrival()
  }

  /// Whether something is there that was not before.
  private func tellsOfArrival() -> Bool {
    let lasting = lasting
    return components { after[$0] >= Self.present && before[$0] < Self.absent }
      .contains { !isTurn($0, beside: lasting) }
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

  /// What is there at both moments.
  private var lasting: [Drawing] {
    components { before[$0] >= Self.present && after[$0] >= Self.present }
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
