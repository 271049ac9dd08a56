/// Names the references that a leak shows: search, verification, confidence and alignment in one.
public enum Matcher {
  /// Finds the references that a leak shows.
  ///
  /// - Parameters:
  ///   - tracks: hashes of the leak, or of those stretches of it that were looked at.
  ///   - leak: the leak's frames.
  ///   - references: the references to match against.
  ///   - depth: how closely the references are searched.
  ///   - unseen: gives the frames that `leak` has not; nil where it has all.
  ///   - mayWant: whether to ask for more of the leak where long parts of it are not explained.
  ///   - isCoarse: whether segments of a leak with unseen parts may end where single frames show
  ///     something else, and parts stay without explanation; more of the leak is then asked for only
  ///     where features agree on a release without being enough to name it.
  ///   - priorTrials: verifications that an earlier look at the same leak made, without a match.
  /// - Returns: matches, the surest first; none is a normal answer, and equal inputs give equal
  ///   answers.
  /// - Throws: what the sources and the collection throw.
  public static func match(
    _ tracks: QueryTracks,
    leak: any FrameSource,
    in references: any ReferenceCollection,
    depth: SearchDepth = .automatic,
    unseen: (any UnseenFrames)? = nil,
    mayWant: Bool = false,
    isCoarse: Bool = false,
    priorTrials: Int = 0
  ) throws -> MatchOutcome {
    let candidates = try CandidateSearch.search(tracks, in: references, depth: depth)
    guard !candidates.isEmpty else {
      var outcome = MatchOutcome.nothing
      if mayWant, !isCoarse, unseen != nil { outcome.wanted = [0..<leak.durationSeconds] }
      return outcome
    }
    let verifier = PairVerifier()
    let leakSeconds = max(leak.durationSeconds, tracks.endSeconds ?? 0)
    var collector = AnchorCollector(
      leakSeconds: leakSeconds,
      priorTrials: priorTrials
    ) { candidate in
      try verifier.verify(
        candidate,
        leak: leak,
        reference: references.frames(of: candidate.reference)
      )
    }
    try collector.collect(candidates)
    var seen = unseen == nil ? nil : tracks.seenStretches
    try collector.extend(candidates, seen: seen)

    let films = FilmTracks(references)
    var looks = Looks([], durationSeconds: leak.durationSeconds)
    func match(
      _ group: AnchorCollector.Confirmed,
      _ care: ReleaseAligner.Care,
      rate: Double? = nil,
      continued: [(segment: AlignedSegment, part: Range<Double>)] = []
    ) throws -> ReleaseMatch? {
      let known: any FrameSource = unseen == nil ? leak : SeenFrames(leak, looks: looks)
      let aligner = ReleaseAligner(
        tracks: tracks,
        leak: leak,
        references: references,
        films: films,
        seen: seen
      ) {
        LeakRegistration(
          verifier: verifier,
          mirrored: $0,
          leak: known,
          reference: $1,
          isSparse: unseen != nil
        )
      }
      let finding = try aligner.find(
        group.reference,
        mirrored: group.mirrored,
        anchors: group.anchors,
        leakSeconds: leakSeconds,
        care: care,
        rate: rate,
        collector: &collector
      )
      let segments = finding.segments.prolonged(over: continued)
      return try match(group, finding, segments)
    }
    func match(
      _ group: AnchorCollector.Confirmed,
      _ finding: ReleaseAligner.Finding,
      _ segments: [AlignedSegment]
    ) throws -> ReleaseMatch? {
      // Features that agree on a picture, but pictures that never agree in time, name nothing.
      guard !segments.isEmpty else { return nil }
      var anchors = finding.anchors
      for segment in segments where !anchors.contains(where: segment.overlaps) {
        let own = try collector.confirm(segment, of: group.reference, mirrored: group.mirrored)
        if let own { anchors.append(own) }
      }
      var match = ReleaseMatch(
        reference: group.reference,
        mirrored: group.mirrored,
        anchors: anchors.sorted { $0.candidate.leakStart < $1.candidate.leakStart },
        segments: segments,
        trials: collector.trials,
        leakSeconds: leakSeconds,
        referenceSeconds: try references.frames(of: group.reference).durationSeconds
      )
      match.lens = finding.lens
      return match.log10P <= NullModel.namedLog10P ? match : nil
    }
    var matches: [ReleaseMatch] = []
    for group in collector.groups() {
      let log10P = NullModel().log10P(of: group.anchors, trials: collector.trials)
      let care: ReleaseAligner.Care = unseen == nil ? .full : isCoarse ? .coarse : .draft
      guard log10P <= NullModel.namedLog10P, let match = try match(group, care) else { continue }
      matches.append(match)
    }
    if let unseen {
      let parts = UnseenParts(tracks, leak: leak, films: films)
      var planes = matches.isEmpty ? [] : try unseen.peek(parts.parts)
      looks = Looks(planes, durationSeconds: leak.durationSeconds)
      var survey = try parts.survey(matches, looks: planes, verifier: verifier)
      let isDoubtful =
        isCoarse
        ? matches.isEmpty && !collector.anchors.isEmpty : !survey.unexplained.isEmpty
      if mayWant, isDoubtful {
        var outcome = MatchOutcome.nothing
        (outcome.attempts, outcome.trials) = (collector.attempts, collector.trials)
        outcome.wanted = survey.unexplained
        return outcome
      }
      if isCoarse {
        let closer = try unseen.peekClosely(survey.doubtful)
        planes = (planes + closer).sorted { $0.seconds < $1.seconds }
        survey = try parts.survey(matches, looks: planes, verifier: verifier)
        matches = try zip(matches, zip(survey.continued, survey.ending)).compactMap {
          draft,
          parts in
          try match(
            (draft.reference, draft.mirrored, draft.anchors),
            ReleaseAligner.Finding(segments: draft.segments, anchors: draft.anchors),
            draft.segments.prolonged(over: parts.0 + parts.1)
          )
        }
      } else {
        try unseen.fill(survey.doubtful)
        seen = UnseenParts.joined(tracks.seenStretches + survey.doubtful)
        matches = try zip(matches, survey.continued).compactMap { draft, continued in
          try match(
            (draft.reference, draft.mirrored, draft.anchors),
            .full,
            rate: ReleaseAligner.rate(of: draft.segments),
            continued: continued
          )
        }
      }
    }
    let comparison = VersionComparison(leak: leak)
    let rivals = try comparison.verdicts(try matches.map { try entry($0, references) })
    let compared = matches
    matches = try zip(matches, rivals).compactMap { match, verdict in
      let lost = verdict?.passages.filter {
        references.work(of: $0.favours) != references.work(of: match.reference)
      }
      guard let lost, !lost.isEmpty else { return match }
      return try match.without(
        lost,
        trials: collector.trials,
        leakSeconds: leakSeconds,
        referenceSeconds: references.frames(of: match.reference).durationSeconds
      )
    }
    let judgement = try SharedPassageJudge(references: references)
      .judge(matches, trials: collector.trials)
    matches = judgement.named
    // Where nothing was taken away the releases were told apart already.
    let verdicts =
      matches == compared
      ? rivals : try comparison.verdicts(try matches.map { try entry($0, references) })
    for index in matches.indices { matches[index].version = verdicts[index] }
    return MatchOutcome(
      matches: matches.sorted(by: isBetter),
      shared: judgement.shared,
      attempts: collector.attempts,
      trials: collector.trials
    )
  }

  private static func entry(
    _ match: ReleaseMatch,
    _ references: any ReferenceCollection
  ) throws -> VersionComparison.Entry {
    VersionComparison.Entry(
      reference: match.reference,
      segments: match.segments,
      frames: try references.frames(of: match.reference)
    )
  }

  /// What is not shown after all comes last.
  private static func rank(_ match: ReleaseMatch) -> Int {
    match.version?.answer == .notShown ? 1 : 0
  }

  private static func isBetter(_ a: ReleaseMatch, _ b: ReleaseMatch) -> Bool {
    let (rankA, rankB) = (rank(a), rank(b))
    if rankA != rankB { return rankA < rankB }
    if a.log10P != b.log10P { return a.log10P < b.log10P }
    if a.topScore != b.topScore { return a.topScore > b.topScore }
    return (a.reference, a.mirrored ? 1 : 0) < (b.reference, b.mirrored ? 1 : 0)
  }
}
