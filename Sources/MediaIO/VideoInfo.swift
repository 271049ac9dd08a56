public import VideoCore

/// What a film's headers say about its picture.
public struct VideoInfo: Sendable, Hashable {
  /// Length of the video stream; from the stream's header, else the container's, else unknown.
  public var duration: MediaTime?
  /// Size of the stored picture.
  public var codedSize: FrameSize
  /// Size at which the picture is meant to be seen: square pixels, rotation applied.
  public var displaySize: FrameSize
  /// Width over height of a stored pixel.
  public var sampleAspectRatio: Rational
  /// Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
  public var rotationDegrees: Int
  /// Whether the upright picture is a mirror image of the stored one.
  public var isMirrored: Bool
  /// Average frames per second, where the container or the codec says so.
  public var frameRate: Rational?
  /// FFmpeg's name of the codec, for example `h264`.
  public var codecName: String
  /// FFmpeg's name of the container format, for example `mov,mp4,m4a,3gp,3g2,mj2`.
  public var containerName: String
  /// Bits per luma sample, 0 where unknown.
  public var bitDepth: Int
  /// Whether the headers call the picture interlaced; nil where they say nothing.
  public var isInterlaced: Bool?
  /// Presentation time, on the container's own clock, that frame times count from.
  public var startTime: MediaTime
  /// Index of the chosen video stream in the container.
  public var streamIndex: Int
  /// Size of the file in bytes.
  public var fileSizeBytes: Int64

  /// Creates a description.
  package init(
    duration: MediaTime?,
    codedSize: FrameSize,
    displaySize: FrameSize,
    sampleAspectRatio: Rational,
    rotationDegrees: Int,
    isMirrored: Bool,
    frameRate: Rational?,
    codecName: String,
    containerName: String,
    bitDepth: Int,
    isInterlaced: Bool?,
    startTime: MediaTime,
    streamIndex: Int,
    fileSizeBytes: Int64
  ) {
    (self.duration, self.codedSize, self.displaySize) = (duration, codedSize, displaySize)
    (self.sampleAspectRatio, self.rotationDegrees) = (sampleAspectRatio, rotationDegrees)
    (self.isMirrored, self.frameRate) = (isMirrored, frameRate)
    (self.codecName, self.containerName, self.bitDepth) = (codecName, containerName, bitDepth)
    (self.isInterlaced, self.startTime) = (isInterlaced, startTime)
    (self.streamIndex, self.fileSizeBytes) = (streamIndex, fileSizeBytes)
  }
}
