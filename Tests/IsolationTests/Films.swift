import SystemPackage
import TestSupport
import Testing

/// Short films in containers that labs meet, some with sound, made by FFmpeg's command line.
enum Films {
  static let all: [(name: String, arguments: [String])] = [
    (
      "a.mp4",
      ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "12", "-c:a", "aac"]
    ),
    ("b.mkv", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]),
    ("c.ts", ["-c:v", "mpeg2video", "-g", "12", "-c:a", "mp2"]),
    ("d.avi", ["-c:v", "mpeg4", "-bf", "2", "-g", "12", "-c:a", "libmp3lame"]),
    ("e.webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "12"]),
    ("f.mov", ["-c:v", "prores_ks", "-c:a", "pcm_s16le"]),
    ("g.264", ["-c:v", "libx264", "-preset", "ultrafast", "-an"]),
  ]

  /// Makes one of them: `seconds` of a moving pattern at 25 frames a second, with a tone.
  static func make(
    _ name: String,
    _ arguments: [String],
    seconds: Double = 2,
    in folder: TemporaryDirectory
  ) throws -> FilePath {
    let path = folder.path(name)
    let inputs = [
      "-f", "lavfi", "-i", "testsrc2=size=176x144:rate=25:duration=\(seconds)",
      "-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds)",
    ]
    let outcome = try Toolbox.run(
      ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"] + inputs + arguments + [path]
    )
    try #require(outcome.status == 0, "ffmpeg failed: \(outcome.errorText)")
    return FilePath(path)
  }

  /// The H.264 film.
  static func simple(seconds: Double = 2, in folder: TemporaryDirectory) throws -> FilePath {
    try make(all[0].name, all[0].arguments, seconds: seconds, in: folder)
  }
}
