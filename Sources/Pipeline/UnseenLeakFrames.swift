import AdDetection
import Matching
import MediaIO
import VideoCore

/// Decodes the parts of a long leak that were passed over at first, where matching or the search for
/// ads asks for them.
final class UnseenLeakFrames: UnseenFrames, UnseenPictures {
  /// Parts that are not in the spools yet, in order of time.
  private(set) var gaps: [Range<Double>]
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

  /// Belongs to the spools that the rest of the leak is in; `options` are those it was decoded with,
  /// for another mode.
  ///
  /// - Throws: ``PipelineError`` where the temporary folder cannot be written to.
  init(
    _ media: any MediaSource,
    gaps: [Range<Double>],
    small: FrameSpool,
    detail: FrameSpool?,
    flag: CancellationFlag,
    options: @escaping (DecodeMode) -> DecodeOptions
  ) throws {
    (self.media, self.gaps, self.small, self.detail) = (media, gaps, small, detail)
    self.options = options
    looks = try detail.map { try FrameSpool(size: $0.size, flag: flag) }
  }

  func peek(_ parts: [Range<Double>]) throws -> [TimedPlane] {
    var found: [TimedPlane] = []
    // Some codecs have key frames only: memory must not grow with their number.
    let least = max(Self.lookSeconds, small.durationSeconds / Self.mostLooks)
    try look(through: parts) { frame in
      if let last = found.last, frame.seconds - last.seconds < least { return }
      found.append(frame)
    }
    // Where key frames are far apart, a film may come back in between.
    for part in parts {
      let keyframes = found.filter { part.contains($0.seconds) }.map(\.seconds)
      for (from, to) in zip([part.lowerBound] + keyframes, keyframes + [part.upperBound]) {
        let looks = Int(((to - from) / Self.mostLookSeconds).rounded(.up))
        guard looks > 1 else { continue }
        let moments = (1..<looks).map { from + (to - from) * Double($0) / Double(looks) }
        try look(from: from, to: to, at: moments) { found.append($0) }
      }
    }
    return found.sorted { $0.seconds < $1.seconds }
  }

  func peek(into gap: Range<Double>) throws -> [TimedPicture] {
    let isKnown = looked.contains {
      $0.lowerBound <= gap.lowerBound && gap.upperBound <= $0.upperBound
    }
    if !isKnown { try look(through: [gap]) { _ in } }
    let keyframes = try frames(of: gap).map(\.seconds)
    for (from, to) in zip([gap.lowerBound] + keyframes, keyframes + [gap.upperBound]) {
      let looks = Int(((to - from) / Self.mostSeconds).rounded(.up))
      guard looks > 1 else { continue }
      try look(
        from: from,
        to: to,
        at: (1..<looks).map {
          from + (to - from) * Double($0) / Double(looks)
        }
      ) { _ in }
    }
    return try frames(of: gap)
  }

  private func frames(of gap: Range<Double>) throws -> [TimedPicture] {
    let frames = try looks?.frames(from: gap.lowerBound, to: gap.upperBound) ?? []
    return frames.map { TimedPicture(seconds: $0.seconds, plane: $0.plane) }
  }

  /// Looks between two key frames, which takes decoding up to the last of the moments.
  private func look(
    from start: Double,
    to end: Double,
    at moments: [Double],
    _ body: (TimedPlane) throws -> Void
  ) throws {
    let reader = try reader(.referenceFrames)
    guard try start - keyframe(before: start, of: reader) <= Self.mostLeadSeconds else { return }
    var rest = moments[...]
    let summary = try reader.read(from: start, to: end) { frame in
      guard let next = rest.first else { return .stop }
      if frame.time.seconds >= next, looks == nil || frame.detail != nil {
        if let plane = frame.detail { try looks?.append(plane, at: frame.time.seconds) }
        try body(TimedPlane(seconds: frame.time.seconds, plane: frame.plane))
        rest = rest.dropFirst()
      }
      return rest.isEmpty ? .stop : .continue
    }
    decodedFrames += summary.decodedFrames
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
      gaps = gaps.flatMap { gap -> [Range<Double>] in
        guard gap.overlaps(part) else { return [gap] }
        return [
          gap.lowerBound..<max(gap.lowerBound, part.lowerBound),
          min(gap.upperBound, part.upperBound)..<gap.upperBound,
        ].filter { !$0.isEmpty }
      }
    }
  }

  func fill(_ gap: Range<Double>) throws { try fill([gap]) }

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
    let reader = try media.video(options(mode))
    // One that knows the key frames seeks by them where times jump.
    _ = try reader.keyframeTimes()
    readers[mode] = reader
    return reader
  }
}
