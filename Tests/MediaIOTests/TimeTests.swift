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
}
