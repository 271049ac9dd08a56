import CFFmpeg
import Glibc
import SystemPackage

/// An opened container: owns FFmpeg's context, its input buffer and the file below.
@safe
struct Demuxer: ~Copyable {
  /// Valid as long as this value lives; never leaves the module.
  let context: UnsafeMutablePointer<AVFormatContext>
  private let io: UnsafeMutablePointer<AVIOContext>
  let input: FileInput
  let containerName: String

  /// Bytes that FFmpeg asks for at a time: large enough for sequential reading, small for seeks.
  private static let bufferBytes: Int32 = 64 << 10

  /// The formats of films and of sound files, by FFmpeg's names.
  ///
  /// Scripts and playlists, which make
  /// FFmpeg open other files, are not among them, nor are subtitles and single pictures.
  private static let allowedContainers: Set<String> = [
    "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "mpegts", "mpeg", "flv", "live_flv", "asf",
    "asf_o", "ogg", "mxf", "nut", "m4v", "h264", "hevc", "mpegvideo", "vc1", "av1", "obu", "ivf",
    "dv", "gxf", "rm", "wtv", "vc1test", "yuv4mpegpipe", "swf",
    "wav", "mp3", "aac", "flac", "ac3", "eac3", "dts", "truehd", "aiff", "au", "caf", "ape", "amr",
    "w64", "wv", "tta",
  ]

  private init(
    _ context: UnsafeMutablePointer<AVFormatContext>,
    _ io: UnsafeMutablePointer<AVIOContext>,
    _ input: FileInput,
    _ containerName: String
  ) {
    unsafe self.context = context
    unsafe self.io = io
    self.input = input
    self.containerName = containerName
  }

  /// Opens a file and reads as much of it as it takes to know its streams.
  static func open(
    _ source: MediaInput,
    maxPixels: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(MediaError) -> Demuxer {
    try FFmpegLibrary.load()
    let input = try FileInput(source, isCancelled: isCancelled)
    guard let io = unsafe Demuxer.makeIO(over: input) else {
      throw MediaError.outOfMemory("the input buffer")
    }
    let context: UnsafeMutablePointer<AVFormatContext>
    let name: String
    do {
      let format = try unsafe Demuxer.probe(io, input)
      name = unsafe String(cString: format.pointee.name)
      unsafe context = try unsafe Demuxer.openContext(io, format, input)
    } catch {
      unsafe Demuxer.release(io)
      throw error
    }
    let demuxer = unsafe Demuxer(context, io, input, name)
    try demuxer.analyse(maxPixels: maxPixels)
    return demuxer
  }

  deinit {
    var context: UnsafeMutablePointer<AVFormatContext>? = unsafe self.context
    unsafe avformat_close_input(&context)
    unsafe Demuxer.release(io)
  }

  private static func release(_ io: UnsafeMutablePointer<AVIOContext>) {
    unsafe av_free(io.pointee.buffer)
    var io: UnsafeMutablePointer<AVIOContext>? = unsafe io
    unsafe avio_context_free(&io)
  }

  private static func makeIO(over input: FileInput) -> UnsafeMutablePointer<AVIOContext>? {
    guard let buffer = unsafe av_malloc(Int(bufferBytes)) else { return nil }
    // Unretained: the demuxer that owns the context owns the input as well.
    let opaque = unsafe Unmanaged.passUnretained(input).toOpaque()
    let io = unsafe avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self),
      bufferBytes,
      0,
      opaque,
      { opaque, buffer, count in
        guard let opaque = unsafe opaque else { return -EINVAL }
        return unsafe Unmanaged<FileInput>.fromOpaque(opaque).takeUnretainedValue()
          .read(into: buffer, count: count)
      },
      nil,
      { opaque, offset, whence in
        guard let opaque = unsafe opaque else { return Int64(-EINVAL) }
        return unsafe Unmanaged<FileInput>.fromOpaque(opaque).takeUnretainedValue()
          .seek(to: offset, whence: whence)
      }
    )
    if unsafe io == nil { unsafe av_free(buffer) }
    return unsafe io
  }

  /// Finds the container format from the content alone, never from the name.
  private static func probe(
    _ io: UnsafeMutablePointer<AVIOContext>,
    _ input: FileInput
  ) throws(MediaError) -> UnsafePointer<AVInputFormat> {
    var found: UnsafePointer<AVInputFormat>?
    let status = unsafe av_probe_input_buffer2(io, &found, "", nil, 0, 0)
    try input.throwFailure()
    guard status >= 0, let format = unsafe found else {
      throw MediaError(.unrecognisedFormat, "not a video file of any known format")
    }
    let name = unsafe String(cString: format.pointee.name)
    guard allowedContainers.contains(name) else {
      throw MediaError(.unrecognisedFormat, "not a video file: the content looks like \(name)")
    }
    return unsafe format
  }

  private static func openContext(
    _ io: UnsafeMutablePointer<AVIOContext>,
    _ format: UnsafePointer<AVInputFormat>,
    _ input: FileInput
  ) throws(MediaError) -> UnsafeMutablePointer<AVFormatContext> {
    var context = unsafe avformat_alloc_context()
    guard let allocated = unsafe context else { throw MediaError.outOfMemory("the container") }
    unsafe allocated.pointee.pb = unsafe io
    // No container may make FFmpeg open anything else, whatever its headers ask for.
    unsafe allocated.pointee.io_open = { _, _, _, _, _ in -EPERM }
    unsafe allocated.pointee.interrupt_callback = unsafe AVIOInterruptCB(
      callback: { opaque in
        guard let opaque = unsafe opaque else { return 0 }
        let input = unsafe Unmanaged<FileInput>.fromOpaque(opaque).takeUnretainedValue()
        return input.wantsToStop ? 1 : 0
      },
      opaque: Unmanaged.passUnretained(input).toOpaque()
    )
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    unsafe av_dict_set(&options, "protocol_whitelist", "", 0)
    unsafe av_dict_set(&options, "format_whitelist", format.pointee.name, 0)
    // Frees the context where it fails.
    let status = unsafe avformat_open_input(&context, "", format, &options)
    try input.throwFailure()
    guard status >= 0, let opened = unsafe context else {
      throw MediaError(
        .damaged,
        "the file's headers are damaged, or the file is cut short",
        averror: status
      )
    }
    return unsafe opened
  }

  /// Reads the first packets, to learn what the headers leave out.
  private func analyse(maxPixels: Int) throws(MediaError) {
    let streams = Int(unsafe context.pointee.nb_streams)
    var options = unsafe [OpaquePointer?](repeating: nil, count: max(1, streams))
    let limit = String(Demuxer.paddedLimit(maxPixels))
    for index in 0..<streams { unsafe av_dict_set(&options[index], "max_pixels", limit, 0) }
    let status = unsafe avformat_find_stream_info(context, &options)
    for index in unsafe options.indices { unsafe av_dict_free(&options[index]) }
    try input.throwFailure()
    guard status >= 0 else {
      throw MediaError(.damaged, "the file's streams cannot be read", averror: status)
    }
  }

  /// The streams, in the container's order.
  var streams: [UnsafeMutablePointer<AVStream>] {
    unsafe (0..<Int(context.pointee.nb_streams)).compactMap { unsafe context.pointee.streams[$0] }
  }

  /// Whether the format is one whose time stamps may jump within a sound file, as broadcasts do.
  var mayJump: Bool { unsafe context.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0 }

  /// Whether the format is the bare stream of a codec, which stores no times at all.
  var hasNoTimes: Bool { Demuxer.bareStreams.contains(containerName) }

  private static let bareStreams: Set<String> = ["h264", "hevc", "m4v", "mpegvideo", "vc1", "obu"]

  /// What FFmpeg is told to refuse: it counts rows with their padding, so that pictures of exactly
  /// `maxPixels` need some room; the exact limit is kept by ``VideoStream``.
  static func paddedLimit(_ maxPixels: Int) -> Int64 {
    Int64(min(max(0, maxPixels), Int(Int32.max) / 2 - (1 << 20))) * 2 + (1 << 20)
  }
}

extension FileInput {
  /// Turns a cancellation, or a failure of the operating system, into an error.
  func throwFailure() throws(MediaError) {
    if wantsToStop { throw MediaError.stopped }
    if readErrno != 0 { throw MediaError(.ioError, "cannot read the file", errno: readErrno) }
  }
}
