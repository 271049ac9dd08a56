import Matching
import MediaIO
import SystemPackage
import VideoCore

/// Decodes the parts of a long leak that were passed over at first, where matching asks for them.
final class UnseenLeakFrames: UnseenFrames {
  private let spool: FrameSpool
  private let path: FilePath
  private let options: (DecodeMode) -> DecodeOptions
  /// Frames decoded so far.
  private(set) var decodedFrames = 0

  /// Nil where the leak was decoded as a whole.
  init?(
    _ path: FilePath,
    _ spool: FrameSpool,
    isPartial: Bool,
    options: @escaping (DecodeMode) -> DecodeOptions
  ) throws {
    guard isPartial else { return nil }
    (self.path, self.spool, self.options) = (path, spool, options)
  }

  func peek(_ parts: [Range<Double>]) throws -> [TimedPlane] {
    var looks: [TimedPlane] = []
    try read(parts, .keyframes) { frame in
      // Some codecs have key frames only: memory must not grow with their number.
      if let last = looks.last, frame.seconds - last.seconds < Self.lookSeconds { return }
      looks.append(frame)
    }
    return looks
  }

  func fill(_ parts: [Range<Double>]) throws {
    try read(parts, .referenceFrames) { try spool.append($0.plane, at: $0.seconds) }
  }

  /// Looks are at least this far apart, so that a clip of five seconds may be met twice.
  private static let lookSeconds = 2.0

  private func read(
    _ parts: [Range<Double>],
    _ mode: DecodeMode,
    _ body: (TimedPlane) throws -> Void
  ) throws {
    let reader = try VideoReader(path, options: options(mode))
    _ = try reader.keyframeTimes()
    for part in parts {
      let summary = try reader.read(from: part.lowerBound, to: part.upperBound) { frame in
        let seconds = frame.time.seconds
        if part.contains(seconds) { try body(TimedPlane(seconds: seconds, plane: frame.plane)) }
        return .continue
      }
      decodedFrames += summary.decodedFrames
    }
  }
}
