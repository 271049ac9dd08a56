/// Finds the stretches of a leak that no part of its films explains.
struct ClipFinder {
  let cuts: ShotCuts
  let leakSeconds: Double

  func clips(beside films: [AlignedFilm]) -> [InsertedClip] {
    var gaps: [(start: Double, end: Double)] = []
    var reached = 0.0
    for stretch in AlignedFilm.stretches(of: films) {
      if stretch.leakStart - reached >= Self.leastSeconds {
        gaps.append((reached, stretch.leakStart))
      }
      reached = max(reached, stretch.leakEnd)
    }
    if leakSeconds - reached >= Self.leastSeconds { gaps.append((reached, leakSeconds)) }
    let last = films.max { $0.leakEnd < $1.leakEnd }
    let filmEnds = last?.stretches.last.map { $0.filmTime(at: $0.leakEnd) } ?? 0
    let isOver = filmEnds >= (last?.pictures.durationSeconds ?? 0) - Self.creditsSeconds
    return gaps.map { gap in
      let start = snapped(gap.start)
      let end = snapped(gap.end)
      let place: InsertedClip.Place =
        start <= 0 ? .preroll : end >= leakSeconds && isOver ? .postroll : .midroll
      return InsertedClip(
        start: start,
        end: end,
        place: place,
        evidence: .unexplained,
        shots: shots(from: start, to: end)
      )
    }
  }

  /// Shots that never passed a camera, those without a pause between them as one clip; none where all of
  /// the leak looks so, for then it is no recording that a clip would differ from.
  func clips(looking look: CaptureLook) -> [InsertedClip] {
    var result: [InsertedClip] = []
    for var shot in shots(from: 0, to: leakSeconds) {
      shot.digitalLook = look.digitalLook(from: shot.start, to: shot.end)
      guard shot.digitalLook >= Self.leastLook, shot.end - shot.start >= Self.leastSeconds else {
        continue
      }
      if let last = result.last, shot.start - last.end < 0.01 {
        result[result.count - 1].end = shot.end
        result[result.count - 1].shots.append(shot)
        continue
      }
      // A file shorter than a feature film is an excerpt, and its end is not the film's.
      let isLast = shot.end >= leakSeconds && leakSeconds >= Self.featureSeconds
      result.append(
        InsertedClip(
          start: shot.start,
          end: shot.end,
          place: shot.start <= 0 ? .preroll : isLast ? .postroll : .midroll,
          evidence: .digitalLook,
          shots: [shot]
        )
      )
    }
    return result.filter { $0.start > 0 || $0.end < leakSeconds }
  }

  /// The shots of a stretch; pieces too short to look at belong to their neighbour.
  func shots(from start: Double, to end: Double) -> [InsertedClip.Shot] {
    var edges = [start]
    for cut in cuts.times
    where cut > edges[edges.count - 1] + Self.leastShot && cut < end - Self.leastShot {
      edges.append(cut)
    }
    edges.append(end)
    return zip(edges, edges.dropFirst()).map { from, to in
      let count = max(3, min(6, Int((to - from) / 2)))
      return InsertedClip.Shot(
        start: from,
        end: to,
        sampleTimes: (0..<count).map {
          from + (to - from) * (0.15 + 0.75 * Double($0) / Double(count - 1))
        },
        digitalLook: 0
      )
    }
  }

  /// A boundary of the film moved to the cut that made it.
  private func snapped(_ seconds: Double) -> Double {
    if seconds <= 0 || seconds >= leakSeconds { return seconds }
    return cuts.nearest(to: seconds, within: Self.snapSeconds) ?? seconds
  }

  private static let leastSeconds = 1.0
  private static let leastLook = 0.5
  private static let featureSeconds = 2400.0
  private static let snapSeconds = 0.25
  private static let leastShot = 0.3
  /// A film whose last minute was shown is over: what follows follows it.
  private static let creditsSeconds = 60.0
}
