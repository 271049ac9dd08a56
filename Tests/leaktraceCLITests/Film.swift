import Foundation
import Synchronization
import TestSupport

/// Short films that ffmpeg makes, once for all tests of a run.
enum Film: String, CaseIterable {
  /// Twenty seconds of moving figures: the film of the library.
  case figures
  /// Fifteen seconds of something else.
  case cells
  /// Seconds 3 to 15 of `figures` from a slanted camera, noisy and small.
  case leak
  /// The same, mirrored left to right.
  case mirroredLeak
  /// Fifteen seconds of a third thing, in no library.
  case stranger
  /// A film that takes seconds to read.
  case long
  /// The first part of `figures`, without its end.
  case truncated
  /// Sound only.
  case sound
  /// `figures` with sound.
  case talkie
  /// `leak` with the sound of `talkie` as a microphone hears it, a fifth of a second late.
  case talkieLeak
  /// `leak` with another sound.
  case dubbedLeak
  /// `leak` with a sound track of silence.
  case silentLeak
  /// The first six seconds of `figures`, a studio's logo, and then a film.
  case logoFirst
  /// The same logo before another film.
  case logoSecond
  /// A camera's copy of the logo before a third film.
  case logoLeak
  /// `figures` copied without a camera.
  case webRip
  /// `leak` as posted from a telephone: between bars with words in a frame of 9:16.
  case postedLeak
  /// Ten scenes, 200 seconds.
  case scenes
  /// `scenes` with nine seconds of something else at second 68, which a long leak's first look skips.
  case scenesLeak

  /// A sign that no font is needed for, a picture.
  case sign
  /// `leak` with the sign in a corner from second 2 on, drawn after the camera.
  case signLeak
  /// Ten seconds of `figures`, then thirteen of `cells`.
  case twoWorks
  /// The same with the sign over a part of each.
  case twoWorksSigned

  private static let folder = Mutex<TemporaryDirectory?>(nil)

  struct Failure: Error {
    var message: String
  }

  /// The file; made where it is asked for the first time.
  func file() throws -> URL {
    try Self.folder.withLock { folder in
      let home = try folder ?? TemporaryDirectory()
      folder = home
      return try make(in: home.url)
    }
  }

  private func make(in folder: URL) throws -> URL {
    let file = folder.appendingPathComponent("\(rawValue).\(ending)")
    if FileManager.default.fileExists(atPath: file.path) { return file }
    if self == .truncated {
      let whole = try Data(contentsOf: try Film.figures.make(in: folder))
      try whole.prefix(whole.count * 2 / 5).write(to: file)
      return file
    }
    if let sound = try soundTrack(in: folder) {
      let picture = try (self == .talkie ? Film.figures : .leak).make(in: folder)
      let inputs = ["-i", picture.path] + sound
      let choice = ["-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-shortest"]
      try ffmpeg(inputs + choice + [file.path])
      return file
    }
    if [.sign, .signLeak, .twoWorksSigned].contains(self) {
      try ffmpeg(try signed(in: folder) + [file.path])
      return file
    }
    if let sources = pieces(in: folder) {
      try join(sources, into: file)
      return file
    }
    let figures =
      [.webRip, .leak, .mirroredLeak, .postedLeak].contains(self)
      ? try Film.figures.make(in: folder) : file
    let encoder = [
      "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1",
    ]
    let arguments =
      input(figures.path) + (self == .sound ? [] : encoder)
      + ["-movflags", "+faststart", file.path]
    try ffmpeg(arguments)
    return file
  }

  private var ending: String {
    switch self {
    case .sound: "m4a"
    case .sign: "png"
    default: "mp4"
    }
  }

  /// A sign of boxes, or a leak with it.
  private func signed(in folder: URL) throws -> [String] {
    let boxes = [
      "x=8:y=8:w=40:h=64:t=8", "x=20:y=32:w=16:h=16:t=fill", "x=60:y=8:w=10:h=64:t=fill",
      "x=60:y=62:w=40:h=10:t=fill", "x=112:y=8:w=44:h=28:t=7", "x=112:y=44:w=44:h=28:t=7",
      "x=168:y=8:w=12:h=64:t=fill", "x=180:y=34:w=20:h=12:t=fill", "x=200:y=8:w=12:h=64:t=fill",
    ].map { "drawbox=\($0):color=black" }.joined(separator: ",")
    if self == .sign {
      return ["-f", "lavfi", "-i", "color=white:size=224x80,\(boxes)", "-frames:v", "1"]
    }
    let isOfTwo = self == .twoWorksSigned
    let leak = try (isOfTwo ? Film.twoWorks : .leak).make(in: folder)
    let sign = try Film.sign.make(in: folder)
    let filter =
      isOfTwo
      ? "[1:v]scale=150:54[s];[0:v][s]overlay=x=466:y=20:enable='between(t,2,8)+between(t,13,20)'"
      : "[1:v]scale=112:40[s];[0:v][s]overlay=x=350:y=16:enable='gte(t,2)'"
    return [
      "-i", leak.path, "-i", sign.path, "-filter_complex", filter, "-c:v", "libx264", "-preset",
      "veryfast", "-crf", "23", "-threads", "1",
    ]
  }

  private func ffmpeg(_ arguments: [String]) throws {
    let outcome = try Toolbox.run(["ffmpeg", "-v", "error", "-y"] + arguments)
    guard outcome.status == 0 else { throw Failure(message: outcome.errorText) }
  }

  /// Parts of which a film consists: ffmpeg's input, and the seconds of it; nil for a film of one.
  private func pieces(in folder: URL) -> [(input: [String], from: Double, seconds: Double)]? {
    func cells(_ seed: Int) -> [String] {
      let size = "size=160x90:rate=25:mold=10:ratio=0.3:death_color=#404040"
      return ["-f", "lavfi", "-i", "life=\(size):seed=\(seed)"]
    }
    let logo = (["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"], 0.0, 6.0)
    let scenes = (0..<10).map { (input: cells(40 + $0), from: 1.0, seconds: 20.0) }
    switch self {
    case .logoFirst: return [logo, (cells(21), 1, 12)]
    case .logoSecond: return [logo, (cells(22), 1, 12)]
    case .logoLeak: return [logo, (cells(23), 1, 6)]
    case .scenes: return scenes
    case .twoWorks:
      return [(["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"], 3, 10), (cells(5), 1, 13)]
    case .scenesLeak:
      return scenes[..<3] + [(cells(43), 1, 8), (cells(77), 1, 9), (cells(43), 9, 12)]
        + scenes[4...]
    default: return nil
    }
  }

  /// Puts pieces one after another; leaks are seen by a camera.
  private func join(
    _ pieces: [(input: [String], from: Double, seconds: Double)],
    into file: URL
  ) throws {
    let camera =
      self == .logoLeak || self == .scenesLeak
      ? ",perspective=x0=-20:y0=-10:x1=660:y1=0:x2=0:y2=370:x3=650:y3=350:sense=source" : ""
    let parts = pieces.enumerated().map { index, piece in
      "[\(index):v]trim=\(piece.from):\(piece.from + piece.seconds),setpts=PTS-STARTPTS,"
        + "scale=640:360,setsar=1,format=yuv420p\(camera)[v\(index)]"
    }
    let labels = pieces.indices.map { "[v\($0)]" }.joined()
    let filter = parts + ["\(labels)concat=n=\(pieces.count)[v]"]
    let encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1"]
    try ffmpeg(
      pieces.flatMap(\.input) + ["-filter_complex", filter.joined(separator: ";"), "-map", "[v]"]
        + encoder + [file.path]
    )
  }

  /// What goes with the picture of `figures` or `leak`; nil for films of their own.
  private func soundTrack(in folder: URL) throws -> [String]? {
    func voices(_ seed: Double) -> [String] {
      let voice = { (rate: Double) in
        "0.2*sin(2*PI*t*(300+2500*mod(abs(sin(floor(t*\(rate))*\(12.9898 + seed))*43758.5),1)))"
      }
      return ["-f", "lavfi", "-i", "aevalsrc='\(voice(5.1))+\(voice(7.3))+\(voice(3.7))':s=44100"]
    }
    switch self {
    case .talkie: return voices(0)
    case .dubbedLeak: return voices(1)
    case .silentLeak: return ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]
    case .talkieLeak:
      let film = try Film.talkie.make(in: folder)
      let heard = folder.appendingPathComponent("heard.wav")
      let microphone = "aecho=0.8:0.7:23|57:0.4|0.3,lowpass=f=3000,volume=0.3,adelay=200:all=1"
      try ffmpeg(["-ss", "3", "-t", "12", "-i", film.path, "-vn", "-af", microphone, heard.path])
      return ["-i", heard.path]
    default: return nil
    }
  }

  private func input(_ figures: String) -> [String] {
    let camera =
      "perspective=x0=-20:y0=-10:x1=660:y1=0:x2=0:y2=370:x3=650:y3=350:sense=source,"
      + "eq=brightness=-0.05:contrast=0.8,noise=alls=8:allf=t:all_seed=7,scale=480:270"
    let life = "life=size=160x90:rate=25:mold=10:ratio=0.3:death_color=#404040"
    return switch self {
    case .figures: ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-t", "20"]
    case .cells: ["-f", "lavfi", "-i", "\(life):seed=5,scale=640:360", "-t", "15"]
    case .stranger: ["-f", "lavfi", "-i", "\(life):seed=99,scale=640:360,negate", "-t", "15"]
    case .leak: ["-ss", "3", "-t", "12", "-i", figures, "-vf", camera, "-crf", "30"]
    case .mirroredLeak:
      ["-ss", "3", "-t", "12", "-i", figures, "-vf", camera + ",hflip", "-crf", "30"]
    case .postedLeak:
      [
        "-ss", "3", "-t", "12", "-i", figures, "-vf",
        camera + ",scale=360:202,pad=360:640:0:180:black,drawbox=40:90:200:20:white:fill"
          + ",drawbox=80:420:160:24:yellow:fill",
      ]
    case .webRip: ["-i", figures, "-vf", "scale=426:240", "-crf", "26"]
    case .long: ["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:alpha=200", "-t", "60"]
    case .truncated, .talkie, .talkieLeak, .dubbedLeak, .silentLeak: []
    case .logoFirst, .logoSecond, .logoLeak, .scenes, .scenesLeak: []
    case .sign, .signLeak, .twoWorks, .twoWorksSigned: []
    case .sound: ["-f", "lavfi", "-i", "sine", "-t", "3"]
    }
  }
}
