import AdDetection
import BrandRecognition
import TextReading
import VideoCore

/// Says which overlays are ads, and what the others are.
struct OverlayRecognition {
  let pictures: PictureBatches
  let small: any PictureSource
  let reader: AdReader
  let context: AdRecognizer.Context

  /// Reads tracks and puts together what belongs to one overlay.
  func drafts(of tracks: [OverlayTrack]) throws -> [OverlayDraft] {
    var drafts = OverlayMerger.withoutFragments(
      tracks.filter { $0.start.isFinite && $0.end.isFinite && $0.end > $0.start }
        .sorted { ($0.confidence, $0.end - $0.start) > ($1.confidence, $1.end - $1.start) }
        .prefix(max(Self.fewTracks, Int(context.leakSeconds / 60 * Self.tracksPerMinute)))
        .map(OverlayDraft.init)
    )
    let cheap = try pictures.cheapMoments()
    let requests = drafts.map { $0.request(frame: pictures.frameSize, preferring: cheap) }
    try pictures.each(requests) { index, crops in
      let place: AdRule.Place = drafts[index].isLikeSubtitles ? .subtitles : .anywhere
      // Without a film nobody knows; then only what lasts is worth a second look.
      let mayBeMirrored = context.isMirrored ?? (drafts[index].seconds > Self.lasting)
      (drafts[index].reading, drafts[index].looks) = try reader.reading(
        ofOverlay: crops,
        core: drafts[index].core(of: requests[index]),
        at: place,
        mayBeMirrored: mayBeMirrored
      )
      drafts[index].adConfidence = AdRule.confidence(of: drafts[index].reading, at: place)
      drafts[index].told = drafts[index].looks.filter {
        AdRule.confidence(of: $0.reading, at: place) != nil
      }.flatMap(\.seconds)
      drafts[index].picture = crops.isEmpty ? nil : crops[crops.count / 2].plane
      drafts[index].readBox = requests[index].box
      if drafts[index].adConfidence != nil, isPassingText(drafts[index]) {
        drafts[index].adConfidence = nil
      }
      if drafts[index].adConfidence != nil {
        drafts[index].leaveOutSubtitles()
        drafts[index].tighten(frame: pictures.frameSize)
      }
      if drafts[index].adConfidence == nil || drafts[index].track.evidence != .persistence {
        // There may be hundreds of them.
        for look in drafts[index].looks.indices { drafts[index].looks[look].picture = nil }
      }
    }
    drafts = OverlayMerger(reader: reader).merged(drafts)
    for index in drafts.indices where drafts[index].adConfidence != nil {
      try SettledEnds(small: small).settle(&drafts[index])
    }
    return drafts
  }

  /// Whether an overlay of no brand is an ad only because texts that follow one another, as subtitles do,
  /// are taken for one text, and for that of what stays beside them.
  private func isPassingText(_ draft: OverlayDraft) -> Bool {
    guard !AdRule.names(draft.reading, at: .anywhere),
      let parts = PassingText(reader: reader).parts(of: draft)
    else { return false }
    return AdRule.confidence(of: parts.staying, at: .anywhere) == nil
      && AdRule.confidence(of: parts.passing, at: .subtitles) == nil
  }

  /// The sightings; clips that are ads interrupt what runs through them.
  func recognized(_ drafts: [OverlayDraft], between clips: [AdSighting]) -> RecognizedAds {
    var result = RecognizedAds()
    let kinds = OverlayKinds(context: context)
    for draft in drafts {
      if let confidence = draft.adConfidence {
        result.ads += sightings(of: draft, confidence, clips)
      } else {
        result.overlays.append(kinds.overlay(of: draft))
      }
    }
    return result
  }

  /// One sighting for each stretch between the clips.
  private func sightings(
    of draft: OverlayDraft,
    _ confidence: Double,
    _ clips: [AdSighting]
  ) -> [AdSighting] {
    stretches(of: draft, clips).map { stretch in
      var boxes = draft.boxes.filter { stretch.contains($0.seconds) }
      if let box = draft.box(at: stretch.lowerBound),
        boxes.first.map({ $0.seconds > stretch.lowerBound + 0.5 }) ?? true
      {
        boxes.insert(.init(seconds: stretch.lowerBound, box: box), at: 0)
      }
      return AdSighting(
        kind: kind(of: draft, in: stretch, clips),
        brand: draft.brand,
        brandConfidence: draft.reading.verdict?.confidence,
        evidence: evidence(of: draft),
        text: draft.reading.text,
        indicators: draft.reading.indicators,
        start: stretch.lowerBound,
        end: stretch.upperBound,
        boxes: boxes,
        isFullFrame: false,
        confidence: confidence * max(Self.leastPresence, min(1, draft.track.confidence)),
        picture: draft.picture,
        look: draft.picture.flatMap(LookHash.bytes)
      )
    }
  }

  /// The parts of an overlay's time in which no clip hides it, with ends at the clips' own.
  private func stretches(of draft: OverlayDraft, _ clips: [AdSighting]) -> [Range<Double>] {
    var start = max(0, draft.start)
    let end = min(draft.end, max(context.leakSeconds, start))
    var result: [Range<Double>] = []
    func add(_ from: Double, _ to: Double) {
      if to - from >= Self.leastSeconds { result.append(from..<to) }
    }
    for clip in clips.sorted(by: { $0.start < $1.start }) where clip.end > start && clip.start < end
    {
      add(start, clip.start)
      start = clip.end
    }
    if start < end { add(start, end) }
    // Without the film, parts of it that stand still may go on behind a clip where the ad does not.
    if draft.track.evidence == .persistence, result.count > 1,
      result.contains(where: { $0.holds(draft.told) })
    {
      result = result.filter { $0.holds(draft.told) }
    }
    // What is there as long as the film is between two clips begins and ends with them.
    let edges = edges(of: clips)
    return result.map { stretch in
      func snapped(_ seconds: Double) -> Double {
        edges.filter { abs($0 - seconds) < Self.snapSeconds }
          .min { abs($0 - seconds) < abs($1 - seconds) } ?? seconds
      }
      let (from, to) = (snapped(stretch.lowerBound), snapped(stretch.upperBound))
      return from < to ? from..<to : stretch
    }
  }

  /// The ends of the clips and of the leak.
  private func edges(of clips: [AdSighting]) -> [Double] {
    [0, context.leakSeconds] + clips.map(\.start) + clips.map(\.end)
  }

  private func evidence(of draft: OverlayDraft) -> [AdEvidence] {
    var evidence: [AdEvidence] = []
    if draft.track.evidence != .persistence { evidence.append(.reference) }
    if draft.reading.hasLogo { evidence.append(.logo) }
    let reading = draft.reading
    if reading.isNamedInText || reading.speaksOfGambling || reading.has(.url) {
      evidence.append(.text)
    }
    if draft.track.evidence == .persistence { evidence.append(.persistence) }
    return evidence
  }

  private func kind(
    of draft: OverlayDraft,
    in stretch: Range<Double>,
    _ clips: [AdSighting]
  ) -> AdKind {
    let box = draft.mainBox
    let isScrolling =
      draft.tracks.contains { $0.motion == .scrolling && $0.shape == .ticker }
      || draft.looks.contains { $0.isScrolling }
    let isAtEdge = box.y < 0.1 || box.bottom > 0.9
    if isScrolling, isAtEdge, box.height < 0.14 { return .ticker }
    if draft.track.isOutsidePicture { return .bar }
    // Where a clip or the leak's end cuts it off, nobody knows how long it would have stayed.
    let edges = edges(of: clips)
    let isCutOff = edges.contains {
      abs($0 - stretch.lowerBound) < 1 || abs($0 - stretch.upperBound) < 1
    }
    if box.width > Self.bannerWidth {
      return draft.seconds < Self.shortBanner && !isCutOff ? .popup : .banner
    }
    if box.height > Self.signHeight, draft.seconds < Self.shortCard { return .popup }
    return draft.seconds < Self.shortCorner && !isCutOff ? .popup : .cornerLogo
  }

  /// Most tracks that are looked at, of short leaks, and for each minute of long ones: a limit for all of
  /// a film would leave out some that nobody knows.
  private static let (fewTracks, tracksPerMinute) = (400, 12.0)
  private static let lasting = 5.0
  private static let leastPresence = 0.3
  private static let leastSeconds = 0.8
  private static let snapSeconds = 0.6
  private static let bannerWidth = 0.42
  private static let shortBanner = 3.5
  private static let shortCorner = 5.0
  /// Signs are not higher than this; cards are, which pop up for less than this, in seconds.
  private static let (signHeight, shortCard) = (0.25, 10.0)
}

extension Range<Double> {
  /// Whether any of some moments lies in it.
  fileprivate func holds(_ moments: [Double]) -> Bool { moments.contains(where: contains) }
}
