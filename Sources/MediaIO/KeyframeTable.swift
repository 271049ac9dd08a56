/// Where the keyframes of a film lie, from one pass over its packets without decoding.
struct KeyframeTable {
  struct Entry {
    /// Straightened time of the packet.
    let time: Int64
    /// What the container says about the packet when it is read in order.
    let raw: PacketSource.RawTimes
    /// Place in the file.
    let position: Int64?
    /// The clock just before the packet.
    let clock: PacketClock
  }

  /// In the order of the file.
  private(set) var entries: [Entry] = []
  /// Whether the container's times jump, so that they do not tell where a frame lies.
  private(set) var hasJumps = false

  init(
    scanning demuxer: borrowing Demuxer,
    _ source: inout PacketSource
  ) throws(MediaError) {
    var clock = source.clock
    while try source.next(from: demuxer) == .packet {
      if source.isKey, let time = source.time {
        entries.append(
          Entry(time: time, raw: source.rawTimes, position: source.position, clock: clock)
        )
      }
      clock = source.clock
    }
    hasJumps = clock.offset != 0
  }

  /// The last keyframe that is shown at or before `time` and whose place in the file is known.
  func last(notAfter time: Int64) -> Entry? {
    entries.last { $0.time <= time && $0.position != nil }
  }
}
