import CFFmpeg
import VideoCore

/// FFmpeg's decoder of one stream, with the packet and the frame that it works on.
@safe
final class Decoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  /// The frame that was received last; valid until the next is received.
  let frame: UnsafeMutablePointer<AVFrame>

  enum Received { case frame, needsPacket, end, failure }

  private init(
    _ context: UnsafeMutablePointer<AVCodecContext>,
    _ frame: UnsafeMutablePointer<AVFrame>
  ) {
    unsafe self.context = context
    unsafe self.frame = frame
  }

  /// Opens the decoder that `stream` needs.
  static func open(
    _ stream: VideoStream,
    in demuxer: borrowing Demuxer,
    options: DecodeOptions
  ) throws(MediaError) -> Decoder {
    try unsafe open(stream.index, named: stream.info.codecName, in: demuxer) { context in
      unsafe context.pointee.max_pixels = Demuxer.paddedLimit(options.maxPixels)
      unsafe Decoder.setThreads(context, options.threads)
      switch options.mode {
      case .all: break
      case .referenceFrames: unsafe context.pointee.skip_frame = AVDISCARD_NONREF
      case .forwardFrames: unsafe context.pointee.skip_frame = AVDISCARD_BIDIR
      case .keyframes: unsafe context.pointee.skip_frame = AVDISCARD_NONKEY
      }
      if options.skipLoopFilter { unsafe context.pointee.skip_loop_filter = AVDISCARD_ALL }
    }
  }

  /// Opens the decoder that a stream of sound needs.
  static func open(
    _ stream: AudioStream,
    in demuxer: borrowing Demuxer
  ) throws(MediaError) -> Decoder {
    try unsafe open(stream.index, named: stream.info.codecName, in: demuxer) { context in
      unsafe context.pointee.thread_count = 1
      unsafe context.pointee.max_samples = AudioStream.mostSamplesOfFrame
    }
  }

  private static func open(
    _ index: Int,
    named name: String,
    in demuxer: borrowing Demuxer,
    _ prepare: (UnsafeMutablePointer<AVCodecContext>) -> Void
  ) throws(MediaError) -> Decoder {
    let parameters: UnsafeMutablePointer<AVCodecParameters> =
      unsafe demuxer.streams[index].pointee.codecpar
    guard let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id) else {
      throw MediaError(.unsupportedCodec, "no decoder for \(name)")
    }
    guard let context = unsafe avcodec_alloc_context3(codec), let frame = unsafe av_frame_alloc()
    else { throw MediaError.outOfMemory("the decoder") }
    let decoder = unsafe Decoder(context, frame)
    unsafe avcodec_parameters_to_context(context, parameters)
    unsafe context.pointee.pkt_timebase = demuxer.streams[index].pointee.time_base
    unsafe prepare(context)
    let status = unsafe avcodec_open2(context, codec, nil)
    guard status >= 0 else {
      throw MediaError(
        .unsupportedCodec,
        "the decoder for \(name) refuses the stream",
        averror: status
      )
    }
    return decoder
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    unsafe avcodec_free_context(&context)
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe self.frame
    unsafe av_frame_free(&frame)
  }

  private static func setThreads(
    _ context: UnsafeMutablePointer<AVCodecContext>,
    _ choice: ThreadChoice
  ) {
    let most = 64
    switch choice {
    case .single:
      unsafe context.pointee.thread_count = 1
    case .slices(let count):
      unsafe context.pointee.thread_count = Int32(min(max(1, count), most))
      unsafe context.pointee.thread_type = FF_THREAD_SLICE
    case .frames(let count):
      unsafe context.pointee.thread_count = Int32(min(max(1, count), most))
      unsafe context.pointee.thread_type = FF_THREAD_FRAME
    case .automatic:
      unsafe context.pointee.thread_count = 0
    }
  }

  /// Hands a packet over, or the end of the film where it is nil; false where it is refused.
  func send(_ packet: UnsafeMutablePointer<AVPacket>?) -> Bool {
    unsafe avcodec_send_packet(context, packet) >= 0
  }

  /// Forgets all that was sent, so that packets from elsewhere can follow.
  func reset() { unsafe avcodec_flush_buffers(context) }

  /// Whether no picture lives on after ``reset()``: some decoders have nothing that is forgotten then.
  var canGoOnElsewhere: Bool {
    unsafe Self.seekable.contains(context.pointee.codec_id.rawValue)
  }

  /// The codecs of nearly all leaks, whose decoders are reset by each player that seeks.
  private static let seekable: Set<UInt32> = Set(
    [
      AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4,
      AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1,
    ].map(\.rawValue)
  )

  /// Fetches the next decoded frame into ``frame``.
  func receive() -> Received {
    let status = unsafe avcodec_receive_frame(context, frame)
    if status >= 0 { return .frame }
    if status == -EAGAIN { return .needsPacket }
    return status == CFFmpeg_error_end_of_file() ? .end : .failure
  }

  /// The last frame's time on the straightened clock, nil where neither container nor codec knows.
  var frameTime: Int64? {
    let time = unsafe frame.pointee.best_effort_timestamp
    let isPlausible = time > -PacketClock.largestTime && time < PacketClock.largestTime
    return isPlausible ? time : nil
  }

  /// Whether the last frame has parts that the decoder made up.
  var frameIsDamaged: Bool {
    unsafe frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
  }

  /// Whether the last frame can be decoded alone.
  var frameIsKey: Bool { unsafe frame.pointee.key_frame != 0 }

  /// Whether the last frame is stored as two fields.
  var frameIsInterlaced: Bool { unsafe frame.pointee.interlaced_frame != 0 }
}
