import Registration
import VideoCore

/// What a leak shows beyond its film, block by block over time.
///
/// *Foreign contrast* is local contrast that the film does not explain: (1 − correlation in 9x9) ·
/// √(variance + 1). In a study on camcorder leaks it told opaque and moving overlays, and translucent
/// ones from an opacity of 0.35 on, from the film.
struct ReferenceEvidence {
  /// Foreign contrast in levels of grey, at each sampled moment that the film explains.
  var contrast: BlockSeries

  private let leak: any PictureSource
  private let size: FrameSize
  private let grid: BlockGrid
  private let unseen: (any UnseenPictures)?
  /// Seconds from one sample to the next.
  let interval: Double
  private var predictor: FilmPredictor

  /// Goes through the explained part of a leak.
  ///
  /// Parts that were passed over are decoded where something came or went in them; in the others
  /// stands what is the same on both sides.
  ///
  /// - Throws: what the sources throw.
  init(
    of leak: any PictureSource,
    size: FrameSize,
    film: AlignedFilm,
    bars: PictureBars,
    unseen: (any UnseenPictures)? = nil
  ) throws {
    grid = BlockGrid(size: size)
    contrast = BlockSeries(grid: grid)
    (self.leak, self.size, self.unseen) = (leak, size, unseen)
    interval = Self.interval(isPartial: unseen != nil)
    predictor = FilmPredictor(film: film, size: size, bars: bars, interval: interval)
    for stretch in film.stretches {
      try add(
        stretch,
        gaps: unseen?.gaps.filter {
          $0.lowerBound > stretch.leakStart && $0.upperBound < stretch.leakEnd
        } ?? []
      )
    }
  }

  private mutating func add(_ stretch: FilmStretch, gaps: [Range<Double>]) throws {
    let starts = [stretch.leakStart] + gaps.map(\.upperBound)
    let ends = gaps.map(\.lowerBound) + [stretch.leakEnd]
    var last = try samples(from: starts[0], to: ends[0])
    append(last)
    for (index, gap) in gaps.enumerated() {
      let next = try samples(from: starts[index + 1], to: ends[index + 1])
      try append(across: gap, from: last, to: next)
      append(next)
      last = next
    }
  }

  /// Adds what lies in a part that was passed over: what its sides and its key frames agree on, and
  /// between those that differ what is decoded there.
  private mutating func append(
    across gap: Range<Double>,
    from last: [Sample],
    to next: [Sample]
  ) throws {
    guard let unseen else { return }
    let sides = (
      GapComparison.medians(
        last.filter { $0.seconds >= gap.lowerBound - Self.sideSeconds }.map(\.blocks)
      ),
      GapComparison.medians(
        next.prefix { $0.seconds < gap.upperBound + Self.sideSeconds }.map(\.blocks)
      )
    )
    guard let before = sides.0, let after = sides.1 else { return try append(filling: gap) }
    var anchors = [Sample(seconds: gap.lowerBound, blocks: before)]
    for picture in try unseen.peek(into: gap) where picture.seconds > gap.lowerBound {
      if let sample = try sample(of: picture) { anchors.append(sample) }
    }
    anchors.append(Sample(seconds: gap.upperBound, blocks: after))
    let isWholeChanged = GapComparison(before: before, after: after, grid: grid).tellsOfChange()
    let changes = (1..<anchors.count).map { index in
      GapComparison(before: anchors[index - 1].blocks, after: anchors[index].blocks, grid: grid)
        .tellsOfChange(isBeforeSingle: index > 1, isAfterSingle: index < anchors.count - 1)
    }
    // What fades in is not seen between any two pictures.
    if isWholeChanged, !changes.contains(true) { return try append(filling: gap) }
    for (index, isChanged) in changes.enumerated() {
      let (one, other) = (anchors[index], anchors[index + 1])
      if isChanged {
        try append(filling: one.seconds..<other.seconds)
      } else {
        append(bridging: one, other)
      }
    }
  }

  private mutating func append(filling part: Range<Double>) throws {
    try unseen?.fill(part)
    append(try samples(from: part.lowerBound, to: part.upperBound))
  }

  private mutating func append(bridging one: Sample, _ other: Sample) {
    let between = GapComparison(before: one.blocks, after: other.blocks, grid: grid).between
    var seconds = one.seconds
    while seconds < other.seconds - interval / 2 {
      contrast.append(between, at: seconds)
      seconds += interval
    }
  }

  /// The blocks of a moment.
  private struct Sample {
    var seconds: Double
    var blocks: [UInt8]
  }

  private mutating func append(_ samples: [Sample]) {
    for sample in samples { contrast.append(sample.blocks, at: sample.seconds) }
  }

  private mutating func samples(from begin: Double, to end: Double) throws -> [Sample] {
    var result: [Sample] = []
    var waiting: [TimedPicture] = []
    var taken = -Double.infinity
    var start = begin
    while start < end {
      let next = min(end, start + Self.readSeconds)
      for picture in try leak.pictures(from: start, to: next)
      where picture.seconds - taken >= interval - Self.jitter {
        taken = picture.seconds
        waiting.append(picture)
        if unseen != nil, !result.isEmpty, waiting.count < Self.stride { continue }
        try examine(&waiting, into: &result)
      }
      start = next
    }
    try examine(&waiting, into: &result)
    return result
  }

  /// Examines the last of some pictures, and those ahead of it as far as they may show something new.
  private mutating func examine(
    _ pictures: inout [TimedPicture],
    into result: inout [Sample]
  ) throws {
    defer { pictures = [] }
    while let picture = pictures.popLast() {
      guard let sample = try sample(of: picture) else { continue }
      if let last = result.last { result += try samples(of: pictures[...], from: last, to: sample) }
      result.append(sample)
      return
    }
  }

  /// Pictures between two that were looked at: where these differ the middle one is looked at, and so
  /// on; elsewhere all show the same.
  private mutating func samples(
    of pictures: ArraySlice<TimedPicture>,
    from last: Sample,
    to next: Sample
  ) throws -> [Sample] {
    guard !pictures.isEmpty else { return [] }
    guard GapComparison(before: last.blocks, after: next.blocks, grid: grid).tellsOfChange() else {
      let mean = zip(last.blocks, next.blocks).map { UInt8((UInt16($0) + UInt16($1)) / 2) }
      return pictures.map { Sample(seconds: $0.seconds, blocks: mean) }
    }
    let middle = pictures.startIndex + pictures.count / 2
    guard let sample = try sample(of: pictures[middle]) else {
      return try samples(of: pictures[..<middle], from: last, to: next)
    }
    return try samples(of: pictures[..<middle], from: last, to: sample) + [sample]
      + samples(of: pictures[(middle + 1)...], from: sample, to: next)
  }

  /// Foreign contrast of a picture; nil where it cannot be told.
  private mutating func sample(of picture: TimedPicture) throws -> Sample? {
    guard picture.plane.size == size, let prediction = try predictor.prediction(of: picture) else {
      return nil
    }
    let blocks = grid.means(Self.foreignContrast(prediction, size: size), times: 1)
    return Sample(seconds: picture.seconds, blocks: blocks)
  }

  static func foreignContrast(_ prediction: FilmPrediction, size: FrameSize) -> [Float] {
    var local = PlaneFilters.localCorrelation(
      prediction.observed,
      prediction.expected,
      size: size,
      radius: 4,
      noise: FilmPredictor.noiseVariance
    )
    for i in local.correlation.indices {
      local.correlation[i] = (1 - local.correlation[i]) * (local.variance[i] + 1).squareRoot()
    }
    if prediction.coverage.contains(0) {
      // Along the edge of the screen a pixel of misfit is a great contrast.
      let inside = PlaneFilters.blurred(
        prediction.coverage.map { Float($0) / 255 },
        size: size,
        sigma: 3
      )
      for i in inside.indices where inside[i] > 0.03 && inside[i] < 0.97 {
        local.correlation[i] *= edgeWeight
      }
    }
    return local.correlation
  }

  private static let edgeWeight: Float = 0.4
  private static let readSeconds = 8.0
  /// Pictures come a little earlier and later than they should, in seconds.
  private static let jitter = 0.05
  /// Pictures of a long leak from one that is looked at to the next: those between are looked at only
  /// where these differ.
  private static let stride = 4
  /// Of a long leak, of which parts are passed over, every other picture counts.
  static func interval(isPartial: Bool) -> Double { isPartial ? 0.5 : 0.25 }
  /// What is compared on both sides of a part that was passed over, in seconds.
  private static let sideSeconds = 1.01
}
