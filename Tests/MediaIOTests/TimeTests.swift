import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite("Presentation times")
struct TimeTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func expectWindows(_ path: FilePath, _ windows: [(Double, Double)]) throws {
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    let whole = try frames(from: reader)
    for (from, to) in windows {
      let expected = whole.filter { $0.time.seconds >= from && $0.time.seconds < to }
      #expect(try frames(from: reader, from, to) == expected, "window \(from)...\(to)")
    }
  }

  @Test("a film of 24000/1001 frames per second does not drift", arguments: ["mp4", "ts", "264"])
  func exactRate(container: String) throws {
    let path = folder.path("ntsc.\(container)")
    try ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=24000/1001", "-frames:v", "300"] + Clip.x264
        + [path]
    )
    let found = try frames(of: FilePath(path))
    #expect(found.count == 300)
    let wrong = found.enumerated().filter {
      abs($1.time.seconds - Double($0) * 1001 / 24000) > 0.0000112
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3).map { ($0.offset, $0.element.time) })")
  }

  @Test("variable frame rates keep their times, long pauses too", arguments: ["mp4", "mkv"])
  func variableRate(container: String) throws {
    let path = folder.path("vfr.\(container)")
    // Frames 0, 1, 4, 9, 16 and so on, and after the tenth a pause of twenty seconds.
    try ffmpeg(
      [
        "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v", "20", "-vf",
        "setpts='(N*N+if(gt(N,9),500,0))/(25*TB)'", "-fps_mode", "passthrough",
      ] + Clip.x264 + [path]
    )
    let found = try frames(of: FilePath(path))
    let expected = (0..<20).map { Double($0 * $0 + ($0 > 9 ? 500 : 0)) / 25 }
    try #require(found.count == 20)
    for (frame, time) in zip(found, expected) { #expect(abs(frame.time.seconds - time) < 0.0011) }
    try expectWindows(FilePath(path), [(3, 30), (24.5, 40), (0.1, 0.2)])
  }

  @Test("broadcasts that do not start at zero count from their start", arguments: ["ts", "mpg"])
  func startTime(container: String) throws {
    let path = folder.path("late.\(container)")
    let codec = ["-c:v", "mpeg2video", "-bf", "2", "-g", "12"]
    try ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v", "30"] + codec
        + ["-output_ts_offset", "7.5", path]
    )
    let reader = try VideoReader(FilePath(path), options: DecodeOptions(planeSize: smallPlane))
    #expect(reader.info.startTime.seconds > 7)
    #expect(try frames(from: reader).first?.time.seconds == 0)
  }

  @Test("joined broadcasts whose clock jumps back or ahead run on", arguments: [3600.0, 0.0])
  func jumps(offset: Double) throws {
    var joined = Data()
    for (number, start) in [1000.0, offset].enumerated() {
      let part = folder.path("part\(number).ts")
      try ffmpeg(
        ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v", "75"] + Clip.x264
          + ["-output_ts_offset", "\(start)", part]
      )
      joined += try Data(contentsOf: URL(fileURLWithPath: part))
    }
    let path = folder.path("joined.ts")
    try joined.write(to: URL(fileURLWithPath: path))
    let found = try frames(of: FilePath(path))
    #expect(found.count >= 148)
    for (one, other) in zip(found, found.dropFirst()) {
      let step = other.time.seconds - one.time.seconds
      #expect(step > 0 && step < 0.2, "\(one.time.seconds) to \(other.time.seconds)")
    }
    #expect((found.last?.time.seconds ?? 0) < 6.3)
    try expectWindows(FilePath(path), [(0.5, 1), (2.5, 3.5), (4, 4.5), (5.5, 9)])
  }

  @Test("a packet clock follows small steps and absorbs jumps")
  func packetClock() {
    var clock = PacketClock(backwardLimit: 100, forwardLimit: 1000, frameTicks: 4)
    #expect(clock.straighten(presentation: 10, decoding: 2).presentation == 10)
    #expect(clock.straighten(presentation: 14, decoding: 6).presentation == 14)
    #expect(clock.straighten(presentation: nil, decoding: nil).decoding == nil)
    #expect(clock.straighten(presentation: 5018, decoding: 5010).presentation == 18)
    #expect(clock.straighten(presentation: 5022, decoding: 5014).decoding == 14)
    #expect(clock.straighten(presentation: 108, decoding: 100).decoding == 18)
    #expect(clock.straighten(presentation: 90, decoding: 80).decoding == -2)
    #expect(clock.straighten(presentation: .max, decoding: .min).presentation == nil)
  }

  @Test("a packet clock takes frames of any length and times of any size")
  func forgedPacketClock() {
    let second: Int64 = 1
    var clock = PacketClock(
      backwardLimit: second,
      forwardLimit: 3600 * second,
      frameTicks: .max
    )
    for round in 0..<20 {
      let time = (Int64(1) << 60 - 1) * (round % 2 == 0 ? 1 : -1)
      let found = clock.straighten(presentation: time, decoding: time).presentation
      #expect(abs(found ?? 0) < 1 << 60)
    }
  }

  /// A film of two hundred frames, twelve a second, whose times are what `times` makes of them.
  private func forge(_ times: String, in container: String) throws -> FilePath {
    let plain = folder.path("plain.mp4")
    let codec = Clip.x264 + ["-bf", "0", "-video_track_timescale", "1000"]
    try ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=12", "-frames:v", "200"] + codec + [plain]
    )
    let path = folder.path("forged.\(container)")
    try ffmpeg(["-i", plain, "-c", "copy", "-bsf:v", "setts=ts='\(times)'", path])
    return FilePath(path)
  }

  @Test("a clock that leaps by years runs on after the leap", arguments: ["mkv", "nut"])
  func leap(container: String) throws {
    let years = "TS+if(gte(N,18),30*365*24*3600/TB,0)"
    let path = try forge(years, in: container)
    let whole = try frames(of: path)
    #expect(whole.count == 200)
    #expect((whole.last?.time.seconds ?? 0) < 17)
    try expectWindows(path, [(0.5, 1), (2.5, 3.5)])
    let knowing = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    #expect(try knowing.keyframeTimes().allSatisfy { $0 < 17 })
    #expect(knowing.info.duration == nil)
    let late = whole.filter { $0.time.seconds >= 2.5 && $0.time.seconds < 3.5 }
    #expect(try frames(from: knowing, 2.5, 3.5) == late)
  }

  @Test("a film whose times add up to more than any film lasts ends there")
  func endless() throws {
    // A thousand seconds a frame are less than a leap, and 55 hours together.
    let path = try forge("TS+1000/TB*N", in: "mkv")
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    var last = 0.0
    let summary = try reader.read { frame in
      last = frame.time.seconds
      return .continue
    }
    #expect(summary.isTruncated)
    #expect(last > 3600 && last <= VideoReader.longestSeconds)
  }

  @Test("an AVI file of one frame in eleven years ends at once")
  func slowestRate() throws {
    let path = folder.path("slow.avi")
    try ffmpeg(
      [
        "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=12", "-frames:v", "20", "-c:v", "mpeg4",
        path,
      ]
    )
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let header = try #require(data.range(of: Data("strh".utf8)))
    // The scale and the rate of the stream, after the four-letter code, the size and five numbers.
    let scale = header.lowerBound + 28
    data.replaceSubrange(scale..<scale + 8, with: [0, 0, 0x40, 0x15, 1, 0, 0, 0])
    try data.write(to: URL(fileURLWithPath: path))
    let reader = try VideoReader(FilePath(path), options: DecodeOptions(planeSize: smallPlane))
    #expect(reader.info.duration == nil)
    let summary = try reader.read { _ in .continue }
    #expect(summary.isTruncated)
    #expect((summary.lastFrameSeconds ?? 0) <= VideoReader.longestSeconds)
  }
}
