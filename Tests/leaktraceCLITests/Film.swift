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
    let file = folder.appendingPathComponent("\(rawValue).\(self == .sound ? "m4a" : "mp4")")
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
    let figures = self == .leak || self == .mirroredLeak ? try Film.figures.make(in: folder) : file
    let encoder = [
      "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1",
    ]
    let arguments =
      input(figures.path) + (self == .sound ? [] : encoder)
      + ["-movflags", "+faststart", file.path]
    try ffmpeg(arguments)
    return file
  }

  private func ffmpeg(_ arguments: [String]) throws {
    let outcome = try Toolbox.run(["ffmpeg", "-v", "error", "-y"] + arguments)
    guard outcome.status == 0 else { throw Failure(message: outcome.errorText) }
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
    case .long: ["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:alpha=200", "-t", "60"]
    case .truncated, .talkie, .talkieLeak, .dubbedLeak, .silentLeak: []
    case .sound: ["-f", "lavfi", "-i", "sine", "-t", "3"]
    }
  }
}
