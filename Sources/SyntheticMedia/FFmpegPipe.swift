import Foundation
public import VideoCore

/// What goes wrong while films and leaks are rendered.
public struct SyntheticMediaError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of failure; more may come.
  public struct Code: Sendable, Hashable {
    private enum Name: Sendable, Hashable { case encoder, decoder, file, argument }
    private let name: Name
    /// The encoder could not be started, or failed.
    public static let encoderFailed = Code(name: .encoder)
    /// A film could not be read back.
    public static let decoderFailed = Code(name: .decoder)
    /// A file or folder could not be written.
    public static let fileFailed = Code(name: .file)
    /// What was asked for does not exist or makes no sense.
    public static let badRequest = Code(name: .argument)
  }

  /// The kind of failure.
  public let code: Code
  /// What happened, and to which file.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

/// How a file is encoded, bit-exact.
public struct EncoderSettings: Sendable, Hashable {
  /// Video encoders that the simulator uses.
  public enum Codec: String, Sendable, Hashable, CaseIterable {
    /// H.264 by libx264.
    case h264
    /// HEVC by libx265.
    case hevc
    /// MPEG-4 part 2 by FFmpeg's own encoder.
    case mpeg4
  }

  /// The encoder.
  public var codec: Codec
  /// Target rate in kilobits per second, or nil for constant quality.
  public var bitRate: Int?
  /// Width of a pixel over its height.
  public var pixelAspect: Rational
  /// Seconds between key frames.
  public var keyInterval: Double

  /// Threads of the encoder; the file depends on it, so that the set is made with one.
  public var threads: Int

  /// Creates settings.
  public init(
    codec: Codec = .h264,
    bitRate: Int? = nil,
    pixelAspect: Rational = Rational(1, 1),
    keyInterval: Double = 4,
    threads: Int = 1
  ) {
    self.codec = codec
    self.bitRate = bitRate
    self.pixelAspect = pixelAspect
    self.keyInterval = keyInterval
    self.threads = threads
  }

  func arguments(frameRate: Rational) -> [String] {
    var list = ["-threads", String(threads), "-g", String(Int(keyInterval * frameRate.value))]
    switch codec {
    case .h264: list += ["-c:v", "libx264", "-preset", "veryfast"]
    case .hevc:
      list += [
        "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
        "pools=none:frame-threads=1:log-level=error",
      ]
    // AVI has no presentation times: B-frames would shift the truth by a frame.
    case .mpeg4: list += ["-c:v", "mpeg4", "-bf", "0"]
    }
    if let bitRate {
      list += ["-b:v", "\(bitRate)k", "-maxrate", "\(bitRate * 2)k", "-bufsize", "\(bitRate * 3)k"]
    } else if codec == .mpeg4 {
      list += ["-q:v", "3"]
    } else {
      list += ["-crf", "21"]
    }
    list += [
      "-vf",
      "setsar=\(pixelAspect.description),setparams=range=tv:colorspace=bt709:color_trc=bt709:color_primaries=bt709",
      "-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1",
    ]
    return list
  }
}

/// An `ffmpeg` process that takes raw frames through a pipe and writes one file.
///
/// The file appears under its name only once it is whole; a stopped run leaves a `.part` file.
final class FFmpegEncoder {
  private let process = Process()
  private let input: FileHandle
  private let errors: URL
  private let temporary: URL
  private let target: URL
  private let size: FrameSize

  init(output: URL, size: FrameSize, frameRate: Rational, settings: EncoderSettings)
    throws(SyntheticMediaError)
  {
    target = output
    self.size = size
    let folder = output.deletingLastPathComponent()
    // The extension stays last, because it names the container.
    let name = output.deletingPathExtension().lastPathComponent
    temporary = folder.appendingPathComponent(".\(name).part.\(output.pathExtension)")
    errors = folder.appendingPathComponent(".\(name).log")
    let pipe = Pipe()
    input = pipe.fileHandleForWriting
    // An encoder that dies must end in an error here, not in the death of this process.
    _ = signal(SIGPIPE, SIG_IGN)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data().write(to: errors)
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        [
          "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "rawvideo",
          "-pix_fmt", "yuv420p", "-s", size.description, "-r", frameRate.description,
          "-i", "pipe:0",
        ] + settings.arguments(frameRate: frameRate) + [temporary.path]
      process.standardInput = pipe
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      // Ours must be the only write end, or ffmpeg would never see the end of its input.
      try pipe.fileHandleForReading.close()
    } catch {
      throw SyntheticMediaError(.encoderFailed, "\(output.path): ffmpeg does not start: \(error)")
    }
  }

  func write(_ frame: PictureFrame) throws(SyntheticMediaError) {
    precondition(frame.size == size, "the encoder takes frames of \(size), not \(frame.size)")
    var bytes = Data(capacity: PictureFrame.byteCount(size))
    bytes.append(contentsOf: frame.luma)
    bytes.append(contentsOf: frame.cb)
    bytes.append(contentsOf: frame.cr)
    do { try input.write(contentsOf: bytes) } catch {
      throw SyntheticMediaError(.encoderFailed, "\(target.path): \(log())")
    }
  }

  /// Waits for the encoder and gives the file its name.
  func finish() throws(SyntheticMediaError) {
    do {
      try input.close()
      process.waitUntilExit()
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        throw SyntheticMediaError(.encoderFailed, "\(target.path): \(log())")
      }
      if FileManager.default.fileExists(atPath: target.path) {
        try FileManager.default.removeItem(at: target)
      }
      try FileManager.default.moveItem(at: temporary, to: target)
      try FileManager.default.removeItem(at: errors)
    } catch let error as SyntheticMediaError {
      throw error
    } catch {
      throw SyntheticMediaError(.fileFailed, "\(target.path): \(error)")
    }
  }

  private func log() -> String {
    let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    return text.isEmpty ? "ffmpeg stopped early" : text
  }
}

/// An `ffmpeg` process that decodes a file to raw frames, from its start to its end.
final class FFmpegDecoder {
  private let process = Process()
  private let output: FileHandle
  private let file: String
  let size: FrameSize

  init(file: String, size: FrameSize, start: Double) throws(SyntheticMediaError) {
    self.file = file
    self.size = size
    let pipe = Pipe()
    output = pipe.fileHandleForReading
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1", "-ss",
      String(format: "%.6f", max(0, start)), "-i", file, "-an", "-vf",
      "scale=\(size.width):\(size.height)", "-fps_mode", "passthrough", "-f", "rawvideo",
      "-pix_fmt", "yuv420p", "pipe:1",
    ]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
      try pipe.fileHandleForWriting.close()
    } catch {
      throw SyntheticMediaError(.decoderFailed, "\(file): ffmpeg does not start: \(error)")
    }
  }

  /// The next frame, or nil at the end of the film.
  func next() throws(SyntheticMediaError) -> PictureFrame? {
    let count = PictureFrame.byteCount(size)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    do {
      while bytes.count < count {
        guard let piece = try output.read(upToCount: count - bytes.count), !piece.isEmpty else {
          return nil
        }
        bytes.append(contentsOf: piece)
      }
    } catch {
      throw SyntheticMediaError(.decoderFailed, "\(file): \(error)")
    }
    return PictureFrame(size: size, yuv420p: bytes)
  }

  func stop() {
    try? output.close()
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }
}
