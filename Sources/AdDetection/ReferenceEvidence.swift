import Registration
import VideoCore

/// What a leak shows beyond its film, block by block over time.
///
/// Two kinds of evidence, as measured in a study on camcorder leaks. *Foreign contrast* is local
/// contrast that the film does not explain: (1 − correlation in 9x9) · √(variance + 1), for what is
/// opaque or moves. *Steady residue* is a gradient of the difference that stays for seconds, for
/// what is translucent.
struct ReferenceEvidence {
  /// Foreign contrast in levels of grey, at each sampled moment that the film explains.
  var contrast: BlockSeries
  /// Steady residue in 255ths, each second.
  var residue: BlockSeries
  /// Corners that agreed, at each moment of `contrast`.
  var inliers: [Int] = []

  /// Goes through the explained part of a leak.
  ///
  /// - Throws: what the sources throw.
  init(of leak: any PictureSource, size: FrameSize, film: AlignedFilm) throws {
    let grid = BlockGrid(size: size)
    contrast = BlockSeries(grid: grid)
    residue = BlockSeries(grid: grid)
    var predictor = FilmPredictor(film: film, size: size)
    var series = residue
    for stretch in film.stretches {
      var steady = SteadyGradient(size: size, reach: Self.reach, floor: Self.floor)
      var start = stretch.leakStart
      while start < stretch.leakEnd {
        let end = min(stretch.leakEnd, start + Self.readSeconds)
        for picture in try leak.pictures(from: start, to: end) where picture.plane.size == size {
          guard let prediction = try predictor.prediction(of: picture) else { continue }
          contrast.append(
            grid.means(Self.foreignContrast(prediction, size: size), times: 1),
            at: picture.seconds
          )
          inliers.append(prediction.inliers)
          var difference = prediction.observed
          for i in difference.indices { difference[i] -= prediction.expected[i] }
          steady.add(difference, at: picture.seconds) {
            series.append(grid.means($1, times: 255), at: $0)
          }
        }
        start = end
      }
      steady.finish { series.append(grid.means($1, times: 255), at: $0) }
    }
    residue = series
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
    return local.correlation
  }

  private static let readSeconds = 8.0
  private static let reach = 4
  private static let floor: Float = 2
}
