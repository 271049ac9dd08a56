import CFFmpeg
import Glibc
import VideoCore

/// An encoder of whole pictures with colour.
@safe
struct FilmEncoder: ~Copyable {
  let context: UnsafeMutablePointer<AVCodecContext>
  let packet: UnsafeMutablePointer<AVPacket>

  enum Received { case packet, needsFrame, end }

  private init(
    _ context: UnsafeMutablePointer<AVCodecContext>,
    _ packet: UnsafeMutablePointer<AVPacket>
  ) {
    unsafe self.context = context
    unsafe self.packet = packet
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    unsafe avcodec_free_context(&context)
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
  }

  /// What a picture to be encoded looks like.
  struct Shape: Equatable {
    var width: Int32
    var height: Int32
    var format: AVPixelFormat
    var aspect: Rational
    var timeBase: Rational
    var frameRate: Rational
    var isFullRange: Bool
    var primaries: AVColorPrimaries
    var transfer: AVColorTransferCharacteristic
    var space: AVColorSpace
    var chroma: AVChromaLocation
  }

  static func open(
    _ shape: Shape,
    settings: EncodingSettings,
    needsGlobalHeader: Bool
  ) throws(MediaError) -> FilmEncoder {
    guard let codec = unsafe avcodec_find_encoder_by_name(settings.codec.encoderName) else {
      throw MediaError(
        .unsupportedCodec,
        "this FFmpeg cannot encode \(settings.codec.rawValue) (\(settings.codec.encoderName))"
      )
    }
    guard let context = unsafe avcodec_alloc_context3(codec), let packet = unsafe av_packet_alloc()
    else { throw MediaError.outOfMemory("the encoder") }
    let encoder = unsafe FilmEncoder(context, packet)
    unsafe context.pointee.width = shape.width
    unsafe context.pointee.height = shape.height
    unsafe context.pointee.pix_fmt = shape.format
    unsafe context.pointee.sample_aspect_ratio = shape.aspect.native
    unsafe context.pointee.time_base = shape.timeBase.native
    unsafe context.pointee.framerate = shape.frameRate.native
    unsafe context.pointee.color_range = shape.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    unsafe context.pointee.color_primaries = shape.primaries
    unsafe context.pointee.color_trc = shape.transfer
    unsafe context.pointee.colorspace = shape.space
    unsafe context.pointee.chroma_sample_location = shape.chroma
    unsafe context.pointee.thread_count = Int32(max(1, min(64, settings.threads)))
    if needsGlobalHeader { unsafe context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    switch settings.codec {
    case .h264, .hevc:
      unsafe av_dict_set(&options, "preset", settings.preset, 0)
      unsafe av_dict_set(&options, "crf", String(settings.quality), 0)
      if settings.codec == .hevc {
        let text = "log-level=none:pools=\(settings.threads):frame-threads=1"
        unsafe av_dict_set(&options, "x265-params", text, 0)
      }
    case .prores: unsafe av_dict_set(&options, "profile", "hq", 0)
    case .ffv1: unsafe av_dict_set(&options, "level", "3", 0)
    }
    let status = unsafe avcodec_open2(context, codec, &options)
    guard status >= 0 else {
      throw MediaError(
        .unsupportedCodec,
        "the encoder for \(settings.codec.rawValue) refuses pictures of \(shape.width)x\(shape.height)",
        averror: status
      )
    }
    return encoder
  }

  /// Hands over a picture, or the end where it is nil.
  func send(_ frame: UnsafeMutablePointer<AVFrame>?) throws(MediaError) {
    let status = unsafe avcodec_send_frame(context, frame)
    guard status >= 0 else {
      throw MediaError(.internalFailure, "a picture cannot be encoded", averror: status)
    }
  }

  /// Fetches the next packet into ``packet``.
  func receive() throws(MediaError) -> Received {
    unsafe av_packet_unref(packet)
    let status = unsafe avcodec_receive_packet(context, packet)
    if status >= 0 { return .packet }
    if status == -EAGAIN { return .needsFrame }
    guard status == CFFmpeg_error_end_of_file() else {
      throw MediaError(.internalFailure, "a picture cannot be encoded", averror: status)
    }
    return .end
  }
}

extension Rational {
  /// The same ratio for FFmpeg.
  var native: AVRational { AVRational(num: numerator, den: denominator) }
}
