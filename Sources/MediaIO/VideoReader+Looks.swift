import CFFmpeg
public import VideoCore

extension VideoReader {
  /// Decodes one keyframe near each of `times`, in seconds, and hands its plane to `body`, until that
  /// has seen enough.
  ///
  /// The keyframe is the one that a seek lands on, normally the last that is decoded before the
  /// time. Unlike ``read(from:to:_:)`` no frame is decoded but the one that is looked at, all looks
  /// share one decoder, and a keyframe that the look before has shown already is not shown again.
  /// Where a container cannot seek, or a keyframe gives no picture alone, the window that starts at
  /// the time is read instead. Looks that fail are passed over.
  ///
  /// The array in the plane is reused: a caller that keeps it gets its own copy.
  ///
  /// - Throws: ``MediaError`` where the caller wants to stop, or the decoder cannot be opened.
  public func look(at times: [Double], _ body: (LumaPlane) -> ReadControl) throws {
    var looks = try KeyframeLooks(self)
    var control = ReadControl.continue
    for time in times where control == .continue {
      do {
        let isShown = try looks.look(at: time, self) { control = body($0) }
        if !isShown {
          try read(from: time) { frame in
            control = body(frame.plane)
            return .stop
          }
        }
      } catch let error as MediaError where error.code != .cancelled {
        continue
      }
    }
  }
}

/// Decodes keyframes one by one.
private struct KeyframeLooks: ~Copyable {
  private let decoder: Decoder
  private var reducer: LumaReducer
  private var source: PacketSource
  private var plane: LumaPlane
  private var last: PacketSource.RawTimes?

  init(_ reader: VideoReader) throws(MediaError) {
    let decoder = try Decoder.open(reader.stream, in: reader.demuxer, options: reader.options)
    let source = try reader.makeSource(datesByCount: true)
    self.decoder = decoder
    self.source = source
    reducer = LumaReducer(
      planeSize: reader.options.planeSize,
      window: reader.options.window,
      orientation: reader.stream.orientation,
      assumesFullRange: reader.assumesFullRange
    )
    plane = LumaPlane(size: reader.options.planeSize)
  }

  /// Shows the keyframe at `time` unless it was shown; false where there is none to be had.
  mutating func look(
    at time: Double,
    _ reader: VideoReader,
    _ body: (LumaPlane) -> Void
  ) throws -> Bool {
    guard !reader.demuxer.hasNoTimes,
      let target = reader.rawTicks(time, reader.origin ?? 0),
      let landing = try reader.seek(to: target)
    else { return false }
    // A place in the file may lie ahead of the packet that was looked up.
    let earliest = landing.keyframe?.raw.any ?? .min
    repeat {
      guard try source.next(from: reader.demuxer) == .packet else { return false }
    } while !source.isKey || source.rawTimes.any ?? .max < earliest
    if let last, last.any != nil, last == source.rawTimes { return true }
    // The end of a film follows each keyframe: the decoder waits for no other and starts afresh.
    decoder.reset()
    guard unsafe decoder.send(source.packet), unsafe decoder.send(nil),
      decoder.receive() == .frame,
      unsafe reducer.reduce(decoder.frame, into: &plane.pixels)
    else { return false }
    last = source.rawTimes
    body(plane)
    return true
  }
}
