import CFFmpeg
public import SystemPackage
import VideoCore

/// Reads the sound of a film as numbers of one channel at a low rate.
///
/// Samples are numbered from the start of the film, which is that of its picture as ``VideoReader``
/// counts; sound that begins earlier has negative numbers. Numbers only go up. Where the sound
/// pauses, they leave out the pause; where its clock jumps, it goes on as if spliced; where two parts
/// claim the same time, the first is heard.
public final class AudioReader {
  /// What the film's headers say.
  public let info: AudioInfo
  /// Samples per second of what is handed out.
  public let sampleRate: Int

  private let demuxer: Demuxer
  private let stream: AudioStream

  /// Rates that can be asked for.
  package static let sampleRates = 4000...48_000
  /// The greatest sample that is handed out, and the least, negated.
  package static let greatestSample: Float = 8

  /// Rounded times and small drifts between clock and samples that are let be, in seconds.
  private static let tolerance = 0.04
  /// A step ahead of more than this is a forged or broken clock in every format, in seconds.
  private static let longestPause: Int64 = 3600

  private init(_ demuxer: consuming Demuxer, _ stream: AudioStream, _ sampleRate: Int) {
    self.demuxer = demuxer
    self.stream = stream
    self.sampleRate = sampleRate
    info = stream.info
  }

  /// Opens the sound of a film by its name.
  public static func open(
    _ path: FilePath,
    sampleRate: Int,
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) throws(MediaError) -> AudioReader? {
    try open(.path(path), sampleRate: sampleRate, isCancelled: isCancelled)
  }

  /// Opens the sound of a film, at a rate of 4000 to 48000 samples a second.
  ///
  /// - Returns: nil where the film has no sound, or none that can be decoded; both are normal.
  /// - Throws: ``MediaError``; nothing of the file's content can trap or print.
  public static func open(
    _ input: MediaInput,
    sampleRate: Int,
    maxPixels: Int = DecodeOptions.defaultMaxPixels,
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) throws(MediaError) -> AudioReader? {
    precondition(sampleRates.contains(sampleRate), "a rate of this size is not provided for")
    let demuxer = try Demuxer.open(input, maxPixels: maxPixels, isCancelled: isCancelled)
    guard let stream = AudioStream(of: demuxer, maxPixels: maxPixels) else { return nil }
    demuxer.selectOnly(stream.index, keyframesOnly: false)
    return AudioReader(demuxer, stream, sampleRate)
  }

  /// Decodes the sound up to `end`, in seconds of the film, and hands it to `body` piece by piece,
  /// each with the number of its first sample; once for each reader.
  ///
  /// Samples are finite, and cut at 8 times full scale. Parts that cannot be decoded are counted and
  /// left out. What lies beyond ``VideoReader/longestSeconds`` is not read.
  ///
  /// - Throws: ``MediaError``, among them ``MediaError/Code/unsupportedCodec`` where the decoder refuses
  ///   the stream, or what `body` throws.
  public func read(
    to end: Double = .infinity,
    _ body: (_ samples: Span<Float>, _ first: Int) throws -> Void
  ) throws -> AudioSummary {
    let decoder = try Decoder.open(stream, in: demuxer)
    var source = try PacketSource(stream.index, clock: makeClock())
    var run = AudioRun(
      clock: AudioRun.Clock(
        start: stream.filmStart,
        secondsPerTick: stream.timeBase.value,
        tolerance: Self.tolerance
      ),
      sampleRate: sampleRate,
      end: min(end, VideoReader.longestSeconds)
    )
    var isFed = true
    while isFed, !run.isOver {
      isFed = try source.next(from: demuxer) == .packet
      let isTaken = unsafe decoder.send(isFed ? source.packet : nil)
      guard isTaken else {
        run.summary.damagedParts += 1
        continue
      }
      try run.drain(decoder, body)
    }
    try run.finish(body)
    return run.summary
  }

  private func makeClock() -> PacketClock {
    let second = Int64(max(1, (1 / stream.timeBase.value).rounded()))
    return PacketClock(
      backwardLimit: second,
      forwardLimit: (demuxer.mayJump ? 10 : Self.longestPause) * second,
      // A packet's usual length: that of 1024 samples at 48000 a second.
      frameTicks: max(1, second / 47)
    )
  }
}
