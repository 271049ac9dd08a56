import AdDetection
import BrandRecognition

/// Puts together what belongs to one overlay.
struct OverlayMerger {
  let reader: AdReader

  /// Leaves out small pieces of larger things, before anything is read.
  static func withoutFragments(_ drafts: [OverlayDraft]) -> [OverlayDraft] {
    let order = drafts.sorted {
      ($0.mainBox.area * $0.seconds, $1.start) > ($1.mainBox.area * $1.seconds, $0.start)
    }
    var kept: [OverlayDraft] = []
    for draft in order {
      let isPiece = kept.contains { whole in
        whole.sharedSeconds(draft) > 0.8 * draft.seconds && whole.coverage(draft) > 0.7
          && draft.mainBox.area < smallPiece * whole.mainBox.area
      }
      if !isPiece { kept.append(draft) }
    }
    return kept.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
  }

  /// Joins ads with their other parts and later appearances, and drops what an ad covers.
  func merged(_ drafts: [OverlayDraft]) -> [OverlayDraft] {
    var result = drafts
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      search: for i in result.indices {
        for j in result.indices where j > i {
          guard let joined = joined(result[i], result[j]) else { continue }
          result[i] = joined
          result.remove(at: j)
          hasChanged = true
          break search
        }
      }
    }
    return result
  }

  private func joined(_ a: OverlayDraft, _ b: OverlayDraft) -> OverlayDraft? {
    guard a.adConfidence != nil || b.adConfidence != nil else { return nil }
    // Two brands are two ads.
    if let one = a.brand, let other = b.brand, one != other { return nil }
    let shared = a.sharedSeconds(b)
    let shorter = min(a.seconds, b.seconds)
    if shared > 0.5 * shorter { return atOneTime(a, b) }
    return inTurn(a, b)
  }

  /// Parts of one thing, or one thing found twice.
  private func atOneTime(_ a: OverlayDraft, _ b: OverlayDraft) -> OverlayDraft? {
    let isBoth = a.adConfidence != nil && b.adConfidence != nil
    let (ad, other) = a.adConfidence != nil ? (a, b) : (b, a)
    let coverage = a.coverage(b)
    if isBoth {
      let (long, short) = a.seconds >= b.seconds ? (a, b) : (b, a)
      // A banner over a corner's sign is an ad of its own where it says something of its own, at a time
      // of its own: what comes and goes with the sign is another part of it.
      let isOwn =
        !Self.areSimultaneous(a, b) && short.mainBox.area > 3 * long.mainBox.area
        && short.saysMore(than: long)
      if isOwn {
        // What says nothing but while the other is there was read off that one.
        let isEcho =
          long.track.evidence == .persistence && coverage > 0.5 && !long.told.isEmpty
          && long.told.allSatisfy { (short.start..<short.end).contains($0) }
        return isEcho ? short : nil
      }
      if coverage > 0.5, a.sharedSeconds(b) < 0.6 * long.seconds {
        // What was drawn for a part of the time says nothing about the place of the whole.
        return long.absorbing(short, by: reader)
      }
      if coverage > 0.5 {
        let (small, large) = a.mainBox.area < b.mainBox.area ? (a, b) : (b, a)
        // A box several times as large as what it shows was drawn around more than the ad.
        let isLoose = large.mainBox.area > 3 * small.mainBox.area && !large.saysMore(than: small)
        return isLoose ? small.absorbing(large, by: reader) : joinedInSpace(large, small)
      }
      if Self.areBeside(a.mainBox, b.mainBox), Self.areSimultaneous(a, b) {
        return joinedInSpace(a, b)
      }
      // Another look of the same ad, found for itself.
      let isPart = a.brand == b.brand && long.extent.overlap(short.extent) > 0.3 * short.extent.area
      return isPart ? long.absorbing(short, by: reader) : nil
    }
    // What an ad covers is a piece of it, if it is not there without the ad.
    guard other.start > ad.start - 1, other.end < ad.end + 1 else { return nil }
    if coverage > 0.6, other.mainBox.area < ad.mainBox.area {
      return ad.absorbing(other, by: reader)
    }
    return nil
  }

  /// One thing that was lost for a moment.
  private func inTurn(_ a: OverlayDraft, _ b: OverlayDraft) -> OverlayDraft? {
    let (first, second) = a.start <= b.start ? (a, b) : (b, a)
    guard second.start - first.end < Self.longestPause else { return nil }
    let likeness = first.mainBox.intersectionOverUnion(second.mainBox)
    let isBoth = first.adConfidence != nil && second.adConfidence != nil
    let isSame =
      isBoth
      ? likeness > 0.3 || first.coverage(second) > 0.75 && first.brand == second.brand
      : likeness > 0.6
    guard isSame else { return nil }
    let (long, short) = first.seconds >= second.seconds ? (first, second) : (second, first)
    var joined = long.absorbing(short, by: reader)
    joined.start = min(first.start, second.start)
    joined.end = max(first.end, second.end)
    joined.boxes = (first.boxes + second.boxes).sorted { $0.seconds < $1.seconds }
    return joined
  }

  private func joinedInSpace(_ a: OverlayDraft, _ b: OverlayDraft) -> OverlayDraft {
    var joined = a.absorbing(b, by: reader)
    joined.start = min(a.start, b.start)
    joined.end = max(a.end, b.end)
    let times = Set((a.boxes + b.boxes).map(\.seconds)).sorted()
    joined.boxes = times.map { time in
      let one = time >= a.start - 0.5 && time < a.end ? a.box(at: time) : nil
      let other = time >= b.start - 0.5 && time < b.end ? b.box(at: time) : nil
      let box = one.map { one in other.map(one.union) ?? one } ?? other ?? a.mainBox
      return OverlayTrack.TimedBox(seconds: time, box: box)
    }
    return joined
  }

  /// Whether two boxes stand in one row or column without much between them.
  private static func areBeside(_ a: FrameBox, _ b: FrameBox) -> Bool {
    let dx = max(a.x, b.x) - min(a.right, b.right)
    let dy = max(a.y, b.y) - min(a.bottom, b.bottom)
    let isRow = -dy > 0.6 * min(a.height, b.height) && dx < 0.03
    let isColumn = -dx > 0.6 * min(a.width, b.width) && dy < 0.02
    return isRow || isColumn
  }

  private static func areSimultaneous(_ a: OverlayDraft, _ b: OverlayDraft) -> Bool {
    abs(a.start - b.start) < 1.5 && abs(a.end - b.end) < 1.5
  }

  private static let smallPiece = 0.15
  private static let longestPause = 3.0
}

extension OverlayDraft {
  func box(at seconds: Double) -> FrameBox? {
    (boxes.last { $0.seconds <= seconds } ?? boxes.first)?.box
  }

  /// Whether this names the brand by an address, code or slogan that the other does not have.
  func saysMore(than other: OverlayDraft) -> Bool {
    func entries(_ draft: OverlayDraft) -> Set<String> {
      Set(draft.reading.verdict?.evidence.map(\.entry) ?? [])
    }
    return !entries(self).subtracting(entries(other)).isEmpty
  }

  /// This with what the other says, at its own time and place.
  func absorbing(_ other: OverlayDraft, by reader: AdReader) -> OverlayDraft {
    var joined = self
    joined.tracks += other.tracks
    if other.adConfidence != nil {
      joined.reading.lines += other.reading.lines
      joined.reading.brandEvidence += other.reading.brandEvidence
      joined.reading = reader.weighed(joined.reading)
      joined.told += other.told
      joined.adConfidence = max(adConfidence ?? 0, other.adConfidence ?? 0)
      joined.picture = adConfidence != nil ? picture : other.picture
    }
    return joined
  }
}
