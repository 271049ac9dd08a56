import CFFmpeg

/// The packets of one stream of a demuxer, in the order of the file and with straightened times.
@safe
struct PacketSource: ~Copyable {
  /// The packet that was read last; valid until the next is read.
  let packet: UnsafeMutablePointer<AVPacket>
  private let streamIndex: Int
  /// Length of a frame in ticks, as a fraction, where packets carry no times and count instead.
  private let countedFrameTicks: (numerator: Int64, denominator: Int64)?
  private var count: Int64 = 0
  private(set) var clock: PacketClock
  /// What the container said about the packet that was read last, before straightening.
  private(set) var rawTimes = RawTimes(presentation: nil, decoding: nil)

  /// Times as the container has them.
  struct RawTimes: Equatable {
    var presentation: Int64?
    var decoding: Int64?

    /// When the packet is decoded, else when it is shown.
    var any: Int64? { decoding ?? presentation }
  }

  enum Outcome { case packet, end, brokenOff }

  /// Retries of a demuxer that asks to be called again, which none does on a regular file for long.
  private static let mostRetries = 1000

  // `countedFrameTicks` is set for streams without any times whose packets are to be dated in the
  // order of decoding, one frame each; else packets are left without times.
  init(
    _ streamIndex: Int,
    clock: PacketClock,
    countedFrameTicks: (numerator: Int64, denominator: Int64)? = nil
  ) throws(MediaError) {
    guard let packet = unsafe av_packet_alloc() else { throw MediaError.outOfMemory("a packet") }
    unsafe self.packet = packet
    self.streamIndex = streamIndex
    self.clock = clock
    self.countedFrameTicks = countedFrameTicks
  }

  deinit {
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
  }

  /// Reads the stream's next packet.
  ///
  /// - Returns: ``Outcome/brokenOff`` where the container ends before it should.
  mutating func next(from demuxer: borrowing Demuxer) throws(MediaError) -> Outcome {
    var retries = 0
    while true {
      if demuxer.input.wantsToStop { throw MediaError.stopped }
      unsafe av_packet_unref(packet)
      let status = unsafe av_read_frame(demuxer.context, packet)
      if status == -EAGAIN, retries < PacketSource.mostRetries {
        retries += 1
        continue
      }
      guard status >= 0 else {
        try demuxer.input.throwFailure()
        return status == CFFmpeg_error_end_of_file() ? .end : .brokenOff
      }
      guard unsafe Int(packet.pointee.stream_index) == streamIndex else { continue }
      straighten()
      return .packet
    }
  }

  private mutating func straighten() {
    let none = CFFmpeg_no_timestamp()
    let (presentation, decoding) = unsafe (packet.pointee.pts, packet.pointee.dts)
    rawTimes = RawTimes(
      presentation: presentation == none ? nil : presentation,
      decoding: decoding == none ? nil : decoding
    )
    let times = clock.straighten(
      presentation: rawTimes.presentation,
      decoding: rawTimes.decoding
    )
    unsafe packet.pointee.pts = times.presentation ?? none
    unsafe packet.pointee.dts = times.decoding ?? none
    if let countedFrameTicks {
      let (ticks, overflow) = count.multipliedReportingOverflow(by: countedFrameTicks.numerator)
      if !overflow { unsafe packet.pointee.dts = ticks / countedFrameTicks.denominator }
      count += 1
    }
  }

  /// Puts the clock back to where it was when the file was read from its start up to a keyframe.
  mutating func restore(_ clock: PacketClock) { self.clock = clock }

  /// Makes the decoding time stand for a missing presentation time, for decoders that see
  /// keyframes alone and so never reorder.
  func presentWhenDecoded() {
    guard unsafe packet.pointee.pts == CFFmpeg_no_timestamp() else { return }
    unsafe packet.pointee.pts = packet.pointee.dts
  }

  /// Whether the last packet holds a keyframe.
  var isKey: Bool { unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0 }

  /// Whether the container could not read all of the last packet.
  var isIncomplete: Bool { unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }

  /// Place of the last packet in the file, where known.
  var position: Int64? { unsafe packet.pointee.pos >= 0 ? packet.pointee.pos : nil }

  /// Straightened time of the last packet: when it is shown, else when it is decoded.
  var time: Int64? {
    let none = CFFmpeg_no_timestamp()
    if unsafe packet.pointee.pts != none { return unsafe packet.pointee.pts }
    return unsafe packet.pointee.dts != none ? packet.pointee.dts : nil
  }
}
