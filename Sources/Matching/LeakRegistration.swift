import Registration

/// Finds how the film lies in the leak's frame all along a match.
///
/// Feature pairs are taken every half second of the segments, whose time map says which frames show
/// the same moment; a chain of homographies is fitted to each stretch of the leak without gaps.
struct LeakRegistration {
  let verifier: PairVerifier
  let mirrored: Bool
  let leak: any FrameSource
  let reference: any FrameSource
  /// Whether parts of the leak have single frames only, so that moments are moved to these.
  var isSparse = false

  /// The segments with geometry of their own; where nothing can be measured they keep what they
  /// have.
  func registered(_ segments: [AlignedSegment]) throws -> [AlignedSegment] {
    let seconds = segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    let step = max(Self.leastStep, seconds / Double(Self.mostMoments))
    var result = segments
    var stretch: [HomographyTrack.Moment] = []
    var samples: [GeometrySample] = []
    for segment in segments {
      for time in try frameTimes(of: segment, step: step) {
        let pairs = try verifier.pairs(
          of: leak,
          at: time,
          reference,
          at: segment.referenceTime(at: time),
          mirrored: mirrored
        )
        guard let pairs else { continue }
        if let last = stretch.last, time - last.seconds > Self.longestGap * step {
          samples += track(stretch, step: step, guesses: segments)
          stretch = []
        }
        stretch.append(HomographyTrack.Moment(seconds: time, from: pairs.from, to: pairs.to))
      }
    }
    samples += track(stretch, step: step, guesses: segments)
    for index in result.indices {
      let own = samples.filter {
        $0.leakTime >= result[index].leakStart && $0.leakTime <= result[index].leakEnd
      }
      if !own.isEmpty { result[index].geometry = own }
    }
    return result
  }

  /// The distortion of the lens, over all segments; nil where it cannot be told.
  func lens(of segments: [AlignedSegment]) throws -> LensDistortion? {
    let geometry = segments.flatMap(\.geometry)
    let seconds = segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    let step = max(Self.leastStep, seconds / Double(Self.momentsOfLens))
    var moments: [HomographyTrack.Moment] = []
    for segment in segments {
      for time in try frameTimes(of: segment, step: step) {
        let pairs = try verifier.pairs(
          of: leak,
          at: time,
          reference,
          at: segment.referenceTime(at: time),
          mirrored: mirrored
        )
        guard let pairs else { continue }
        moments.append(HomographyTrack.Moment(seconds: time, from: pairs.from, to: pairs.to))
      }
    }
    return LensDistortion(moments) { seconds in
      let near = geometry.min { abs($0.leakTime - seconds) < abs($1.leakTime - seconds) }
      let homography = near?.homography ?? .identity
      return (mirrored ? Homography.mirror.after(homography) : homography).elements
    }
  }

  /// Moments to look at, as far as there are frames; ascending.
  private func frameTimes(of segment: AlignedSegment, step: Double) throws -> [Double] {
    let times = Self.times(of: segment, step: step)
    guard isSparse else { return times }
    var result: [Double] = []
    for time in times {
      let near = try leak.frames(
        from: max(segment.leakStart, time - step / 2),
        to: min(segment.leakEnd, time + step / 2)
      )
      let nearest = near.min { abs($0.seconds - time) < abs($1.seconds - time) }?.seconds
      if let nearest, nearest > result.last ?? -1 { result.append(nearest) }
    }
    return result
  }

  private static func times(of segment: AlignedSegment, step: Double) -> [Double] {
    let length = segment.leakEnd - segment.leakStart
    let count = max(1, Int((length / step).rounded()))
    return (0..<count).map { segment.leakStart + length * (Double($0) + 0.5) / Double(count) }
  }

  /// The geometry of a stretch at its knots; none where it is not believable.
  private func track(
    _ moments: [HomographyTrack.Moment],
    step: Double,
    guesses: [AlignedSegment]
  ) -> [GeometrySample] {
    let starts = Self.starts(moments, step: step)
    let known = guesses.flatMap(\.geometry)
    let start = { (seconds: Double) -> [Double] in
      if let near = starts.min(by: { abs($0.leakTime - seconds) < abs($1.leakTime - seconds) }) {
        return near.homography.elements
      }
      let near = known.min { abs($0.leakTime - seconds) < abs($1.leakTime - seconds) }
      let homography = near?.homography ?? .identity
      return (mirrored ? Homography.mirror.after(homography) : homography).elements
    }
    guard let track = HomographyTrack(moments, spacing: step, start: start) else { return [] }
    return track.knots.compactMap { knot in
      let homography = Homography(track.elements(at: knot))
      guard homography.isPlausible else { return nil }
      return GeometrySample(
        leakTime: knot,
        homography: mirrored ? Homography.mirror.after(homography) : homography
      )
    }
  }

  /// Homographies that the pairs of some seconds agree on, to start from.
  private static func starts(
    _ moments: [HomographyTrack.Moment],
    step: Double
  ) -> [GeometrySample] {
    guard let first = moments.first?.seconds, let last = moments.last?.seconds else { return [] }
    let pitch = max(2, 4 * step)
    let count = max(1, Int(((last - first) / pitch).rounded()))
    return (0..<count).compactMap { number in
      let middle = first + (last - first) * (Double(number) + 0.5) / Double(count)
      let around = moments.filter { abs($0.seconds - middle) <= 2 * pitch }
      // Sampling costs in proportion to the pairs; a start need not be exact.
      let every = max(1, around.count / Self.momentsOfStart)
      let near = around.indices.filter { $0 % every == 0 }.map { around[$0] }
      let robust = PairVerifier.fit(from: near.flatMap(\.from), to: near.flatMap(\.to))
      guard let robust, robust.inliers.count(where: { $0 }) >= PairVerifier.acceptedInliers,
        robust.homography.isPlausible
      else { return nil }
      return GeometrySample(leakTime: middle, homography: robust.homography)
    }
  }

  private static let leastStep = 0.5
  private static let momentsOfStart = 8
  private static let momentsOfLens = 40
  /// Moments looked at in all, so that a long leak costs no more than one of a minute and a half.
  private static let mostMoments = 150
  /// Steps without a frame after which a new chain begins.
  private static let longestGap = 5.0
}
