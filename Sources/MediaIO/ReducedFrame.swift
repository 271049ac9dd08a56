public import VideoCore

/// One presented frame, reduced to a small upright luma plane.
public struct ReducedFrame: Sendable, Hashable {
  /// When the frame is shown, counted from ``VideoInfo/startTime``, in the stream's own time base.
  public var time: MediaTime
  /// Whether the codec decodes the frame without any other.
  public var isKeyframe: Bool
  /// Whether the frame is stored as two fields.
  public var isInterlaced: Bool
  /// Whether parts of the frame were missing and are made up by the decoder.
  public var isDamaged: Bool
  /// What ``DecodeOptions/window`` shows of the picture, stretched to the size that was asked for,
  /// 8-bit full range.
  public var plane: LumaPlane
  /// The whole picture at the size of ``DecodeOptions/detail``; nil where this frame has none.
  public var detail: LumaPlane?

  /// A black frame at the start, for planes to be put into.
  package init(planeSize: FrameSize) {
    (time, isKeyframe, isInterlaced, isDamaged) = (.zero, false, false, false)
    plane = LumaPlane(size: planeSize)
  }
}

/// What a reader does after a frame was delivered.
public enum ReadControl: Sendable, Hashable {
  /// Goes on with the next frame.
  case `continue`
  /// Ends the read; not an error.
  case stop
}

/// What came of one read.
public struct ReadSummary: Sendable, Hashable {
  /// Frames handed to the caller.
  public var deliveredFrames = 0
  /// Frames that were decoded, those outside the window included.
  public var decodedFrames = 0
  /// Decoded frames that have made-up parts.
  public var damagedFrames = 0
  /// Packets that the decoder refused.
  public var damagedPackets = 0
  /// Whether the file ends before the film does: cut off, or damaged so that reading had to end.
  public var isTruncated = false
  /// Time of the last decoded frame in seconds; nil where there was none.
  public var lastFrameSeconds: Double?

  /// Nothing came of it yet.
  package init() {}
}
