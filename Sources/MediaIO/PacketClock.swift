/// Straightens the time stamps of packets, in the order of the file.
///
/// Broadcasts, spliced and concatenated files jump: a packet's decoding time lies more than
/// ``backwardLimit`` before the one in front of it or more than ``forwardLimit`` behind it. From
/// there on, all times are moved so that the packet follows its predecessor by one frame.
/// Small steps back, as damaged files have, are left to ``FrameClock``.
package struct PacketClock: Sendable, Equatable {
  /// Largest step back, in ticks, that is not a jump.
  package let backwardLimit: Int64
  /// Largest step ahead, in ticks, that is not a jump.
  package let forwardLimit: Int64
  /// One frame, in ticks.
  package let frameTicks: Int64
  /// What is added to the times of packets now.
  package private(set) var offset: Int64 = 0
  private var previous: Int64?

  /// Times beyond this are garbage; it leaves room for sums without overflow.
  static let largestTime: Int64 = 1 << 60

  package init(backwardLimit: Int64, forwardLimit: Int64, frameTicks: Int64) {
    self.backwardLimit = backwardLimit
    self.forwardLimit = forwardLimit
    // A forged frame rate must leave room for sums as well.
    self.frameTicks = min(max(1, frameTicks), PacketClock.largestTime / 2)
  }

  /// Returns the straightened presentation and decoding times of the next packet.
  package mutating func straighten(
    presentation: Int64?,
    decoding: Int64?
  ) -> (presentation: Int64?, decoding: Int64?) {
    let presentation = presentation.flatMap(PacketClock.plausible)
    let decoding = decoding.flatMap(PacketClock.plausible)
    guard let raw = decoding ?? presentation else { return (nil, nil) }
    if let previous {
      let step = raw + offset - previous
      if step < -backwardLimit || step > forwardLimit { offset = previous + frameTicks - raw }
    }
    // Jumps may add up beyond all bounds in a forged file; then the clock gives up.
    guard abs(raw + offset) < PacketClock.largestTime else { return (nil, nil) }
    previous = raw + offset
    return (presentation.map { $0 + offset }, decoding.map { $0 + offset })
  }

  private static func plausible(_ time: Int64) -> Int64? {
    time > -largestTime && time < largestTime ? time : nil
  }
}

/// Gives every decoded frame a time that is later than the one before.
struct FrameClock {
  /// Frames per second times the time base: a frame is `numerator / denominator` ticks long.
  let frameTicks: (numerator: Int64, denominator: Int64)
  private var anchor: Int64?
  private var framesSinceAnchor: Int64 = 0
  private var last: Int64?

  init(frameTicks: (numerator: Int64, denominator: Int64)) { self.frameTicks = frameTicks }

  /// Returns the time of the next frame, in ticks of the container's clock.
  ///
  /// A frame without a time follows the last one that had one at the nominal frame rate, counted
  /// from there so that rounding does not add up. A frame that claims to come no later than its
  /// predecessor follows it by one tick, until the claims have caught up.
  mutating func time(claimed: Int64?, first: Int64) -> Int64 {
    var time: Int64
    if let claimed {
      time = claimed
      anchor = claimed
      framesSinceAnchor = 0
    } else if let anchor {
      framesSinceAnchor += 1
      let (ahead, overflow) = framesSinceAnchor.multipliedReportingOverflow(
        by: frameTicks.numerator
      )
      time = overflow ? anchor : anchor &+ ahead / frameTicks.denominator
    } else {
      time = first
      anchor = first
    }
    // Nothing is shown before the film starts.
    time = max(time, first)
    if let last, time <= last { time = last &+ 1 }
    last = time
    return time
  }
}
