import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite("Luma and layout of the picture")
struct PictureTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Renders `frames` frames of a source through `options` to a file of that name.
  private func render(
    _ name: String,
    _ options: [String],
    source: String = "testsrc2=size=192x128:rate=25",
    frames: Int = 8
  ) throws -> FilePath {
    let path = folder.path(name)
    try ffmpeg(["-f", "lavfi", "-i", source, "-frames:v", "\(frames)"] + options + [path])
    return FilePath(path)
  }

  private let lossless = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "0"]

  @Test("limited and full range, 8 and 10 bits, grey, alpha and RGB give the same luma")
  func ranges() throws {
    let limited = try frames(of: render("limited.mp4", lossless + ["-pix_fmt", "yuv420p"]))
    let full = ["-vf", "scale=out_range=full", "-color_range", "pc"]
    let variants: [(String, [String])] = [
      ("full.mp4", full + lossless + ["-pix_fmt", "yuvj420p"]),
      ("ten.mp4", lossless + ["-pix_fmt", "yuv420p10le"]),
      ("tenfull.mp4", full + lossless + ["-pix_fmt", "yuv420p10le"]),
      ("yuv444.mp4", lossless + ["-pix_fmt", "yuv444p"]),
      ("twelve.mkv", ["-c:v", "ffv1", "-pix_fmt", "yuv420p12le"]),
      ("sixteen.mkv", ["-c:v", "ffv1", "-pix_fmt", "yuv420p16le"]),
      ("alpha.mkv", ["-c:v", "ffv1", "-pix_fmt", "yuva420p"]),
      ("rgb.mkv", ["-c:v", "ffv1", "-pix_fmt", "bgr0"]),
      ("packed.nut", ["-c:v", "rawvideo", "-pix_fmt", "yuyv422"]),
      ("big.nut", ["-c:v", "rawvideo", "-pix_fmt", "yuv420p10be"]),
      ("semi.nut", ["-c:v", "rawvideo", "-pix_fmt", "nv12"]),
      ("rgb24.nut", ["-c:v", "rawvideo", "-pix_fmt", "rgb24"]),
    ]
    for (name, options) in variants {
      let found = try frames(of: render(name, options))
      try #require(found.count == limited.count)
      for (a, b) in zip(found, limited) { #expect(difference(a.plane, b.plane) < 1.5, "\(name)") }
    }
  }

  @Test("black is 0 and white is 255 in both ranges", arguments: ["tv", "pc"])
  func extremes(range: String) throws {
    for (colour, value) in [("black", 0), ("white", 255)] {
      let options = ["-vf", "scale=out_range=\(range),format=yuv420p", "-color_range", range]
      let path = try render(
        "\(colour).mp4",
        options + lossless,
        source: "color=\(colour):size=64x64"
      )
      let first = try #require(try frames(of: path).first)
      #expect(first.plane.pixels.allSatisfy { abs(Int($0) - value) <= 1 }, "\(colour) \(range)")
    }
  }

  @Test func `looks end when enough was seen`() throws {
    let path = try render("looks.mp4", lossless + ["-g", "10"], frames: 100)
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    let times = [0.1, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    var (all, three) = (0, 0)
    try reader.look(at: times) { _ in
      all += 1
      return .continue
    }
    try reader.look(at: times) { _ in
      three += 1
      return three == 3 ? .stop : .continue
    }
    #expect(all > 4 && three == 3)
  }

  @Test func `limited range is widened exactly, sample by sample, and clipped beyond`() throws {
    let options = ["-vf", "geq=lum=X:cb=128:cr=128", "-c:v", "rawvideo", "-pix_fmt", "yuv420p"]
    let path = try render("ramp.nut", options, source: "color=black:size=256x16", frames: 1)
    let size = FrameSize(width: 256, height: 16)
    let plane = try #require(try frames(of: path, planeSize: size).first).plane
    let expected = (0...255).map { value in
      UInt8(max(0, min(255, (Double(value - 16) * 255 / 219).rounded())))
    }
    for row in 0..<16 { #expect(Array(plane.pixels[row * 256..<row * 256 + 256]) == expected) }
  }

  /// A picture whose four quarters differ: grey levels 0, 85, 170, 255 in reading order.
  private let quarters =
    "color=black:size=64x32,geq=lum='if(lt(Y,16),if(lt(X,32),16,89),if(lt(X,32),162,235))':cb=128:cr=128"

  private func corners(_ plane: LumaPlane) -> [Int] {
    let (w, h) = (plane.size.width, plane.size.height)
    return [(w / 4, h / 4), (3 * w / 4, h / 4), (w / 4, 3 * h / 4), (3 * w / 4, 3 * h / 4)]
      .map { (Int(plane.pixels[$0.1 * w + $0.0]) + 42) / 85 }
  }

  @Test("a window of the upright picture is what planes show", arguments: [0, 90, 180, 270])
  func window(degrees: Int) throws {
    let plain = try Clip.all[0].make(in: folder, frames: 8)
    let turned = folder.path("window.mp4")
    try ffmpeg([
      "-i", plain.string, "-c", "copy", "-metadata:s:v:0", "rotate=\((360 - degrees) % 360)",
      turned,
    ])
    let path = FilePath(turned)
    let size = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane)).info.displaySize
    let (left, top) = (size.width / 4, size.height / 5)
    let part = FrameSize(width: size.width / 2, height: size.height / 3)
    let window = PictureWindow(
      left: Double(left) / Double(size.width),
      top: Double(top) / Double(size.height),
      right: Double(left + part.width) / Double(size.width),
      bottom: Double(top + part.height) / Double(size.height)
    )
    let whole = try frames(of: path, planeSize: size)
    let options = DecodeOptions(planeSize: part, window: window)
    let cut = try frames(from: VideoReader(path, options: options))
    try #require(cut.count == whole.count && !cut.isEmpty)
    for (frame, expected) in zip(cut, whole) {
      let rows = (top..<top + part.height).flatMap { y in
        expected.plane.pixels[y * size.width + left..<y * size.width + left + part.width]
      }
      #expect(frame.plane.pixels == rows)
    }
  }

  @Test("rotation metadata turns the picture upright", arguments: [0, 90, 180, 270])
  func rotation(degrees: Int) throws {
    let plain = try render("plain.mp4", lossless, source: quarters)
    let turned = folder.path("turned.mp4")
    // FFmpeg 5.1 takes the counterclockwise turn when it copies.
    try ffmpeg([
      "-i", plain.string, "-c", "copy", "-metadata:s:v:0", "rotate=\((360 - degrees) % 360)",
      turned,
    ])
    let options = DecodeOptions(planeSize: FrameSize(width: 24, height: 20))
    let reader = try VideoReader(FilePath(turned), options: options)
    #expect(reader.info.rotationDegrees == degrees)
    #expect(!reader.info.isMirrored)
    let swapped = degrees % 180 != 0
    let shown = swapped ? FrameSize(width: 32, height: 64) : FrameSize(width: 64, height: 32)
    #expect(reader.info.displaySize == shown)
    // The command line turns pictures upright itself: its result is the truth.
    let truth = folder.path("truth.nut")
    try ffmpeg(["-i", turned, "-c:v", "rawvideo", "-metadata:s:v:0", "rotate=0", truth])
    let expected = try #require(try frames(of: FilePath(truth), planeSize: options.planeSize).first)
    let first = try #require(try frames(from: reader).first)
    #expect(corners(first.plane) == corners(expected.plane))
    let clockwise = [0: [0, 1, 2, 3], 90: [2, 0, 3, 1], 180: [3, 2, 1, 0], 270: [1, 3, 0, 2]]
    #expect(corners(first.plane) == clockwise[degrees])
  }

  @Test("pixels that are not square stretch the displayed size")
  func sampleAspect() throws {
    let path = try render("sar.mkv", ["-vf", "setsar=64/45"] + lossless)
    let info = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane)).info
    #expect(info.sampleAspectRatio == Rational(64, 45))
    #expect(info.codedSize == FrameSize(width: 192, height: 128))
    #expect(info.displaySize == FrameSize(width: 273, height: 128))
  }

  @Test("headers tell bit depth, frame rate, length and interlacing")
  func headers() throws {
    let path = try render(
      "tff.mkv",
      ["-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1"],
      source: "testsrc2=size=192x128:rate=30000/1001",
      frames: 30
    )
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    #expect(reader.info.isInterlaced == true)
    #expect(reader.info.bitDepth == 8)
    #expect(reader.info.frameRate == Rational(30000, 1001))
    #expect(abs((reader.info.duration?.seconds ?? 0) - 1.001) < 0.01)
    let found = try frames(from: reader)
    #expect(found.count == 30)
    #expect(found.filter(\.isInterlaced).count == 30)
  }

  @Test("planes are the exact area averages of the decoded luma")
  func reduction() throws {
    let path = try render("grey.mkv", ["-c:v", "ffv1", "-pix_fmt", "gray"], frames: 1)
    let size = FrameSize(width: 192, height: 128)
    let whole = try #require(try frames(of: path, planeSize: size).first).plane
    let small = FrameSize(width: 32, height: 16)
    let reduced = try #require(try frames(of: path, planeSize: small).first).plane
    for y in 0..<16 {
      for x in 0..<32 {
        var sum = 0
        for dy in 0..<8 {
          for dx in 0..<6 { sum += Int(whole.pixels[(8 * y + dy) * 192 + 6 * x + dx]) }
        }
        // Range expansion comes after averaging here and before it there.
        #expect(abs(Int(reduced.pixels[y * 32 + x]) - (sum + 24) / 48) <= 1)
      }
    }
  }

  @Test("a film whose picture changes size goes on")
  func sizeChange() throws {
    let a = try render("a.ts", ["-c:v", "mpeg2video", "-bf", "0"], frames: 20)
    let b = try render(
      "b.ts",
      ["-c:v", "mpeg2video", "-bf", "0"],
      source: "testsrc2=size=96x64:rate=25",
      frames: 20
    )
    let joined = folder.path("joined.ts")
    let content =
      try Data(contentsOf: URL(fileURLWithPath: a.string))
      + Data(contentsOf: URL(fileURLWithPath: b.string))
    try content.write(to: URL(fileURLWithPath: joined))
    let found = try frames(of: FilePath(joined))
    // The last frame of a part may be lost where the parts meet.
    #expect((39...40).contains(found.count))
    for (one, other) in zip(found, found.dropFirst()) {
      #expect(other.time.seconds > one.time.seconds)
    }
  }

  @Test("of several video streams the container's default is read, else the largest")
  func severalStreams() throws {
    let path = folder.path("two.mkv")
    let sources = [
      "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=1", "-f", "lavfi", "-i",
      "testsrc2=size=128x96:rate=25:duration=1", "-map", "0", "-map", "1", "-shortest",
    ]
    try ffmpeg(sources + lossless + ["-disposition:v:0", "0", "-disposition:v:1", "0", path])
    let options = DecodeOptions(planeSize: smallPlane)
    #expect(try VideoReader(FilePath(path), options: options).info.streamIndex == 1)
    try ffmpeg(sources + lossless + ["-disposition:v:0", "default", "-disposition:v:1", "0", path])
    let reader = try VideoReader(FilePath(path), options: options)
    #expect(reader.info.codedSize == FrameSize(width: 64, height: 48))
    #expect(try frames(from: reader).count == 25)
  }
}
