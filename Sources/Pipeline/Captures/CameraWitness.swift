import Captures
import MediaIO
import SystemPackage
import VideoCore

/// Looks for the pattern of the camera's sensor in a leak's own pixels.
struct CameraWitness {
  let threads: Int
  let flag: CancellationFlag

  /// Frames that are looked at.
  private static let mostFrames = 96.0
  /// Least time from one to the next, in seconds.
  private static let leastInterval = 0.2
  /// Key frames from which on they are enough: they keep noise best and cost least.
  private static let enoughKeyframes = 48

  /// The pattern of a leak, or why there is none.
  func answer(_ path: FilePath, _ info: VideoInfo, seconds: Double) throws
    -> SensorPatternMeter.Answer
  {
    let frames = seconds * (info.frameRate?.value ?? 25)
    let pixels = frames * Double(info.codedSize.area)
    let bits = pixels > 0 ? 8 * Double(info.fileSizeBytes) / pixels : nil
    if let reason = SensorPatternMeter.refusal(info.codedSize, bitsPerPixel: bits) {
      return .notEnough(reason)
    }
    let isTurned = info.rotationDegrees % 180 != 0
    let size =
      isTurned
      ? FrameSize(width: info.codedSize.height, height: info.codedSize.width) : info.codedSize
    guard var meter = SensorPatternMeter(size) else { return .notEnough(.resolution) }
    let keyframes = try reader(path, size, .keyframes).keyframeTimes()
    let mode: DecodeMode = keyframes.count >= Self.enoughKeyframes ? .keyframes : .referenceFrames
    let interval = max(Self.leastInterval, seconds / Self.mostFrames)
    var next = -Double.infinity
    try reader(path, size, mode).read { frame in
      guard frame.time.seconds >= next else { return .continue }
      next = frame.time.seconds + interval
      meter.add(frame.plane, isSecondHalf: 2 * frame.time.seconds > seconds)
      return .continue
    }
    return meter.answer()
  }

  private func reader(
    _ path: FilePath,
    _ size: FrameSize,
    _ mode: DecodeMode
  ) throws -> VideoReader {
    let flag = flag
    return try VideoReader(
      path,
      options: DecodeOptions(
        planeSize: size,
        mode: mode,
        threads: threads > 1 ? .frames(threads) : .single,
        isCancelled: { flag.isCancelled }
      )
    )
  }
}
