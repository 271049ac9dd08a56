import AdDetection
import TextReading
import VideoCore

/// Where an ad over an unknown film comes and goes, by what its place shows before and after it was read.
///
/// A film that stands still before a banner comes, or after it went, stays as the banner does, and is found
/// as a part of it. Looks that take turns come again between the moments at which it was read; what is seen
/// before the first or after the last of them alone, and looks different, is the film.
struct SettledEnds {
  /// Small pictures of the leak, at its own rate.
  let small: any PictureSource

  /// Moves the ends of an ad in, where its looks lie close enough together to tell.
  func settle(_ draft: inout OverlayDraft) throws {
    guard draft.track.evidence == .persistence, draft.track.motion != .scrolling,
      !draft.looks.contains(where: { $0.isScrolling }),
      let first = draft.told.min(), let last = draft.told.max()
    else { return }
    let told = Set(draft.told)
    let ads = draft.looks.filter { !told.isDisjoint(with: $0.seconds) }
    guard !ads.isEmpty else { return }
    var (film, other): ([Double], [Double]) = ([], [])
    var empty: Set<Double> = []
    for look in draft.looks where told.isDisjoint(with: look.seconds) {
      guard let picture = look.picture else { continue }
      let isBeyond = look.seconds.allSatisfy { $0 < first || $0 > last }
      let isAlike = ads.contains { ad in
        Self.sharesWord(ad, look)
          || ad.picture.map {
            VisualStates.likeness(of: $0, picture, in: look.core) > Self.alike
          } ?? true
      }
      if isBeyond, !isAlike { film += look.seconds } else { other += look.seconds }
      if VisualStates.relief(of: picture, in: look.core) < Self.flat {
        empty.formUnion(look.seconds)
      }
    }
    let box = draft.mainBox
    if let before = film.filter({ $0 < first }).max(), first - before < Self.longestGap,
      !other.contains(where: { $0 < before }),
      try empty.contains(before)
        || isFilm(box, from: max(draft.start, before - Self.watched), to: before),
      let change = try small.greatestChange(in: box, from: before, to: first)
    {
      draft.begin(at: change)
    }
    if let after = film.filter({ $0 > last }).min(), after - last < Self.longestGap,
      !other.contains(where: { $0 > after }),
      try empty.contains(after)
        || isFilm(box, from: after, to: min(draft.end, after + Self.watched)),
      let change = try small.greatestChange(in: box, from: last, to: after)
    {
      draft.finish(at: change)
    }
  }

  /// Whether a part of the frame changes as the rest does: what is drawn over a film stays while that moves.
  private func isFilm(_ box: FrameBox, from start: Double, to end: Double) throws -> Bool {
    var (inside, whole, count) = (0.0, 0.0, 0)
    var last: TimedPicture?
    for picture in try small.pictures(from: start, to: end) {
      guard let earlier = last else {
        last = picture
        continue
      }
      guard picture.seconds - earlier.seconds >= Self.step,
        picture.plane.size == earlier.plane.size
      else { continue }
      inside += picture.plane.change(from: earlier.plane, in: box)
      whole += picture.plane.change(from: earlier.plane, in: .whole)
      count += 1
      last = picture
    }
    return count > 0 && inside >= Self.leastShare * whole
  }

  /// Whether a word of the one stands in the other: a name beside the address that is made of it.
  private static func sharesWord(_ ad: AdLook, _ look: AdLook) -> Bool {
    let said = FoldedText(ad.reading.lines.map(\.text).joined(separator: " "))
    return look.reading.lines.flatMap { $0.text.split(separator: " ") }.contains { word in
      let folded = FoldedText(word).characters
      return folded.count >= leastWord && FuzzyMatch.find(folded: folded, in: said) != nil
    }
  }

  /// Below this, in levels of grey, nothing is drawn.
  private static let flat: Float = 2
  /// How long the film is watched beside an end, and between two looks at it, in seconds.
  private static let (watched, step) = (2.0, 0.2)
  /// Between looks that are farther apart nobody knows which change it was, in seconds.
  private static let longestGap = 10.0
  /// Film changes at least by this part of what the whole frame does.
  private static let leastShare = 0.3
  /// Fewest letters of a word that texture is not read as by chance.
  private static let leastWord = 5
  /// Correlation of the fine structure from which two looks may be one, the film shining through; that of
  /// different pictures is about 0.
  private static let alike: Float = 0.3
}

extension OverlayDraft {
  fileprivate mutating func begin(at seconds: Double) {
    guard seconds > start, seconds < end else { return }
    let box = box(at: seconds) ?? mainBox
    start = seconds
    boxes = [.init(seconds: seconds, box: box)] + boxes.filter { $0.seconds > seconds }
    clipStates()
  }

  fileprivate mutating func finish(at seconds: Double) {
    guard seconds < end, seconds > start else { return }
    end = seconds
    let inside = boxes.filter { $0.seconds < seconds }
    if !inside.isEmpty { boxes = inside }
    clipStates()
  }

  private mutating func clipStates() {
    let clipped = track.states.compactMap { state -> OverlayTrack.VisualState? in
      var state = state
      (state.start, state.end) = (max(state.start, start), min(state.end, end))
      return state.start < state.end ? state : nil
    }
    if !clipped.isEmpty { tracks[0].states = clipped }
  }
}
