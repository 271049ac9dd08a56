import Registration

/// Finds the segments and the geometry of one reference that a leak shows.
///
/// The anchors give the first time map and geometry. Each then improves the other: the map says
/// which frames show the same moment, so that the geometry can be fitted over time; with it more of
/// the film is recognised; and what is still missing is searched for near what is known.
struct ReleaseAligner {
  let tracks: QueryTracks
  let leak: any FrameSource
  let references: any ReferenceCollection
  let films: FilmTracks
  /// The stretches of the leak that have frames; nil for all of it.
  var seen: [Range<Double>]?
  let registrationOf: (_ mirrored: Bool, _ reference: any FrameSource) -> LeakRegistration

  /// How much is made of what is known.
  enum Care {
    /// A first time map is enough, for more frames may follow.
    case draft
    /// No more frames follow, and parts without explanation are left at that.
    case coarse
    /// All that can be found.
    case full
  }

  /// What was found of a reference.
  struct Finding {
    /// In order of leak time.
    var segments: [AlignedSegment]
    /// Those given and those confirmed on the way.
    var anchors: [Anchor]
    /// Distortion of the camera's lens; nil where none can be seen.
    var lens: LensDistortion?
  }

  /// The segments of a reference, from confirmed anchors of one mirror state.
  ///
  /// - Parameters:
  ///   - reference: its number.
  ///   - mirrored: whether the leak shows it so.
  ///   - anchors: what was confirmed.
  ///   - leakSeconds: length of the leak.
  ///   - care: how much is made of it.
  ///   - rate: reference seconds for each leak second, where that is known.
  ///   - collector: verifies and counts what is looked for in the gaps.
  /// - Returns: what was found; without segments where pictures never agree in time.
  /// - Throws: what the sources throw.
  func find(
    _ reference: Int,
    mirrored: Bool,
    anchors: [Anchor],
    leakSeconds: Double,
    care: Care = .full,
    rate: Double? = nil,
    collector: inout AnchorCollector
  ) throws -> Finding {
    let film = try films.track(of: reference)
    let registration = registrationOf(mirrored, film.source)
    var finding = Finding(segments: [], anchors: anchors)
    finding.segments = try registration.registered(
      try SegmentAligner().align(
        anchors: anchors,
        leak: leak,
        reference: film,
        seen: seen,
        rate: rate
      )
    )
    guard !finding.segments.isEmpty, care != .draft else { return finding }
    if care == .full, !Self.isExplained(finding.segments, leakSeconds) {
      let found = try search(reference, mirrored, finding.segments, leakSeconds, &collector)
      finding.anchors += found
      let known =
        finding.segments.flatMap(\.geometry)
        + found.map {
          GeometrySample(leakTime: SegmentAligner.middle($0), homography: $0.homography)
        }
      let again = try SegmentAligner().align(
        anchors: finding.anchors,
        leak: leak,
        reference: film,
        seen: seen,
        geometry: known.sorted { $0.leakTime < $1.leakTime },
        rate: Self.rate(of: finding.segments)
      )
      finding.segments = try registration.registered(again)
    }
    try settleTimes(of: &finding, reference, mirrored, registration, film)
    guard care == .full else { return finding }
    let lens = try registration.lens(of: finding.segments)
    finding.lens = lens.flatMap { $0.isSignificant ? $0 : nil }
    return finding
  }

  /// Moves segments to the times that most features agree on.
  private func settleTimes(
    of finding: inout Finding,
    _ reference: Int,
    _ mirrored: Bool,
    _ registration: LeakRegistration,
    _ film: VectorTrack
  ) throws {
    let check = TimeShiftCheck(
      verifier: registration.verifier,
      mirrored: mirrored,
      leak: leak,
      reference: registration.reference,
      seen: seen
    )
    var moved = finding.segments
    for index in moved.indices {
      let rivals = [index - 1, index + 1].filter(moved.indices.contains).map { moved[$0] }
      let shift = try check.shift(of: moved[index], rivals: rivals)
      moved[index].referenceStart += shift
      moved[index].referenceEnd += shift
    }
    var usual: Double?
    let lengths = moved.map { $0.leakEnd - $0.leakStart }
    if let longest = moved.indices.max(by: { lengths[$0] < lengths[$1] }),
      let turned = try check.atUsualRate(moved[longest])
    {
      usual = turned.rate
      moved[longest] = turned
      for index in moved.indices where abs(moved[index].rate - turned.rate) < Self.sameRate {
        if index != longest { moved[index] = moved[index].turned(to: turned.rate) }
      }
    }
    guard moved != finding.segments else { return }
    moved = try registration.registered(moved)
    let again = try SegmentAligner().align(
      anchors: moved.compactMap { $0.anchor(of: reference, mirrored: mirrored) },
      leak: leak,
      reference: film,
      seen: seen,
      geometry: moved.flatMap(\.geometry),
      rate: usual ?? Self.rate(of: moved),
      isRateCertain: usual != nil
    )
    if !again.isEmpty { finding.segments = try registration.registered(again) }
  }

  /// Anchors in the parts of the leak that no segment explains.
  private func search(
    _ reference: Int,
    _ mirrored: Bool,
    _ segments: [AlignedSegment],
    _ leakSeconds: Double,
    _ collector: inout AnchorCollector
  ) throws -> [Anchor] {
    let longest = segments.max { $0.leakEnd - $0.leakStart < $1.leakEnd - $1.leakStart }
    guard let longest else { return [] }
    let search = GapSearch(tracks, mirrored: mirrored, rate: longest.rate)
    var anchors: [Anchor] = []
    var left = Self.mostGapTrials
    for gap in GapSearch.gaps(of: segments, leakSeconds: leakSeconds) {
      let candidates = try references.withFingerprint(of: reference) { words, corrections in
        search.candidates(
          in: gap,
          between: segments,
          reference: reference,
          words: words,
          corrections: corrections
        )
      }
      for candidate in candidates where left > 0 {
        left -= 1
        if let anchor = try collector.confirm(candidate) { anchors.append(anchor) }
      }
    }
    return anchors.filter { anchor in !anchors.contains { Self.outweighs($0, anchor) } }
  }

  /// Whether a better confirmed anchor says something else of the same part of the leak: a picture
  /// that hardly changes agrees with many moments of the film.
  private static func outweighs(_ other: Anchor, _ anchor: Anchor) -> Bool {
    let (there, here) = (other.candidate, anchor.candidate)
    return there.leakStart < here.leakEnd && here.leakStart < there.leakEnd
      && Double(anchor.inliers) < outweighedShare * Double(other.inliers)
      && !here.showsSame(as: there, within: SegmentAligner.sameDiagonalSeconds)
  }

  /// The rate of the longest segment, where that is long enough to know it.
  static func rate(of segments: [AlignedSegment]) -> Double? {
    let longest = segments.max { $0.leakEnd - $0.leakStart < $1.leakEnd - $1.leakStart }
    return longest.flatMap { $0.leakEnd - $0.leakStart >= ratedSeconds ? $0.rate : nil }
  }

  private static func isExplained(_ segments: [AlignedSegment], _ leakSeconds: Double) -> Bool {
    let covered = segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    return covered >= wellExplained * leakSeconds
  }

  /// Part of a leak that leaves nothing to look for.
  private static let wellExplained = 0.98
  private static let outweighedShare = 0.7
  /// Rates of one leak that differ by less are one.
  private static let sameRate = 0.02
  private static let ratedSeconds = 6.0
  /// Verifications in the gaps of one leak, at most.
  private static let mostGapTrials = 48
}

extension AlignedSegment {
  /// The segment as a guess that is confirmed already; nil without geometry.
  fileprivate func anchor(of reference: Int, mirrored: Bool) -> Anchor? {
    guard !geometry.isEmpty else { return nil }
    let candidate = Candidate(
      reference: reference,
      leakStart: leakStart,
      leakEnd: leakEnd,
      referenceStart: referenceStart,
      rate: rate,
      mirrored: mirrored,
      score: 0
    )
    let homography = geometry[geometry.count / 2].homography
    return Anchor(
      candidate: candidate,
      inliers: PairVerifier.acceptedInliers,
      cells: 0,
      homography: homography
    )
  }
}
