import VideoCore

/// Overlays of a leak whose film is known.
struct ReferenceOverlays {
  let leak: any PictureSource
  let size: FrameSize
  let film: AlignedFilm
  /// The stretches of this film and of all others that the leak shows, in order of leak time.
  let explained: [FilmStretch]
  /// What was passed over; nil where the leak was decoded as a whole.
  let unseen: (any UnseenPictures)?

  func tracks() throws -> [OverlayTrack] {
    let bars = PictureBars(of: try barSamples())
    let corrections = FilmCorrections()
    let evidence = try ReferenceEvidence(
      of: leak,
      size: size,
      film: film,
      bars: bars,
      unseen: unseen,
      corrections: corrections
    )
    var predictor = FilmPredictor(
      film: film,
      size: size,
      bars: bars,
      interval: evidence.interval,
      corrections: corrections
    )
    let carrier = OverlayCarrier(
      leak: leak,
      size: size,
      stretches: explained,
      isCoarse: unseen != nil
    )
    var tracks: [OverlayTrack] = []
    // Piece by piece, so that neither memory nor the number of pairs to compare grows with the leak.
    let pieces = evidence.contrast.pieces(of: Self.pieceSeconds)
    for piece in pieces {
      let levels = Self.contrastThresholds.map {
        BlockActivity(
          piece,
          threshold: $0,
          reachSeconds: 1.01,
          pause: Self.pauseSamples * evidence.interval
        )
      }
      let finder = OverlayFinder(
        leak: leak,
        size: size,
        activity: levels[0],
        strength: piece,
        evidence: .foreignContrast,
        bars: bars
      )
      for cluster in ClusterRefinement(levels: levels).clusters() {
        let draft = try finder.draft(cluster) { picture in
          guard let prediction = try predictor.prediction(of: picture) else { return nil }
          var difference = prediction.observed
          for i in difference.indices { difference[i] -= prediction.expected[i] }
          return difference
        }
        if let draft { tracks.append(try carrier.carried(draft)) }
      }
    }
    let seams = pieces.dropFirst().compactMap(\.times.first)
    return OverlayCarrier.joined(tracks, seams: seams)
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
        let near = try leak.pictures(from: time, to: time + 0.6).first ?? look(near: time)
        if let near, near.plane.size == size { result.append(near.plane) }
      }
    }
    return result
  }

  /// A look into what was passed over there.
  private func look(near seconds: Double) throws -> TimedPicture? {
    guard let unseen, let gap = unseen.gaps.first(where: { $0.contains(seconds) }) else {
      return nil
    }
    return try unseen.peek(into: gap).min {
      abs($0.seconds - seconds) < abs($1.seconds - seconds)
    }
  }

  private static let pieceSeconds = 600.0
  /// Samples that may be missing before what follows is another run.
  private static let pauseSamples = 2.8
  /// Levels of grey; 14 to 22 did as well as the first in a study, 8 let noise in.
  private static let contrastThresholds: [UInt8] = [16, 28, 48]
}
