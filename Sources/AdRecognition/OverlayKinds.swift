import AdDetection
import TextReading

/// Tells apart what is drawn over a leak and advertises nothing.
struct OverlayKinds {
  let context: AdRecognizer.Context

  func overlay(of draft: OverlayDraft) -> NoticedOverlay {
    NoticedOverlay(
      kind: kind(of: draft),
      text: draft.reading.text,
      start: max(0, draft.start),
      end: draft.end,
      boxes: draft.boxes,
      isFullFrame: false,
      confidence: draft.track.confidence
    )
  }

  private func kind(of draft: OverlayDraft) -> OverlayKind {
    let box = draft.mainBox
    let centre = box.x + box.width / 2
    let hasText = !draft.reading.lines.isEmpty
    let isCentral = (0.35...0.65).contains(centre)
    if isCentral, box.y > 0.6 {
      let isShort = draft.isLikeSubtitles || draft.seconds < 2 * OverlayDraft.longestSubtitle
      if isShort || draft.track.motion == .alternating { return .subtitles }
    }
    if hasText, draft.track.motion == .scrolling, box.height > 0.3 { return .credits }
    if draft.reading.lines.count >= 4, box.height > 0.3 { return .credits }
    let isLasting = draft.seconds > Self.lasting || draft.seconds > 0.8 * stretchSeconds(of: draft)
    if isLasting {
      // A stamp is read: it wants to be found. A channel's sign is in a corner and small.
      if draft.reading.has(.url) || draft.reading.has(.handle) { return .groupStamp }
      if draft.track.shape == .corner || draft.track.shape == .popup, box.width < Self.widestSign {
        return .channelLogo
      }
      if hasText { return .groupStamp }
    }
    if hasText, isCentral, (0.15...0.6).contains(box.y) { return .title }
    return .other
  }

  /// Length of the stretch of film, or of the leak, that an overlay lies in.
  private func stretchSeconds(of draft: OverlayDraft) -> Double {
    let middle = (draft.start + draft.end) / 2
    let stretch = context.film.first { $0.contains(middle) }
    return stretch.map { $0.upperBound - $0.lowerBound } ?? context.leakSeconds
  }

  private static let lasting = 8.0
  private static let widestSign = 0.3
}
