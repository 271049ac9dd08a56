import CFFmpeg
public import VideoCore

/// Writes luma planes as PNG pictures.
public enum PNGWriter {
  /// The bytes of a PNG file that shows a plane in grey.
  ///
  /// - Shape: at most ``PNGPicture/mostPixels``.
  /// - Throws: ``MediaError`` where FFmpeg has no encoder for PNG, or no memory.
  public static func bytes(of plane: LumaPlane) throws(MediaError) -> [UInt8] {
    guard plane.size.area > 0, plane.size.area <= PNGPicture.mostPixels else {
      throw MediaError(.tooLarge, "a picture of \(plane.size) is not written")
    }
    try FFmpegLibrary.load()
    return try GreyEncoder.open(plane.size).encode(plane)
  }
}

/// FFmpeg's encoder of PNG, for one grey picture.
@safe
private struct GreyEncoder: ~Copyable {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let frame: UnsafeMutablePointer<AVFrame>

  private init(
    _ context: UnsafeMutablePointer<AVCodecContext>,
    _ packet: UnsafeMutablePointer<AVPacket>,
    _ frame: UnsafeMutablePointer<AVFrame>
  ) {
    unsafe self.context = context
    unsafe self.packet = packet
    unsafe self.frame = frame
  }

  static func open(_ size: FrameSize) throws(MediaError) -> GreyEncoder {
    guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_PNG) else {
      throw MediaError(.unsupportedCodec, "this FFmpeg cannot write PNG")
    }
    guard let context = unsafe avcodec_alloc_context3(codec),
      let packet = unsafe av_packet_alloc(), let frame = unsafe av_frame_alloc()
    else { throw MediaError.outOfMemory("the encoder") }
    let encoder = unsafe GreyEncoder(context, packet, frame)
    unsafe context.pointee.width = Int32(size.width)
    unsafe context.pointee.height = Int32(size.height)
    unsafe context.pointee.pix_fmt = AV_PIX_FMT_GRAY8
    unsafe context.pointee.time_base = AVRational(num: 1, den: 25)
    unsafe context.pointee.thread_count = 1
    let status = unsafe avcodec_open2(context, codec, nil)
    guard status >= 0 else {
      throw MediaError(.internalFailure, "the PNG encoder refuses \(size)", averror: status)
    }
    unsafe frame.pointee.format = AV_PIX_FMT_GRAY8.rawValue
    unsafe frame.pointee.width = Int32(size.width)
    unsafe frame.pointee.height = Int32(size.height)
    guard unsafe av_frame_get_buffer(frame, 0) >= 0 else {
      throw MediaError.outOfMemory("the encoder's picture")
    }
    return encoder
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    unsafe avcodec_free_context(&context)
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe self.frame
    unsafe av_frame_free(&frame)
  }

  func encode(_ plane: LumaPlane) throws(MediaError) -> [UInt8] {
    guard let luma = unsafe frame.pointee.data.0 else {
      throw MediaError.outOfMemory("the encoder's picture")
    }
    let stride = unsafe Int(frame.pointee.linesize.0)
    let (width, height) = (plane.size.width, plane.size.height)
    unsafe plane.pixels.withUnsafeBufferPointer { pixels in
      guard let source = pixels.baseAddress else { return }
      for row in 0..<height {
        unsafe (luma + row * stride).update(from: source + row * width, count: width)
      }
    }
    var status = unsafe avcodec_send_frame(context, frame)
    if status >= 0 { status = unsafe avcodec_send_frame(context, nil) }
    if status >= 0 { status = unsafe avcodec_receive_packet(context, packet) }
    guard status >= 0, let data = unsafe packet.pointee.data else {
      throw MediaError(.internalFailure, "a picture cannot be encoded", averror: status)
    }
    return unsafe Array(UnsafeBufferPointer(start: data, count: Int(packet.pointee.size)))
  }
}
