import AdDetection
import Matching
import MediaIO
import VideoCore

/// Decodes the parts of a long leak that were passed over at first, where matching or the search for
/// ads asks for them.
final class UnseenLeakFrames: UnseenFrames, UnseenPictures {
  /// Parts that are not in the spools yet, in order of time.
  private(set) var gaps: [Range<Double>]
  /// Parts whose small planes are missing: the gaps, and what was filled for overlays alone.
  private var smallGaps: [Range<Double>]
  /// Frames decoded so far.
  private(set) var decodedFrames = 0
  private let small: FrameSpool
  private let detail: FrameSpool?
  private let media: any MediaSource
  private let options: (DecodeMode) -> DecodeOptions
  private var readers: [DecodeMode: any VideoReading] = [:]
  /// Larger planes of key frames in gaps, and the parts that were looked through for them.
  private let looks: FrameSpool?
  private var looked: [Range<Double>] = []
  /// How frames between key frames are decoded where not all are needed; nil until it was tried.
  private var sparingMode: DecodeMode?
  private let (lookSeconds, mostLookSeconds): (Double, Double)

  /// Looks are at least this far apart, so that a clip of five seconds may be met twice.
  private static let lookSeconds = 2.0
  /// Looks at a leak, at most, by key frames that are nearer to each other than needed.
  private static let mostLooks = 1800.0
  /// Looks for the film are at most this far apart, in seconds.
  private static let mostLookSeconds = 12.0
  /// Farther behind a key frame nobody looks, in seconds: a leak of one key frame would be decoded from
  /// its start again and again.
  private static let mostLeadSeconds = 60.0
  /// Looks for ads are at most this far apart, in seconds: what stays longer is met by one.
  private static let mostSeconds = 5.0
  /// The same where ends of segments need not be found: looks are at least and at most so far apart.
  private static let (lookSecondsOfFew, mostLookSecondsOfFew) = (10.0, 30.0)
  /// Least distance of frames that are taken where two looks differ, and frames of a leak, at most.
  private static let (closeSeconds, mostFrames) = (0.25, 7200.0)

  /// Belongs to the spools that the rest of the leak is in; `options` are those it was decoded with,
  /// for another mode.
  ///
  /// Where it `hasFewLooks`, what lies between is looked at less closely.
  ///
  /// - Throws: ``PipelineError`` where the temporary folder cannot be written to.
  init(
    _ media: any MediaSource,
    gaps: [Range<Double>],
    small: FrameSpool,
    detail: FrameSpool?,
    hasFewLooks: Bool = false,
    flag: CancellationFlag,
    options: @escaping (DecodeMode) -> DecodeOptions
  ) throws {
    lookSeconds = hasFewLooks ? Self.lookSecondsOfFew : Self.lookSeconds
    mostLookSeconds = hasFewLooks ? Self.mostLookSecondsOfFew : Self.mostLookSeconds
    (self.media, self.small, self.detail) = (media, small, detail)
    (self.gaps, smallGaps) = (gaps, gaps)
    self.options = options
    looks = try detail.map { try FrameSpool(size: $0.size, flag: flag) }
  }

  func peek(_ parts: [Range<Double>]) throws -> [TimedPlane] {
    var found: [TimedPlane] = []
    // Some codecs have key frames only: memory must not grow with their number.
    let least = max(lookSeconds, small.durationSeconds / Self.mostLooks)
    try look(through: parts) { frame in
      if let last = found.last, frame.seconds - last.seconds < least { return }
      found.append(frame)
    }
    // Where key frames are far apart, a film may come back in between, or an ad be there and gone.
    let most = looks == nil ? mostLookSeconds : Self.mostSeconds
    for part in parts {
      let keyframes = found.filter { part.contains($0.seconds) }.map(\.seconds)
      for (from, to) in zip([part.lowerBound] + keyframes, keyframes + [part.upperBound]) {
        try look(from: from, to: to, apart: most) { found.append($0) }
      }
    }
    return found.sorted { $0.seconds < $1.seconds }
  }

  func peekClosely(_ parts: [Range<Double>]) throws -> [TimedPlane] {
    var options = options(.keyframes)
    // Some codecs have key frames only: memory must not grow with their number.
    options.leastKeyframeInterval = max(Self.closeSeconds, small.durationSeconds / Self.mostFrames)
    let reader = try media.video(options)
    _ = try reader.keyframeTimes()
    var found: [TimedPlane] = []
    for part in parts {
      let summary = try reader.read(from: part.lowerBound, to: part.upperBound) { frame in
        found.append(TimedPlane(seconds: frame.time.seconds, plane: frame.plane))
        return .continue
      }
      decodedFrames += summary.decodedFrames
    }
    return found
  }

  func peek(into gap: Range<Double>) throws -> [TimedPicture] {
    let isKnown = looked.contains {
      $0.lowerBound <= gap.lowerBound && gap.upperBound <= $0.upperBound
    }
    if !isKnown { try look(through: [gap]) { _ in } }
    let known = try looks?.frames(from: gap.lowerBound, to: gap.upperBound).map(\.seconds) ?? []
    for (from, to) in zip([gap.lowerBound] + known, known + [gap.upperBound]) {
      try look(from: from, to: to, apart: Self.mostSeconds) { _ in }
    }
    return try frames(of: gap)
  }

  /// The looks into a part, without those that follow another at once: scenes begin with key frames.
  private func frames(of gap: Range<Double>) throws -> [TimedPicture] {
    var last = -Double.infinity
    return try looks?.frames(from: gap.lowerBound, to: gap.upperBound).compactMap { frame in
      guard frame.seconds - last >= Self.lookSeconds else { return nil }
      last = frame.seconds
      // What is drawn there is looked at like all else.
      try detail?.append(frame.plane, at: frame.seconds)
      return TimedPicture(seconds: frame.seconds, plane: frame.plane)
    } ?? []
  }

  /// Looks between two key frames that are more than `most` seconds apart.
  ///
  /// All frames since the first of them are decoded for a look, so that looks come early: as far from
  /// the second as may be.
  private func look(
    from start: Double,
    to end: Double,
    apart most: Double,
    _ body: (TimedPlane) throws -> Void
  ) throws {
    let count = Int(((end - start) / most).rounded(.up)) - 1
    guard count > 0 else { return }
    let moments = (1...count).reversed().map {
      max(end - Double($0) * most, start + Self.lookSeconds)
    }
    let mode = try sparing()
    let reader = try reader(mode)
    guard try start - keyframe(before: start, of: reader) <= Self.mostLeadSeconds else { return }
    // Moments are farther apart than larger planes, so that each frame has one.
    let summary = try reader.read(from: moments.first, to: end, at: moments) { frame in
      let seconds = frame.time.seconds
      if let plane = frame.detail { try looks?.append(plane, at: seconds) }
      try body(TimedPlane(seconds: seconds, plane: frame.plane))
      return .continue
    }
    decodedFrames += summary.decodedFrames
  }

  /// The cheapest mode that shows a moving picture between key frames.
  ///
  /// - Throws: what reading throws.
  func sparing() throws -> DecodeMode {
    if let sparingMode { return sparingMode }
    let trial = try SparingDecoding.mode(
      try reader(.forwardFrames),
      durationSeconds: small.durationSeconds
    )
    decodedFrames += trial.decodedFrames
    sparingMode = trial.mode
    return trial.mode
  }

  /// The last key frame that is shown by then; the leak's start where there is none.
  private func keyframe(before seconds: Double, of reader: any VideoReading) throws -> Double {
    let times = try reader.keyframeTimes()
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? times[low - 1] : 0
  }

  func fill(_ parts: [Range<Double>]) throws {
    for part in parts {
      try read(part, .referenceFrames) { frame in
        try small.append(frame.plane, at: frame.time.seconds)
        if let plane = frame.detail { try detail?.append(plane, at: frame.time.seconds) }
      }
      gaps = gaps.flatMap { $0.without([part]) }
      smallGaps = smallGaps.flatMap { $0.without([part]) }
    }
  }

  func fill(_ gap: Range<Double>) throws { try fill([gap]) }

  /// Fills what of parts is not in the spools yet.
  func fillGaps(in parts: [Range<Double>]) throws { try fill(Self.common(gaps, parts)) }

  /// Fills what of parts lacks small planes, with those alone.
  func fillSmall(in parts: [Range<Double>]) throws {
    for part in Self.common(smallGaps, parts) {
      try read(part, .referenceFrames) { try small.append($0.plane, at: $0.time.seconds) }
      smallGaps = smallGaps.flatMap { $0.without([part]) }
    }
  }

  func fillCoarsely(_ gap: Range<Double>) throws {
    guard let detail else { return }
    try read(gap, try sparing()) { frame in
      if let plane = frame.detail { try detail.append(plane, at: frame.time.seconds) }
    }
    gaps = gaps.flatMap { $0.without([gap]) }
  }

  private static func common(_ gaps: [Range<Double>], _ parts: [Range<Double>]) -> [Range<Double>] {
    gaps.flatMap { gap in parts.map { $0.clamped(to: gap) }.filter { !$0.isEmpty } }
  }

  private func look(through parts: [Range<Double>], _ body: (TimedPlane) throws -> Void) throws {
    for part in parts {
      try read(part, .keyframes) { frame in
        if let plane = frame.detail { try looks?.append(plane, at: frame.time.seconds) }
        try body(TimedPlane(seconds: frame.time.seconds, plane: frame.plane))
      }
      looked.append(part)
    }
  }

  private func read(
    _ part: Range<Double>,
    _ mode: DecodeMode,
    _ body: (ReducedFrame) throws -> Void
  ) throws {
    let reader = try reader(mode)
    let summary = try reader.read(from: part.lowerBound, to: part.upperBound) { frame in
      if part.contains(frame.time.seconds) { try body(frame) }
      return .continue
    }
    decodedFrames += summary.decodedFrames
  }

  private func reader(_ mode: DecodeMode) throws -> any VideoReading {
    if let reader = readers[mode] { return reader }
    var options = options(mode)
    options.leastKeyframeInterval = lookSeconds
    let reader = try media.video(options)
    // One that knows the key frames seeks by them where times jump.
    _ = try reader.keyframeTimes()
    readers[mode] = reader
    return reader
  }
}
