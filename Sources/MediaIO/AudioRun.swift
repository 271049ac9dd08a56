import CFFmpeg

/// Numbers the samples of a film's sound while it is decoded.
struct AudioRun: ~Copyable {
  /// How the container's times become seconds.
  struct Clock {
    /// The film's start, in ticks.
    var start: Int64
    var secondsPerTick: Double
    /// Differences between times and samples that are let be, in seconds.
    var tolerance: Double
  }

  var summary = AudioSummary()
  /// Whether the end was reached.
  private(set) var isOver = false

  private var resampler: MonoResampler
  private let clock: Clock
  private let sampleRate: Int
  /// Number of the first sample that is no longer wanted.
  private let end: Int
  /// Second of the film where the next decoded frame belongs, if it follows the last; nil at first.
  private var expected: Double?
  /// Number of the next sample from the resampler.
  private var position = 0
  /// Least number that may be handed out.
  private var next = Int.min

  init(clock: Clock, sampleRate: Int, end: Double) {
    self.clock = clock
    self.sampleRate = sampleRate
    self.end = Int(min(max(0, end) * Double(sampleRate), 1e15))
    resampler = MonoResampler(rate: sampleRate)
  }

  /// Takes all frames that the decoder has ready.
  mutating func drain(
    _ decoder: borrowing Decoder,
    _ body: (Span<Float>, Int) throws -> Void
  ) throws {
    while !isOver {
      switch decoder.receive() {
      case .needsPacket, .end: return
      case .failure:
        summary.damagedParts += 1
        return
      case .frame: try take(decoder, body)
      }
    }
  }

  /// Hands out what the resampler still holds.
  mutating func finish(_ body: (Span<Float>, Int) throws -> Void) throws {
    resampler.drain()
    try deliver(body)
  }

  private mutating func take(
    _ decoder: borrowing Decoder,
    _ body: (Span<Float>, Int) throws -> Void
  ) throws {
    let rate = unsafe Double(decoder.frame.pointee.sample_rate)
    let length = unsafe rate > 0 ? Double(decoder.frame.pointee.nb_samples) / rate : 0
    let claimed = decoder.frameTime.map { Double($0 - clock.start) * clock.secondsPerTick }
    var isOff = claimed != nil
    if let claimed, let expected { isOff = abs(claimed - expected) > clock.tolerance }
    let isChange = unsafe resampler.isChange(decoder.frame)
    if isOff || isChange {
      try finish(body)
      if expected != nil, isOff { summary.gaps += 1 }
      let start = (isOff ? claimed : expected) ?? expected ?? 0
      // A time that no film has: the end of what can be read.
      guard abs(start) <= VideoReader.longestSeconds else {
        isOver = true
        return
      }
      position = Int((start * Double(sampleRate)).rounded())
      expected = start
    }
    expected = (expected ?? 0) + length
    guard unsafe resampler.convert(decoder.frame) else {
      summary.damagedParts += 1
      position += Int(min(1e15, length * Double(sampleRate)).rounded())
      if position >= end { isOver = true }
      return
    }
    try deliver(body)
  }

  private mutating func deliver(_ body: (Span<Float>, Int) throws -> Void) throws {
    let first = position
    let count = resampler.samples.count
    position += count
    let skipped = first < next ? min(count, next - first) : 0
    let wanted = min(count, max(0, end - first))
    if position >= end { isOver = true }
    guard skipped < wanted else { return }
    next = first + wanted
    summary.deliveredSamples += wanted - skipped
    try body(resampler.samples.span.extracting(skipped..<wanted), first + skipped)
  }
}
