import AdDetection

/// Clips of leaks without a known film that were found as overlays: several texts that come with one
/// cut, go with the next, and take up the middle of the picture.
///
/// A drawn clip with a slow ground does not stand as still as others do, but its texts do.
enum SpreadClips {
  /// The clips, the drafts that are not parts of them, and the tracks of those that are.
  static func parted(
    _ drafts: [OverlayDraft],
    cuts: [Double],
    leakSeconds: Double,
    besides clips: [InsertedClip]
  ) -> (clips: [InsertedClip], drafts: [OverlayDraft], parts: [OverlayTrack]) {
    var found: [InsertedClip] = []
    var left = drafts
    var parts: [OverlayTrack] = []
    let bounds = [0] + cuts.filter { $0 > 0 && $0 < leakSeconds } + [leakSeconds]
    for (start, end) in zip(bounds, bounds.dropFirst()) where end - start >= leastSeconds {
      let isClip = clips.contains { $0.start < end && $0.end > start }
      let inside = left.indices.filter { index in
        let draft = left[index]
        let shown = draft.shown
        return !draft.reading.lines.isEmpty && shown.lowerBound > start - slack
          && shown.upperBound < end + slack
      }
      // Between the ends of the leak lies all of it.
      guard !isClip, start > 0 || end < leakSeconds,
        isSpread(inside.map { left[$0] }, from: start, to: end)
      else { continue }
      found.append(
        InsertedClip(
          start: start,
          end: end,
          place: start <= 0 ? .preroll : .midroll,
          evidence: .digitalLook,
          shots: [.init(start: start, end: end, sampleTimes: [], digitalLook: 0)]
        )
      )
      for index in inside.reversed() { parts += left.remove(at: index).tracks }
    }
    return (found, left, parts)
  }

  private static func isSpread(_ parts: [OverlayDraft], from start: Double, to end: Double) -> Bool
  {
    // One that is an ad and lasts as long as the shot, and others.
    let slack = min(slack, slackShare * (end - start))
    let whole = parts.filter {
      $0.shown.lowerBound < start + slack && $0.shown.upperBound > end - slack
    }
    // What comes and goes in the middle of a shot was drawn over it.
    let parts = parts.filter {
      $0.shown.lowerBound < start + slack || $0.shown.upperBound > end - slack
    }
    guard parts.count >= 2, whole.contains(where: { $0.adConfidence != nil }),
      let first = parts.first
    else { return false }
    let box = parts.dropFirst().reduce(first.mainBox) { $0.union($1.mainBox) }
    let isCentral = parts.contains { part in
      let middle = (
        x: part.mainBox.x + part.mainBox.width / 2, y: part.mainBox.y + part.mainBox.height / 2
      )
      return (0.3...0.7).contains(middle.x) && (0.2...0.75).contains(middle.y)
    }
    return isCentral && box.height >= leastHeight && box.width >= leastWidth
  }

  private static let leastSeconds = 2.0
  /// How far an overlay's ends may lie from the cuts, in seconds, and as a part of the shot.
  private static let (slack, slackShare) = (1.6, 0.2)
  private static let (leastHeight, leastWidth) = (0.4, 0.35)
}

extension OverlayDraft {
  /// From where to where it was seen to be an ad; as long as it is there where nothing says so.
  ///
  /// What stands still beneath a text may be taken for a part of it long before and after.
  fileprivate var shown: ClosedRange<Double> {
    guard let first = told.min(), let last = told.max() else { return start...max(start, end) }
    return first...last
  }
}
