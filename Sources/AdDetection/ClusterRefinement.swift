/// Finds clusters that fill their boxes.
///
/// What is drawn is a rectangle or lines of text. The film's own residue, or another drawing that came
/// at the same time, may hang on it; the whole then is a figure with thin arms. Arms are cut off row
/// by row, what is left of them is looked at again, and where no core is found a higher threshold
/// takes the arms away.
struct ClusterRefinement {
  /// The same series at ascending thresholds.
  let levels: [BlockActivity]
  /// Samples that a block must be on for.
  var leastSamples = 4

  func clusters() -> [BlockCluster] {
    guard let first = levels.first else { return [] }
    let clustering = BlockClustering(grid: first.grid, runs: first.runs)
    var result: [BlockCluster] = []
    var open = clustering.clusters(of: first.intervals(gap: 1, least: leastSamples))
    for index in levels.indices {
      var failed: [BlockCluster] = []
      for _ in 0..<Self.mostRounds where !open.isEmpty {
        var rest: [BlockCluster] = []
        for cluster in open {
          guard let (core, arms) = split(cluster, first, clustering) else {
            failed.append(cluster)
            continue
          }
          result.append(core)
          if !arms.isEmpty { rest += clustering.clusters(of: arms) }
        }
        open = rest
      }
      guard index + 1 < levels.count, !failed.isEmpty else { break }
      let intervals = levels[index + 1].intervals(gap: 1, least: leastSamples)
      open = failed.flatMap { cluster in
        let blocks = cluster.blocks
        return clustering.clusters(
          of: intervals.filter {
            blocks.contains($0.block) && $0.start < cluster.end && cluster.start < $0.end
          }
        )
      }
    }
    return rejoined(result, clustering)
  }

  /// Puts together what flickers: parts of one drawing that were on at different times.
  private func rejoined(
    _ clusters: [BlockCluster],
    _ clustering: BlockClustering
  ) -> [BlockCluster] {
    var list = clusters.sorted {
      ($0.intervals.count, $1.start, $1.box.left) > ($1.intervals.count, $0.start, $0.box.left)
    }
    var changed = true
    while changed {
      changed = false
      var i = 0
      while i < list.count {
        var j = i + 1
        while j < list.count {
          if clustering.isSameDrawing(list[i], list[j]) {
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

  /// The full core of a cluster and the intervals outside it; nil where there is none.
  private func split(
    _ cluster: BlockCluster,
    _ activity: BlockActivity,
    _ clustering: BlockClustering
  ) -> (core: BlockCluster, arms: [BlockInterval])? {
    let columns = activity.grid.columns
    let box = cluster.box
    let step = max(1, cluster.length / 16)
    let samples = Array(stride(from: cluster.start, to: cluster.end, by: step))
    var on = [Bool](repeating: false, count: box.area)
    for y in 0..<box.height {
      for x in 0..<box.width {
        let block = (box.top + y) * columns + box.left + x
        on[y * box.width + x] =
          2 * samples.count(where: { activity.isOn(block, at: $0) }) > samples.count
      }
    }
    var core = BlockBox(left: 0, top: 0, right: box.width, bottom: box.height)
    func fill(_ part: BlockBox) -> Double {
      var count = 0
      for y in part.top..<part.bottom {
        for x in part.left..<part.right where on[y * box.width + x] { count += 1 }
      }
      return Double(count) / Double(max(1, part.area))
    }
    while core.width >= 2, core.height >= 2 {
      var sides: [(BlockBox, BlockBox)] = []
      for side in 0..<4 {
        var (line, next) = (core, core)
        switch side {
        case 0: (line.bottom, next.top) = (core.top + 1, core.top + 1)
        case 1: (line.top, next.bottom) = (core.bottom - 1, core.bottom - 1)
        case 2: (line.right, next.left) = (core.left + 1, core.left + 1)
        default: (line.left, next.right) = (core.right - 1, core.right - 1)
        }
        sides.append((line, next))
      }
      // A line of small letters is hardly higher than a block.
      sides.removeAll { min($0.1.width, $0.1.height) < 2 }
      guard let worst = sides.min(by: { fill($0.0) < fill($1.0) }), fill(worst.0) < Self.leastLine
      else { break }
      core = worst.1
    }
    guard core.width >= 2, core.height >= 2, fill(core) >= Self.leastFill else { return nil }
    let (inside, outside) = cluster.intervals.reduce(into: ([BlockInterval](), [BlockInterval]())) {
      let (x, y) = ($1.block % columns - box.left, $1.block / columns - box.top)
      if (core.left..<core.right).contains(x) && (core.top..<core.bottom).contains(y) {
        $0.0.append($1)
      } else {
        $0.1.append($1)
      }
    }
    guard !inside.isEmpty else { return nil }
    let result = BlockCluster(inside, columns: columns)
    return clustering.isLargeEnough(result) ? (result, outside) : nil
  }

  private static let mostRounds = 4
  /// Parts of a row or column at the rim, and of the whole, that must be on.
  private static let (leastLine, leastFill) = (0.4, 0.5)
}
