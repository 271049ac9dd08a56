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
    unseen: (any UnseenPictures)? = nil,
    corrections: FilmCorrections
  ) throws {
    grid = BlockGrid(size: size)
    contrast = BlockSeries(grid: grid)
    (self.leak, self.size, self.unseen) = (leak, size, unseen)
    interval = Self.interval(isPartial: unseen != nil)
    predictor = FilmPredictor(
      film: film,
      size: size,
      bars: bars,
      interval: interval,
      corrections: corrections
    )
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
    let before = GapComparison.medians(
      last.filter { $0.seconds >= gap.lowerBound - Self.sideSeconds }.map(\.blocks)
    )
    let after = GapComparison.medians(
      next.prefix { $0.seconds < gap.upperBound + Self.sideSeconds }.map(\.blocks)
    )
    var anchors: [Anchor] = []
    for picture in try unseen.peek(into: gap) where picture.seconds > gap.lowerBound {
      if let sample = try sample(of: picture) { anchors.append(Anchor(sample, isSingle: true)) }
    }
    let sides = (
      before.map { Anchor(Sample(seconds: gap.lowerBound, blocks: $0), isSingle: false) },
      after.map { Anchor(Sample(seconds: gap.upperBound, blocks: $0), isSingle: false) }
    )
    anchors = [sides.0].compactMap(\.self) + anchors + [sides.1].compactMap(\.self)
    guard let first = anchors.first, let last = anchors.last else {
      return try append(filling: [gap])
    }
    let changed = changes(between: anchors)
    // What is known of one side only ends nowhere.
    try append(filling: sides.0 == nil ? [gap.lowerBound..<first.seconds] : [])
    let parts = zip(anchors, anchors.dropFirst()).map { $0.seconds..<$1.seconds }
    try fill(zip(parts, changed).compactMap { $1 ? $0 : nil })
    let bridges = bridges(between: anchors, changed)
    for (index, part) in parts.enumerated() {
      if let blocks = bridges[index] {
        append(bridging: part, blocks)
      } else {
        append(try samples(from: part.lowerBound, to: part.upperBound))
      }
    }
    try append(filling: sides.1 == nil ? [last.seconds..<gap.upperBound] : [])
  }

  /// A moment beside or in a part that was passed over.
  private struct Anchor {
    var sample: Sample
    /// Whether it is one picture, and not a median of several.
    var isSingle: Bool
    var seconds: Double { sample.seconds }

    init(_ sample: Sample, isSingle: Bool) { (self.sample, self.isSingle) = (sample, isSingle) }
  }

  /// Whether something came or went between each two anchors.
  private func changes(between anchors: [Anchor]) -> [Bool] {
    func blocks(_ index: Int) -> [UInt8] { anchors[index].sample.blocks }
    var changed = (1..<max(1, anchors.count)).map { index in
      GapComparison(before: blocks(index - 1), after: blocks(index), grid: grid).tellsOfChange(
        isBeforeSingle: anchors[index - 1].isSingle,
        isAfterSingle: anchors[index].isSingle
      )
    }
    // What two pictures in a row show and the two beside them do not need not be as strong.
    for index in changed.indices.dropFirst().dropLast() where !changed[index] {
      changed[index] = GapComparison.tellsOfChange(
        from: [blocks(index - 1), blocks(index)],
        to: [blocks(index + 1), blocks(index + 2)],
        grid: grid
      )
    }
    // What fades in is not seen between any two pictures, but between some that are farther apart.
    if !changed.contains(true), let first = anchors.first, let last = anchors.last,
      !first.isSingle, !last.isSingle,
      GapComparison(before: first.sample.blocks, after: last.sample.blocks, grid: grid)
        .tellsOfChange()
    {
      let span =
        (2..<max(2, anchors.count)).first { span in
          (0..<anchors.count - span).contains { isChanged(from: $0, to: $0 + span, anchors) }
        } ?? changed.count
      for start in 0...changed.count - span where isChanged(from: start, to: start + span, anchors)
      {
        for index in start..<start + span { changed[index] = true }
      }
    }
    return changed
  }

  private func isChanged(from one: Int, to other: Int, _ anchors: [Anchor]) -> Bool {
    GapComparison(
      before: anchors[one].sample.blocks,
      after: anchors[other].sample.blocks,
      grid: grid
    ).tellsOfChange(
      isBeforeSingle: anchors[one].isSingle,
      isAfterSingle: anchors[other].isSingle
    )
  }

  private mutating func append(filling parts: [Range<Double>]) throws {
    try fill(parts)
    for part in parts { append(try samples(from: part.lowerBound, to: part.upperBound)) }
  }

  /// Decodes parts, those that touch in one go.
  private func fill(_ parts: [Range<Double>]) throws {
    var open: Range<Double>?
    for part in parts {
      if let last = open, last.upperBound >= part.lowerBound {
        open = last.lowerBound..<part.upperBound
      } else {
        if let open { try unseen?.fillCoarsely(open) }
        open = part
      }
    }
    if let open { try unseen?.fillCoarsely(open) }
  }

  /// What is taken to lie between each two anchors; nil where something came or went.
  ///
  /// Of an overlay whose pictures take turns, each look shows one: all of them are taken to be there for
  /// as long as the overlay is.
  private func bridges(between anchors: [Anchor], _ changed: [Bool]) -> [[UInt8]?] {
    let comparisons = changed.indices.map { index in
      changed[index]
        ? nil
        : GapComparison(
          before: anchors[index].sample.blocks,
          after: anchors[index + 1].sample.blocks,
          grid: grid
        )
    }
    var bridges = comparisons.map { $0?.between }
    for (index, comparison) in comparisons.enumerated() {
      for turn in comparison?.turns ?? [] {
        let blocks = turn.map(\.block)
        func add(to other: Int) -> Bool {
          guard comparisons[other]?.hasLasting(beside: blocks) ?? false else { return false }
          guard var bridge = bridges[other] else { return false }
          for (block, level) in turn { bridge[block] = max(bridge[block], level) }
          bridges[other] = bridge
          return true
        }
        for other in index..<comparisons.count { guard add(to: other) else { break } }
        for other in (0..<index).reversed() { guard add(to: other) else { break } }
      }
    }
    return bridges
  }

  private mutating func append(bridging part: Range<Double>, _ blocks: [UInt8]) {
    var seconds = part.lowerBound
    while seconds < part.upperBound - interval / 2 {
      contrast.append(blocks, at: seconds)
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
