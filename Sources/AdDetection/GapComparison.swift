/// Says whether something may have come or gone in a part of a leak that was passed over.
///
/// A drawing that is there on both sides and at the key frames between was there all the time. What
/// is there on one side alone came or went within; what only a key frame shows did both. Pictures that
/// take turns at one place differ on the two sides as well, but beside what stays.
struct GapComparison {
  let grid: BlockGrid
  /// Foreign contrast of each block in the second before and in the second after the part.
  let before: [UInt8]
  let after: [UInt8]

  /// Compares the last and first samples of what was seen on both sides; nil where either is empty.
  init?(before: [[UInt8]], after: [[UInt8]], grid: BlockGrid) {
    guard !before.isEmpty, !after.isEmpty else { return nil }
    self.grid = grid
    self.before = Self.medians(before)
    self.after = Self.medians(after)
  }

  /// What is taken to lie between the two sides where nothing came or went.
  var between: [UInt8] { zip(before, after).map { min($0, $1) } }

  /// Whether something came or went, by the two sides and by the pictures `peeked` at between them.
  func tellsOfChange(peeked: [[UInt8]]) -> Bool {
    let lasting = components { before[$0] >= Self.present && after[$0] >= Self.present }
    let changed = components {
      before[$0] >= Self.present && after[$0] < Self.absent
        || after[$0] >= Self.present && before[$0] < Self.absent
    }
    if changed.contains(where: { !isTurn($0, beside: lasting) }) { return true }
    return peeked.contains { peek in
      let gone = lasting.contains { drawing in
        let missing = drawing.blocks.count { peek[$0] < Self.absent }
        return Double(missing) > Self.mostMissing * Double(drawing.blocks.count)
      }
      if gone { return true }
      // A single picture is noisier than a second of them.
      let new = components {
        peek[$0] >= Self.glimpsed && before[$0] < Self.present && after[$0] < Self.present
      }
      return new.contains { !isTurn($0, beside: lasting) }
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

  private static func medians(_ samples: [[UInt8]]) -> [UInt8] {
    guard let first = samples.first else { return [] }
    return first.indices.map { block in
      samples.map { $0[block] }.sorted()[samples.count / 2]
    }
  }

  /// Levels of foreign contrast from which something is there, below which nothing is, and that a
  /// single picture must show.
  private static let (present, absent, glimpsed): (UInt8, UInt8, UInt8) = (24, 14, 40)
  private static let reach = 2
  private static let leastBlocks = 8
  private static let leastFill = 0.3
  private static let mostMissing = 0.7
  /// How much larger than what stays a picture that takes turns may be.
  private static let largestTurn = 4
}
