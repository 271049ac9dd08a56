import VideoCore

/// Follows overlays into what the film does not explain: credits, passages that the library lacks.
struct OverlayCarrier {
  let leak: any PictureSource
  let size: FrameSize
  /// What films explain, in order of leak time.
  let stretches: [FilmStretch]
  /// Whether not all pictures were examined.
  let isCoarse: Bool

  /// The draft's track, lengthened at both ends as long as the same picture is there.
  func carried(_ draft: OverlayFinder.Draft) throws -> OverlayTrack {
    var track = draft.track
    guard !draft.looks.isEmpty, draft.track.motion != .scrolling || draft.looks.count < 3 else {
      return track
    }
    if isCoarse, draft.track.motion != .scrolling {
      // Pictures that were not examined may show it already, or still.
      track.start = try reached(draft, from: track.start, to: max(0, track.start - Self.coarse))
      track.end = try reached(draft, from: track.end, to: track.end + Self.coarse)
    }
    let before = stretches.last { $0.leakEnd <= track.start + Self.slack }?.leakEnd ?? 0
    let own = stretches.first {
      $0.leakStart <= track.start + Self.slack && track.start < $0.leakEnd
    }
    if let own, track.start - own.leakStart < Self.nearEnd, own.leakStart - before > Self.slack {
      track.start = try reached(draft, from: track.start, to: max(before, track.start - Self.most))
    }
    let last = stretches.last { $0.leakStart < track.end }
    let after =
      stretches.first { $0.leakStart >= track.end - Self.slack }?.leakStart
      ?? leak.durationSeconds + 1
    if let last, last.leakEnd - track.end < Self.nearEnd, after - last.leakEnd > Self.slack {
      track.end = try reached(draft, from: track.end, to: min(after, track.end + Self.most))
    }
    return track
  }

  /// How far the same picture is there on the way to `limit`, before or after `start`, over pauses
  /// of three samples.
  private func reached(
    _ draft: OverlayFinder.Draft,
    from start: Double,
    to limit: Double
  ) throws -> Double {
    var (reached, misses, from) = (start, 0, start)
    let half = 0.125
    while from != limit {
      let step = max(-Self.readSeconds, min(Self.readSeconds, limit - from))
      let next = abs(step) < Self.readSeconds ? limit : from + step
      let pictures = try leak.pictures(from: min(from, next), to: max(from, next))
      for picture in limit < start ? pictures.reversed() : pictures
      where picture.plane.size == size {
        let crop = Crop(picture.plane, draft.region)
        if draft.looks.contains(where: { $0.correlation(crop) > Self.sameLook }) {
          reached =
            limit < start
            ? min(reached, picture.seconds - half) : max(reached, picture.seconds + half)
          misses = 0
        } else {
          misses += 1
          if misses > 3 { return max(0, reached) }
        }
      }
      from = next
    }
    return max(0, reached)
  }

  /// Joins tracks of one place of which one begins where the other ends; at `seams`, where detection
  /// started anew, also where one of them shows but one of several looks.
  static func joined(_ tracks: [OverlayTrack], seams: [Double] = []) -> [OverlayTrack] {
    var result: [OverlayTrack] = []
    for track in tracks.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      let index = result.lastIndex { earlier in
        let isSeam = seams.contains { abs($0 - track.start) < joinSeconds }
        guard abs(track.start - earlier.end) < joinSeconds,
          track.motion == earlier.motion
            || isSeam && track.motion != .scrolling && earlier.motion != .scrolling,
          let a = earlier.boxes.last?.box, let b = track.boxes.first?.box
        else { return false }
        return a.intersectionOverUnion(b) > 0.6
      }
      guard let index else {
        result.append(track)
        continue
      }
      result[index].end = max(result[index].end, track.end)
      if track.motion != result[index].motion { result[index].motion = .alternating }
      result[index].boxes += track.boxes
      result[index].states += track.states
      result[index].strength = max(result[index].strength, track.strength)
      result[index].confidence = max(result[index].confidence, track.confidence)
    }
    return result
  }

  private static let readSeconds = 10.0
  private static let slack = 0.4
  /// Pictures that were not examined lie within this, in seconds.
  private static let coarse = 1.2
  private static let nearEnd = 1.0
  private static let joinSeconds = 0.6
  /// Farther than this nothing is followed without the film, in seconds.
  private static let most = 600.0
  /// Correlation of the local contrast that says that the picture is the same.
  private static let sameLook: Float = 0.55
}
