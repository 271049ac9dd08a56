import CFFmpeg
import VideoCore

/// Takes the luma out of decoded pictures, and makes pictures for an encoder of changed luma.
///
/// Planar YUV keeps its samples of colour, at most with more or fewer bits; all else is converted to
/// 4:2:2 of 10 bits first.
@safe
struct PictureConverter: ~Copyable {
  private let bitDepth: Int
  private let codec: EncodingSettings.Codec
  /// A picture in a form that can be worked on, where the decoder's is none.
  private var planar: UnsafeMutablePointer<AVFrame>?
  private var planarScaler: OpaquePointer?
  /// The changed picture.
  private var changed: UnsafeMutablePointer<AVFrame>?
  /// The changed picture in the encoder's form, where that is another.
  private var encoded: UnsafeMutablePointer<AVFrame>?
  private var encodedScaler: OpaquePointer?

  init(bitDepth: Int, codec: EncodingSettings.Codec) throws(MediaError) {
    self.bitDepth = bitDepth
    self.codec = codec
  }

  deinit {
    var frames = unsafe [planar, changed, encoded]
    for index in unsafe frames.indices { unsafe av_frame_free(&frames[index]) }
    unsafe sws_freeContext(planarScaler)
    unsafe sws_freeContext(encodedScaler)
  }

  /// How a planar picture is laid out.
  private struct Layout {
    var depth: Int
    var shiftX: Int32
    var shiftY: Int32

    init?(_ format: AVPixelFormat) {
      guard let description = unsafe av_pix_fmt_desc_get(format) else { return nil }
      let excluded =
        AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM
        | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BAYER
        | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_ALPHA
      let d = unsafe description.pointee
      guard unsafe d.flags & UInt64(excluded) == 0, unsafe d.nb_components == 3,
        unsafe d.comp.0.plane == 0, unsafe d.comp.1.plane == 1, unsafe d.comp.2.plane == 2,
        unsafe d.comp.0.shift == 0, unsafe d.comp.0.step == (d.comp.0.depth > 8 ? 2 : 1),
        unsafe (8...16).contains(d.comp.0.depth)
      else { return nil }
      depth = unsafe Int(d.comp.0.depth)
      shiftX = unsafe Int32(d.log2_chroma_w)
      shiftY = unsafe Int32(d.log2_chroma_h)
      guard (0...1).contains(shiftX), (0...1).contains(shiftY), shiftY <= shiftX else { return nil }
    }

    /// The planar format of these samples of colour and a number of bits.
    func format(bitDepth: Int) -> AVPixelFormat {
      switch (shiftX, shiftY, bitDepth) {
      case (1, 1, 8): AV_PIX_FMT_YUV420P
      case (1, 1, _): AV_PIX_FMT_YUV420P10LE
      case (1, 0, 8): AV_PIX_FMT_YUV422P
      case (1, 0, _): AV_PIX_FMT_YUV422P10LE
      case (_, _, 8): AV_PIX_FMT_YUV444P
      default: AV_PIX_FMT_YUV444P10LE
      }
    }
  }

  /// The luma of a decoded picture.
  mutating func luma(of decoded: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> LumaSamples {
    let frame = try unsafe workable(decoded)
    let format = unsafe AVPixelFormat(rawValue: frame.pointee.format)
    guard let layout = Layout(format), let base = unsafe frame.pointee.data.0 else {
      throw MediaError(.unsupportedCodec, "pictures of this pixel format cannot be read")
    }
    let (width, height) = unsafe (Int(frame.pointee.width), Int(frame.pointee.height))
    let stride = unsafe Int(frame.pointee.linesize.0)
    let bytes = layout.depth > 8 ? 2 : 1
    let samples = unsafe [UInt16](unsafeUninitializedCapacity: width * height) { out, count in
      for y in 0..<height {
        let row = unsafe UnsafeRawPointer(base + y * stride)
        for x in 0..<width {
          unsafe out[y &* width &+ x] =
            bytes == 1
            ? UInt16(unsafe row.load(fromByteOffset: x, as: UInt8.self))
            : unsafe row.loadUnaligned(fromByteOffset: 2 &* x, as: UInt16.self)
        }
      }
      count = width * height
    }
    let isJPEG = [
      AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
    ].contains(format)
    return LumaSamples(
      size: FrameSize(width: width, height: height),
      bitDepth: layout.depth,
      isFullRange: unsafe isJPEG || frame.pointee.color_range == AVCOL_RANGE_JPEG,
      samples: samples
    )
  }

  /// A picture for the encoder: `luma`, with the colours of the picture whose luma was taken last.
  mutating func frame(
    of decoded: UnsafeMutablePointer<AVFrame>,
    luma: LumaSamples
  ) throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
    let source = try unsafe workable(decoded)
    guard let layout = Layout(unsafe AVPixelFormat(rawValue: source.pointee.format)) else {
      throw MediaError(.unsupportedCodec, "pictures of this pixel format cannot be read")
    }
    let format = layout.format(bitDepth: bitDepth)
    let target = try unsafe Self.picture(&changed, luma.size, format)
    unsafe target.pointee.color_range = luma.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    guard let base = unsafe target.pointee.data.0 else { throw MediaError.outOfMemory("a picture") }
    let stride = unsafe Int(target.pointee.linesize.0)
    let (width, height) = (luma.size.width, luma.size.height)
    let isByte = bitDepth == 8
    for y in 0..<height {
      let row = unsafe UnsafeMutableRawPointer(base + y * stride)
      for x in 0..<width {
        let sample = luma.samples[y &* width &+ x]
        if isByte {
          unsafe row.storeBytes(
            of: UInt8(truncatingIfNeeded: sample),
            toByteOffset: x,
            as: UInt8.self
          )
        } else {
          unsafe row.storeBytes(of: sample, toByteOffset: 2 &* x, as: UInt16.self)
        }
      }
    }
    let chroma = (
      width: (width + (1 << Int(layout.shiftX)) - 1) >> Int(layout.shiftX),
      height: (height + (1 << Int(layout.shiftY)) - 1) >> Int(layout.shiftY)
    )
    unsafe Self.copy(
      source.pointee.data.1,
      Int(source.pointee.linesize.1),
      layout.depth,
      target.pointee.data.1,
      Int(target.pointee.linesize.1),
      bitDepth,
      chroma
    )
    unsafe Self.copy(
      source.pointee.data.2,
      Int(source.pointee.linesize.2),
      layout.depth,
      target.pointee.data.2,
      Int(target.pointee.linesize.2),
      bitDepth,
      chroma
    )
    guard codec == .prores, format != AV_PIX_FMT_YUV422P10LE else { return unsafe target }
    let out = try unsafe Self.picture(&encoded, luma.size, AV_PIX_FMT_YUV422P10LE)
    unsafe out.pointee.color_range = target.pointee.color_range
    try unsafe Self.convert(target, out, &encodedScaler)
    return unsafe out
  }

  /// The picture itself where it is planar, else its converted form.
  private mutating func workable(
    _ decoded: UnsafeMutablePointer<AVFrame>
  ) throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
    if Layout(unsafe AVPixelFormat(rawValue: decoded.pointee.format)) != nil {
      return unsafe decoded
    }
    let size = unsafe FrameSize(
      width: Int(decoded.pointee.width),
      height: Int(decoded.pointee.height)
    )
    let out = try unsafe Self.picture(&planar, size, AV_PIX_FMT_YUV422P10LE)
    unsafe out.pointee.color_range = AVCOL_RANGE_MPEG
    try unsafe Self.convert(decoded, out, &planarScaler)
    return unsafe out
  }

  /// A picture that can be written to, kept from one time to the next.
  private static func picture(
    _ kept: inout UnsafeMutablePointer<AVFrame>?,
    _ size: FrameSize,
    _ format: AVPixelFormat
  ) throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
    if let frame = unsafe kept, unsafe Int(frame.pointee.width) == size.width,
      unsafe Int(frame.pointee.height) == size.height,
      unsafe frame.pointee.format == format.rawValue
    {
      guard unsafe av_frame_make_writable(frame) >= 0 else {
        throw MediaError.outOfMemory("a picture")
      }
      return unsafe frame
    }
    unsafe av_frame_free(&kept)
    guard let frame = unsafe av_frame_alloc() else { throw MediaError.outOfMemory("a picture") }
    unsafe kept = frame
    unsafe frame.pointee.width = Int32(size.width)
    unsafe frame.pointee.height = Int32(size.height)
    unsafe frame.pointee.format = format.rawValue
    guard unsafe av_frame_get_buffer(frame, 0) >= 0 else {
      throw MediaError.outOfMemory("a picture")
    }
    return unsafe frame
  }

  private static func copy(
    _ source: UnsafeMutablePointer<UInt8>?,
    _ sourceStride: Int,
    _ sourceDepth: Int,
    _ target: UnsafeMutablePointer<UInt8>?,
    _ targetStride: Int,
    _ targetDepth: Int,
    _ size: (width: Int, height: Int)
  ) {
    guard let source = unsafe source, let target = unsafe target else { return }
    let shift = targetDepth - sourceDepth
    let half = shift < 0 ? 1 << (-shift - 1) : 0
    let most = (1 << targetDepth) - 1
    for y in 0..<size.height {
      let from = unsafe UnsafeRawPointer(source + y * sourceStride)
      let to = unsafe UnsafeMutableRawPointer(target + y * targetStride)
      for x in 0..<size.width {
        let sample =
          sourceDepth == 8
          ? Int(unsafe from.load(fromByteOffset: x, as: UInt8.self))
          : Int(unsafe from.loadUnaligned(fromByteOffset: 2 &* x, as: UInt16.self))
        let value = shift >= 0 ? sample << shift : min(most, (sample + half) >> -shift)
        if targetDepth == 8 {
          unsafe to.storeBytes(
            of: UInt8(truncatingIfNeeded: value),
            toByteOffset: x,
            as: UInt8.self
          )
        } else {
          unsafe to.storeBytes(
            of: UInt16(truncatingIfNeeded: value),
            toByteOffset: 2 &* x,
            as: UInt16.self
          )
        }
      }
    }
  }

  private static func convert(
    _ source: UnsafeMutablePointer<AVFrame>,
    _ target: UnsafeMutablePointer<AVFrame>,
    _ scaler: inout OpaquePointer?
  ) throws(MediaError) {
    let (width, height) = unsafe (source.pointee.width, source.pointee.height)
    unsafe scaler = unsafe sws_getCachedContext(
      scaler,
      width,
      height,
      AVPixelFormat(rawValue: source.pointee.format),
      width,
      height,
      AVPixelFormat(rawValue: target.pointee.format),
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP,
      nil,
      nil,
      nil
    )
    guard let scaler = unsafe scaler, unsafe sws_scale_frame(scaler, target, source) >= 0 else {
      throw MediaError(.unsupportedCodec, "pictures of this pixel format cannot be converted")
    }
  }
}
