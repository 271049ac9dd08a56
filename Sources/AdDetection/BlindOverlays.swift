import VideoCore

/// Overlays of a leak whose film is unknown.
///
/// What is drawn afterwards stays while the film cuts, moves and shakes: gradients that point the same
/// way for seconds. Where all of the picture stays the window says nothing, and is passed over.
struct BlindOverlays {
  let leak: any PictureSource
  let size: FrameSize
  /// Stretches that are no film.
  let clips: [InsertedClip]

  func tracks() throws -> [OverlayTrack] {
    let grid = BlockGrid(size: size)
    let bars = PictureBars(of: try barSamples())
    let opened = { (picture: TimedPicture) in
      bars.opened(picture.plane.pixels.map(Float.init), size: size)
    }
    let series = try steadiness(grid, opened)
    let found = try zip(Self.passes, series).map { pass, series in
      let levels = pass.thresholds.map {
        BlockActivity(series, threshold: $0, reachSeconds: 0.1, pause: Self.longestPause)
      }
      let finder = OverlayFinder(
        leak: leak,
        size: size,
        activity: levels[0],
        strength: series,
        evidence: .persistence,
        bars: bars
      )
      return try ClusterRefinement(levels: levels, leastSamples: 2).clusters().compactMap {
        try finder.draft($0, difference: opened).flatMap { try ended($0) }
      }
    }
    let (lasting, short) = (found[0], found[1])
    return lasting
      + short.filter { track in
        track.end - track.start < Self.shortSeconds
          && !lasting.contains { Self.isPart(track, of: $0) }
      }
  }

  /// How steady each block is over time, for each of the passes.
  private func steadiness(
    _ grid: BlockGrid,
    _ opened: (TimedPicture) -> [Float]
  ) throws -> [BlockSeries] {
    var series = Self.passes.map { _ in BlockSeries(grid: grid) }
    for stretch in stretches() {
      var steady = Self.passes.map { SteadyEdges(grid: grid, reach: $0.reach, floor: Self.floor) }
      func append(_ blocks: [UInt8], at seconds: Double, to pass: Int) {
        let on = blocks.count { $0 >= Self.passes[pass].thresholds[0] }
        if Double(on) <= Self.mostSteady * Double(blocks.count) {
          series[pass].append(blocks, at: seconds)
        }
      }
      var start = stretch.lowerBound
      while start < stretch.upperBound {
        let end = min(stretch.upperBound, start + 8)
        for picture in try leak.pictures(from: start, to: end) where picture.plane.size == size {
          let plane = opened(picture)
          for pass in steady.indices {
            steady[pass].add(plane, of: picture) { append($1, at: $0, to: pass) }
          }
        }
        start = end
      }
      for pass in steady.indices { steady[pass].finish { append($1, at: $0, to: pass) } }
    }
    return series
  }

  /// Whether one was found as another that is there at that time.
  private static func isPart(_ track: OverlayTrack, of other: OverlayTrack) -> Bool {
    guard other.start < track.end, other.end > track.start else { return false }
    return track.states.contains { state in
      other.states.contains { $0.box.overlap(state.box) > 0.3 * state.box.area }
    }
  }

  /// Some pictures from all over the film's part.
  private func barSamples() throws -> [LumaPlane] {
    var result: [LumaPlane] = []
    for stretch in stretches() {
      let length = stretch.upperBound - stretch.lowerBound
      let count = max(1, Int(Self.barSamples * length / max(1, leak.durationSeconds)))
      for n in 0..<count {
        let time = stretch.lowerBound + length * (Double(n) + 0.5) / Double(count)
        if let near = try leak.pictures(from: time, to: time + 0.6).first, near.plane.size == size {
          result.append(near.plane)
        }
      }
    }
    return result
  }

  /// The film's part of the leak.
  private func stretches() -> [Range<Double>] {
    var result: [Range<Double>] = []
    var reached = 0.0
    for clip in clips {
      if clip.start > reached { result.append(reached..<clip.start) }
      reached = max(reached, clip.end)
    }
    if leak.durationSeconds + 1 > reached { result.append(reached..<(leak.durationSeconds + 1)) }
    return result
  }

  /// The track from where its picture appears to where it vanishes, to the sample; nil where it is
  /// hardly ever there.
  private func ended(_ draft: OverlayFinder.Draft) throws -> OverlayTrack? {
    var track = draft.track
    guard track.motion != .scrolling, !draft.looks.isEmpty else { return track }
    let slack = Self.slack
    let bounds = stretches().first { $0.contains((track.start + track.end) / 2) } ?? 0..<track.end
    let from = max(bounds.lowerBound, track.start - slack)
    let to = min(bounds.upperBound, track.end + slack)
    let pictures = try leak.pictures(from: from, to: to).filter { $0.plane.size == size }
    let hits = pictures.map { picture in
      let crop = Crop(picture.plane, draft.region)
      return draft.looks.contains { $0.correlation(crop) > Self.sameLook }
    }
    guard let first = hits.firstIndex(of: true), let last = hits.lastIndex(of: true), last > first,
      2 * hits[first...last].count(where: { $0 }) > last - first
    else { return nil }
    track.start = first == 0 ? from : pictures[first].seconds - 0.125
    track.end =
      last == hits.count - 1 ? min(to, leak.durationSeconds) : pictures[last].seconds + 0.125
    return track.end - track.start >= 1 ? track : nil
  }

  /// Witnesses to either side, and steadiness in 255ths: for what lasts, and for what pops up for a few
  /// seconds, which has few pictures, so that nearly all of them must agree.
  private static let passes: [(reach: Int, thresholds: [UInt8])] = [
    (5, [175, 195, 215, 230]), (2, [200, 215, 230, 242]),
  ]
  /// What is there for longer lasts, in seconds.
  private static let shortSeconds = 5.0
  /// How far a picture is looked for beyond its witnesses, in seconds.
  private static let slack = 12.0
  private static let floor: Float = 4
  /// Part of the picture beyond which it is the film that stays.
  private static let mostSteady = 0.3
  private static let barSamples = 32.0
  private static let longestPause = 20.0
  private static let sameLook: Float = 0.5
}
