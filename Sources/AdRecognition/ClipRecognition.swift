import AdDetection
import BrandRecognition
import TextReading
import VideoCore

/// Says which inserted clips are ads, and where one ends and the next begins.
struct ClipRecognition {
  let pictures: PictureBatches
  let small: any PictureSource
  let reader: AdReader
  let knownClip: (Range<Double>) throws -> String?
  let context: AdRecognizer.Context

  /// A shot, or what looks like several, with what it says.
  private struct Part {
    var start: Double
    var end: Double
    var clip: InsertedClip
    var reading = AdReading()
    var adConfidence: Double?
    var picture: LumaPlane?
    /// The brand of the catalogue's clip that it shows.
    var creative: String?
    var brand: String? { creative ?? reading.verdict?.brand }
  }

  /// Recognises clips; `overlays` are what may be drawn over them, and `ads` what is known of those.
  func recognize(
    _ clips: [InsertedClip],
    beneath overlays: [OverlayTrack],
    besides ads: [OverlayDraft]
  ) throws -> RecognizedAds {
    var parts = clips.flatMap { clip in
      clip.shots.map { Part(start: $0.start, end: $0.end, clip: clip) }
    }
    parts = try read(Array(parts.prefix(Self.mostShots)), beneath: overlays, besides: ads)
    // Where words or signs of two brands are in one shot, it may be two clips of one template.
    var whole: [Part] = []
    for part in parts {
      guard part.end - part.start > Self.longShot,
        Set(part.reading.brandEvidence.map(\.brand)).count > 1
      else {
        whole.append(part)
        continue
      }
      let pieces = try divided(part)
      whole += pieces.count > 1 ? try read(pieces, beneath: overlays, besides: ads) : [part]
    }
    parts = whole
    var result = RecognizedAds()
    for group in grouped(parts) {
      if let sighting = sighting(of: group, after: result.ads) {
        result.ads.append(sighting)
      } else {
        result.overlays += group.compactMap(overlay)
      }
    }
    return result
  }

  /// The parts with what is read in them.
  private func read(
    _ parts: [Part],
    beneath overlays: [OverlayTrack],
    besides ads: [OverlayDraft]
  ) throws -> [Part] {
    var parts = parts
    let signs = Self.small(ads)
    let cheap = try pictures.cheapMoments()
    try pictures.each(parts.map { request($0.start, $0.end, preferring: cheap) }) { index, drawn in
      let frames = without(overlays, signs, drawn, in: parts[index].clip)
      parts[index].reading = try reader.reading(
        ofShot: frames,
        mayBeMirrored: context.isMirrored ?? (parts[index].clip.evidence == .digitalLook)
      )
      parts[index].adConfidence = AdRule.confidence(of: parts[index].reading, at: .anywhere)
      if let brand = try knownClip(parts[index].start..<parts[index].end),
        !Self.contradicts(parts[index].reading, brand)
      {
        parts[index].creative = brand
        parts[index].adConfidence = Self.creativeConfidence
      }
      parts[index].picture = frames.isEmpty ? nil : frames[frames.count / 2].plane
    }
    return parts
  }

  /// Whether what is written names another: agencies sell one clip to several brands, which differ
  /// in nothing but its words.
  private static func contradicts(_ reading: AdReading, _ brand: String) -> Bool {
    if let verdict = reading.verdict {
      return verdict.brand != brand && reading.isNamedInText
    }
    return !reading.brandEvidence.contains { $0.brand == brand }
      && reading.indicators.contains {
        ($0.kind == .url || $0.kind == .promoCode) && $0.meanConfidence > clearReading
      }
  }

  /// Ads of a corner, as tracks that never end: film that nothing explains may lie beneath them, too.
  private static func small(_ ads: [OverlayDraft]) -> [OverlayTrack] {
    ads.filter { $0.adConfidence != nil && $0.mainBox.area < largestSign }.map { ad in
      var track = ad.track
      track.boxes = [.init(seconds: 0, box: ad.extent)]
      (track.start, track.end) = (0, .infinity)
      return track
    }
  }

  /// The frames without what was drawn before the clip and goes on after it: that belongs to no clip.
  private func without(
    _ overlays: [OverlayTrack],
    _ signs: [OverlayTrack],
    _ frames: [TimedPicture],
    in clip: InsertedClip
  ) -> [TimedPicture] {
    let lasting =
      signs
      + overlays.filter { track in
        let before = max(0, clip.start - max(0, track.start))
        let after = max(0, track.end - clip.end)
        return track.start < clip.end && track.end > clip.start && max(before, after) > Self.lasting
      }
    guard !lasting.isEmpty else { return frames }
    return frames.map { frame in
      let size = frame.plane.size
      let mask = OcclusionMask(of: lasting, at: frame.seconds, size: size)
      var plane = frame.plane
      for i in plane.pixels.indices where mask.pixels[i] != 0 { plane.pixels[i] = 0 }
      return TimedPicture(seconds: frame.seconds, plane: plane)
    }
  }

  private func request(
    _ start: Double,
    _ end: Double,
    preferring cheap: [Double]
  ) -> PictureRequest {
    let count = max(3, min(Self.mostFrames, Int((end - start) * 2)))
    return PictureRequest(
      times: OverlayDraft.moved(
        OverlayDraft.spread(from: start, to: end, count: count),
        to: cheap.filter { $0 >= start && $0 < end }
      ),
      mostWidth: Self.mostWidth
    )
  }

  // MARK: Ads of one template

  /// A long shot divided where the sign of one brand gives way to that of another.
  ///
  /// Two clips of one template differ in so few pixels that no cut is seen between them.
  private func divided(_ part: Part) throws -> [Part] {
    let request = PictureRequest(
      times: OverlayDraft.spread(
        from: part.start,
        to: part.end,
        count: min(12, Int((part.end - part.start) / 2.5))
      ),
      mostWidth: Self.signWidth
    )
    var edges: [Double] = []
    try pictures.each([request]) { _, frames in
      var last: (brand: String, seconds: Double)?
      for frame in frames {
        guard let brand = reader.sign(in: frame.plane) else { continue }
        if let last, last.brand != brand,
          let edge = try small.greatestChange(in: .whole, from: last.seconds, to: frame.seconds)
        {
          edges.append(edge)
        }
        last = (brand, frame.seconds)
      }
    }
    let bounds = [part.start] + edges + [part.end]
    return zip(bounds, bounds.dropFirst()).map { start, end in
      Part(start: start, end: end, clip: part.clip)
    }
  }

  // MARK: Joining

  /// Neighbouring parts that are one clip.
  private func grouped(_ parts: [Part]) -> [[Part]] {
    var groups: [[Part]] = []
    for (index, part) in parts.enumerated() {
      guard let last = groups.last?.last, abs(part.start - last.end) < Self.sameMoment else {
        groups.append([part])
        continue
      }
      let isPartOfLast = goesOn(groups[groups.count - 1], with: index, of: parts)
      if isPartOfLast {
        groups[groups.count - 1].append(part)
      } else {
        groups.append([part])
      }
    }
    return groups
  }

  private func goesOn(_ group: [Part], with index: Int, of parts: [Part]) -> Bool {
    if parts[index].adConfidence != nil { return isOneClip(group, parts[index]) }
    // What says nothing belongs to a clip that goes on behind it.
    let saysNothing = group.allSatisfy { $0.adConfidence == nil }
    return saysNothing || isBridge(index, parts, last: group)
  }

  private func isBridge(_ index: Int, _ parts: [Part], last: [Part]) -> Bool {
    guard let brand = last.compactMap(\.brand).last, index + 1 < parts.count else { return false }
    let next = parts[index + 1]
    return abs(next.start - parts[index].end) < Self.sameMoment && next.brand == brand
      && isOneClip(last, next)
  }

  /// Whether an ad goes on: one brand, and not a second complete ad with other words.
  private func isOneClip(_ group: [Part], _ part: Part) -> Bool {
    guard let last = group.last(where: { $0.adConfidence != nil }) else { return false }
    if let one = last.brand, let other = part.brand, one != other { return false }
    let isComplete = [last, part].allSatisfy {
      $0.end - $0.start >= Self.leastClip && ($0.reading.has(.url) || $0.reading.has(.promoCode))
    }
    guard isComplete else { return true }
    let (a, b) = (words(of: last), words(of: part))
    guard !a.isEmpty, !b.isEmpty else { return false }
    return a.intersection(b).count * 2 > a.union(b).count
  }

  /// The words of a part that are not those of its brand's name, addresses and codes.
  private func words(of part: Part) -> Set<String> {
    let own = part.reading.indicators.map { TextFolding.fold($0.value) }
    let brand = part.reading.brandEvidence.map { TextFolding.fold($0.text) }
    let known = own + brand
    let words: [String] = part.reading.lines.flatMap { line in
      line.text.split(separator: " ").map { TextFolding.fold(String($0)) }
    }
    return Set(words.filter { word in word.count >= 4 && !known.contains { $0.contains(word) } })
  }

  // MARK: Results

  private func sighting(of group: [Part], after earlier: [AdSighting]) -> AdSighting? {
    guard let first = group.first, let last = group.last,
      group.contains(where: { $0.adConfidence != nil })
    else { return nil }
    var reading = AdReading()
    for part in group where part.adConfidence != nil {
      reading.lines += part.reading.lines
      reading.brandEvidence += part.reading.brandEvidence
    }
    reading = reader.weighed(reading)
    let best = group.max { ($0.adConfidence ?? 0) < ($1.adConfidence ?? 0) } ?? first
    if reading.verdict == nil { reading.verdict = best.reading.verdict }
    var evidence: [AdEvidence] = first.clip.evidence == .unexplained ? [.reference] : []
    if reading.hasLogo { evidence.append(.logo) }
    if reading.isNamedInText || reading.speaksOfGambling || reading.has(.url) {
      evidence.append(.text)
    }
    let creative = group.lazy.compactMap(\.creative).first
    if creative != nil { evidence.append(.creative) }
    // A clip that is known to the frame says more than what was read off it.
    let confidence = creative == nil ? reading.verdict?.confidence : Self.creativeConfidence
    return AdSighting(
      kind: kind(of: first, until: last.end, after: earlier),
      brand: creative ?? reading.verdict?.brand,
      brandConfidence: confidence,
      evidence: evidence,
      text: reading.text,
      indicators: reading.indicators,
      start: first.start,
      end: last.end,
      boxes: [.init(seconds: first.start, box: .whole)],
      isFullFrame: true,
      confidence: best.adConfidence ?? 0,
      picture: best.picture,
      look: best.picture.flatMap(LookHash.bytes)
    )
  }

  private func kind(of part: Part, until end: Double, after earlier: [AdSighting]) -> AdKind {
    guard let firstFilm = context.film.first, let lastFilm = context.film.last else {
      switch part.clip.place {
      case .preroll: return .preroll
      case .midroll: return .midroll
      case .postroll: return .postroll
      }
    }
    if end <= (context.mainStart ?? firstFilm.lowerBound) + Self.sameMoment { return .preroll }
    let isBehind = part.start >= lastFilm.upperBound - Self.sameMoment
    // The film's last seconds may be too dark or still to be told; they were shown all the same.
    let ads = earlier.filter { $0.start >= lastFilm.upperBound - Self.sameMoment }
    let unknown = part.start - lastFilm.upperBound - ads.reduce(0) { $0 + $1.end - $1.start }
    let left = context.filmSecondsLeft.map { $0 - unknown }
    return isBehind && left.map { $0 < Self.sameEnd } ?? false ? .postroll : .midroll
  }

  /// Text before or between parts of the film: credits or a title that the library's copy lacks.
  private func overlay(of part: Part) -> NoticedOverlay? {
    let rows = part.reading.lines.count
    guard rows > 0, part.clip.evidence == .unexplained else { return nil }
    return NoticedOverlay(
      kind: rows >= 3 ? .credits : .title,
      text: part.reading.text,
      start: part.start,
      end: part.end,
      boxes: [.init(seconds: part.start, box: .whole)],
      isFullFrame: true,
      confidence: 0.5
    )
  }

  /// An overlay that lasts longer beyond a clip than this does not belong to it, in seconds.
  private static let lasting = 1.5
  /// An ad of a corner takes up less of the frame than this.
  private static let largestSign = 0.05
  /// Mean confidence of an address or code that was read without doubt.
  private static let clearReading: Float = 0.95
  /// How sure a brand is whose clip was recognised: clips of several brands may share a part.
  private static let creativeConfidence = 0.98
  /// Most shots that are read; ads come in the first ones or not at all.
  private static let mostShots = 240
  private static let mostFrames = 8
  private static let mostWidth = 1280
  private static let signWidth = 640
  private static let longShot = 10.0
  private static let leastClip = 3.0
  private static let sameMoment = 0.05
  /// Ends of a film that differ by less are one, in seconds.
  private static let sameEnd = 2.0
}
