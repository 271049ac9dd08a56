import VideoCore

/// Turns clusters of blocks into tracks: pictures that alternate, boxes to the pixel, kinds.
struct OverlayFinder {
  let leak: any PictureSource
  let size: FrameSize
  let activity: BlockActivity
  let strength: BlockSeries
  let evidence: OverlayTrack.Evidence
  let bars: PictureBars

  /// A track and how its pictures look.
  struct Draft {
    var track: OverlayTrack
    /// Pixels that the looks were cut out of.
    var region: BlockBox
    /// Each of its pictures.
    var looks: [Crop]
  }

  /// Something drawn over the picture, or nil where it is the film's own residue.
  ///
  /// `difference` gives the difference of a picture from what is expected, for boxes to the pixel.
  func draft(
    _ cluster: BlockCluster,
    difference: (TimedPicture) throws -> [Float]?
  ) throws -> Draft? {
    let first = activity.times[cluster.start]
    let last = activity.times[cluster.end - 1]
    guard last > first else { return nil }
    let region = Self.pixels(cluster.box, size)
    let (moments, crops) = try crops(of: region, from: first, to: last)
    guard moments.count >= 2 else { return nil }
    let likeness = zip(crops, crops.dropFirst()).map { $0.correlation($1) }
    let whole = Self.fraction(region, size, inset: 0)
    let isStrip = whole.width > 0.6 && whole.height < 0.14 && (whole.y < 0.1 || whole.bottom > 0.9)
    let changes = likeness.count { $0 < Self.sameState }
    let isScrolling =
      Self.isScrolling(crops, likeness)
      || isStrip && Double(changes) > Self.mostStates * Double(moments.count)
    var runs: [Range<Int>] = []
    var begin = 0
    for i in 1..<moments.count where likeness[i - 1] < Self.sameState && !isScrolling {
      runs.append(begin..<i)
      begin = i
    }
    runs.append(begin..<moments.count)
    let meanStrength = meanStrength(cluster)
    // Single looks into what was passed over differ in the film beneath, too.
    let isLone = moments.indices.map { index in
      (index == 0 || moments[index] - moments[index - 1] > Self.lonely)
        && (index + 1 == moments.count || moments[index + 1] - moments[index] > Self.lonely)
    }
    let close = isLone.count { !$0 }
    let changing = runs.count { run in run.contains { !isLone[$0] } }
    // What changes as often as the film does is the film.
    if !isScrolling, Double(changing) > Self.mostStates * Double(close) { return nil }
    // The usual distance, as parts of the leak may have been passed over.
    let spacings = zip(moments, moments.dropFirst()).map { $1 - $0 }.sorted()
    let half = spacings[(spacings.count - 1) / 2] / 2
    let blocks = Set(cluster.intervals.map(\.block))

    var kept: [(representative: Crop, box: FrameBox)] = []
    var states: [OverlayTrack.VisualState] = []
    var boxes: [OverlayTrack.TimedBox] = []
    for run in runs {
      let (from, to) = (moments[run.lowerBound], moments[run.upperBound - 1])
      guard let blockBox = blockBox(blocks, from: from, to: to) else { continue }
      var box = Self.fraction(Self.pixels(blockBox, size), size, inset: 2)
      let isLook = run.allSatisfy { isLone[$0] }
      if run.count >= 3 || isLook {
        var mean = crops[run.lowerBound]
        for i in run.dropFirst() { mean.add(crops[i]) }
        if let known = kept.first(where: { $0.representative.correlation(mean) > 0.6 }) {
          box = known.box
        } else {
          let picks = Self.spread(run, count: 8)
          let differences = try picks.compactMap {
            try picture(at: moments[$0]).flatMap(difference)
          }
          let found =
            run.count < 3
            ? nil
            : isScrolling
              ? OverlayBoxes.strip(differences, size: size, around: blockBox)
              : OverlayBoxes.refined(differences, size: size, around: blockBox)
          if let r = found {
            let pixels = BlockBox(left: r.left, top: r.top, right: r.right, bottom: r.bottom)
            // Blocks reach at most so far beyond what is drawn.
            let least = Self.fraction(Self.pixels(blockBox, size), size, inset: 7)
            box = Self.fraction(pixels, size, inset: 0).union(least)
          }
          kept.append((mean, box))
        }
        if isScrolling, box.width > 0.5 { (box.x, box.width) = (0, 1) }
        states.append(
          OverlayTrack.VisualState(
            start: isLook ? from - Self.lonely / 2 : from - half,
            end: isLook ? to + Self.lonely / 2 : to + half,
            box: box,
            sampleTimes: Self.spread(run, count: isScrolling ? 12 : 5).map { moments[$0] }
          )
        )
      }
      boxes.append(OverlayTrack.TimedBox(seconds: from, box: box))
    }
    guard let main = states.max(by: { $0.end - $0.start < $1.end - $1.start }) else { return nil }
    let extent = states.reduce(main.box) { $0.union($1.box) }
    let isSliding =
      !isScrolling && states.count <= 1
      && (boxes.first.map { $0.box.intersectionOverUnion(main.box) < 0.6 } ?? false)
    let motion: OverlayTrack.Motion =
      isScrolling ? .scrolling : isSliding ? .sliding : kept.count > 1 ? .alternating : .still
    let isOutside = isOnBar(main.box)
    let (from, to) = isScrolling ? reach(cluster) : (first, last)
    let track = OverlayTrack(
      start: max(0, from - half),
      end: to + half,
      boxes: boxes,
      motion: motion,
      shape: Self.shape(extent, main.box, seconds: last - first, motion, isOnBar: isOutside),
      isTranslucent: nil,
      isOutsidePicture: isOutside,
      evidence: evidence,
      strength: meanStrength,
      confidence: min(1, meanStrength / 40) * min(1, (last - first + 1) / 3),
      states: states
    )
    return Draft(track: track, region: region, looks: kept.map(\.representative))
  }

  /// A part of all pictures of a stretch, and when they are shown; the pictures themselves are too
  /// many to be held.
  private func crops(
    of region: BlockBox,
    from first: Double,
    to last: Double
  ) throws -> (moments: [Double], crops: [Crop]) {
    var moments: [Double] = []
    var crops: [Crop] = []
    var start = first - Self.sameMoment
    let end = last + Self.sameMoment
    while start < end {
      let next = min(end, start + Self.readSeconds)
      for picture in try leak.pictures(from: start, to: next) where picture.plane.size == size {
        moments.append(picture.seconds)
        crops.append(Crop(picture.plane, region))
      }
      start = next
    }
    return (moments, crops)
  }

  private func picture(at moment: Double) throws -> TimedPicture? {
    try leak.pictures(from: moment - Self.sameMoment, to: moment + Self.sameMoment).first
  }

  /// Whether a box lies on a bar; a wide one by its middle, since residue of the film may hang on it.
  private func isOnBar(_ box: FrameBox) -> Bool {
    let (upper, lower) = (
      Double(bars.top) / Double(size.height), 1 - Double(bars.bottom) / Double(size.height)
    )
    let slack = 2 / Double(size.height)
    if box.bottom <= upper + slack || box.y >= lower - slack { return true }
    let middle = box.y + box.height / 2
    return box.width > Self.wide && (middle < upper || middle > lower)
  }

  /// The first and last moment at which something shows anywhere in a strip.
  ///
  /// Running letters leave a block time and again, so that its majority over a second begins late and
  /// ends early.
  private func reach(_ cluster: BlockCluster) -> (start: Double, end: Double) {
    let columns = activity.grid.columns
    let parts = Dictionary(grouping: cluster.blocks) { $0 % columns * Self.stripParts / columns }
    func strongest(_ sample: Int) -> Double {
      parts.values.map { blocks in
        Double(blocks.reduce(0) { $0 + Int(strength.value($1, at: sample)) }) / Double(blocks.count)
      }.max() ?? 0
    }
    let inside = (cluster.start..<cluster.end).map(strongest).sorted()
    let least = inside[inside.count / 2] / 2
    let run = activity.runs.first { $0.contains(cluster.start) } ?? cluster.start..<cluster.end
    var (start, end) = (cluster.start, cluster.end)
    while start > max(run.lowerBound, cluster.start - Self.mostReach), strongest(start - 1) > least
    {
      start -= 1
    }
    while end < min(run.upperBound, cluster.end + Self.mostReach), strongest(end) > least {
      end += 1
    }
    return (activity.times[start], activity.times[end - 1])
  }

  /// Mean of the evidence over the cluster's blocks while they are on.
  private func meanStrength(_ cluster: BlockCluster) -> Double {
    var (sum, count) = (0.0, 0.0)
    for interval in cluster.intervals {
      let step = max(1, (interval.end - interval.start) / 8)
      for sample in stride(from: interval.start, to: interval.end, by: step) {
        sum += Double(strength.value(interval.block, at: sample))
        count += 1
      }
    }
    return sum / max(1, count)
  }

  /// The blocks that are on for at least two fifths of a time.
  private func blockBox(_ blocks: Set<Int>, from: Double, to: Double) -> BlockBox? {
    let samples = activity.times.indices.filter {
      activity.times[$0] >= from - 1e-6 && activity.times[$0] <= to + 1e-6
    }
    guard !samples.isEmpty else { return nil }
    let columns = activity.grid.columns
    var box: BlockBox?
    for block in blocks {
      let on = samples.count { activity.isOn(block, at: $0) }
      guard 5 * on >= 2 * samples.count else { continue }
      let (x, y) = (block % columns, block / columns)
      let own = BlockBox(left: x, top: y, right: x + 1, bottom: y + 1)
      box = box?.union(own) ?? own
    }
    return box
  }

  /// Whether most neighbours match under a shift to one side that is nearly always the same.
  private static func isScrolling(_ crops: [Crop], _ likeness: [Float]) -> Bool {
    guard let first = crops.first, first.width >= 6 * first.height || first.width > 100,
      likeness.count >= 4
    else { return false }
    let low = likeness.indices.filter { likeness[$0] < 0.9 }
    guard 2 * low.count > likeness.count else { return false }
    let picks = spread(0..<low.count, count: 12).map { low[$0] }
    let shifts = picks.map { crops[$0].bestShift(crops[$0 + 1], reach: 60) }
    let median = shifts.map(\.shift).sorted()[shifts.count / 2]
    let agreeing = shifts.count { abs($0.shift - median) <= 3 && $0.value > 0.4 }
    return abs(median) >= 2 && 2 * agreeing >= shifts.count
  }

  static func shape(
    _ extent: FrameBox,
    _ main: FrameBox,
    seconds: Double,
    _ motion: OverlayTrack.Motion,
    isOnBar: Bool
  ) -> OverlayTrack.Shape {
    let isAtEdge = main.y < 0.1 || main.bottom > 0.9
    if isAtEdge, main.height < 0.12, motion == .scrolling || main.width > 0.95 { return .ticker }
    if isOnBar { return .bar }
    if main.width > Self.wide { return seconds < 3.5 ? .popup : .banner }
    if seconds < 5 { return .popup }
    let x = main.x + main.width / 2
    let y = main.y + main.height / 2
    return (x < 0.38 || x > 0.62) && (y < 0.3 || y > 0.7) ? .corner : .patch
  }

  static func pixels(_ box: BlockBox, _ size: FrameSize) -> BlockBox {
    let grid = BlockGrid(size: size)
    return BlockBox(
      left: box.left * BlockGrid.side,
      top: box.top * BlockGrid.side,
      right: box.right >= grid.columns ? size.width : box.right * BlockGrid.side,
      bottom: box.bottom >= grid.rows ? size.height : box.bottom * BlockGrid.side
    )
  }

  /// Blocks reach a little farther than what is drawn: `inset` pixels, but not at the frame's edge.
  static func fraction(_ box: BlockBox, _ size: FrameSize, inset: Int) -> FrameBox {
    let left = box.left > 0 ? box.left + inset : 0
    let top = box.top > 0 ? box.top + inset : 0
    let right = box.right < size.width ? box.right - inset : size.width
    let bottom = box.bottom < size.height ? box.bottom - inset : size.height
    return FrameBox(
      x: Double(left) / Double(size.width),
      y: Double(top) / Double(size.height),
      width: Double(max(1, right - left)) / Double(size.width),
      height: Double(max(1, bottom - top)) / Double(size.height)
    )
  }

  /// Pictures are looks of their own where none is nearer than this, in seconds.
  private static let lonely = 1.5

  /// Up to `count` numbers of a range, evenly spread, clear of its ends where there is room.
  static func spread(_ range: Range<Int>, count: Int) -> [Int] {
    guard range.count > count else { return Array(range) }
    return (0..<count).map {
      range.lowerBound + Int((Double($0) + 0.5) / Double(count) * Double(range.count))
    }
  }

  private static let sameMoment = 1e-6
  private static let readSeconds = 10.0
  private static let sameState: Float = 0.75
  private static let mostStates = 0.45
  /// Width of what is no sign of a corner.
  private static let wide = 0.42
  /// Parts from side to side of a strip, and samples that it may reach beyond its majority.
  private static let (stripParts, mostReach) = (8, 8)
}
