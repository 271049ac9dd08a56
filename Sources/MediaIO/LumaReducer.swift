import CFFmpeg
import FrameKernels
import VideoCore

/// Turns decoded pictures of any pixel format into small upright full-range luma planes.
@safe
struct LumaReducer: ~Copyable {
  private let planeSize: FrameSize
  /// The part of stored pictures that is looked at.
  private let window: PictureWindow
  private let orientation: Orientation
  private let assumesFullRange: Bool
  private var scratch: [UInt8]
  private var scaler: OpaquePointer?
  private var grey: UnsafeMutablePointer<AVFrame>?
  private var scalerKey: ScalerKey?

  private struct ScalerKey: Equatable {
    var width: Int32
    var height: Int32
    var format: Int32
    var isFullRange: Bool
  }

  init(
    planeSize: FrameSize,
    window: PictureWindow = .whole,
    orientation: Orientation,
    assumesFullRange: Bool
  ) {
    self.planeSize = planeSize
    self.window = orientation.stored(window)
    self.orientation = orientation
    self.assumesFullRange = assumesFullRange
    let needsScratch = orientation != .upright
    scratch = needsScratch ? Array(repeating: 0, count: planeSize.area) : []
  }

  deinit {
    unsafe sws_freeContext(scaler)
    var grey = unsafe grey
    unsafe av_frame_free(&grey)
  }

  /// Reduces `frame` into `output`, which holds `planeSize.area` samples.
  ///
  /// - Returns: false where the picture cannot be turned into luma; `output` is undefined then.
  mutating func reduce(
    _ frame: UnsafeMutablePointer<AVFrame>,
    into output: inout [UInt8]
  ) -> Bool {
    let stored = orientation.applied(to: planeSize)
    let isLimited: Bool?
    if orientation == .upright {
      isLimited = unsafe reduceStored(frame, stored, into: &output)
    } else {
      // Moved out and back, so that the array is not shared while it is written.
      var plane: [UInt8] = []
      swap(&plane, &scratch)
      isLimited = unsafe reduceStored(frame, stored, into: &plane)
      if isLimited != nil { orientation.apply(plane, shown: planeSize, into: &output) }
      swap(&plane, &scratch)
    }
    guard let isLimited else { return false }
    if isLimited { FullRange.widen(&output) }
    return true
  }

  /// Reduces without turning; returns whether the samples are of limited range, nil on failure.
  private mutating func reduceStored(
    _ frame: UnsafeMutablePointer<AVFrame>,
    _ size: FrameSize,
    into output: inout [UInt8]
  ) -> Bool? {
    let width = unsafe Int(frame.pointee.width)
    let height = unsafe Int(frame.pointee.height)
    let sides = 1...AreaReduction.maximumSide
    guard sides.contains(width), sides.contains(height) else { return nil }
    let format = unsafe AVPixelFormat(rawValue: frame.pointee.format)
    guard let description = unsafe av_pix_fmt_desc_get(format) else { return nil }
    let isFull = unsafe isFullRange(frame, format)
    let part = Part(of: window, in: FrameSize(width: width, height: height))
    let layout = unsafe LumaLayout(description.pointee)
    let stride = unsafe Int(frame.pointee.linesize.0)
    if let layout, let base = unsafe frame.pointee.data.0, unsafe layout.fits(base, stride) {
      unsafe LumaReducer.reduce(base, stride, part, layout, size, into: &output)
      return !isFull
    }
    guard let grey = unsafe converted(frame, isFull: isFull),
      let base = unsafe grey.pointee.data.0
    else { return nil }
    let greyStride = unsafe Int(grey.pointee.linesize.0)
    unsafe LumaReducer.reduce(base, greyStride, part, .bytes, size, into: &output)
    return false
  }

  /// A window in pixels of a stored picture.
  private struct Part {
    var (left, top, width, height): (Int, Int, Int, Int)

    init(of window: PictureWindow, in size: FrameSize) {
      let snapped = window.snapped(to: size)
      left = Int((snapped.left * Double(size.width)).rounded())
      top = Int((snapped.top * Double(size.height)).rounded())
      width = Int((snapped.width * Double(size.width)).rounded())
      height = Int((snapped.height * Double(size.height)).rounded())
    }
  }

  private static func reduce(
    _ base: UnsafeMutablePointer<UInt8>,
    _ stride: Int,
    _ part: Part,
    _ layout: LumaLayout,
    _ size: FrameSize,
    into output: inout [UInt8]
  ) {
    switch layout {
    case .bytes:
      unsafe AreaReduction.reduce(
        UnsafePointer(base + part.top * stride + part.left),
        strideBytes: stride,
        width: part.width,
        height: part.height,
        into: &output,
        outputWidth: size.width,
        outputHeight: size.height
      )
    case .words(let bitDepth):
      unsafe AreaReduction.reduce(
        samples16: UnsafeRawPointer(base + part.top * stride + 2 * part.left),
        strideBytes: stride,
        width: part.width,
        height: part.height,
        bitDepth: bitDepth,
        into: &output,
        outputWidth: size.width,
        outputHeight: size.height
      )
    }
  }

  private func isFullRange(
    _ frame: UnsafeMutablePointer<AVFrame>,
    _ format: AVPixelFormat
  ) -> Bool {
    if assumesFullRange { return true }
    switch format {
    case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
      AV_PIX_FMT_YUVJ411P:
      return true
    default: return unsafe frame.pointee.color_range == AVCOL_RANGE_JPEG
    }
  }

  /// Converts packed, RGB, palette and big-endian pictures to full-range grey of the same size.
  private mutating func converted(
    _ frame: UnsafeMutablePointer<AVFrame>,
    isFull: Bool
  ) -> UnsafeMutablePointer<AVFrame>? {
    let key = unsafe ScalerKey(
      width: frame.pointee.width,
      height: frame.pointee.height,
      format: frame.pointee.format,
      isFullRange: isFull
    )
    if key != scalerKey { rebuildScaler(key) }
    guard let scaler = unsafe scaler, let grey = unsafe grey else { return nil }
    // Pictures of swscale are described by arrays of plane pointers; the frame's tuples are such.
    let status = unsafe withUnsafePointer(to: &frame.pointee.data) { data in
      unsafe withUnsafePointer(to: &frame.pointee.linesize) { lines in
        unsafe withUnsafePointer(to: &grey.pointee.data) { greyData in
          unsafe withUnsafePointer(to: &grey.pointee.linesize) { greyLines in
            unsafe sws_scale(
              scaler,
              UnsafeRawPointer(data).assumingMemoryBound(to: UnsafePointer<UInt8>?.self),
              UnsafeRawPointer(lines).assumingMemoryBound(to: Int32.self),
              0,
              key.height,
              UnsafeRawPointer(greyData).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
              UnsafeRawPointer(greyLines).assumingMemoryBound(to: Int32.self)
            )
          }
        }
      }
    }
    return unsafe status == key.height ? grey : nil
  }

  private mutating func rebuildScaler(_ key: ScalerKey) {
    unsafe sws_freeContext(scaler)
    unsafe scaler = nil
    unsafe av_frame_free(&grey)
    scalerKey = nil
    guard let fresh = unsafe av_frame_alloc() else { return }
    unsafe fresh.pointee.width = key.width
    unsafe fresh.pointee.height = key.height
    unsafe fresh.pointee.format = AV_PIX_FMT_GRAY8.rawValue
    unsafe grey = fresh
    guard unsafe av_frame_get_buffer(fresh, 0) == 0 else { return }
    let flags = SWS_POINT | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INP
    unsafe scaler = unsafe sws_getContext(
      key.width,
      key.height,
      AVPixelFormat(rawValue: key.format),
      key.width,
      key.height,
      AV_PIX_FMT_GRAY8,
      flags,
      nil,
      nil,
      nil
    )
    guard let scaler = unsafe scaler else { return }
    // Only RGB has to be weighted; one set of weights keeps films comparable.
    let coefficients = unsafe sws_getCoefficients(SWS_CS_DEFAULT)
    // Fails for formats without a range, such as RGB, whose default is right.
    _ = unsafe sws_setColorspaceDetails(
      scaler,
      coefficients,
      key.isFullRange ? 1 : 0,
      coefficients,
      1,
      0,
      1 << 16,
      1 << 16
    )
    scalerKey = key
  }
}

/// How luma samples lie in a picture that has a plane of nothing else.
enum LumaLayout: Equatable {
  case bytes
  /// Little-endian 16-bit words whose low `bitDepth` bits count.
  case words(bitDepth: Int)

  init?(_ description: AVPixFmtDescriptor) {
    let excluded =
      AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL
      | AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT
    let luma = unsafe description.comp.0
    guard unsafe description.flags & UInt64(excluded) == 0, luma.plane == 0, luma.offset == 0
    else { return nil }
    switch (luma.step, luma.depth, luma.shift) {
    case (1, 8, 0): self = .bytes
    // Semi-planar formats keep their bits at the top: the same number with zeros below.
    case (2, 9...16, let shift): self = .words(bitDepth: Int(luma.depth + shift))
    default: return nil
    }
  }

  /// Whether the kernel can read rows of `stride` bytes from `base`.
  func fits(_ base: UnsafeMutablePointer<UInt8>, _ stride: Int) -> Bool {
    switch self {
    case .bytes: stride != 0
    case .words(let bitDepth):
      bitDepth <= 16 && stride % 2 == 0 && UInt(bitPattern: base) % 2 == 0
    }
  }
}
