import CFFmpeg
import VideoCore

/// The chosen stream of a container, in plain values.
struct VideoStream {
  let index: Int
  let info: VideoInfo
  let orientation: Orientation
  /// Frames per second for streams and packets that do not say; never zero.
  let nominalRate: Rational
  /// The stream's start on the container's clock, where the container states one.
  let statedStart: Int64?
  /// How many seconds before the stated length an intact film may end; nil where the length is not
  /// stated but FFmpeg's guess.
  let endTolerance: Double?

  var timeBase: Rational { info.startTime.timeBase }

  /// One frame in ticks, as a fraction.
  var frameTicks: (numerator: Int64, denominator: Int64) {
    (
      Int64(nominalRate.denominator) * Int64(timeBase.denominator),
      Int64(nominalRate.numerator) * Int64(timeBase.numerator)
    )
  }

  /// `seconds` in ticks, nil where that is no sensible number.
  func ticks(_ seconds: Double) -> Int64? {
    let ticks = (seconds / timeBase.value).rounded(.down)
    return abs(ticks) < Double(PacketClock.largestTime) ? Int64(ticks) : nil
  }

  /// The frame rate of streams that state none.
  private static let fallbackRate = Rational(25, 1)
  /// Longer pictures per second than this are time bases mistaken for frame rates.
  private static let greatestRate = 1000.0

  /// Chooses the film among a container's streams.
  ///
  /// Cover pictures and thumbnails are never it. Among the rest, in this order: one that can be
  /// decoded, more than one frame, the container's default, the largest picture, the longest, the
  /// first.
  ///
  /// - Throws: ``MediaError/Code/noVideoStream``, ``MediaError/Code/unsupportedCodec``,
  ///   ``MediaError/Code/tooLarge``.
  init(of demuxer: borrowing Demuxer, maxPixels: Int) throws(MediaError) {
    let films = unsafe demuxer.streams.filter { unsafe VideoStream.isFilm($0) }
    var best: (stream: UnsafeMutablePointer<AVStream>, rank: [Int64])?
    for index in unsafe films.indices {
      let rank = unsafe VideoStream.rank(of: films[index])
      if let standing = unsafe best?.rank, !standing.lexicographicallyPrecedes(rank) { continue }
      unsafe best = (films[index], rank)
    }
    guard let stream = unsafe best?.stream else {
      throw MediaError(.noVideoStream, "the file has no video stream")
    }
    unsafe try self.init(stream, in: demuxer, maxPixels: maxPixels)
  }

  private init(
    _ stream: UnsafeMutablePointer<AVStream>,
    in demuxer: borrowing Demuxer,
    maxPixels: Int
  ) throws(MediaError) {
    let parameters = unsafe stream.pointee.codecpar.pointee
    let codec = unsafe String(cString: avcodec_get_name(parameters.codec_id))
    guard unsafe avcodec_find_decoder(parameters.codec_id) != nil else {
      throw MediaError(.unsupportedCodec, "no decoder for the video format \(codec)")
    }
    let coded = unsafe FrameSize(width: Int(parameters.width), height: Int(parameters.height))
    guard coded.width > 0, coded.height > 0 else {
      // The headers name no size and no frame could be read to learn it.
      throw MediaError(.damaged, "no frame of the video can be decoded")
    }
    guard coded.area <= maxPixels else {
      throw MediaError(.tooLarge, "the picture of \(coded) has more than \(maxPixels) pixels")
    }
    let base = unsafe stream.pointee.time_base
    guard base.num > 0, base.den > 0 else {
      throw MediaError(.damaged, "the video stream has no time base")
    }
    let timeBase = Rational(base.num, base.den)
    let aspect = unsafe VideoStream.ratio(
      av_guess_sample_aspect_ratio(demuxer.context, stream, nil)
    )
    let average = unsafe VideoStream.rate(stream.pointee.avg_frame_rate)
    let real = unsafe VideoStream.rate(stream.pointee.r_frame_rate)
    let start = unsafe VideoStream.time(stream.pointee.start_time)
    let orientation = unsafe VideoStream.orientation(of: stream)
    let length = unsafe VideoStream.duration(of: stream, in: demuxer, timeBase: timeBase)
    index = unsafe Int(stream.pointee.index)
    nominalRate = average ?? real ?? VideoStream.fallbackRate
    // AVI counts packets in decoding order: the decoder's delay shifts every frame, the first too.
    statedStart = demuxer.containerName == "avi" ? nil : start
    endTolerance = length.tolerance
    self.orientation = orientation
    info = unsafe VideoInfo(
      duration: length.time,
      codedSize: coded,
      displaySize: orientation.applied(to: VideoStream.square(coded, aspect)),
      sampleAspectRatio: aspect ?? Rational(1, 1),
      rotationDegrees: orientation.rotationDegrees,
      isMirrored: orientation.isMirrored,
      frameRate: average ?? real,
      codecName: codec,
      containerName: demuxer.containerName,
      bitDepth: VideoStream.bitDepth(parameters),
      isInterlaced: VideoStream.isInterlaced(parameters.field_order),
      startTime: MediaTime(ticks: statedStart ?? 0, timeBase: timeBase),
      streamIndex: index,
      fileSizeBytes: demuxer.input.sizeBytes
    )
  }

  private static func isFilm(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    let stills = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS
    return unsafe stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
      && stream.pointee.disposition & stills == 0
  }

  private static func rank(of stream: UnsafeMutablePointer<AVStream>) -> [Int64] {
    let parameters = unsafe stream.pointee.codecpar.pointee
    let decodable = unsafe avcodec_find_decoder(parameters.codec_id) != nil
    let isDefault = unsafe stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0
    let base = unsafe stream.pointee.time_base
    let duration = unsafe time(stream.pointee.duration) ?? 0
    let milliseconds =
      base.den > 0 ? av_rescale(duration, 1000 * Int64(base.num), Int64(base.den)) : 0
    let isMoving = unsafe stream.pointee.nb_frames != 1
    let area = unsafe Int64(parameters.width) * Int64(parameters.height)
    return [
      decodable ? 1 : 0, isMoving ? 1 : 0, isDefault ? 1 : 0,
      area, milliseconds,
    ]
  }

  private static func time(_ stamp: Int64) -> Int64? {
    stamp != CFFmpeg_no_timestamp() && abs(stamp / 2) < PacketClock.largestTime / 2 ? stamp : nil
  }

  private static func ratio(_ value: AVRational) -> Rational? {
    value.num > 0 && value.den > 0 ? Rational(value.num, value.den) : nil
  }

  private static func rate(_ value: AVRational) -> Rational? {
    ratio(value).flatMap { $0.value <= greatestRate ? $0 : nil }
  }

  private static func isInterlaced(_ order: AVFieldOrder) -> Bool? {
    switch order {
    case AV_FIELD_UNKNOWN: nil
    case AV_FIELD_PROGRESSIVE: false
    default: true
    }
  }

  private static func bitDepth(_ parameters: AVCodecParameters) -> Int {
    let format = unsafe AVPixelFormat(rawValue: parameters.format)
    guard let description = unsafe av_pix_fmt_desc_get(format) else { return 0 }
    return Int(unsafe description.pointee.comp.0.depth)
  }

  /// The stored size with its width, or its height, stretched so that pixels are square.
  private static func square(_ coded: FrameSize, _ aspect: Rational?) -> FrameSize {
    guard let aspect else { return coded }
    let width = (Double(coded.width) * aspect.value).rounded()
    // A forged aspect must not make a size that nobody can add up.
    guard width >= 1, width <= Double(1 << 24) else { return coded }
    return FrameSize(width: Int(width), height: coded.height)
  }

  private static func orientation(of stream: UnsafeMutablePointer<AVStream>) -> Orientation {
    var size = 0
    guard
      let bytes = unsafe av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size),
      size >= 9 * MemoryLayout<Int32>.size
    else { return .upright }
    let raw = UnsafeRawPointer(bytes)
    func entry(_ index: Int) -> Int32 {
      unsafe raw.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)
    }
    return Orientation(a: entry(0), b: entry(1), c: entry(3), d: entry(4))
  }

  private static func duration(
    of stream: UnsafeMutablePointer<AVStream>,
    in demuxer: borrowing Demuxer,
    timeBase: Rational
  ) -> (time: MediaTime?, tolerance: Double?) {
    let stated = unsafe statedDuration(of: stream, in: demuxer, timeBase: timeBase)
    // A forged length would steer everything that is spread over the film.
    guard let time = stated.time, time.seconds <= VideoReader.longestSeconds else {
      return (nil, nil)
    }
    return stated
  }

  private static func statedDuration(
    of stream: UnsafeMutablePointer<AVStream>,
    in demuxer: borrowing Demuxer,
    timeBase: Rational
  ) -> (time: MediaTime?, tolerance: Double?) {
    let method = unsafe demuxer.context.pointee.duration_estimation_method
    let isStated = method == AVFMT_DURATION_FROM_STREAM && !demuxer.mayJump && !demuxer.hasNoTimes
    if let ticks = unsafe time(stream.pointee.duration), ticks > 0 {
      return (MediaTime(ticks: ticks, timeBase: timeBase), isStated ? 1 : nil)
    }
    guard let ticks = unsafe time(demuxer.context.pointee.duration), ticks > 0 else {
      return (nil, nil)
    }
    let duration = MediaTime(ticks: ticks, timeBase: Rational(1, AV_TIME_BASE))
    // The container's length may be that of the sound, which often runs on a little.
    let isAlone = unsafe demuxer.context.pointee.nb_streams == 1
    let tolerance = isAlone ? 1 : max(10, duration.seconds / 20)
    return (duration, isStated ? tolerance : nil)
  }
}
