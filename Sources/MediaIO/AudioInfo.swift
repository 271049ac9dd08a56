/// What a film's headers say about its sound.
public struct AudioInfo: Sendable, Hashable {
  /// FFmpeg's name of the codec, for example `aac`.
  public var codecName: String
  /// Samples per second as stored; 0 where the headers do not say.
  public var sampleRate: Int
  /// Number of channels as stored; 0 where the headers do not say.
  public var channelCount: Int
  /// Index of the chosen stream in the container.
  public var streamIndex: Int

  /// Creates a description.
  package init(codecName: String, sampleRate: Int, channelCount: Int, streamIndex: Int) {
    (self.codecName, self.sampleRate) = (codecName, sampleRate)
    (self.channelCount, self.streamIndex) = (channelCount, streamIndex)
  }
}

/// What came of reading a film's sound.
public struct AudioSummary: Sendable, Hashable {
  /// Samples handed to the caller.
  public var deliveredSamples = 0
  /// Places where the sound pauses, or its clock jumps.
  public var gaps = 0
  /// Frames or packets that could not be decoded.
  public var damagedParts = 0

  /// Nothing came of it yet.
  package init() {}
}
