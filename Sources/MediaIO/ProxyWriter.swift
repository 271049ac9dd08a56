import CFFmpeg
public import SystemPackage
public import VideoCore

/// Writes the small grey stand-in of a film, from which a match can be refined without the film.
///
/// The file is MPEG-4 Part 2 by FFmpeg's own encoder (fixed quantiser, no B-frames, a keyframe at
/// least every second at the nominal frame rate) in a NUT container, which holds any time base.
/// Read it with ``ProxyReader``, which gives back each frame's time in the time base that it was written in, tick for tick; the
/// time of the first frame and the time base are kept in a tag, because a container's start is
/// otherwise taken for t = 0. Luma is stored as full range, which the file does not say.
///
/// Measured at 320 by 180 on a minute each of two animated films with much motion (Big Buck Bunny,
/// Caminandes): 135 and 245 MB per film-hour at a PSNR of 39.2 and 40.2 dB, the worst frame 36.6;
/// 0.13 to 0.19 ms of one core per frame to encode, 5 to 7 % of the time that decoding a frame of a
/// 1080p H.264 film of only 1.3 Mbit/s takes, and 0.09 to 0.11 ms to read; a window of half a
/// second takes 4 ms. A quantiser of 5 drops to 37.8 dB on the first film; motion vectors of zero
/// save a tenth of the time for up to twice the bytes. x264's `ultrafast` costs as much for more
/// bytes at the same quality, `superfast` saves a quarter to a half of the bytes for twice the time;
/// MJPEG takes 2 to 4 times and FFV1 7 to 15 times the bytes.
///
/// The same frames give the same bytes on the same machine. The file appears under its name with
/// ``finish()``; a writer that is given up leaves nothing behind.
@safe
public final class ProxyWriter {
  /// Size of the planes.
  public let size: FrameSize
  /// Time base of the times.
  public let timeBase: Rational

  static let tag = "leaktrace_proxy"
  private static let quantiser: Int32 = 4
  /// Frames between keyframes where the frame rate is unknown, and the most that MPEG-4 allows.
  private static let usualInterval = 25.0
  private static let longestInterval = 600.0

  private let muxer: Muxer
  private var encoder: PlaneEncoder
  private let stream: UnsafeMutablePointer<AVStream>
  private var clock: ProxyClock?
  private var isFinished = false
  private var lastTicks: Int64?

  /// Starts a proxy at `path`, replacing a file of that name once finished.
  ///
  /// - Parameters:
  ///   - path: where the finished proxy will be.
  ///   - size: of all planes, at most 8191 on either side.
  ///   - timeBase: of all times that follow, normally the film's own.
  ///   - frameRate: nominal frames per second, which spaces keyframes one second apart.
  /// - Throws: ``MediaError/Code/notFound`` or ``MediaError/Code/ioError`` where the file cannot be
  ///   created, ``MediaError/Code/internalFailure`` where FFmpeg lacks the encoder.
  public init(
    path: FilePath,
    size: FrameSize = FrameSize(width: 320, height: 180),
    timeBase: Rational,
    frameRate: Rational?
  ) throws(MediaError) {
    precondition(size.width > 0 && size.height > 0, "a plane needs pixels")
    precondition(timeBase.numerator > 0 && timeBase.denominator > 0, "a time base is positive")
    self.size = size
    self.timeBase = timeBase
    muxer = try Muxer.create(path, format: "nut")
    let rate = frameRate.flatMap { $0.numerator > 0 && $0.denominator > 0 ? $0.value : nil }
    let interval = min(rate ?? ProxyWriter.usualInterval, ProxyWriter.longestInterval)
    encoder = try PlaneEncoder.open(
      size,
      quantiser: ProxyWriter.quantiser,
      keyframeInterval: Int32(max(1, interval.rounded()))
    )
    guard let stream = unsafe avformat_new_stream(muxer.context, nil),
      unsafe avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context) >= 0
    else { throw MediaError.outOfMemory("the container") }
    var (numerator, denominator): (Int32, Int32) = (1, 1)
    _ = unsafe av_reduce(
      &numerator,
      &denominator,
      Int64(timeBase.numerator),
      Int64(timeBase.denominator),
      Int64(Int32.max)
    )
    unsafe stream.pointee.time_base = AVRational(num: numerator, den: denominator)
    unsafe self.stream = stream
  }

  /// Appends the next frame.
  ///
  /// `plane` must have the writer's size and `time` its time base.
  ///
  /// - Throws: ``MediaError/Code/damaged`` where the time is not after that of the frame before,
  ///   ``MediaError/Code/ioError`` where the disk is full.
  public func append(_ plane: LumaPlane, at time: MediaTime) throws(MediaError) {
    precondition(!isFinished, "a finished proxy takes no more frames")
    precondition(plane.size == size, "a plane of \(plane.size) in a proxy of \(size)")
    precondition(time.timeBase == timeBase, "a time in \(time.timeBase) in a proxy of \(timeBase)")
    if let lastTicks, time.ticks <= lastTicks {
      throw MediaError(.damaged, "the times of the frames do not ascend")
    }
    if clock == nil { clock = try writeHeader(first: time.ticks) }
    guard let stored = clock?.stored(time.ticks) else {
      throw MediaError(.damaged, "a frame's time is too far from the first")
    }
    lastTicks = time.ticks
    try encoder.encode(plane)
    unsafe encoder.packet.pointee.stream_index = 0
    unsafe encoder.packet.pointee.pts = stored
    unsafe encoder.packet.pointee.dts = stored
    unsafe encoder.packet.pointee.duration = 0
    try muxer.check(unsafe av_write_frame(muxer.context, encoder.packet), "a frame")
  }

  /// Completes the file and brings it to the disk.
  ///
  /// - Throws: ``MediaError/Code/empty`` where no frame was appended; as ``append(_:at:)``.
  public func finish() throws(MediaError) {
    precondition(!isFinished, "a proxy is finished once")
    guard clock != nil else { throw MediaError(.empty, "a proxy without frames") }
    isFinished = true
    try muxer.check(unsafe av_write_trailer(muxer.context), "the end of the file")
    try muxer.commit()
  }

  /// Writes what comes ahead of the first frame, and finds out which time base the muxer chose.
  private func writeHeader(first: Int64) throws(MediaError) -> ProxyClock {
    let start = MediaTime(ticks: first, timeBase: timeBase)
    let text = ProxyClock.description(of: start)
    _ = unsafe av_dict_set(&muxer.context.pointee.metadata, ProxyWriter.tag, text, 0)
    try muxer.check(unsafe avformat_write_header(muxer.context, nil), "the header")
    let chosen = unsafe stream.pointee.time_base
    guard chosen.num > 0, chosen.den > 0,
      let clock = ProxyClock(start: start, containerBase: Rational(chosen.num, chosen.den))
    else {
      throw MediaError(.internalFailure, "the container cannot hold the time base \(timeBase)")
    }
    return clock
  }
}
