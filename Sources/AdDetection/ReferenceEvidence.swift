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

  /// Goes through the explained part of a leak.
  ///
  /// - Throws: what the sources throw.
  init(of leak: any PictureSource, size: FrameSize, film: AlignedFilm, bars: PictureBars) throws {
    let grid = BlockGrid(size: size)
    contrast = BlockSeries(grid: grid)
    var predictor = FilmPredictor(film: film, size: size, bars: bars)
    for stretch in film.stretches {
      var start = stretch.leakStart
      while start < stretch.leakEnd {
        let end = min(stretch.leakEnd, start + Self.readSeconds)
        for picture in try leak.pictures(from: start, to: end) where picture.plane.size == size {
          guard let prediction = try predictor.prediction(of: picture) else { continue }
          contrast.append(
            grid.means(Self.foreignContrast(prediction, size: size), times: 1),
            at: picture.seconds
          )
        }
        start = end
      }
    }
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
}
