public import VideoCore

/// Which frames of a film are decoded.
public enum DecodeMode: Sendable, Hashable {
  /// Every frame.
  case all
  /// Only frames that others refer to; about two thirds of the cost of all.
  case referenceFrames
  /// Only frames that are predicted from earlier ones, or from none; about half of the cost of all where
  /// two of three frames are predicted from both sides. Some encoders predict all but key frames so.
  case forwardFrames
  /// Only frames that can be decoded alone; a few per cent of the cost of all.
  case keyframes
}

/// How a decoder spreads its work.
public enum ThreadChoice: Sendable, Hashable {
  /// One thread: the calling one.
  case single
  /// Up to this many threads inside one picture, where the codec's slices allow.
  case slices(Int)
  /// Up to this many pictures at once.
  case frames(Int)
  /// As FFmpeg sees fit for the machine.
  case automatic
}

/// A second, larger plane that some of the frames come with.
public struct DetailPlanes: Sendable, Hashable {
  /// Size of the planes; the whole picture is stretched to it.
  public var size: FrameSize
  /// Least time from one to the next, in seconds; 0 for every frame.
  public var leastInterval: Double

  /// Creates a choice.
  public init(size: FrameSize, leastInterval: Double) {
    precondition(size.width > 0 && size.height > 0, "a plane needs pixels")
    self.size = size
    self.leastInterval = leastInterval
  }
}

/// The caller's choices for one reader.
public struct DecodeOptions: Sendable {
  /// Size of the planes that are handed out; ``window`` is stretched to it.
  public var planeSize: FrameSize
  /// The part of the upright picture that planes show, to the nearest pixel; what lies beyond the
  /// frame is left out.
  public var window: PictureWindow
  /// The second plane of some frames; nil for none.
  public var detail: DetailPlanes?
  /// Which frames are decoded.
  public var mode: DecodeMode
  /// With ``DecodeMode/keyframes``, key frames that come sooner after the one before are passed over,
  /// in seconds.
  public var leastKeyframeInterval: Double
  /// Threads of the decoder; results do not depend on it.
  public var threads: ThreadChoice
  /// Leaves out the codec's deblocking: faster, with small errors that grow along each group of
  /// pictures.
  public var skipLoopFilter: Bool
  /// Pictures of more pixels are refused as ``MediaError/Code/tooLarge``.
  public var maxPixels: Int
  /// Asked once per packet and per read of the file; true stops with ``MediaError/Code/cancelled``.
  public var isCancelled: @Sendable () -> Bool

  /// The default of ``maxPixels``: 8192 by 8192, more than any camera or cinema master has.
  public static let defaultMaxPixels = 8192 * 8192

  /// Longest side of a plane that can be asked for.
  public static let longestPlaneSide = 1 << 16

  /// Creates options; all but the plane's size have defaults.
  ///
  /// By default the reader stops when the
  /// surrounding task is cancelled.
  public init(
    planeSize: FrameSize,
    window: PictureWindow = .whole,
    detail: DetailPlanes? = nil,
    mode: DecodeMode = .all,
    leastKeyframeInterval: Double = 0,
    threads: ThreadChoice = .single,
    skipLoopFilter: Bool = false,
    maxPixels: Int = DecodeOptions.defaultMaxPixels,
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) {
    precondition(planeSize.width > 0 && planeSize.height > 0, "a plane needs pixels")
    self.planeSize = planeSize
    self.window = window
    self.detail = detail
    self.mode = mode
    self.leastKeyframeInterval = leastKeyframeInterval
    self.threads = threads
    self.skipLoopFilter = skipLoopFilter
    self.maxPixels = maxPixels
    self.isCancelled = isCancelled
  }
}
