import VideoCore

/// Follows overlays into what the film does not explain: credits, passages that the library lacks.
struct OverlayCarrier {
  let leak: any PictureSource
  let size: FrameSize
  let film: AlignedFilm

  /// The draft's track, lengthened at both ends as long as the same picture is there.
  func carried(_ draft: OverlayFinder.Draft) throws -> OverlayTrack {
    var track = draft.track
    guard !draft.looks.isEmpty, draft.track.motion != .scrolling || draft.looks.count < 3 else {
      return track
    }
    let before = film.stretches.last { $0.leakEnd <= track.start + Self.slack }?.leakEnd ?? 0
    let own = film.stretches.first {
      $0.leakStart <= track.start + Self.slack && track.start < $0.leakEnd
    }
    if let own, track.start - own.leakStart < Self.nearEnd, own.leakStart - before > Self.slack {
      let pictures = try leak.pictures(
        from: max(before, track.start - Self.most),
        to: track.start
      )
      track.start = reached(pictures.reversed(), draft, from: track.start)
    }
    let last = film.stretches.last { $0.leakStart < track.end }
    let after =
      film.stretches.first { $0.leakStart >= track.end - Self.slack }?.leakStart
      ?? leak.durationSeconds + 1
    if let last, last.leakEnd - track.end < Self.nearEnd, after - last.leakEnd > Self.slack {
      let pictures = try leak.pictures(from: track.end, to: min(after, track.end + Self.most))
      track.end = reached(pictures, draft, from: track.end)
    }
    return track
  }

  /// How far the same picture is there, over pauses of one sample.
  private func reached(
    _ pictures: [TimedPicture],
    _ draft: OverlayFinder.Draft,
    from start: Double
  ) -> Double {
    var (reached, misses) = (start, 0)
    for picture in pictures where picture.plane.size == size {
      let crop = Crop(picture.plane, draft.region)
      if draft.looks.contains(where: { $0.correlation(crop) > Self.sameLook }) {
        let half = 0.125
        reached =
          picture.seconds < start
          ? min(reached, picture.seconds - half) : max(reached, picture.seconds + half)
        misses = 0
      } else {
        misses += 1
        if misses > 3 { break }
      }
    }
    return max(0, reached)
  }

  /// Joins tracks of one place of which one begins where the other ends.
  static func joined(_ tracks: [OverlayTrack]) -> [OverlayTrack] {
    var result: [OverlayTrack] = []
    for track in tracks.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      let index = result.lastIndex { earlier in
        guard abs(track.start - earlier.end) < joinSeconds, track.motion == earlier.motion,
          let a = earlier.boxes.last?.box, let b = track.boxes.first?.box
        else { return false }
        return a.intersectionOverUnion(b) > 0.6
      }
      guard let index else {
        result.append(track)
        continue
      }
      result[index].end = max(result[index].end, track.end)
      result[index].boxes += track.boxes
      result[index].states += track.states
      result[index].strength = max(result[index].strength, track.strength)
      result[index].confidence = max(result[index].confidence, track.confidence)
    }
    return result
  }

  private static let slack = 0.4
  private static let nearEnd = 1.0
  private static let joinSeconds = 0.6
  /// Farther than this nothing is followed without the film, in seconds.
  private static let most = 600.0
  /// Correlation of the local contrast that says that the picture is the same.
  private static let sameLook: Float = 0.55
}
