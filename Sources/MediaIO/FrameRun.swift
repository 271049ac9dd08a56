import CFFmpeg
import VideoCore

/// One pass of decoding from some place in the file to the end of a window.
struct FrameRun: ~Copyable {
  /// Thrown where the first decoded frame comes after the window's start: the seek went too far.
  struct LandedLate: Error {}

  private let decoder: Decoder
  private var reducer: LumaReducer
  private var detailReducer: LumaReducer
  private let detail: DetailPlanes?
  /// When the next detail is due, in seconds.
  private var nextDetail = -Double.infinity
  private var source: PacketSource
  private var clock: FrameClock
  private var frame: ReducedFrame
  private var summary = ReadSummary()
  private let from: Double?
  private let to: Double?
  /// When the frames that are wanted are due, in seconds, those that are left; nil for all frames.
  private var moments: ArraySlice<Double>?
  private var window: Window
  private let onlyKeyframes: Bool
  /// Whether the caller wanted no more.
  private var isCutShort = false
  /// The time of the last key frame that was decoded, where only those are.
  private var lastKeyframe: Int64?

  /// What a seek promises about the packets that follow.
  struct Landing {
    /// The first keyframe must be this one.
    var keyframe: KeyframeTable.Entry?
  }

  private struct Window {
    /// Set after a seek, until a first frame in time proves it right.
    var mustStartInTime = false
    var landing: Landing?
  }

  init(
    _ reader: VideoReader,
    from: Double?,
    to: Double?,
    at moments: [Double]? = nil,
    landing: Landing? = nil
  ) throws(MediaError) {
    let size = reader.options.planeSize
    let decoder = try reader.takeDecoder()
    let source = try reader.makeSource(datesByCount: reader.options.mode == .keyframes)
    self.decoder = decoder
    self.source = source
    reducer = LumaReducer(
      planeSize: size,
      window: reader.options.window,
      orientation: reader.stream.orientation,
      assumesFullRange: reader.assumesFullRange
    )
    detail = reader.options.detail
    detailReducer = LumaReducer(
      planeSize: detail?.size ?? size,
      orientation: reader.stream.orientation,
      assumesFullRange: reader.assumesFullRange
    )
    clock = FrameClock(frameTicks: reader.stream.frameTicks)
    frame = ReducedFrame(planeSize: size)
    self.from = from
    self.to = to
    self.moments = moments?[...]
    window = Window(mustStartInTime: landing != nil, landing: landing)
    onlyKeyframes = reader.options.mode == .keyframes
  }

  /// Decodes to the end of the window.
  mutating func deliver(
    from demuxer: borrowing Demuxer,
    reader: VideoReader,
    _ body: (ReducedFrame, ReadSummary) throws -> ReadControl
  ) throws -> ReadSummary {
    // Packets ahead of the first keyframe after a seek belong to frames that cannot be decoded.
    var waitsForKey = window.landing != nil
    if let entry = window.landing?.keyframe { source.restore(entry.clock) }
    var isFed = true
    while isFed {
      switch try source.next(from: demuxer) {
      case .end: isFed = false
      case .brokenOff:
        isFed = false
        summary.isTruncated = true
      case .packet:
        if source.isIncomplete { summary.isTruncated = true }
        if waitsForKey || onlyKeyframes, !source.isKey { continue }
        if waitsForKey, let entry = window.landing?.keyframe, source.rawTimes != entry.raw {
          if let entryTime = entry.raw.any, let now = source.rawTimes.any, now < entryTime {
            source.restore(entry.clock)
            continue
          }
          throw LandedLate()
        }
        waitsForKey = false
        if onlyKeyframes {
          if isTooSoon(reader) { continue }
          source.presentWhenDecoded()
        }
      }
      if !sendLast(isFed) { continue }
      if try drain(reader, body) == .stop {
        // How far a decoder went that another process stopped depends on the moment, and what it
        // learnt of the stream's order by then stays with it.
        if !isCutShort { reader.keep(decoder) }
        return summary
      }
    }
    reader.keep(decoder)
    try finish(reader)
    return summary
  }

  /// Whether a key frame follows the last that was decoded sooner than is wanted.
  private mutating func isTooSoon(_ reader: VideoReader) -> Bool {
    let start = reader.origin.flatMap { reader.rawTicks(from ?? 0, $0) } ?? .min
    guard let time = source.time, time >= start,
      let least = reader.stream.ticks(reader.options.leastKeyframeInterval)
    else { return false }
    if let last = lastKeyframe, time >= last, time - last < least { return true }
    lastKeyframe = time
    return false
  }

  private mutating func sendLast(_ isFed: Bool) -> Bool {
    if unsafe decoder.send(isFed ? source.packet : nil) { return true }
    if isFed { summary.damagedPackets += 1 }
    return !isFed
  }

  private mutating func drain(
    _ reader: VideoReader,
    _ body: (ReducedFrame, ReadSummary) throws -> ReadControl
  ) throws -> ReadControl {
    while true {
      switch decoder.receive() {
      case .needsPacket, .end: return .continue
      case .failure:
        summary.damagedPackets += 1
        return .continue
      case .frame:
        if try deliverFrame(reader, body) == .stop { return .stop }
      }
    }
  }

  private mutating func deliverFrame(
    _ reader: VideoReader,
    _ body: (ReducedFrame, ReadSummary) throws -> ReadControl
  ) throws -> ReadControl {
    let claimed = decoder.frameTime
    let raw = clock.time(claimed: claimed, first: reader.origin ?? claimed ?? 0)
    if reader.origin == nil { reader.origin = raw }
    frame.time = reader.time(of: raw, reader.origin ?? 0)
    let seconds = frame.time.seconds
    summary.decodedFrames += 1
    guard seconds <= VideoReader.longestSeconds else {
      if window.mustStartInTime { throw LandedLate() }
      summary.isTruncated = true
      return .stop
    }
    summary.lastFrameSeconds = seconds
    if window.mustStartInTime {
      guard claimed != nil, let from, seconds <= from else { throw LandedLate() }
      window.mustStartInTime = false
    }
    if let to, seconds >= to { return .stop }
    frame.isDamaged = decoder.frameIsDamaged
    if frame.isDamaged { summary.damagedFrames += 1 }
    if let from, seconds < from { return .continue }
    if let rest = moments {
      guard let next = rest.first else { return .stop }
      if seconds < next { return .continue }
      moments = rest.drop { $0 <= seconds }
    }
    guard unsafe reducer.reduce(decoder.frame, into: &frame.plane.pixels) else {
      throw MediaError(.unsupportedCodec, "pictures of this pixel format or size cannot be read")
    }
    try addDetail(at: seconds)
    frame.isKeyframe = decoder.frameIsKey
    frame.isInterlaced = decoder.frameIsInterlaced
    summary.deliveredFrames += 1
    let wish = try body(frame, summary)
    isCutShort = wish == .stop
    return moments?.isEmpty ?? false ? .stop : wish
  }

  /// Reduces the frame a second time where a larger plane is due.
  private mutating func addDetail(at seconds: Double) throws(MediaError) {
    frame.detail = nil
    guard let detail, seconds >= nextDetail else { return }
    var plane = LumaPlane(size: detail.size)
    guard unsafe detailReducer.reduce(decoder.frame, into: &plane.pixels) else {
      throw MediaError(.unsupportedCodec, "pictures of this pixel format or size cannot be read")
    }
    frame.detail = plane
    // On an even grid, so that late frames do not thin it out.
    let interval = detail.leastInterval
    nextDetail = max(nextDetail + interval, seconds + interval / 2)
  }

  /// Judges how the file ended.
  private mutating func finish(_ reader: VideoReader) throws {
    if window.mustStartInTime { throw LandedLate() }
    if summary.decodedFrames == 0 {
      throw MediaError(.damaged, "no frame of the video can be decoded")
    }
    guard let tolerance = reader.stream.endTolerance, let last = summary.lastFrameSeconds,
      let duration = reader.info.duration?.seconds, !onlyKeyframes
    else { return }
    let frameSeconds = 1 / reader.stream.nominalRate.value
    if duration - last > max(tolerance, 3 * frameSeconds) { summary.isTruncated = true }
  }
}
