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
    predictor = FilmPredictor(film: film, size: size, bars: bars)
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

  /// Adds what lies in a part that was passed over.
  private mutating func append(
    across gap: Range<Double>,
    from last: [Sample],
    to next: [Sample]
  ) throws {
    guard let unseen else { return }
    let comparison = GapComparison(
      before: last.filter { $0.seconds >= gap.lowerBound - Self.sideSeconds }.map(\.blocks),
      after: next.prefix { $0.seconds < gap.upperBound + Self.sideSeconds }.map(\.blocks),
      grid: grid
    )
    if let comparison {
      let peeked = try unseen.peek(into: gap).compactMap { try blocks(of: $0) }
      if !comparison.tellsOfChange(peeked: peeked) {
        var seconds = gap.lowerBound
        while seconds < gap.upperBound - interval / 2 {
          contrast.append(comparison.between, at: seconds)
          seconds += interval
        }
        return
      }
    }
    try unseen.fill(gap)
    append(try samples(from: gap.lowerBound, to: gap.upperBound))
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
    var start = begin
    while start < end {
      let next = min(end, start + Self.readSeconds)
      for picture in try leak.pictures(from: start, to: next) {
        if let last = result.last, picture.seconds - last.seconds < interval - 0.05 { continue }
        guard let blocks = try blocks(of: picture) else { continue }
        result.append(Sample(seconds: picture.seconds, blocks: blocks))
      }
      start = next
    }
    return result
  }

  /// Foreign contrast of a picture; nil where it cannot be told.
  private mutating func blocks(of picture: TimedPicture) throws -> [UInt8]? {
    guard picture.plane.size == size, let prediction = try predictor.prediction(of: picture) else {
      return nil
    }
    return grid.means(Self.foreignContrast(prediction, size: size), times: 1)
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
  /// Of a long leak, of which parts are passed over, every other picture is looked at.
  static func interval(isPartial: Bool) -> Double { isPartial ? 0.5 : 0.25 }
  /// What is compared on both sides of a part that was passed over, in seconds.
  private static let sideSeconds = 1.01
}
