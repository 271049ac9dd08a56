/// A rectangle of blocks, half-open.
struct BlockBox: Sendable, Hashable {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int

  var width: Int { right - left }
  var height: Int { bottom - top }
  var area: Int { width * height }

  func union(_ o: BlockBox) -> BlockBox {
    BlockBox(
      left: min(left, o.left),
      top: min(top, o.top),
      right: max(right, o.right),
      bottom: max(bottom, o.bottom)
    )
  }

  func overlap(_ o: BlockBox) -> Int {
    max(0, min(right, o.right) - max(left, o.left))
      * max(0, min(bottom, o.bottom) - max(top, o.top))
  }

  func grown(by n: Int) -> BlockBox {
    BlockBox(left: left - n, top: top - n, right: right + n, bottom: bottom + n)
  }

  /// Shared height over the smaller height.
  func rowOverlap(_ o: BlockBox) -> Double {
    Double(max(0, min(bottom, o.bottom) - max(top, o.top))) / Double(max(1, min(height, o.height)))
  }

  /// Blocks between the two from side to side; negative where they overlap.
  func columnGap(_ o: BlockBox) -> Int { max(left, o.left) - min(right, o.right) }
  /// Blocks between the two from top to bottom; negative where they overlap.
  func rowGap(_ o: BlockBox) -> Int { max(top, o.top) - min(bottom, o.bottom) }
}

/// Blocks that appear and vanish together.
struct BlockCluster: Sendable {
  var intervals: [BlockInterval]
  var box: BlockBox
  /// First sample.
  var start: Int
  /// Sample after the last.
  var end: Int

  init(_ intervals: [BlockInterval], columns: Int) {
    self.intervals = intervals
    var box = BlockBox(left: .max, top: .max, right: 0, bottom: 0)
    for interval in intervals {
      let (x, y) = (interval.block % columns, interval.block / columns)
      box = BlockBox(
        left: min(box.left, x),
        top: min(box.top, y),
        right: max(box.right, x + 1),
        bottom: max(box.bottom, y + 1)
      )
    }
    self.box = box
    let starts = intervals.map(\.start).sorted()
    let ends = intervals.map(\.end).sorted()
    start = starts[starts.count / 10]
    end = ends[ends.count - 1 - ends.count / 10]
  }

  var length: Int { end - start }
  /// Its blocks.
  var blocks: Set<Int> { Set(intervals.map(\.block)) }

  func merged(with other: BlockCluster) -> BlockCluster {
    var result = self
    result.intervals += other.intervals
    result.box = box.union(other.box)
    result.start = min(start, other.start)
    result.end = max(end, other.end)
    return result
  }
}

/// Joins the intervals of blocks to what was drawn as one.
///
/// Boxes that are joined by *when* blocks are on fit an advertisement far better than components in
/// space and time (mean IoU of banners .60 against .13 in a study on camcorder leaks): a film's own
/// residue touches what is drawn, but comes and goes at other times.
struct BlockClustering {
  let grid: BlockGrid
  /// Samples without a pause; nothing is joined across a pause.
  let runs: [Range<Int>]

  func clusters(of intervals: [BlockInterval]) -> [BlockCluster] {
    var byBlock = [[Int]](repeating: [], count: grid.count)
    for (index, interval) in intervals.enumerated() { byBlock[interval.block].append(index) }
    var parents = Array(intervals.indices)
    func root(_ i: Int) -> Int {
      var i = i
      while parents[i] != i {
        parents[i] = parents[parents[i]]
        i = parents[i]
      }
      return i
    }
    for (index, interval) in intervals.enumerated() {
      let (x, y) = (interval.block % grid.columns, interval.block / grid.columns)
      for dy in 0...Self.reach {
        for dx in -Self.reach...Self.reach where dy > 0 || dx > 0 {
          let (nx, ny) = (x + dx, y + dy)
          guard nx >= 0, nx < grid.columns, ny < grid.rows else { continue }
          for other in byBlock[ny * grid.columns + nx]
          where interval.agrees(with: intervals[other]) {
            let (a, b) = (root(index), root(other))
            if a != b { parents[max(a, b)] = min(a, b) }
          }
        }
      }
    }
    var members: [Int: [BlockInterval]] = [:]
    for index in intervals.indices { members[root(index), default: []].append(intervals[index]) }
    let clusters = members.sorted { $0.key < $1.key }.map {
      BlockCluster($0.value, columns: grid.columns)
    }
    return merged(clusters).filter(isLargeEnough)
  }

  /// Whether a cluster could hold a word: no thin line, no narrow column.
  func isLargeEnough(_ cluster: BlockCluster) -> Bool {
    let box = cluster.box
    return min(box.width, box.height) >= 2 && cluster.blocks.count >= Self.leastBlocks
      && (box.width > 3 || box.height < 3 * box.width)
  }

  /// Joins clusters until nothing more belongs together.
  private func merged(_ clusters: [BlockCluster]) -> [BlockCluster] {
    var list = clusters.sorted {
      ($0.intervals.count, $1.start, $0.box.left) > ($1.intervals.count, $0.start, $1.box.left)
    }
    var changed = true
    while changed {
      changed = false
      var i = 0
      while i < list.count {
        var j = i + 1
        while j < list.count {
          if belong(list[i], list[j]) {
            list[i] = list[i].merged(with: list.remove(at: j))
            changed = true
          } else {
            j += 1
          }
        }
        i += 1
      }
    }
    return list
  }

  private func belong(_ a: BlockCluster, _ b: BlockCluster) -> Bool {
    guard run(of: a.start) == run(of: b.start) else { return false }
    let shared = min(a.end, b.end) - max(a.start, b.start)
    let union = a.box.union(b.box)
    let parts = a.box.area + b.box.area - a.box.overlap(b.box)
    let isWithin = shared >= b.length - 2 * Self.slack && shared > 0
    // A piece of something larger that is there at the time.
    if isWithin, a.box.grown(by: 1).overlap(b.box) * 10 >= 7 * b.box.area { return true }
    let isSimultaneous =
      abs(a.start - b.start) <= Self.slack && abs(a.end - b.end) <= Self.slack
    let isRow = a.box.rowOverlap(b.box) >= 0.5
    if isSimultaneous, isRow, Double(union.area) <= 2.2 * Double(parts) { return true }
    let isNear = a.box.columnGap(b.box) <= 2 && a.box.rowGap(b.box) <= 1
    if isSimultaneous, isNear, Double(union.area) <= 1.8 * Double(parts) { return true }
    // One picture of several in turn, beside what stays.
    let isCentred = abs(2 * union.left + union.width - grid.columns) <= grid.columns / 6
    if isWithin, isRow, a.box.columnGap(b.box) <= 2, !isCentred,
      Double(union.area) <= 2.5 * Double(max(a.box.area, b.box.area))
    {
      return true
    }
    // One picture after the other at the same place.
    let follows = abs(a.end - b.start) <= Self.slack || abs(b.end - a.start) <= Self.slack
    return follows && isRow && !isCentred
      && a.box.overlap(b.box) * 2 >= min(a.box.area, b.box.area)
  }

  /// Whether two clusters are parts of one drawing that is at the limit of what can be seen.
  func isSameDrawing(_ a: BlockCluster, _ b: BlockCluster) -> Bool {
    guard run(of: a.start) == run(of: b.start),
      max(a.start, b.start) - min(a.end, b.end) <= Self.pause,
      a.box.rowOverlap(b.box) >= 0.6
    else { return false }
    let union = a.box.union(b.box)
    // A strip at the upper or lower edge: other letters come by.
    let isStrip = { (box: BlockBox) in
      box.height <= grid.rows / 10 && (box.top <= 1 || box.bottom >= grid.rows)
    }
    if isStrip(a.box), isStrip(b.box), 3 * a.box.columnGap(b.box) <= grid.columns,
      union.height <= max(a.box.height, b.box.height) + 1
    {
      return true
    }
    let isCentred = abs(2 * union.left + union.width - grid.columns) <= grid.columns / 6
    guard abs(a.box.top - b.box.top) <= 1, abs(a.box.bottom - b.box.bottom) <= 1 else {
      return false
    }
    let shared = 2 * a.box.overlap(b.box) >= min(a.box.area, b.box.area)
    let isLonger = 2 * min(a.length, b.length) > max(a.length, b.length)
    return shared && (!isCentred || isLonger)
      && Double(union.area) <= 1.6 * Double(max(a.box.area, b.box.area))
  }

  private func run(of sample: Int) -> Int? { runs.firstIndex { $0.contains(sample) } }

  private static let reach = 2
  private static let slack = 2
  /// Samples for which a drawing may be lost.
  private static let pause = 8
  private static let leastBlocks = 6
}
