import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite("The sound of films")
struct AudioTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private static let rate = 8000

  private struct Sound {
    var info: AudioInfo
    var summary: AudioSummary?
    /// Samples by their number, 0 where there are none.
    var samples: [Int: Float] = [:]
    var isAscending = true

    var delivered: Int { summary?.deliveredSamples ?? 0 }

    /// Seconds of the film at which it is first louder than `level`.
    func onset(above level: Float = 0.1, after start: Double = -10) -> Double? {
      samples.filter { abs($1) > level && Double($0) / 8000 > start }.keys.min()
        .map { Double($0) / 8000 }
    }

    func loudness(_ from: Double, _ to: Double) -> Float {
      let part = samples.filter { (Int(from * 8000)..<Int(to * 8000)).contains($0.key) }.values
      return (part.reduce(0) { $0 + $1 * $1 } / Float(max(1, part.count))).squareRoot()
    }

    /// Half the number of sign changes in a second.
    func frequency(_ from: Double, _ to: Double) -> Double {
      let numbers = Int(from * 8000)..<Int(to * 8000)
      let changes = numbers.count { samples[$0, default: 0] * samples[$0 + 1, default: 0] < 0 }
      return Double(changes) / 2 / (to - from)
    }
  }

  private func sound(
    of path: FilePath,
    to end: Double = .infinity
  ) throws -> Sound? {
    guard let reader = try AudioReader.open(path, sampleRate: Self.rate) else { return nil }
    var sound = Sound(info: reader.info)
    var next = Int.min
    sound.summary = try reader.read(to: end) { samples, first in
      if first < next || samples.isEmpty { sound.isAscending = false }
      next = first + samples.count
      for index in samples.indices { sound.samples[first + index] = samples[index] }
    }
    #expect(sound.isAscending)
    #expect(sound.summary?.deliveredSamples == sound.samples.count)
    #expect(sound.samples.values.allSatisfy { abs($0) <= 8 })
    return sound
  }

  /// Makes a film of so many seconds with a picture and the given sound.
  private func film(
    _ name: String,
    _ source: String,
    seconds: Double = 3,
    _ options: [String] = []
  ) throws -> FilePath {
    let picture = "testsrc2=size=64x48:rate=25"
    try ffmpeg(
      ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", source, "-t", "\(seconds)"] + options
        + [folder.path(name)]
    )
    return FilePath(folder.path(name))
  }

  @Test("a film without sound is normal")
  func none() throws {
    let path = try Clip.all[0].make(in: folder)
    #expect(try AudioReader.open(path, sampleRate: 8000) == nil)
  }

  @Test(
    "is one channel at one rate, whatever it was",
    arguments: [
      ("a.mp4", 44_100, "stereo", "aac"), ("b.mkv", 48_000, "5.1", "ac3"),
      ("c.mkv", 22_050, "mono", "pcm_s16le"), ("d.mkv", 96_000, "stereo", "flac"),
      ("e.mkv", 11_025, "7.1", "pcm_f32le"), ("f.mkv", 48_000, "stereo", "libopus"),
      ("g.avi", 44_100, "stereo", "libmp3lame"), ("h.ts", 48_000, "stereo", "mp2"),
      ("i.mkv", 8000, "mono", "pcm_alaw"), ("j.mkv", 37_800, "quad", "pcm_s24le"),
      ("k.flv", 44_100, "stereo", "aac"), ("l.mkv", 192_000, "mono", "pcm_u8"),
    ]
  )
  func formats(_ kind: (name: String, rate: Int, layout: String, codec: String)) throws {
    let form = "aformat=sample_rates=\(kind.rate):channel_layouts=\(kind.layout)"
    let options = ["-c:a", kind.codec, "-strict", "-2"]
    let path = try film(
      kind.name,
      "sine=frequency=440:sample_rate=\(kind.rate),volume=4,\(form)",
      options
    )
    let sound = try #require(try sound(of: path))
    #expect(sound.info.sampleRate == kind.rate)
    #expect(sound.summary?.damagedParts == 0)
    #expect(abs(sound.delivered - 24_000) < 900)
    #expect(abs(sound.frequency(0.5, 2.5) - 440) < 2)
    #expect(sound.loudness(0.5, 2.5) > 0.1)
  }

  private func film(_ name: String, _ source: String, _ options: [String]) throws -> FilePath {
    try film(name, source, seconds: 3, options)
  }

  @Test(
    "has the picture's clock",
    arguments: ["a.mp4", "b.mkv", "c.ts", "d.mov", "e.avi", "f.mpg", "g.flv", "h.wmv"]
  )
  func times(_ name: String) throws {
    let beep = "aevalsrc='if(gte(t,1.25),0.5*sin(2*PI*700*t),0)':s=48000"
    let sound = try #require(try sound(of: try film(name, beep)))
    let onset = try #require(sound.onset())
    #expect(abs(onset - 1.25) < 0.045)
  }

  @Test("late sound starts late, early sound before the picture")
  func offsets() throws {
    let whole = try film("whole.mkv", "sine=frequency=300,volume=4", ["-c:a", "pcm_s16le"]).string
    for (name, shift) in [("late.mkv", 0.7), ("early.mkv", -0.7), ("late.mp4", 0.7)] {
      let inputs = [
        "-i", whole, "-itsoffset", "\(shift)", "-i", whole, "-map", "0:v", "-map", "1:a",
      ]
      let codec = name.hasSuffix("mp4") ? ["-c:v", "copy", "-c:a", "aac"] : ["-c", "copy"]
      try ffmpeg(inputs + codec + [folder.path(name)])
      let sound = try #require(try sound(of: FilePath(folder.path(name))))
      #expect(abs((sound.onset(above: 0.05) ?? 0) - shift) < 0.03, "\(name)")
    }
  }

  @Test("a pause in the stream is a pause in the numbers")
  func gaps() throws {
    let hole = "sine=frequency=300,volume=4,aselect='not(between(t,1,2))'"
    let path = try film("hole.mkv", hole, seconds: 3, ["-c:a", "pcm_s16le"])
    let sound = try #require(try sound(of: path))
    #expect(sound.summary?.gaps == 1)
    #expect(sound.loudness(0.2, 0.8) > 0.1)
    #expect(sound.samples[12_000] == nil)
    #expect(sound.loudness(2.2, 2.8) > 0.1)
    #expect(abs(sound.delivered - 16_000) < 600)
  }

  @Test("is read up to where it is wanted")
  func end() throws {
    let path = try film("a.mp4", "sine=frequency=300", [])
    let sound = try #require(try sound(of: path, to: 1.5))
    #expect(sound.samples.keys.max() == 11_999)
    #expect(sound.delivered == 12_000)
  }

  @Test("the sound of the film is chosen, not the commentary, nor what is less")
  func choice() throws {
    let tone = { (number: Int) in ["-f", "lavfi", "-i", "sine=frequency=\(number),volume=4"] }
    let inputs = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25"] + tone(300) + tone(700)
    let maps = ["-map", "0", "-map", "1", "-map", "2", "-t", "2"]
    let marks = ["-disposition:a:0", "comment", "-disposition:a:1", "0"]
    try ffmpeg(inputs + maps + marks + [folder.path("two.mkv")])
    let sound = try #require(try sound(of: FilePath(folder.path("two.mkv"))))
    #expect(sound.info.streamIndex == 2)
    #expect(abs(sound.frequency(0.5, 1.5) - 700) < 5)
  }

  @Test(
    "damage costs what is damaged, and never traps",
    arguments: ["a.mp4", "b.mkv", "c.ts", "d.avi"]
  )
  func damage(_ name: String) throws {
    let path = try film(name, "sine=frequency=300,volume=4", [])
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.string)))
    var random = SeededRandom(seed: 9)
    for round in 0..<40 {
      var bytes = whole
      for _ in 0..<(1 << (round % 10)) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      if round % 4 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count / 2, using: &random)) }
      let file = folder.path("damaged-\(round)-\(name)")
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      do { _ = try sound(of: FilePath(file)) } catch is MediaError {}
    }
  }

  @Test("a caller that wants to stop is obeyed")
  func cancelled() throws {
    let path = try film("a.mkv", "sine", [])
    #expect(throws: MediaError.self) {
      _ = try AudioReader.open(path, sampleRate: 8000) { true }
    }
  }
}
