/// The parts of a long leak that were not decoded at first, and how to get at them.
public protocol UnseenFrames: AnyObject {
  /// Some frames of parts of the leak that cost little, such as its key frames, in order of time.
  func peek(_ parts: [Range<Double>]) throws -> [TimedPlane]

  /// As many frames of parts of the leak as cost little, in order of time.
  func peekClosely(_ parts: [Range<Double>]) throws -> [TimedPlane]

  /// Makes the leak's source hold all frames of these parts.
  func fill(_ parts: [Range<Double>]) throws
}

/// Finds the parts of a leak that must be decoded to say where segments begin and end.
///
/// Of a long leak some stretches are decoded. What lies between them is looked at by single frames:
/// while these show what the film shows at the moment that a neighbouring segment says, that segment
/// goes on. Between two that say different things an end lies, and only there more is decoded.
struct UnseenParts {
  let leak: any FrameSource
  let films: FilmTracks
  /// Parts without frames, in order of time.
  let parts: [Range<Double>]
  private let seen: [Range<Double>]

  init(_ tracks: QueryTracks, leak: any FrameSource, films: FilmTracks) {
    self.leak = leak
    self.films = films
    seen = tracks.seenStretches
    var parts: [Range<Double>] = []
    var reached = 0.0
    for stretch in seen + [leak.durationSeconds..<leak.durationSeconds] {
      if stretch.lowerBound - reached > Self.leastSeconds {
        parts.append(reached..<stretch.lowerBound)
      }
      reached = max(reached, stretch.upperBound)
    }
    self.parts = parts
  }

  /// What is known of a leak by what was decoded and by single frames.
  struct Survey {
    /// The parts that hold an end of a segment.
    var doubtful: [Range<Double>] = []
    /// For each match what its segments go on over, by single frames: the segment and the part.
    var continued: [[(segment: AlignedSegment, part: Range<Double>)]] = []
    /// For each match the segments that end in a part, up to the first frame that shows something else.
    var ending: [[(segment: AlignedSegment, part: Range<Double>)]] = []
    /// Long parts that no match explains.
    var unexplained: [Range<Double>] = []
  }

  /// Compares single frames of the unseen parts with what matches say.
  ///
  /// - Parameters:
  ///   - matches: what the decoded stretches gave.
  ///   - looks: frames of the unseen parts, in order of time.
  ///   - verifier: finds how the film lies in a look where the segment's geometry does not fit.
  /// - Returns: what has to be decoded.
  /// - Throws: what the sources throw.
  func survey(
    _ matches: [ReleaseMatch],
    looks: [TimedPlane],
    verifier: PairVerifier
  ) throws -> Survey {
    var survey = Survey()
    var explained: [Range<Double>] = []
    for match in matches {
      let witness = LookWitness(
        match,
        looks: Looks(looks, durationSeconds: leak.durationSeconds),
        film: try films.track(of: match.reference),
        verifier: verifier
      )
      explained += match.segments.map { $0.leakStart..<max($0.leakStart, $0.leakEnd) }
      var continued: [(segment: AlignedSegment, part: Range<Double>)] = []
      var ending: [(segment: AlignedSegment, part: Range<Double>)] = []
      for part in parts {
        let own = looks.filter { part.contains($0.seconds) }
        let points = try self.points(of: part, own, match, witness)
        for (one, other) in zip(points, points.dropFirst()) {
          if one.state.isSame(as: other.state, match.segments, at: other.seconds) {
            if case .shows(let index) = one.state {
              explained.append(one.seconds..<other.seconds)
              continued.append((match.segments[index], one.seconds..<other.seconds))
            }
          } else if one.state.isDoubtful(before: other.state) {
            // Both sides of the end have to be seen for a while.
            let end = min(part.upperBound, other.seconds + Self.beyond)
            if one.seconds < end { survey.doubtful.append(one.seconds..<end) }
            if let index = one.state.segment {
              ending.append((match.segments[index], one.seconds..<other.seconds))
            }
          }
        }
      }
      survey.continued.append(continued)
      survey.ending.append(ending)
    }
    survey.doubtful = Self.joined(survey.doubtful)
    let holes = Self.holes(in: Self.joined(explained), durationSeconds: leak.durationSeconds)
    survey.unexplained = holes.filter {
      $0.upperBound - $0.lowerBound >= Self.leastUnexplained
    }
    return survey
  }

  private func points(
    of part: Range<Double>,
    _ looks: [TimedPlane],
    _ match: ReleaseMatch,
    _ witness: LookWitness
  ) throws -> [Point] {
    var points: [Point] = []
    let begin =
      part.lowerBound > 0
      ? Self.state(at: part.lowerBound - Self.inside, of: match.segments) : .edge
    points.append(Point(seconds: part.lowerBound, state: begin))
    let near = match.segments.indices.filter { Self.touches(match.segments[$0], part) }
    var last = begin.segment
    for look in looks {
      guard !near.isEmpty else { break }
      if let state = try witness.state(of: look, candidates: near, after: last) {
        points.append(Point(seconds: look.seconds, state: state))
        last = state.segment ?? last
      }
    }
    let end =
      part.upperBound < leak.durationSeconds
      ? Self.state(at: part.upperBound + Self.inside, of: match.segments) : .edge
    points.append(Point(seconds: part.upperBound, state: end))
    return points
  }

  private struct Point {
    var seconds: Double
    var state: LookState
  }

  private static func state(at seconds: Double, of segments: [AlignedSegment]) -> LookState {
    let index = segments.indices.first {
      segments[$0].leakStart <= seconds + slack && segments[$0].leakEnd >= seconds - slack
    }
    return index.map(LookState.shows) ?? .other
  }

  private static func touches(_ segment: AlignedSegment, _ part: Range<Double>) -> Bool {
    segment.leakStart < part.upperBound + slack && segment.leakEnd > part.lowerBound - slack
  }

  /// The ranges in order of time, those that touch as one.
  static func joined(_ ranges: [Range<Double>]) -> [Range<Double>] {
    var result: [Range<Double>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  private static func holes(
    in ranges: [Range<Double>],
    durationSeconds: Double
  ) -> [Range<Double>] {
    var result: [Range<Double>] = []
    var reached = 0.0
    for range in ranges + [durationSeconds..<durationSeconds] {
      if range.lowerBound > reached { result.append(reached..<range.lowerBound) }
      reached = max(reached, range.upperBound)
    }
    return result
  }

  /// Shorter parts hold nothing of their own.
  private static let leastSeconds = 1.5
  /// A segment that ends this near to a part may end somewhere in it.
  private static let slack = 1.5
  /// How far inside a decoded stretch its side of a part is asked for.
  private static let inside = 0.25
  /// Seconds that are decoded behind the frame that tells of an end.
  private static let beyond = 2.5
  /// Shorter parts without explanation are what was put between two of the film; what they show was
  /// searched for in as far as it was decoded.
  private static let leastUnexplained = 35.0
}

extension [AlignedSegment] {
  /// The segments, prolonged over what single frames say that they go on over.
  ///
  /// Where the film ends a few frames after such a frame, too little of it was decoded to be found.
  func prolonged(
    over continued: [(segment: AlignedSegment, part: Range<Double>)]
  ) -> [AlignedSegment] {
    var result = self
    func isSame(_ one: AlignedSegment, _ other: AlignedSegment, at seconds: Double) -> Bool {
      abs(one.referenceTime(at: seconds) - other.referenceTime(at: seconds))
        < LookState.sameSeconds
    }
    for (segment, part) in continued {
      for index in result.indices where isSame(result[index], segment, at: part.upperBound) {
        let next = index + 1 < result.count ? result[index + 1].leakStart : .infinity
        let (end, to) = (result[index].leakEnd, part.upperBound)
        guard part.lowerBound <= end, end < to, to <= next else { continue }
        result[index].referenceEnd = result[index].referenceTime(at: to)
        result[index].leakEnd = to
      }
    }
    for (segment, part) in continued.reversed() {
      for index in result.indices where isSame(result[index], segment, at: part.lowerBound) {
        let last = index > 0 ? result[index - 1].leakEnd : -.infinity
        let (start, to) = (result[index].leakStart, part.lowerBound)
        guard part.upperBound >= start, to < start, last <= to else { continue }
        result[index].referenceStart = result[index].referenceTime(at: to)
        result[index].leakStart = to
      }
    }
    return result
  }
}

/// What a moment of the leak shows of a match.
enum LookState {
  /// What the segment of this number says.
  case shows(Int)
  /// Something else.
  case other
  /// The leak begins or ends here.
  case edge

  /// The number of the segment that is shown; nil for anything else.
  var segment: Int? {
    if case .shows(let index) = self { return index }
    return nil
  }

  func isSame(
    as other: LookState,
    _ segments: [AlignedSegment],
    at seconds: Double
  ) -> Bool {
    switch (self, other) {
    case (.shows(let one), .shows(let two)):
      one == two
        || abs(segments[one].referenceTime(at: seconds) - segments[two].referenceTime(at: seconds))
          < Self.sameSeconds
    case (.other, .other), (.edge, .edge): true
    default: false
    }
  }

  /// Whether the film begins or ends between the two.
  func isDoubtful(before other: LookState) -> Bool {
    switch (self, other) {
    case (.edge, .other), (.other, .edge): false
    default: true
    }
  }

  /// Lines that differ by less are one, which two short segments of it do not know as well.
  static let sameSeconds = 0.3
}

/// Tells of single frames whether they show what the segments of a match say.
private final class LookWitness {
  private let match: ReleaseMatch
  private let looks: Looks
  private let film: any FrameSource
  private let filmTrack: VectorTrack
  private let tracks: [VectorTrack]
  private let verifier: PairVerifier

  init(_ match: ReleaseMatch, looks: Looks, film: VectorTrack, verifier: PairVerifier) {
    (self.match, self.looks, self.verifier) = (match, looks, verifier)
    (self.film, filmTrack) = (film.source, film)
    tracks = match.segments.map { VectorTrack(source: looks, geometries: $0.geometry) }
  }

  /// What a look shows; nil where nothing can be seen in it.
  ///
  /// A picture that hardly changes agrees with many moments of the film: of the segments that may be
  /// shown it is the one that the looks before showed, unless another agrees clearly better.
  func state(
    of look: TimedPlane,
    candidates: [Int],
    after last: Int?
  ) throws -> LookState? {
    var blank = false
    var best: (index: Int, agreement: Double)?
    var ofLast: Double?
    for index in candidates {
      let segment = match.segments[index]
      let agreement = try self.agreement(of: look, segment, tracks[index])
      guard let agreement else {
        blank = true
        continue
      }
      guard agreement >= Self.leastShare * segment.correlation else { continue }
      if index == last { ofLast = agreement }
      if best.map({ agreement > $0.agreement }) ?? true { best = (index, agreement) }
    }
    if let best {
      guard let last, let ofLast, ofLast >= Self.sameShare * best.agreement else {
        return .shows(best.index)
      }
      return .shows(last)
    }
    if blank { return nil }
    // The camera may have moved since the geometry was known.
    for index in candidates {
      let segment = match.segments[index]
      guard let homography = try self.homography(of: look, segment) else { continue }
      let sample = GeometrySample(leakTime: look.seconds, homography: homography)
      let track = VectorTrack(source: looks, geometries: [sample])
      if let agreement = try self.agreement(of: look, segment, track),
        agreement >= Self.leastShare * segment.correlation
      {
        return .shows(index)
      }
    }
    return .other
  }

  /// The correlation of a look with the film's frames at its moment; nil for a blank look.
  private func agreement(
    of look: TimedPlane,
    _ segment: AlignedSegment,
    _ track: VectorTrack
  ) throws -> Double? {
    let vectors = try track.native(from: look.seconds, to: look.seconds + 0.001)
    guard vectors.count > 0, !vectors.areBlank[0] else { return nil }
    let shown = segment.referenceTime(at: look.seconds)
    let others = try filmTrack.native(from: shown - Self.reach, to: shown + Self.reach)
    let mask = track.mask(vectors.geometries[0])
    return (0..<others.count).map { others.correlation($0, vectors, 0, under: mask) }.max() ?? 0
  }

  private func homography(of look: TimedPlane, _ segment: AlignedSegment) throws -> Homography? {
    let pairs = try verifier.pairs(
      of: looks,
      at: look.seconds,
      film,
      at: segment.referenceTime(at: look.seconds),
      mirrored: match.mirrored
    )
    guard let pairs, let fit = PairVerifier.fit(from: pairs.from, to: pairs.to),
      fit.inliers.count(where: { $0 }) >= Self.leastInliers, fit.homography.isPlausible
    else { return nil }
    return match.mirrored ? Homography.mirror.after(fit.homography) : fit.homography
  }

  /// A frame of the film lies this near to its moment, in seconds.
  private static let reach = 0.1
  /// Part of a segment's correlation below which a look shows something else.
  private static let leastShare = 0.4
  /// Part of the best agreement at which the segment of the look before is believed to go on.
  private static let sameShare = 0.8
  /// Features of one look that must agree on a geometry of its own.
  private static let leastInliers = 12
}

/// Some single frames of a leak.
final class Looks: FrameSource {
  private let looks: [TimedPlane]
  let durationSeconds: Double

  /// Takes frames in order of time.
  init(_ looks: [TimedPlane], durationSeconds: Double) {
    (self.looks, self.durationSeconds) = (looks, durationSeconds)
  }

  func frames(from start: Double, to end: Double) -> [TimedPlane] {
    Array(looks[firstIndex(from: start)..<max(firstIndex(from: start), firstIndex(from: end))])
  }

  private func firstIndex(from seconds: Double) -> Int {
    var (low, high) = (0, looks.count)
    while low < high {
      let middle = (low + high) / 2
      if looks[middle].seconds < seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The decoded frames of a leak, and single ones where it was not decoded.
final class SeenFrames: FrameSource {
  private let decoded: any FrameSource
  private let looks: Looks

  init(_ decoded: any FrameSource, looks: Looks) {
    (self.decoded, self.looks) = (decoded, looks)
  }

  var durationSeconds: Double { decoded.durationSeconds }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
    let own = try decoded.frames(from: start, to: end)
    return own.isEmpty ? looks.frames(from: start, to: end) : own
  }
}
