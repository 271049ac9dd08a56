import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

/// A short film that FFmpeg's command line makes, and what to expect of it.
struct Clip: Sendable, CustomTestStringConvertible {
  var file: String
  var arguments: [String]
  var codec: String
  var size = FrameSize(width: 176, height: 144)

  var testDescription: String { "\(codec) in \(file)" }

  static let x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "12"]
  static let x265 = [
    "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=12:bframes=2",
  ]

  /// Every container and codec that a lab meets.
  static let all: [Clip] = [
    Clip(file: "a.mp4", arguments: x264, codec: "h264"),
    Clip(file: "b.mov", arguments: x264, codec: "h264"),
    Clip(file: "c.mkv", arguments: x264, codec: "h264"),
    Clip(file: "d.ts", arguments: x264, codec: "h264"),
    Clip(file: "e.flv", arguments: x264, codec: "h264"),
    Clip(file: "f.avi", arguments: x264, codec: "h264"),
    Clip(file: "g.264", arguments: x264, codec: "h264"),
    Clip(
      file: "h.mp4",
      arguments: ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"],
      codec: "h264"
    ),
    Clip(file: "i.mkv", arguments: x265, codec: "hevc"),
    Clip(file: "j.mp4", arguments: x265 + ["-pix_fmt", "yuv420p10le"], codec: "hevc"),
    Clip(file: "k.ts", arguments: x265, codec: "hevc"),
    Clip(
      file: "l.avi",
      arguments: ["-c:v", "mpeg4", "-vtag", "XVID", "-bf", "2", "-g", "12"],
      codec: "mpeg4"
    ),
    Clip(file: "m.mp4", arguments: ["-c:v", "mpeg4", "-bf", "2", "-g", "12"], codec: "mpeg4"),
    Clip(
      file: "n.mpg",
      arguments: ["-c:v", "mpeg2video", "-bf", "2", "-g", "12"],
      codec: "mpeg2video"
    ),
    Clip(
      file: "o.ts",
      arguments: ["-c:v", "mpeg2video", "-bf", "2", "-g", "12"],
      codec: "mpeg2video"
    ),
    Clip(
      file: "p.webm",
      arguments: ["-c:v", "libvpx", "-deadline", "realtime", "-g", "12"],
      codec: "vp8"
    ),
    Clip(
      file: "q.webm",
      arguments: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "12"],
      codec: "vp9"
    ),
    Clip(
      file: "r.mp4",
      arguments: ["-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-g", "12"],
      codec: "av1"
    ),
    Clip(file: "s.wmv", arguments: ["-c:v", "wmv2", "-g", "12"], codec: "wmv2"),
    Clip(
      file: "t.mp4",
      arguments: x264,
      codec: "h264",
      size: FrameSize(width: 162, height: 92)
    ),
    Clip(
      file: "u.mkv",
      arguments: ["-c:v", "ffv1"],
      codec: "ffv1",
      size: FrameSize(width: 161, height: 91)
    ),
  ]

  /// Renders the clip: 40 frames at 25 frames/s.
  func make(in folder: TemporaryDirectory, frames: Int = 40) throws -> FilePath {
    let path = folder.path(file)
    try ffmpeg(
      [
        "-f", "lavfi", "-i", "testsrc2=size=\(size):rate=25,scale=\(size.width):\(size.height)",
        "-frames:v", "\(frames)",
      ] + arguments
        + [path]
    )
    return FilePath(path)
  }
}

/// Runs FFmpeg's command line; a failure of it is a failure of the test.
func ffmpeg(_ arguments: [String]) throws {
  let head = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"]
  let outcome = try Toolbox.run(head + arguments)
  try #require(outcome.status == 0, "ffmpeg failed: \(outcome.errorText)")
}

let smallPlane = FrameSize(width: 32, height: 18)

/// Opens and reads a film, whole or in part, and keeps all frames.
func frames(
  of path: FilePath,
  from: Double? = nil,
  to: Double? = nil,
  mode: DecodeMode = .all,
  threads: ThreadChoice = .single,
  planeSize: FrameSize = smallPlane
) throws -> [ReducedFrame] {
  let options = DecodeOptions(planeSize: planeSize, mode: mode, threads: threads)
  return try frames(from: VideoReader(path, options: options), from, to)
}

/// Reads with an open reader and keeps all frames.
func frames(from reader: VideoReader, _ from: Double? = nil, _ to: Double? = nil) throws
  -> [ReducedFrame]
{
  var result: [ReducedFrame] = []
  try reader.read(from: from, to: to) { frame in
    result.append(frame)
    return .continue
  }
  return result
}

/// The error that opening and reading a file ends with.
func failure(of path: FilePath, maxPixels: Int = DecodeOptions.defaultMaxPixels) -> MediaError? {
  do {
    let options = DecodeOptions(planeSize: smallPlane, maxPixels: maxPixels)
    _ = try frames(from: VideoReader(path, options: options))
    return nil
  } catch { return error as? MediaError }
}

/// Mean absolute difference of two planes.
func difference(_ a: LumaPlane, _ b: LumaPlane) -> Double {
  let sum = zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  return Double(sum) / Double(max(1, a.pixels.count))
}
