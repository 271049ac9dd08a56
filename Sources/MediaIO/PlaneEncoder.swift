import CFFmpeg
import Glibc
import VideoCore

/// Encodes luma planes as MPEG-4 part 2, one packet per plane, the same bytes for the same planes.
@safe
struct PlaneEncoder: ~Copyable {
  let context: UnsafeMutablePointer<AVCodecContext>
  /// The packet of the plane that was encoded last.
  let packet: UnsafeMutablePointer<AVPacket>
  private let frame: UnsafeMutablePointer<AVFrame>
  private let size: FrameSize
  private var count: Int64 = 0

  private static let neutralChroma: Int32 = 128
  /// The format's own bound on either side of a picture.
  private static let greatestSide = 8191

  private init(
    _ context: UnsafeMutablePointer<AVCodecContext>,
    _ packet: UnsafeMutablePointer<AVPacket>,
    _ frame: UnsafeMutablePointer<AVFrame>,
    _ size: FrameSize
  ) {
    unsafe self.context = context
    unsafe self.packet = packet
    unsafe self.frame = frame
    self.size = size
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    unsafe avcodec_free_context(&context)
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe self.frame
    unsafe av_frame_free(&frame)
  }

  /// Opens an encoder of constant quality `quantiser` with a keyframe every `keyframeInterval`.
  static func open(
    _ size: FrameSize,
    quantiser: Int32,
    keyframeInterval: Int32
  ) throws(MediaError) -> PlaneEncoder {
    guard size.width <= greatestSide, size.height <= greatestSide else {
      throw MediaError(.tooLarge, "MPEG-4 cannot hold pictures of \(size)")
    }
    guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_MPEG4) else {
      throw MediaError(.internalFailure, "this FFmpeg cannot encode MPEG-4")
    }
    guard let context = unsafe avcodec_alloc_context3(codec),
      let packet = unsafe av_packet_alloc(), let frame = unsafe av_frame_alloc()
    else { throw MediaError.outOfMemory("the encoder") }
    let encoder = unsafe PlaneEncoder(context, packet, frame, size)
    unsafe context.pointee.width = Int32(size.width)
    unsafe context.pointee.height = Int32(size.height)
    unsafe context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
    // The codec's clock only counts frames (its resolution is 16 bits); times are the container's.
    unsafe context.pointee.time_base = AVRational(num: 1, den: 25)
    unsafe context.pointee.gop_size = keyframeInterval
    unsafe context.pointee.max_b_frames = 0
    unsafe context.pointee.thread_count = 1
    // Not "bit exact", which means slower code for the same bytes whatever the processor: what
    // reads them is not either, and interpolates as this does.
    unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_GLOBAL_HEADER
    unsafe context.pointee.global_quality = quantiser * FF_QP2LAMBDA
    let status = unsafe avcodec_open2(context, codec, nil)
    guard status >= 0 else {
      throw MediaError(.internalFailure, "the MPEG-4 encoder refuses \(size)", averror: status)
    }
    unsafe frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    unsafe frame.pointee.width = Int32(size.width)
    unsafe frame.pointee.height = Int32(size.height)
    unsafe frame.pointee.quality = quantiser * FF_QP2LAMBDA
    guard unsafe av_frame_get_buffer(frame, 0) >= 0 else {
      throw MediaError.outOfMemory("the encoder's picture")
    }
    return encoder
  }

  /// Encodes `plane` into ``packet``.
  mutating func encode(_ plane: LumaPlane) throws(MediaError) {
    try fill(with: plane)
    unsafe frame.pointee.pts = count
    count += 1
    unsafe av_packet_unref(packet)
    var status = unsafe avcodec_send_frame(context, frame)
    // Without B-frames the encoder holds nothing back: a plane goes in, its packet comes out.
    if status >= 0 { status = unsafe avcodec_receive_packet(context, packet) }
    guard status >= 0 else {
      throw MediaError(.internalFailure, "a plane cannot be encoded", averror: status)
    }
  }

  private func fill(with plane: LumaPlane) throws(MediaError) {
    guard unsafe av_frame_make_writable(frame) >= 0, let luma = unsafe frame.pointee.data.0,
      let blue = unsafe frame.pointee.data.1, let red = unsafe frame.pointee.data.2
    else { throw MediaError.outOfMemory("the encoder's picture") }
    let stride = unsafe Int(frame.pointee.linesize.0)
    unsafe plane.pixels.withUnsafeBufferPointer { pixels in
      guard let source = pixels.baseAddress else { return }
      for row in 0..<size.height {
        unsafe (luma + row * stride).update(from: source + row * size.width, count: size.width)
      }
    }
    let rows = (size.height + 1) / 2
    unsafe memset(blue, PlaneEncoder.neutralChroma, rows * Int(frame.pointee.linesize.1))
    unsafe memset(red, PlaneEncoder.neutralChroma, rows * Int(frame.pointee.linesize.2))
  }
}
