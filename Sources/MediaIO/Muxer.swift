import CFFmpeg
import Glibc
import SystemPackage

/// A container that is being written: owns FFmpeg's context, its buffer and the file below.
@safe
struct Muxer: ~Copyable {
  /// Valid as long as this value lives; never leaves the module.
  let context: UnsafeMutablePointer<AVFormatContext>
  private let io: UnsafeMutablePointer<AVIOContext>
  private let output: FileOutput

  private static let bufferBytes: Int32 = 64 << 10

  private init(
    _ context: UnsafeMutablePointer<AVFormatContext>,
    _ io: UnsafeMutablePointer<AVIOContext>,
    _ output: FileOutput
  ) {
    unsafe self.context = context
    unsafe self.io = io
    self.output = output
  }

  /// Creates the file at `path`, replacing what is there once committed.
  ///
  /// One that `isSeekable` may be written to anywhere, as QuickTime files are; its times are brought
  /// to what the format can hold.
  static func create(
    _ path: FilePath,
    format: String,
    isSeekable: Bool = false
  ) throws(MediaError) -> Muxer {
    try FFmpegLibrary.load()
    let output = try FileOutput(path)
    var context: UnsafeMutablePointer<AVFormatContext>?
    let status = unsafe avformat_alloc_output_context2(&context, nil, format, nil)
    guard status >= 0, let context = unsafe context else {
      throw MediaError(.internalFailure, "FFmpeg cannot write \(format)", averror: status)
    }
    guard let io = unsafe makeIO(over: output, isSeekable: isSeekable) else {
      unsafe avformat_free_context(context)
      throw MediaError.outOfMemory("the output buffer")
    }
    unsafe context.pointee.pb = unsafe io
    // Neither a version nor a shift of times may get into the file.
    unsafe context.pointee.flags |= AVFMT_FLAG_BITEXACT
    if !isSeekable { unsafe context.pointee.avoid_negative_ts = 0 }
    return unsafe Muxer(context, io, output)
  }

  deinit {
    unsafe avformat_free_context(context)
    unsafe av_free(io.pointee.buffer)
    var io: UnsafeMutablePointer<AVIOContext>? = unsafe self.io
    unsafe avio_context_free(&io)
  }

  private static func makeIO(
    over output: FileOutput,
    isSeekable: Bool
  ) -> UnsafeMutablePointer<AVIOContext>? {
    guard let buffer = unsafe av_malloc(Int(bufferBytes)) else { return nil }
    // Unretained: the muxer that owns the context owns the output as well.
    let opaque = unsafe Unmanaged.passUnretained(output).toOpaque()
    let io = unsafe avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self),
      bufferBytes,
      1,
      opaque,
      nil,
      { opaque, bytes, count in
        guard let opaque = unsafe opaque else { return -EINVAL }
        return unsafe Unmanaged<FileOutput>.fromOpaque(opaque).takeUnretainedValue()
          .write(bytes, count: count)
      },
      isSeekable
        ? { opaque, offset, whence in
          guard let opaque = unsafe opaque else { return Int64(-EINVAL) }
          return unsafe Unmanaged<FileOutput>.fromOpaque(opaque).takeUnretainedValue()
            .seek(to: offset, whence: whence)
        } : nil
    )
    if unsafe io == nil { unsafe av_free(buffer) }
    return unsafe io
  }

  /// Throws where FFmpeg's `status` says that writing failed.
  func check(_ status: Int32, _ what: String) throws(MediaError) {
    try output.throwFailure()
    guard status >= 0 else {
      throw MediaError(.internalFailure, "cannot write \(what)", averror: status)
    }
  }

  /// Brings everything that was written onto the disk and gives the file its name.
  func commit() throws(MediaError) {
    unsafe avio_flush(io)
    try output.commit()
  }
}
