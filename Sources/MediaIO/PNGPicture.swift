import CFFmpeg

/// A PNG picture, decoded from the bytes of its file.
///
/// Logos come from strangers, too: the decoder is FFmpeg's for PNG and no other, it gets one packet
/// of bounded size, and refuses pictures of more pixels than it is allowed.
public struct PNGPicture: Sendable, Hashable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Red, green, blue and opacity of each pixel, row by row from the top, not premultiplied.
  public let rgba: [UInt8]

  /// Largest file that is read, in bytes.
  public static let mostBytes = 16 << 20
  /// Most pixels of a picture.
  public static let mostPixels = 4096 * 4096

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Decodes the bytes of a PNG file.
  ///
  /// - Throws: ``MediaError``: ``MediaError/Code/unrecognisedFormat`` for another kind of file,
  ///   ``MediaError/Code/tooLarge``, ``MediaError/Code/damaged`` where it cannot be decoded whole.
  public init(_ bytes: [UInt8]) throws(MediaError) {
    guard bytes.starts(with: Self.signature) else {
      throw MediaError(.unrecognisedFormat, "not a PNG picture")
    }
    guard bytes.count <= Self.mostBytes else {
      throw MediaError(.tooLarge, "the picture has more than \(Self.mostBytes) bytes")
    }
    try FFmpegLibrary.load()
    let decoder = try PictureDecoder.open(maxPixels: Self.mostPixels)
    (width, height, rgba) = try decoder.decode(bytes, maxPixels: Self.mostPixels)
  }
}

/// FFmpeg's decoder of PNG, for one picture.
@safe
private struct PictureDecoder: ~Copyable {
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

  static func open(maxPixels: Int) throws(MediaError) -> PictureDecoder {
    guard let codec = unsafe avcodec_find_decoder(AV_CODEC_ID_PNG) else {
      throw MediaError(.unsupportedCodec, "FFmpeg has no decoder for PNG")
    }
    guard let context = unsafe avcodec_alloc_context3(codec),
      let packet = unsafe av_packet_alloc(), let frame = unsafe av_frame_alloc()
    else { throw MediaError.outOfMemory("the decoder") }
    let decoder = unsafe PictureDecoder(context, packet, frame)
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.max_pixels = Demuxer.paddedLimit(maxPixels)
    // A wrong checksum or a missing row is an error, not a picture with holes.
    unsafe context.pointee.err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE
    let status = unsafe avcodec_open2(context, codec, nil)
    guard status >= 0 else {
      throw MediaError(.internalFailure, "the decoder cannot be opened", averror: status)
    }
    return decoder
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    unsafe avcodec_free_context(&context)
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe self.frame
    unsafe av_frame_free(&frame)
  }

  func decode(
    _ bytes: [UInt8],
    maxPixels: Int
  ) throws(MediaError) -> (width: Int, height: Int, rgba: [UInt8]) {
    guard unsafe av_new_packet(packet, Int32(bytes.count)) >= 0 else {
      throw MediaError.outOfMemory("the picture")
    }
    unsafe UnsafeMutableRawBufferPointer(start: packet.pointee.data, count: bytes.count)
      .copyBytes(from: bytes)
    var status = unsafe avcodec_send_packet(context, packet)
    if status >= 0 { status = unsafe avcodec_send_packet(context, nil) }
    if status >= 0 { status = unsafe avcodec_receive_frame(context, frame) }
    guard status >= 0 else {
      throw MediaError(.damaged, "the picture cannot be decoded", averror: status)
    }
    let width = unsafe Int(frame.pointee.width)
    let height = unsafe Int(frame.pointee.height)
    guard width > 0, height > 0, width <= 1 << 20, height <= 1 << 20, width * height <= maxPixels
    else { throw MediaError(.tooLarge, "the picture of \(width)x\(height) has too many pixels") }
    guard unsafe frame.pointee.decode_error_flags == 0 else {
      throw MediaError(.damaged, "the picture is damaged")
    }
    return (width, height, try converted(width, height))
  }

  private func converted(_ width: Int, _ height: Int) throws(MediaError) -> [UInt8] {
    let scaler = unsafe sws_getContext(
      Int32(width),
      Int32(height),
      AVPixelFormat(frame.pointee.format),
      Int32(width),
      Int32(height),
      AV_PIX_FMT_RGBA,
      SWS_POINT,
      nil,
      nil,
      nil
    )
    guard let scaler = unsafe scaler else {
      throw MediaError(.internalFailure, "the picture's pixels cannot be converted")
    }
    defer { unsafe sws_freeContext(scaler) }
    // Swscale may write whole vectors at the end of a row: it gets rows of its own size.
    let stride = (width * 4 + 63) / 64 * 64
    var rows = [UInt8](repeating: 0, count: stride * height + 64)
    let written = unsafe rows.withUnsafeMutableBufferPointer { target in
      unsafe withUnsafeBytes(of: &frame.pointee.data) { planes in
        unsafe withUnsafeBytes(of: &frame.pointee.linesize) { strides in
          // Swscale reads four planes of either picture, whatever the format has.
          let bases: [UnsafeMutablePointer<UInt8>?] = unsafe [target.baseAddress, nil, nil, nil]
          let targetStrides = [Int32(stride), 0, 0, 0]
          return unsafe sws_scale(
            scaler,
            planes.assumingMemoryBound(to: UnsafePointer<UInt8>?.self).baseAddress,
            strides.assumingMemoryBound(to: Int32.self).baseAddress,
            0,
            Int32(height),
            bases,
            targetStrides
          )
        }
      }
    }
    guard written == Int32(height) else {
      throw MediaError(.internalFailure, "the picture's pixels cannot be converted")
    }
    var rgba: [UInt8] = []
    rgba.reserveCapacity(width * height * 4)
    for y in 0..<height { rgba += rows[(y * stride)..<(y * stride + width * 4)] }
    return rgba
  }
}
