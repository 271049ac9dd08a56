import CFFmpeg
public import SystemPackage
public import VideoCore

/// Reads what ``ProxyWriter`` wrote: the same frames, but for the codec's small losses, at exactly
/// the same times.
///
/// A reader belongs to one task at a time.
public final class ProxyReader {
  /// What the file's headers say; its times are the container's, not the film's.
  public var info: VideoInfo { reader.info }
  /// Time of the first frame, in the time base of all times.
  public var firstTime: MediaTime { clock.start }

  private let reader: VideoReader
  private let clock: ProxyClock

  /// Opens a proxy.
  ///
  /// - Throws: ``MediaError/Code/unrecognisedFormat`` where the file is no proxy, and what
  ///   ``VideoReader`` throws.
  public init(_ path: FilePath, options: DecodeOptions) throws(MediaError) {
    reader = try VideoReader(.path(path), options: options, assumesFullRange: true)
    let entry = unsafe av_dict_get(reader.demuxer.context.pointee.metadata, ProxyWriter.tag, nil, 0)
    guard let entry = unsafe entry, let text = unsafe entry.pointee.value,
      let start = ProxyClock.start(describedAs: unsafe String(cString: text)),
      let clock = ProxyClock(start: start, containerBase: reader.stream.timeBase)
    else { throw MediaError(.unrecognisedFormat, "not a proxy of a film") }
    self.clock = clock
    // The first frame is stored at zero, whatever was read of the rest.
    reader.origin = 0
  }

  /// Decodes the frames with `from` <= t < `to`, in seconds of the film, and hands each to `body`,
  /// as ``VideoReader/read(from:to:_:)`` does.
  @discardableResult
  public func read(
    from: Double? = nil,
    to: Double? = nil,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary {
    // One container tick more on either side: the ends are judged on the film's own times, which
    // differ from the container's in the last bit.
    let slack = reader.stream.timeBase.value
    let start = clock.start.seconds
    var delivered = 0
    var summary = try reader.read(
      from: from.map { $0 - start - slack },
      to: to.map { $0 - start + slack }
    ) { stored in
      let time = clock.time(stored: stored.time.ticks)
      let seconds = time.seconds
      if let from, seconds < from { return .continue }
      if let to, seconds >= to { return .stop }
      var frame = stored
      frame.time = time
      delivered += 1
      return try body(frame)
    }
    summary.deliveredFrames = delivered
    summary.lastFrameSeconds = summary.lastFrameSeconds.map { $0 + start }
    return summary
  }

  /// Times of all keyframes in seconds of the film, ascending.
  public func keyframeTimes() throws(MediaError) -> [Double] {
    try reader.keyframeTimes().map { $0 + clock.start.seconds }
  }
}
