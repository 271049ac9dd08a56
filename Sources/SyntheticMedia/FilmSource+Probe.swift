public import Foundation
import VideoCore

extension FilmSource {
  private struct Probe: Decodable {
    struct Stream: Decodable {
      var width: Int
      var height: Int
      var r_frame_rate: String
      var nb_read_packets: String?
    }
    var streams: [Stream]
  }

  /// Reads size, rate and length of a film file with `ffprobe`.
  ///
  /// - Throws: ``SyntheticMediaError`` with ``SyntheticMediaError/Code/decoderFailed`` where the file
  ///   has no video of a sensible size and rate.
  public static func probe(
    _ file: URL,
    title: String,
    identifier: String,
    isInLibrary: Bool,
    activeHeight: Double = 1
  ) throws -> FilmSource {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries",
      "stream=width,height,r_frame_rate,nb_read_packets", "-of", "json", file.path,
    ]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard let stream = (try? JSONDecoder().decode(Probe.self, from: data))?.streams.first,
      (16...16384).contains(stream.width), (16...16384).contains(stream.height),
      let count = Int(stream.nb_read_packets ?? ""), count > 0
    else { throw SyntheticMediaError(.decoderFailed, "\(file.path): no video found") }
    let rate = stream.r_frame_rate.split(separator: "/").compactMap { Int32($0) }
    guard rate.count == 2, rate[0] > 0, rate[1] > 0 else {
      throw SyntheticMediaError(.decoderFailed, "\(file.path): no frame rate")
    }
    return FilmSource(
      title: title,
      identifier: identifier,
      path: file.path,
      isInLibrary: isInLibrary,
      size: FrameSize(width: stream.width, height: stream.height),
      frameRate: Rational(rate[0], rate[1]),
      frameCount: count,
      activeHeight: activeHeight
    )
  }
}
