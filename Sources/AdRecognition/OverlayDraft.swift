import AdDetection
import BrandRecognition
import TextReading
import VideoCore

/// An overlay on its way to be a sighting: one or more tracks of one thing.
struct OverlayDraft {
  /// The tracks, the most important first.
  var tracks: [OverlayTrack]
  var start: Double
  var end: Double
  var boxes: [OverlayTrack.TimedBox]
  var reading = AdReading()
  var looks: [AdLook] = []
  /// Seconds of the pictures in which it was read that it is an ad, in any order; empty where nothing was.
  var told: [Double] = []
  var adConfidence: Double?
  var picture: LumaPlane?
  /// The part of the frame that was read.
  var readBox: FrameBox?

  init(_ track: OverlayTrack) {
    tracks = [track]
    (start, end, boxes) = (track.start, track.end, track.boxes)
  }

  var track: OverlayTrack { tracks[0] }
  var brand: String? { reading.verdict?.brand }
  var seconds: Double { end - start }

  /// The box that it has for the longest time.
  var mainBox: FrameBox {
    let state = track.states.max { $0.end - $0.start < $1.end - $1.start }
    return state?.box ?? boxes.first?.box ?? FrameBox(x: 0, y: 0, width: 1, height: 1)
  }

  /// The smallest box around all that it shows in turn.
  var extent: FrameBox { track.states.reduce(mainBox) { $0.union($1.box) } }

  /// Whether it stands where subtitles do, for as long as they do.
  var isLikeSubtitles: Bool {
    let box = mainBox
    let centre = box.x + box.width / 2
    guard Self.subtitleCentre.contains(centre), box.y > Self.subtitleTop,
      track.motion != .scrolling
    else { return false }
    let longest = track.states.map { $0.end - $0.start }.max() ?? seconds
    return min(longest, seconds) < Self.longestSubtitle
  }

  /// Seconds that both last.
  func sharedSeconds(_ other: OverlayDraft) -> Double {
    max(0, min(end, other.end) - max(start, other.start))
  }

  /// The part of the smaller box that the other covers, while both are there.
  func coverage(_ other: OverlayDraft) -> Double {
    let (a, b) = (mainBox, other.mainBox)
    return a.overlap(b) / max(1e-9, min(a.area, b.area))
  }

  /// Longest time that a subtitle stands, in seconds; of 400 in simulated leaks none stood longer.
  static let longestSubtitle = 5.0
  /// Where the middles of subtitles are, in widths of the frame.
  static let subtitleCentre = 0.4...0.6
  /// What subtitles stand below, in heights of the frame.
  static let subtitleTop = 0.65
}

extension OverlayDraft {
  /// What to look at to read it: its place with a margin, at moments of all its looks; at `cheap` ones
  /// as far as they will do.
  func request(frame size: FrameSize, preferring cheap: [Double] = []) -> PictureRequest {
    var box = shownBox
    // Running text fills its strip, whatever part of it was seen to change.
    if track.motion == .scrolling, track.shape == .ticker { (box.x, box.width) = (0, 1) }
    // A third of its height around it, at least a few pixels.
    let dy = max(0.34 * box.height, 6 / Double(max(1, size.height)))
    let dx = dy * Double(size.height) / Double(max(1, size.width))
    let left = max(0, box.x - dx)
    let top = max(0, box.y - min(dy, 0.06))
    box = FrameBox(
      x: left,
      y: top,
      width: min(1, box.right + dx) - left,
      height: min(1, box.bottom + min(dy, 0.06)) - top
    )
    return PictureRequest(times: times(preferring: cheap), box: box, mostWidth: Self.mostWidth)
  }

  /// The part of the pictures of a request that it fills itself.
  func core(of request: PictureRequest) -> TextBox {
    guard let whole = request.box, whole.width > 0, whole.height > 0 else {
      return TextBox(x: 0, y: 0, width: 1, height: 1)
    }
    let box = shownBox
    let (left, top) = (max(whole.x, box.x), max(whole.y, box.y))
    return TextBox(
      x: Float((left - whole.x) / whole.width),
      y: Float((top - whole.y) / whole.height),
      width: Float(max(0, min(whole.right, box.right) - left) / whole.width),
      height: Float(max(0, min(whole.bottom, box.bottom) - top) / whole.height)
    )
  }

  /// The box around all that it shows in turn at one place.
  private var shownBox: FrameBox {
    track.states.reduce(mainBox) { $1.box.overlap($0) > 0 ? $0.union($1.box) : $0 }
  }

  private var times: [Double] {
    if track.motion == .scrolling {
      // Close enough together that one crop shows half of the next.
      let count = min(Self.mostTimes, max(4, Int(seconds / Self.scrollStep)))
      let first = (start + end - Double(count - 1) * Self.scrollStep) / 2
      return (0..<count).map { first + Double($0) * Self.scrollStep }
        .filter { $0 >= start && $0 < end }
    }
    let states = track.states.sorted { $0.start < $1.start }
    guard let longest = states.max(by: { $0.end - $0.start < $1.end - $1.start }) else {
      return Self.spread(from: start, to: end, count: Self.stillTimes)
    }
    if states.count == 1 {
      return Self.spread(from: longest.start, to: longest.end, count: Self.stillTimes)
    }
    let all = states.flatMap(\.sampleTimes)
    guard all.count > Self.mostTimes else { return all }
    return (0..<Self.mostTimes).map { all[$0 * all.count / Self.mostTimes] }
  }

  /// Moments at `cheap` ones; where a state has too few of them, also in the seconds behind the first,
  /// which are decoded from there.
  private func times(preferring cheap: [Double]) -> [Double] {
    guard !cheap.isEmpty, track.motion != .scrolling, !track.states.isEmpty else { return times }
    let states = track.states.sorted { $0.start < $1.start }
    let inside = states.map { state in
      let clear =
        state.start
        + Self.stateMargin...max(
          state.start + Self.stateMargin,
          state.end - Self.stateMargin
        )
      return (clear: clear, cheap: cheap.filter { clear.contains($0) })
    }
    let all = inside.flatMap(\.cheap)
    let most = states.count == 1 ? Self.stillTimes : Self.mostTimes
    var result = all.count > most ? (0..<most).map { all[$0 * all.count / most] } : all
    if states.count > Self.fewStates { return result.count >= Self.leastTimes ? result : times }
    let wanted = states.count == 1 ? Self.leastTimes : Self.leastTimesOfState
    for (clear, cheap) in inside where cheap.count < wanted {
      let first = cheap.first ?? clear.lowerBound
      result += (0..<wanted).map { first + Double($0) * Self.closeStep }.filter(clear.contains)
    }
    return Array(Set(result)).sorted()
  }

  /// Moments moved to `cheap` ones that are nearer to them than to their neighbours, but for the last:
  /// a clip's words may come late.
  static func moved(_ times: [Double], to cheap: [Double]) -> [Double] {
    guard times.count > 1, !cheap.isEmpty else { return times }
    let reach = (times[1] - times[0]) / 2
    let moved = times.dropLast().map { time in
      cheap.min { abs($0 - time) < abs($1 - time) }.flatMap { abs($0 - time) < reach ? $0 : nil }
        ?? time
    }
    return Array(Set(moved + times.suffix(1))).sorted()
  }

  /// Moments between two others, clear of them.
  static func spread(from start: Double, to end: Double, count: Int) -> [Double] {
    let margin = min(0.4, (end - start) * 0.2)
    let (first, last) = (start + margin, end - margin)
    return (0..<count).map { first + (last - first) * Double($0) / Double(max(1, count - 1)) }
  }

  private static let mostWidth = 1920
  private static let mostTimes = 20
  private static let stillTimes = 10
  private static let scrollStep = 0.5
  /// Pictures that a stack needs, and one of several looks.
  private static let (leastTimes, leastTimesOfState) = (6, 3)
  /// So many states are all looked at; of more, those are met that matter.
  private static let fewStates = 6
  /// Seconds from the ends of a state, and between moments that are decoded in one go.
  private static let (stateMargin, closeStep) = (0.4, 0.2)
}

extension OverlayDraft {
  /// Draws the boxes in around what names the brand, where they are much wider than that.
  ///
  /// Without the film, edges of a still shot stay as an ad does, and are found together with it. The
  /// words alone count: the box of a line may reach over whatever lies between it and the next.
  mutating func tighten(frame size: FrameSize) {
    // Running text fills its strip, whatever part of it names the brand.
    guard track.evidence == .persistence, track.motion != .scrolling,
      !looks.contains(where: { $0.isScrolling }), let readBox, let verdict = reading.verdict
    else { return }
    let texts = Set(verdict.evidence.map(\.text))
    let boxes = looks.flatMap(\.reading.lines).flatMap { line in
      texts.flatMap { line.boxes(of: $0) }
    }
    guard let first = boxes.first, !texts.contains("") || verdict.evidence.count > 1 else { return }
    let box = boxes.dropFirst().reduce(first) { $0.union($1) }
    // A sign beside the text is as wide as the text is high, twice.
    let heights = boxes.map { Double($0.height) * readBox.height }.sorted()
    let margin =
      2 * heights[heights.count / 2] * Double(size.height) / Double(max(1, size.width))
    let left = readBox.x + Double(box.x) * readBox.width - margin
    let right = readBox.x + Double(box.x + box.width) * readBox.width + margin
    guard right - left < Self.muchWider * mainBox.width else { return }
    func drawnIn(_ old: FrameBox) -> FrameBox {
      let (from, to) = (max(old.x, left), min(old.right, right))
      return from < to ? FrameBox(x: from, y: old.y, width: to - from, height: old.height) : old
    }
    self.boxes = self.boxes.map { .init(seconds: $0.seconds, box: drawnIn($0.box)) }
    for i in track.states.indices { tracks[0].states[i].box = drawnIn(track.states[i].box) }
  }

  private static let muchWider = 0.7

  /// Gives up subtitles that came directly before or after an ad of theirs, and were taken for it.
  ///
  /// Only where subtitles stand, and only states of another place than the ad's: an ad may show
  /// looks in turn of which nothing can be read.
  mutating func leaveOutSubtitles() {
    let box = mainBox
    guard box.y > 0.6, (0.35...0.65).contains(box.x + box.width / 2), track.states.count > 1 else {
      return
    }
    let seen = looks.filter { AdRule.confidence(of: $0.reading, at: .anywhere) != nil }
      .flatMap(\.seconds)
    let states = track.states.sorted { $0.start < $1.start }
    let isAd = states.map { state in
      seen.contains { $0 >= state.start && $0 < state.end }
    }
    guard let first = isAd.firstIndex(of: true), let last = isAd.lastIndex(of: true) else { return }
    let place = states[first].box
    func isElsewhere(_ state: OverlayTrack.VisualState) -> Bool {
      state.box.intersectionOverUnion(place) < 0.5
    }
    if first > 0, states[..<first].allSatisfy(isElsewhere) { start = states[first].start }
    if last + 1 < states.count, states[(last + 1)...].allSatisfy(isElsewhere) {
      end = states[last].end
    }
    tracks[0].states = states.filter { $0.start >= start - 0.01 && $0.end <= end + 0.01 }
    boxes = boxes.filter { $0.seconds >= start - 0.5 && $0.seconds < end }
    if boxes.isEmpty { boxes = [.init(seconds: start, box: place)] }
  }
}

extension LineReading {
  /// Where a text stands that one of the readings holds: the words that it is made of.
  fileprivate func boxes(of text: String) -> [TextBox] {
    guard !text.isEmpty, let line = alternatives.first(where: { $0.text.contains(text) }) else {
      return []
    }
    let parts = text.split(separator: " ").map(String.init)
    let words = line.words.filter { word in
      parts.contains { word.text.contains($0) || $0.contains(word.text) && word.text.count > 2 }
    }
    return words.isEmpty ? [box] : words.map(\.box)
  }
}
