import Captures
public import Isolation
import MediaIO
public import SystemPackage
import VideoCore

/// What a leak shows of the sensor of the camera that recorded it.
public struct CameraTrace: Sendable {
  /// What is said of it.
  public var record: CameraRecord
  /// The sensor's pattern; nil where there is not enough of one.
  let pattern: SensorPattern?
}

/// Takes the pattern of the sensor from leaks.
public struct CameraReader {
  private let isolation: IsolationPolicy
  private let threads: Int
  private let flag: CancellationFlag

  /// Frames that are measured of one leak, as far as it has so many.
  private static let wantedFrames = 300
  /// Frames of each half without which no pattern is told.
  private static let leastFrames = 40
  /// Smaller frames were reduced after recording: what single pixels had is averaged away, and the
  /// fixed noise of encoders is left.
  private static let leastSize = FrameSize(width: 1280, height: 480)
  /// Of larger frames the middle is measured.
  private static let mostSize = FrameSize(width: 1920, height: 1088)

  /// Creates a reader.
  public init(threads: Int, isolation: IsolationPolicy, flag: CancellationFlag) {
    (self.threads, self.isolation, self.flag) = (threads, isolation, flag)
  }

  /// Reads a leak.
  ///
  /// - Throws: ``PipelineError`` where it cannot be read.
  public func read(
    _ path: FilePath,
    progress: (Double) -> Void = { _ in }
  ) throws(PipelineError) -> CameraTrace {
    let identity = try FileIdentity(of: path, flag: flag) { progress($0 * Self.hashingShare) }
    do {
      return try measured(path, identity.sha256) {
        progress(Self.hashingShare + $0 * (1 - Self.hashingShare))
      }
    } catch {
      throw PipelineError(error)
    }
  }

  private static let hashingShare = 0.1

  private func measured(
    _ path: FilePath,
    _ sha256: String,
    _ progress: (Double) -> Void
  ) throws -> CameraTrace {
    let flag = flag
    let media = try MediaWorker(path, policy: isolation) { flag.isCancelled }
    var options = DecodeOptions(
      planeSize: FrameSize(width: 16, height: 16),
      threads: threads > 1 ? .frames(threads) : .single,
      isCancelled: { flag.isCancelled }
    )
    let (info, keyframes, last) = try {
      let reader = try media.video(options)
      let keyframes = try reader.keyframeTimes()
      return (reader.info, keyframes, reader.info.duration?.seconds ?? keyframes.last ?? 0)
    }()
    let stored = info.uprightSize
    var record = CameraRecord(path: SafeText.of(path), sha256: sha256, size: stored)
    guard stored.width >= Self.leastSize.width, stored.height >= Self.leastSize.height else {
      record.reason = .smallFrames
      return CameraTrace(record: record, pattern: nil)
    }
    // Key frames carry the most of it, and cost the least.
    options.mode = keyframes.count >= Self.wantedFrames ? .keyframes : .all
    let start = info.startTime.seconds
    let duration = max(last - start, 1)
    options.detail = DetailPlanes(
      size: stored,
      leastInterval: duration / Double(Self.wantedFrames)
    )
    let part = FrameSize(
      width: min(stored.width, Self.mostSize.width),
      height: min(stored.height, Self.mostSize.height)
    )
    var meter = SensorMeter(size: part)
    try media.video(options).read { frame in
      try flag.check()
      guard let plane = frame.detail, !frame.isDamaged else { return .continue }
      let share = (frame.time.seconds - start) / duration
      meter.add(Self.middle(of: plane, part), half: share < 0.5 ? 0 : 1)
      progress(min(1, max(0, share)))
      return .continue
    }
    record.frames = meter.frames[0] + meter.frames[1]
    guard meter.frames.allSatisfy({ $0 >= Self.leastFrames }) else {
      record.reason = .fewFrames
      return CameraTrace(record: record, pattern: nil)
    }
    // A pattern that there is stands in both halves, which show different pictures.
    let (first, second) = meter.halves
    let repeated = SensorComparison(first, second)
    record.repetition = SensorReport(repeated)
    guard repeated.isSame, !repeated.isMirrored else {
      record.reason = .noPattern
      return CameraTrace(record: record, pattern: nil)
    }
    return CameraTrace(record: record, pattern: meter.pattern)
  }

  /// The middle of a plane.
  private static func middle(of plane: LumaPlane, _ part: FrameSize) -> LumaPlane {
    plane.part(
      left: (plane.size.width - part.width) / 2,
      top: (plane.size.height - part.height) / 2,
      size: part
    )
  }
}
