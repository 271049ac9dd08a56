package import MediaIO
package import VideoCore

// What goes over the wire of films. Everything that comes from the worker is checked here.

extension WireWriter {
  package mutating func put(_ size: FrameSize) {
    put(Int32(clamping: size.width))
    put(Int32(clamping: size.height))
  }

  package mutating func put(_ value: Rational) {
    put(value.numerator)
    put(value.denominator)
  }

  package mutating func put(_ time: MediaTime) {
    put(time.ticks)
    put(time.timeBase)
  }

  package mutating func put(_ options: DecodeOptions) {
    put(options.planeSize)
    for edge in [
      options.window.left, options.window.top, options.window.right, options.window.bottom,
    ] { put(edge) }
    put(optional: options.detail) { writer, detail in
      writer.put(detail.size)
      writer.put(detail.leastInterval)
    }
    switch options.mode {
    case .all: put(UInt8(0))
    case .referenceFrames: put(UInt8(1))
    case .keyframes: put(UInt8(2))
    case .forwardFrames: put(UInt8(3))
    }
    put(options.leastKeyframeInterval)
    switch options.threads {
    case .single: put(UInt8(0), 1)
    case .slices(let count): put(UInt8(1), count)
    case .frames(let count): put(UInt8(2), count)
    case .automatic: put(UInt8(3), 1)
    }
    put(options.skipLoopFilter)
    put(Int64(options.maxPixels))
  }

  private mutating func put(_ kind: UInt8, _ count: Int) {
    put(kind)
    put(Int32(clamping: count))
  }

  package mutating func put(_ info: VideoInfo) {
    put(optional: info.duration) { $0.put($1) }
    put(info.codedSize)
    put(info.displaySize)
    put(info.sampleAspectRatio)
    put(Int32(clamping: info.rotationDegrees))
    put(info.isMirrored)
    put(optional: info.frameRate) { $0.put($1) }
    put(info.codecName)
    put(info.containerName)
    put(Int32(clamping: info.bitDepth))
    put(optional: info.isInterlaced) { $0.put($1) }
    put(info.startTime)
    put(Int32(clamping: info.streamIndex))
    put(info.fileSizeBytes)
  }

  package mutating func put(_ summary: ReadSummary) {
    for count in [
      summary.deliveredFrames, summary.decodedFrames, summary.damagedFrames,
      summary.damagedPackets,
    ] { put(Int64(count)) }
    put(summary.isTruncated)
    put(optional: summary.lastFrameSeconds) { $0.put($1) }
  }

  package mutating func put(_ frame: ReducedFrame) {
    put(frame.time)
    put(frame.isKeyframe)
    put(frame.isInterlaced)
    put(frame.isDamaged)
    put(raw: frame.plane.pixels)
    put(optional: frame.detail) { $0.put(raw: $1.pixels) }
  }

  package mutating func put(_ info: AudioInfo) {
    put(info.codecName)
    put(Int32(clamping: info.sampleRate))
    put(Int32(clamping: info.channelCount))
    put(Int32(clamping: info.streamIndex))
  }

  package mutating func put(_ summary: AudioSummary) {
    for count in [summary.deliveredSamples, summary.gaps, summary.damagedParts] {
      put(Int64(count))
    }
  }

  package mutating func put(_ error: MediaError) {
    put(error.code.description)
    put(error.message)
    put(optional: error.averror) { $0.put($1) }
    put(optional: error.errno) { $0.put($1) }
  }
}

extension WireReader {
  /// The size of a picture; no side is longer than `most`.
  package mutating func size(most: Int = 1 << 24) throws(WireError) -> FrameSize {
    let (width, height) = (Int(try integer(Int32.self)), Int(try integer(Int32.self)))
    guard (1...most).contains(width), (1...most).contains(height) else { throw WireError() }
    return FrameSize(width: width, height: height)
  }

  package mutating func rational() throws(WireError) -> Rational {
    let (numerator, denominator) = (try integer(Int32.self), try integer(Int32.self))
    guard numerator > 0, denominator > 0 else { throw WireError() }
    return Rational(numerator, denominator)
  }

  package mutating func time() throws(WireError) -> MediaTime {
    let ticks = try integer(Int64.self)
    let time = MediaTime(ticks: ticks, timeBase: try rational())
    guard time.seconds.isFinite else { throw WireError() }
    return time
  }

  package mutating func options(
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(WireError) -> DecodeOptions {
    var options = DecodeOptions(
      planeSize: try size(most: DecodeOptions.longestPlaneSide),
      isCancelled: isCancelled
    )
    let edges = [try double(), try double(), try double(), try double()]
    guard edges.allSatisfy(\.isFinite), edges[0] < edges[2], edges[1] < edges[3] else {
      throw WireError()
    }
    options.window = PictureWindow(
      left: edges[0],
      top: edges[1],
      right: edges[2],
      bottom: edges[3]
    )
    options.detail = try optional { reader throws(WireError) in
      DetailPlanes(
        size: try reader.size(most: DecodeOptions.longestPlaneSide),
        leastInterval: try reader.double(in: 0...1e9)
      )
    }
    switch try integer(UInt8.self) {
    case 0: options.mode = .all
    case 1: options.mode = .referenceFrames
    case 2: options.mode = .keyframes
    case 3: options.mode = .forwardFrames
    default: throw WireError()
    }
    options.leastKeyframeInterval = try double(in: 0...1e9)
    let (kind, count) = (try integer(UInt8.self), Int(try integer(Int32.self)))
    switch kind {
    case 0: options.threads = .single
    case 1: options.threads = .slices(count)
    case 2: options.threads = .frames(count)
    case 3: options.threads = .automatic
    default: throw WireError()
    }
    options.skipLoopFilter = try flag()
    options.maxPixels = Int(try integer(Int64.self))
    return options
  }

  package mutating func videoInfo() throws(WireError) -> VideoInfo {
    let duration = try optional { reader throws(WireError) in try reader.time() }
    guard (0...VideoReader.longestSeconds).contains(duration?.seconds ?? 0) else {
      throw WireError()
    }
    let coded = try size(most: 1 << 16)
    let display = try size()
    let aspect = try rational()
    let rotation = Int(try integer(Int32.self))
    guard [0, 90, 180, 270].contains(rotation) else { throw WireError() }
    return VideoInfo(
      duration: duration,
      codedSize: coded,
      displaySize: display,
      sampleAspectRatio: aspect,
      rotationDegrees: rotation,
      isMirrored: try flag(),
      frameRate: try optional { reader throws(WireError) in try reader.rational() },
      codecName: try name(),
      containerName: try name(),
      bitDepth: Int(try integer(Int32.self)),
      isInterlaced: try optional { reader throws(WireError) in try reader.flag() },
      startTime: try time(),
      streamIndex: Int(try integer(Int32.self)),
      fileSizeBytes: try integer()
    )
  }

  /// FFmpeg's names are plain ASCII.
  private mutating func name() throws(WireError) -> String {
    let name = try text()
    guard name.utf8.count <= 256, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw WireError()
    }
    return name
  }

  package mutating func summary() throws(WireError) -> ReadSummary {
    var summary = ReadSummary()
    summary.deliveredFrames = try frames()
    summary.decodedFrames = try frames()
    summary.damagedFrames = try frames()
    summary.damagedPackets = try frames()
    summary.isTruncated = try flag()
    summary.lastFrameSeconds = try optional { reader throws(WireError) in
      try reader.double(in: -VideoReader.longestSeconds...VideoReader.longestSeconds)
    }
    return summary
  }

  private mutating func frames() throws(WireError) -> Int {
    let count = try integer(Int64.self)
    guard (0...(1 << 40)).contains(count) else { throw WireError() }
    return Int(count)
  }

  /// A frame as `options` ask for it, its planes written over those of `frame`.
  package mutating func read(
    into frame: inout ReducedFrame,
    _ options: DecodeOptions
  ) throws(WireError) {
    frame.time = try time()
    frame.isKeyframe = try flag()
    frame.isInterlaced = try flag()
    frame.isDamaged = try flag()
    frame.plane = LumaPlane(
      size: options.planeSize,
      pixels: Array(try raw(options.planeSize.area))
    )
    frame.detail = try optional { reader throws(WireError) in
      guard let size = options.detail?.size else { throw WireError() }
      return LumaPlane(size: size, pixels: Array(try reader.raw(size.area)))
    }
  }

  package mutating func audioInfo() throws(WireError) -> AudioInfo {
    AudioInfo(
      codecName: try name(),
      sampleRate: Int(try integer(Int32.self)),
      channelCount: Int(try integer(Int32.self)),
      streamIndex: Int(try integer(Int32.self))
    )
  }

  package mutating func audioSummary() throws(WireError) -> AudioSummary {
    var summary = AudioSummary()
    summary.deliveredSamples = try frames()
    summary.gaps = try frames()
    summary.damagedParts = try frames()
    return summary
  }

  package mutating func mediaError() throws(WireError) -> MediaError {
    let name = try text()
    let message = try text()
    let averror = try optional { reader throws(WireError) in try reader.integer(Int32.self) }
    let errno = try optional { reader throws(WireError) in try reader.integer(Int32.self) }
    guard let code = MediaError.Code.known.first(where: { $0.description == name }) else {
      throw WireError()
    }
    return MediaError(code, message, averror: averror, errno: errno)
  }
}
