import CFFmpeg
public import SystemPackage
import VideoCore

/// Reads the picture of a film as small luma planes.
///
/// Frames come in the order in which they are shown, each with its presentation time. Times are
/// ticks of the stream's own time base and count from the stream's start as the container states
/// it, else from the first frame. Where the container's times jump (see ``PacketClock``) the film
/// goes on as if spliced; frames without a time follow their predecessor at the nominal rate; no
/// two frames have the same time.
///
/// A file with several video streams is read for one of them: never a cover picture or thumbnail;
/// one that can be decoded, then with more than one frame, the container's default, the largest,
/// the longest, the first.
///
/// A reader belongs to one task at a time and reads one window after the other.
public final class VideoReader {
  /// What the film's headers say.
  public let info: VideoInfo

  /// Times beyond this are forged: the film is read up to there and counts as truncated.
  ///
  /// It bounds
  /// what anyone keeps for each second of a film.
  public static let longestSeconds = 48.0 * 3600
  /// Most moments of one read.
  public static let mostMoments = 1 << 16
  /// A step ahead of more than this is a forged or broken clock in every format.
  private static let longestPauseSeconds: Int64 = 3600

  let input: MediaInput
  package let options: DecodeOptions
  let stream: VideoStream
  let assumesFullRange: Bool
  var demuxer: Demuxer
  /// Whether nothing was read since the file was opened.
  var isAtStart = true
  /// The container's time of t = 0, once known.
  var origin: Int64?
  var keyframeTable: KeyframeTable?
  /// The decoder of the last read, ready for the next: opening one and its memory for pictures costs
  /// as much as decoding some frames.
  private var idleDecoder: Decoder?

  /// Opens a film.
  ///
  /// - Throws: ``MediaError``; nothing of the file's content can trap or print.
  public convenience init(_ path: FilePath, options: DecodeOptions) throws(MediaError) {
    try self.init(.path(path), options: options)
  }

  /// Opens a film, wherever its bytes are.
  ///
  /// - Throws: ``MediaError``; nothing of the file's content can trap or print.
  public convenience init(_ input: MediaInput, options: DecodeOptions) throws(MediaError) {
    try self.init(input, options: options, assumesFullRange: false)
  }

  /// Opens a film whose luma fills all 8 bits though its headers may not say so.
  init(_ input: MediaInput, options: DecodeOptions, assumesFullRange: Bool) throws(MediaError) {
    let demuxer = try Demuxer.open(
      input,
      maxPixels: options.maxPixels,
      isCancelled: options.isCancelled
    )
    let stream = try VideoStream(of: demuxer, maxPixels: options.maxPixels)
    self.input = input
    self.options = options
    self.stream = stream
    self.assumesFullRange = assumesFullRange
    info = stream.info
    origin = stream.statedStart
    demuxer.selectOnly(stream.index, keyframesOnly: options.mode == .keyframes)
    self.demuxer = demuxer
  }

  /// Decodes the frames with `from` <= t < `to`, in seconds, and hands each to `body`.
  ///
  /// A window gives exactly the frames and times that reading the whole film gives there. The
  /// reader seeks to a keyframe before the window where the container can be trusted to land right
  /// (it checks), looks the keyframe up in one earlier pass over the packets where times may jump,
  /// and decodes from the start where neither works.
  ///
  /// Where there are `moments`, ascending, the first frame at or after each of them is handed over, once,
  /// and none behind the last is decoded.
  ///
  /// The array in a frame's plane is reused: a caller that keeps the frame gets its own copy.
  ///
  /// - Throws: ``MediaError``, among them ``MediaError/Code/damaged`` where the whole file holds no
  ///   frame that can be decoded, or what `body` throws.
  @discardableResult
  public func read(
    from: Double? = nil,
    to: Double? = nil,
    at moments: [Double]? = nil,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary {
    try read(from: from, to: to, at: moments) { frame, _ in try body(frame) }
  }

  /// The same; `body` is told as well what came of the read so far, this frame included.
  package func read(
    from: Double?,
    to: Double?,
    at moments: [Double]? = nil,
    _ body: (ReducedFrame, ReadSummary) throws -> ReadControl
  ) throws -> ReadSummary {
    if let from, from > 0, let start = try knownOrigin(), let target = rawTicks(from, start) {
      return try readWindow(from: from, target: target, to: to, at: moments, body)
    }
    try rewind()
    var run = try FrameRun(self, from: from, to: to, at: moments)
    return try run.deliver(from: demuxer, reader: self, body)
  }

  /// Presentation times of all keyframes in seconds, ascending, from the packets alone.
  ///
  /// Where a container has no presentation time for a keyframe (in AVI and MPEG-PS), its decoding
  /// time stands for it, early by the few frames of the codec's reordering; that goes for reading
  /// with ``DecodeMode/keyframes`` too.
  ///
  /// - Complexity: reads the file once; containers with an index are read in a small part.
  public func keyframeTimes() throws(MediaError) -> [Double] {
    let table = try scannedKeyframes()
    // Without presentation times, packets count from the first one.
    let start = stream.statedStart ?? table.entries.first?.time ?? 0
    return table.entries.map { time(of: $0.time, start).seconds }.sorted()
  }

  /// The container's time `raw` as a time of the film.
  func time(of raw: Int64, _ start: Int64) -> MediaTime {
    MediaTime(ticks: raw &- start, timeBase: stream.timeBase)
  }

  /// The container's time at `seconds` of the film, nil where that makes no sense.
  func rawTicks(_ seconds: Double, _ start: Int64) -> Int64? {
    stream.ticks(seconds).map { $0 + start }
  }

  /// Starts the file anew, unless nothing was read yet.
  ///
  /// Reopening costs milliseconds and is the
  /// one way back that every container offers.
  func rewind() throws(MediaError) {
    if !isAtStart {
      demuxer = try Demuxer.open(
        input,
        maxPixels: options.maxPixels,
        isCancelled: options.isCancelled
      )
      guard unsafe stream.index < demuxer.streams.count else {
        throw MediaError(.damaged, "the file changed while it was read")
      }
      demuxer.selectOnly(stream.index, keyframesOnly: options.mode == .keyframes)
    }
    isAtStart = false
  }

  /// A decoder that was sent nothing.
  func takeDecoder() throws(MediaError) -> Decoder {
    if let decoder = idleDecoder {
      idleDecoder = nil
      decoder.reset()
      return decoder
    }
    return try Decoder.open(stream, in: demuxer, options: options)
  }

  /// Keeps a decoder that did its work for the next read.
  func keep(_ decoder: Decoder) { if decoder.canGoOnElsewhere { idleDecoder = decoder } }

  /// Gives back the memory that the next read would work in.
  package func rest() { idleDecoder = nil }

  func makeClock() -> PacketClock {
    let second = max(1, stream.ticks(1) ?? 1)
    let frame = stream.frameTicks
    // A pause of many seconds is normal where every frame has its own length, in a recorded screen
    // for example; only formats of broadcasts state that their clock may be set anew.
    let forward = (demuxer.mayJump ? 10 : VideoReader.longestPauseSeconds) * second
    return PacketClock(
      backwardLimit: second,
      forwardLimit: forward,
      frameTicks: frame.numerator / frame.denominator
    )
  }

  func makeSource(datesByCount: Bool) throws(MediaError) -> PacketSource {
    try PacketSource(
      stream.index,
      clock: makeClock(),
      countedFrameTicks: datesByCount && demuxer.hasNoTimes ? stream.frameTicks : nil
    )
  }

  func scannedKeyframes() throws(MediaError) -> KeyframeTable {
    if let keyframeTable { return keyframeTable }
    try rewind()
    demuxer.selectOnly(stream.index, keyframesOnly: true)
    var source = try makeSource(datesByCount: true)
    let table = try KeyframeTable(scanning: demuxer, &source)
    demuxer.selectOnly(stream.index, keyframesOnly: options.mode == .keyframes)
    keyframeTable = table
    return table
  }

  /// Start of the film on the container's clock; decodes a first frame where no header states it.
  private func knownOrigin() throws(MediaError) -> Int64? {
    if let origin { return origin }
    try rewind()
    var run = try FrameRun(self, from: nil, to: nil)
    do {
      _ = try run.deliver(from: demuxer, reader: self) { _, _ in .stop }
    } catch let error as MediaError { throw error } catch {
      // Only the body throws anything else, and this one does not.
      throw MediaError(.internalFailure, "the film's start cannot be found")
    }
    return origin
  }
}

extension Demuxer {
  /// Spares the demuxer the work on streams, and if wanted frames, that nobody reads.
  func selectOnly(_ index: Int, keyframesOnly: Bool) {
    let all = unsafe streams
    for number in unsafe all.indices {
      // With B-frames, FFmpeg's MP4 demuxer counts presentation times wrongly while it skips.
      let mayReorder = unsafe all[number].pointee.codecpar.pointee.video_delay != 0
      let wanted = keyframesOnly && !mayReorder ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT
      unsafe all[number].pointee.discard = number == index ? wanted : AVDISCARD_ALL
    }
  }
}
