import Registration
import VideoCore

/// What a moment of a leak would look like if it showed the film and nothing else.
struct FilmPrediction {
  /// The leak's picture.
  var observed: [Float]
  /// The film warped, blurred and toned like it.
  var expected: [Float]
  /// 255 where the film's picture lies, else 0.
  var coverage: [UInt8]
}

/// Predicts the pictures of a leak from the film, moment by moment.
///
/// The geometry of a match is a few pixels off and follows no shaking hand, so each picture is
/// registered anew: corners of the warped film are followed into the leak, and most of them must
/// agree on one small map. What is drawn over the film is among the outliers.
struct FilmPredictor {
  private let film: AlignedFilm
  private let size: FrameSize
  private let photometry: Photometry
  private let bars: PictureBars
  private let corrections: FilmCorrections
  /// Seconds after which the blur is measured anew.
  private let blurPeriod: Double
  private var blur = 1.0
  private var blurTime = -Double.infinity

  /// Predicts pictures that come every `interval` seconds; predictors that share `corrections` register
  /// each picture once.
  init(
    film: AlignedFilm,
    size: FrameSize,
    bars: PictureBars,
    interval: Double,
    corrections: FilmCorrections
  ) {
    (self.film, self.corrections) = (film, corrections)
    // Single looks are farther apart than pictures, and share a camera.
    let isPartial = interval > ReferenceEvidence.interval(isPartial: false)
    blurPeriod = isPartial ? 16 : 2
    self.bars = bars
    self.size = size
    photometry = Photometry(size: size)
  }

  /// The prediction of a picture; nil where no stretch of the film explains its moment.
  mutating func prediction(of picture: TimedPicture) throws -> FilmPrediction? {
    guard let stretch = film.stretch(at: picture.seconds),
      let placement = film.placement(at: picture.seconds, in: stretch),
      let shown = try filmPicture(at: stretch.filmTime(at: picture.seconds)),
      let warp = warp(of: shown, by: placement, to: picture)
    else { return nil }
    let observed = picture.plane.pixels.map(Float.init)
    let sharp = warp.plane.pixels.map(Float.init)
    if abs(picture.seconds - blurTime) > blurPeriod {
      blur = bestBlur(sharp, observed, warp.coverage)
      blurTime = picture.seconds
    }
    let soft = PlaneFilters.blurred(sharp, size: size, sigma: blur)
    return FilmPrediction(
      observed: observed,
      expected: photometry.fitted(soft, coverage: warp.coverage, bars: bars, to: observed),
      coverage: warp.coverage
    )
  }

  /// The film's picture where a picture of the leak shows it: about `placement`.
  private func warp(
    of shown: LumaPlane,
    by placement: [Double],
    to picture: TimedPicture
  ) -> PlaneWarp? {
    var first: PlaneWarp?
    let known = corrections.map(at: picture.seconds) {
      first = PlaneWarp(shown, by: placement, to: size)
      return first.flatMap { correction(from: $0, to: Self.flat(picture.plane)) }
    }
    let refined = known.flatMap {
      PlaneWarp(
        shown,
        by: PlaneGeometry.product(PlaneGeometry.inUnits($0, size: size), placement),
        to: size
      )
    }
    return refined ?? first ?? PlaneWarp(shown, by: placement, to: size)
  }

  private func filmPicture(at seconds: Double) throws -> LumaPlane? {
    let near = try film.pictures.pictures(from: seconds - 0.07, to: seconds + 0.07)
    return near.min { abs($0.seconds - seconds) < abs($1.seconds - seconds) }?.plane
  }

  private static func flat(_ plane: LumaPlane) -> LumaPlane {
    PlaneFilters.normalised(plane, radius: 8, noise: 6)
  }

  /// A small map between pixels that most corners agree on.
  private func correction(from warp: PlaneWarp, to observed: LumaPlane) -> [Double]? {
    let tracks = PointTracks(from: Self.flat(warp.plane), to: observed, mask: warp.coverage)
    guard tracks.from.count >= Self.leastInliers else { return nil }
    let robust = RobustHomography.estimate(
      from: tracks.from,
      to: tracks.to,
      threshold: Self.threshold,
      iterations: 500
    )
    guard let robust else { return nil }
    let inliers = robust.inliers.count { $0 }
    guard inliers >= Self.leastInliers,
      Double(inliers) >= Self.leastShare * Double(tracks.from.count),
      isSmall(robust.elements)
    else { return nil }
    return robust.elements
  }

  /// Whether no corner of the frame moves by more than a twentieth of its width.
  private func isSmall(_ h: [Double]) -> Bool {
    let (w, height) = (Double(size.width), Double(size.height))
    return [(0, 0), (w, 0), (0, height), (w, height)].allSatisfy { x, y in
      let depth = h[6] * x + h[7] * y + h[8]
      guard depth > 0.5 else { return false }
      let dx = (h[0] * x + h[1] * y + h[2]) / depth - x
      let dy = (h[3] * x + h[4] * y + h[5]) / depth - y
      return dx * dx + dy * dy < w * w / 400
    }
  }

  /// The blur under which the film's details correlate best with the leak's.
  private func bestBlur(_ film: [Float], _ observed: [Float], _ coverage: [UInt8]) -> Double {
    var best = (sigma: 0.0, value: -Float.infinity)
    for sigma in [0.0, 0.8, 1.3, 2, 3] {
      let soft = PlaneFilters.blurred(film, size: size, sigma: sigma)
      let local = PlaneFilters.localCorrelation(
        observed,
        soft,
        size: size,
        radius: 3,
        noise: Self.noiseVariance
      )
      var sum: Float = 0
      for i in coverage.indices where coverage[i] != 0 { sum += local.correlation[i] }
      if sum > best.value { best = (sigma, sum) }
    }
    return best.sigma
  }

  /// Variance of the noise that a coded recording has, in squared levels.
  static let noiseVariance: Float = 9
  private static let leastInliers = 10
  private static let leastShare = 0.35
  private static let threshold = 1.2
}

/// How pictures of a leak lie beside where the geometry of the match has them, each found once.
///
/// A picture is predicted when evidence is gathered, and again where something was found in it.
final class FilmCorrections {
  private var known: [Double: [Double]?] = [:]

  /// The small map of the picture at a moment, between pixels; nil where none is sure.
  func map(at seconds: Double, _ find: () -> [Double]?) -> [Double]? {
    if let found = known[seconds] { return found }
    let found = find()
    known[seconds] = .some(found)
    return found
  }
}
