import CFFmpeg
import Glibc
public import SystemPackage
public import VideoCore

/// Writes a film anew with its luma changed picture by picture; all other streams are copied.
///
/// Sizes, aspect, colours and times stay as they are; the pixel format becomes planar 4:2:0, 4:2:2 or
/// 4:4:4 of the wanted bits. The file appears under its name once it is whole.
///
/// Times of the pictures count as ``VideoReader`` counts them, so that a copy's seconds are the
/// original's.
public final class FilmRewriter {
  /// What came of a film.
  public struct Summary: Sendable, Hashable {
    /// Pictures written.
    public var frames = 0
    /// Streams copied as they are.
    public var copiedStreams = 0
    /// Streams that the new container cannot hold, by the name of their format.
    public var droppedStreams: [String] = []
    /// Whether the original ends before it should.
    public var isTruncated = false
    /// Second of the last picture.
    public var lastFrameSeconds = 0.0
  }

  /// What the film's headers say.
  public let info: VideoInfo

  private let demuxer: Demuxer
  private let muxer: Muxer
  private let stream: VideoStream
  private let settings: EncodingSettings
  private let isCancelled: @Sendable () -> Bool
  /// For each stream of the original that of the copy.
  private var targets: [Int: Int32] = [:]
  private var summary = Summary()

  /// Extensions of files that can be written, with FFmpeg's names of the containers.
  public static let containers = ["mov": "mov", "mp4": "mp4", "m4v": "mp4", "mkv": "matroska"]

  /// Opens a film and starts its copy.
  ///
  /// - Throws: ``MediaError`` where the one cannot be read or the other not be written.
  public init(
    from source: FilePath,
    to target: FilePath,
    settings: EncodingSettings,
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) throws(MediaError) {
    guard let container = Self.containers[target.extension?.lowercased() ?? ""] else {
      throw MediaError(.unsupportedCodec, "name the new file .mov, .mp4 or .mkv")
    }
    let demuxer = try Demuxer.open(
      .path(source),
      maxPixels: DecodeOptions.defaultMaxPixels,
      isCancelled: isCancelled
    )
    stream = try VideoStream(of: demuxer, maxPixels: DecodeOptions.defaultMaxPixels)
    guard stream.orientation == .upright else {
      throw MediaError(.unsupportedCodec, "the film is stored turned or mirrored; store it upright")
    }
    info = stream.info
    self.demuxer = demuxer
    self.settings = settings
    self.isCancelled = isCancelled
    muxer = try Muxer.create(target, format: container, isSeekable: true)
  }

  /// Writes the film; `body` is given the luma of each picture, its time and number, and gives back
  /// luma of the same size with the settings' bits.
  ///
  /// - Throws: ``MediaError``, or what `body` throws.
  public func run(
    _ body: (_ luma: LumaSamples, _ time: MediaTime, _ number: Int) throws -> LumaSamples
  ) throws -> Summary {
    let options = DecodeOptions(
      planeSize: FrameSize(width: 1, height: 1),
      threads: settings.threads > 1 ? .frames(settings.threads) : .single,
      isCancelled: isCancelled
    )
    let decoder = try Decoder.open(stream, in: demuxer, options: options)
    var pictures = try PictureConverter(bitDepth: settings.bitDepth, codec: settings.codec)
    guard let packet = unsafe av_packet_alloc() else { throw MediaError.outOfMemory("a packet") }
    defer {
      var packet: UnsafeMutablePointer<AVPacket>? = unsafe packet
      unsafe av_packet_free(&packet)
    }
    var encoder: FilmEncoder?
    var waiting: [UnsafeMutablePointer<AVPacket>] = unsafe []
    defer {
      for index in unsafe waiting.indices {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe waiting[index]
        unsafe av_packet_free(&packet)
      }
    }
    var origin = stream.statedStart
    var last: Int64?
    var isFed = true
    while isFed {
      if isCancelled() { throw MediaError.stopped }
      unsafe av_packet_unref(packet)
      let status = unsafe av_read_frame(demuxer.context, packet)
      if status < 0 {
        try demuxer.input.throwFailure()
        isFed = false
        summary.isTruncated = status != CFFmpeg_error_end_of_file()
      } else if unsafe Int(packet.pointee.stream_index) != stream.index {
        // The header is written with the first picture: what comes before has to wait.
        if encoder == nil {
          if let copy = unsafe av_packet_clone(packet), unsafe waiting.count < Self.mostWaiting {
            unsafe waiting.append(copy)
          }
        } else {
          try unsafe copy(packet)
        }
        continue
      }
      guard unsafe decoder.send(isFed ? packet : nil) else {
        if isFed { summary.isTruncated = true }
        continue
      }
      drain: while true {
        switch decoder.receive() {
        case .needsPacket, .end: break drain
        case .failure:
          summary.isTruncated = true
          break drain
        case .frame: break
        }
        guard let time = decoder.frameTime, last.map({ time > $0 }) ?? true else {
          throw MediaError(.damaged, "the film's times do not ascend; write it anew without gaps")
        }
        last = time
        if origin == nil { origin = time }
        let picture = try unsafe pictures.luma(of: decoder.frame)
        let at = MediaTime(ticks: time - (origin ?? 0), timeBase: stream.timeBase)
        let changed = try body(picture, at, summary.frames)
        precondition(
          changed.size == picture.size && changed.bitDepth == settings.bitDepth,
          "a changed picture has the wanted size and bits"
        )
        let frame = try unsafe pictures.frame(of: decoder.frame, luma: changed)
        unsafe frame.pointee.pts = time
        if encoder == nil {
          encoder = try unsafe begin(frame, picture.isFullRange)
          for index in unsafe waiting.indices { try unsafe copy(waiting[index]) }
        }
        try unsafe encoder?.send(frame)
        try write(from: &encoder)
        summary.frames += 1
        summary.lastFrameSeconds = at.seconds
      }
    }
    guard encoder != nil else {
      throw MediaError(.damaged, "no frame of the video can be decoded")
    }
    try unsafe encoder?.send(nil)
    try write(from: &encoder)
    try muxer.check(unsafe av_write_trailer(muxer.context), "the end of the file")
    try muxer.commit()
    return summary
  }

  /// Packets of other streams that are kept until the first picture.
  private static let mostWaiting = 10_000

  /// Opens the encoder and writes the copy's header.
  private func begin(
    _ frame: UnsafeMutablePointer<AVFrame>,
    _ isFullRange: Bool
  ) throws(MediaError) -> FilmEncoder {
    let parameters = unsafe demuxer.streams[stream.index].pointee.codecpar.pointee
    let shape = unsafe FilmEncoder.Shape(
      width: frame.pointee.width,
      height: frame.pointee.height,
      format: AVPixelFormat(rawValue: frame.pointee.format),
      aspect: info.sampleAspectRatio,
      timeBase: stream.timeBase,
      frameRate: stream.nominalRate,
      isFullRange: isFullRange,
      primaries: parameters.color_primaries,
      transfer: parameters.color_trc,
      space: parameters.color_space,
      chroma: parameters.chroma_location
    )
    let flags = unsafe muxer.context.pointee.oformat.pointee.flags
    let encoder = try FilmEncoder.open(
      shape,
      settings: settings,
      needsGlobalHeader: flags & AVFMT_GLOBALHEADER != 0
    )
    for index in unsafe demuxer.streams.indices {
      try unsafe addStream(demuxer.streams[index], encoder)
    }
    try muxer.check(unsafe avformat_write_header(muxer.context, nil), "the header")
    return encoder
  }

  private func addStream(
    _ original: UnsafeMutablePointer<AVStream>,
    _ encoder: borrowing FilmEncoder
  ) throws(MediaError) {
    let index = unsafe Int(original.pointee.index)
    let isPicture = index == stream.index
    let id = unsafe original.pointee.codecpar.pointee.codec_id
    if !isPicture {
      let format = unsafe muxer.context.pointee.oformat
      guard
        unsafe original.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO
          || original.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE,
        unsafe avformat_query_codec(format, id, FF_COMPLIANCE_NORMAL) == 1
      else {
        summary.droppedStreams.append(unsafe String(cString: avcodec_get_name(id)))
        return
      }
    }
    guard let copy = unsafe avformat_new_stream(muxer.context, nil) else {
      throw MediaError.outOfMemory("the container")
    }
    targets[index] = unsafe copy.pointee.index
    let status: Int32
    if isPicture {
      status = unsafe avcodec_parameters_from_context(copy.pointee.codecpar, encoder.context)
      unsafe copy.pointee.time_base = encoder.context.pointee.time_base
      unsafe copy.pointee.sample_aspect_ratio = encoder.context.pointee.sample_aspect_ratio
      unsafe copy.pointee.avg_frame_rate = original.pointee.avg_frame_rate
    } else {
      status = unsafe avcodec_parameters_copy(copy.pointee.codecpar, original.pointee.codecpar)
      unsafe copy.pointee.codecpar.pointee.codec_tag = 0
      unsafe copy.pointee.time_base = original.pointee.time_base
      summary.copiedStreams += 1
    }
    unsafe copy.pointee.disposition = original.pointee.disposition
    unsafe av_dict_copy(&copy.pointee.metadata, original.pointee.metadata, 0)
    guard status >= 0 else { throw MediaError.outOfMemory("the container") }
  }

  /// Copies a packet of another stream.
  private func copy(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
    let index = unsafe Int(packet.pointee.stream_index)
    guard let target = targets[index], unsafe index < demuxer.streams.count else { return }
    let original = unsafe demuxer.streams[index].pointee.time_base
    guard let stream = unsafe muxer.context.pointee.streams[Int(target)] else { return }
    unsafe packet.pointee.stream_index = target
    unsafe av_packet_rescale_ts(packet, original, stream.pointee.time_base)
    unsafe packet.pointee.pos = -1
    try muxer.check(unsafe av_interleaved_write_frame(muxer.context, packet), "a packet")
  }

  /// Writes what the encoder has ready.
  private func write(from encoder: inout FilmEncoder?) throws(MediaError) {
    guard let target = targets[stream.index],
      let stream = unsafe muxer.context.pointee.streams[Int(target)]
    else { return }
    while true {
      guard try encoder?.receive() == .packet,
        let packet = unsafe encoder?.packet, let base = unsafe encoder?.context.pointee.time_base
      else { return }
      unsafe packet.pointee.stream_index = target
      unsafe av_packet_rescale_ts(packet, base, stream.pointee.time_base)
      try muxer.check(unsafe av_interleaved_write_frame(muxer.context, packet), "a packet")
    }
  }
}
