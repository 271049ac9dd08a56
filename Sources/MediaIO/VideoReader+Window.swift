import CFFmpeg
import VideoCore

extension VideoReader {
  /// How far before a window the attempts to seek aim, in seconds; then comes the film's start.
  private static let leads = [0.0, 2.0, 15.0]

  /// Reads a window whose start is `target` on the container's clock.
  func readWindow(
    from: Double,
    target: Int64,
    to: Double?,
    at moments: [Double]?,
    _ body: (ReducedFrame, ReadSummary) throws -> ReadControl
  ) throws -> ReadSummary {
    if !demuxer.hasNoTimes, from > 0 {
      for lead in VideoReader.leads {
        guard let aim = rawTicks(max(0, from - lead), target - (stream.ticks(from) ?? 0)),
          let landing = try seek(to: aim)
        else { break }
        var run = try FrameRun(self, from: from, to: to, at: moments, landing: landing)
        do { return try run.deliver(from: demuxer, reader: self, body) } catch is FrameRun
          .LandedLate
        {
          continue
        }
      }
    }
    try rewind()
    var run = try FrameRun(self, from: from, to: to, at: moments)
    return try run.deliver(from: demuxer, reader: self, body)
  }

  /// Moves the demuxer to a keyframe at or before `target`; nil where there is none or the
  /// container cannot seek.
  func seek(to target: Int64) throws(MediaError) -> FrameRun.Landing? {
    // Clocks that may jump, and FLV files joined end to end: the same time can stand twice.
    if demuxer.mayJump || demuxer.containerName == "flv" || keyframeTable?.hasJumps == true {
      return try seekByTable(to: target)
    }
    isAtStart = false
    let index = Int32(stream.index)
    let status = unsafe av_seek_frame(demuxer.context, index, target, AVSEEK_FLAG_BACKWARD)
    try demuxer.input.throwFailure()
    return status >= 0 ? FrameRun.Landing(keyframe: nil) : nil
  }

  private func seekByTable(to target: Int64) throws(MediaError) -> FrameRun.Landing? {
    let table = try scannedKeyframes()
    guard let entry = table.last(notAfter: target) else { return nil }
    let status: Int32
    // The two formats of MPEG-2 systems have no index; a packet's place in the file is exact.
    if ["mpegts", "mpeg"].contains(demuxer.containerName), let position = entry.position {
      status = unsafe av_seek_frame(demuxer.context, -1, position, AVSEEK_FLAG_BYTE)
    } else {
      let time = entry.raw.decoding ?? entry.raw.presentation ?? 0
      let stream = Int32(self.stream.index)
      status = unsafe av_seek_frame(demuxer.context, stream, time, AVSEEK_FLAG_BACKWARD)
    }
    try demuxer.input.throwFailure()
    return status >= 0 ? FrameRun.Landing(keyframe: entry) : nil
  }
}
