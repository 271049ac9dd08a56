import MediaIO
import VideoCore

/// Finds the cheapest mode in which a leak is still a moving picture between its key frames.
enum SparingDecoding {
  /// Seconds in which a mode is tried, and the longest pause between two of its frames.
  private static let (triedSeconds, longestPause) = (2.0, 0.4)

  /// The mode, and the frames that were decoded to find it.
  ///
  /// Encoders differ in what they predict frames from, so that the longest group of pictures is tried.
  ///
  /// - Parameters:
  ///   - reader: reads the leak with ``DecodeMode/forwardFrames``.
  ///   - durationSeconds: its length.
  /// - Returns: the mode.
  /// - Throws: what reading throws.
  static func mode(
    _ reader: any VideoReading,
    durationSeconds: Double
  ) throws -> (mode: DecodeMode, decodedFrames: Int) {
    let times = try reader.keyframeTimes()
    let ends = times.dropFirst() + [durationSeconds]
    guard let (start, end) = zip(times, ends).max(by: { $0.1 - $0.0 < $1.1 - $1.0 }) else {
      return (.referenceFrames, 0)
    }
    let length = min(end - start, triedSeconds)
    var (last, pause, count) = (start, 0.0, 0)
    let summary: ReadSummary
    do {
      summary = try reader.read(from: start, to: start + length) { frame in
        pause = max(pause, frame.time.seconds - last)
        (last, count) = (frame.time.seconds, count + 1)
        return .continue
      }
    } catch let error as MediaError where error.code != .cancelled {
      // Of a file that was cut short the longest group may be the one that is missing.
      return (.referenceFrames, 0)
    }
    pause = max(pause, start + length - last)
    let isMoving = count > 1 && pause <= longestPause
    return (isMoving ? .forwardFrames : .referenceFrames, summary.decodedFrames)
  }
}
