import VideoCore

/// Overlays of a leak whose film is known.
struct ReferenceOverlays {
  let leak: any PictureSource
  let size: FrameSize
  let film: AlignedFilm

  func tracks() throws -> [OverlayTrack] {
    let bars = PictureBars(of: try barSamples())
    let evidence = try ReferenceEvidence(of: leak, size: size, film: film, bars: bars)
    let levels = Self.contrastThresholds.map {
      BlockActivity(evidence.contrast, threshold: $0, reachSeconds: 1.01, pause: 0.7)
    }
    let clusters = ClusterRefinement(levels: levels).clusters()
    let finder = OverlayFinder(
      leak: leak,
      size: size,
      activity: levels[0],
      strength: evidence.contrast,
      evidence: .foreignContrast,
      bars: bars
    )
    var predictor = FilmPredictor(film: film, size: size, bars: bars)
    let drafts = try clusters.compactMap { cluster in
      try finder.draft(cluster) { picture in
        guard let prediction = try predictor.prediction(of: picture) else { return nil }
        var difference = prediction.observed
        for i in difference.indices { difference[i] -= prediction.expected[i] }
        return difference
      }
    }
    let carrier = OverlayCarrier(leak: leak, size: size, film: film)
    return OverlayCarrier.joined(try drafts.map(carrier.carried))
  }

  /// Some pictures from all over the explained part.
  private func barSamples() throws -> [LumaPlane] {
    let total = film.stretches.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    var result: [LumaPlane] = []
    for stretch in film.stretches {
      let length = stretch.leakEnd - stretch.leakStart
      let count = max(1, Int(32 * length / max(total, 1e-9)))
      for n in 0..<count {
        let time = stretch.leakStart + length * (Double(n) + 0.5) / Double(count)
        if let near = try leak.pictures(from: time, to: time + 0.6).first, near.plane.size == size {
          result.append(near.plane)
        }
      }
    }
    return result
  }

  /// Levels of grey; 14 to 22 did as well as the first in a study, 8 let noise in.
  private static let contrastThresholds: [UInt8] = [16, 28, 48]
}
