public import SystemPackage

/// The picture of a film, decoded here or in another process; ``VideoReader`` says what is promised.
public protocol VideoReading: AnyObject {
  /// What the film's headers say.
  var info: VideoInfo { get }

  /// Decodes the frames of a window in seconds, nil for the film's start and end; of these, where there
  /// are `moments`, the first at or after each of them, and none behind the last.
  ///
  /// - Parameters:
  ///   - from: Start of the window.
  ///   - to: End of the window.
  ///   - moments: Seconds in ascending order, at most ``VideoReader/mostMoments``.
  ///   - body: Gets each frame, once however many moments it is the first for.
  /// - Returns: What came of it.
  /// - Throws: `MediaError`, and what `body` throws.
  @discardableResult
  func read(
    from: Double?,
    to: Double?,
    at moments: [Double]?,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary

  /// Presentation times of all keyframes in seconds, ascending.
  func keyframeTimes() throws(MediaError) -> [Double]
}

extension VideoReading {
  /// Decodes the frames of a window in seconds, nil for the film's start and end.
  @discardableResult
  public func read(
    from: Double?,
    to: Double?,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary {
    try read(from: from, to: to, at: nil, body)
  }

  /// Decodes the frames from a moment on.
  @discardableResult
  public func read(
    from: Double? = nil,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary {
    try read(from: from, to: nil, body)
  }
}

/// The sound of a film, decoded here or in another process; ``AudioReader`` says what is promised.
public protocol AudioReading: AnyObject {
  /// What the film's headers say.
  var info: AudioInfo { get }

  /// Decodes the sound up to `end`, in seconds of the film; once for each reader.
  func read(
    to end: Double,
    _ body: (_ samples: Span<Float>, _ first: Int) throws -> Void
  ) throws -> AudioSummary
}

/// A media file of which readers can be had.
public protocol MediaSource: AnyObject {
  /// Opens its picture.
  func video(_ options: DecodeOptions) throws(MediaError) -> any VideoReading

  /// Opens its sound; nil where there is none that can be decoded.
  func sound(sampleRate: Int) throws(MediaError) -> (any AudioReading)?
}

extension VideoReader: VideoReading {}
extension AudioReader: AudioReading {}

/// A media file that is parsed and decoded in this process: one that the caller trusts.
public final class TrustedMedia: MediaSource {
  private let path: FilePath
  private let isCancelled: @Sendable () -> Bool

  /// Opens nothing yet; `isCancelled` stops the reading of sound, that of pictures has its own.
  public init(_ path: FilePath, isCancelled: @escaping @Sendable () -> Bool) {
    (self.path, self.isCancelled) = (path, isCancelled)
  }

  /// Opens the picture in this process.
  public func video(_ options: DecodeOptions) throws(MediaError) -> any VideoReading {
    try VideoReader(path, options: options)
  }

  /// Opens the sound in this process.
  public func sound(sampleRate: Int) throws(MediaError) -> (any AudioReading)? {
    try AudioReader.open(path, sampleRate: sampleRate, isCancelled: isCancelled)
  }
}
