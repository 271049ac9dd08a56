// What decoding costs by LeakTrace's own reader, and the steps of `reference add` one upon the other.
//
//   DecodeCost STEP FILM
//
// STEP is one of the ways in which films are decoded:
//
//   all          every frame, reduced to 320x180
//   reference    only frames that others refer to
//   forward      only frames that are predicted from earlier ones, or from none
//   keyframes    only frames that can be decoded alone
//   unfiltered   every frame, without the codec's loop filter
//
// or what `reference add` does, so far:
//
//   identity     the SHA-256 of the file
//   looks        up to forty key frames, for black bars
//   fingerprint  both of these, every frame decoded, reduced and fingerprinted: all but proxy and sound
//   proxy        the same, and the proxy, written to a file that is deleted
//   sound        the sound alone
//   pairs        every frame, in groups of a few seconds, each with all frames reduced and fingerprinted and
//                with none, in turns: what hashing adds, told apart from how the machine's speed wavers
//
// One step to a process: prints a line of JSON with its frames and its processor time, user and system,
// and what of that the fingerprinter and the proxy took. `Benchmarks/decode-modes` compares them.

import AudioFingerprinting
import Fingerprinting
import Foundation
import MediaIO
import Pipeline
import SystemPackage
import VideoCore

let size = FrameSize(width: 320, height: 180)

/// Processor time of this process in seconds.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// What a step printed.
struct Report: Codable {
  var step: String
  var frames = 0
  var processorSeconds = 0.0
  /// Of the processor time: fingerprinter, and writer of the proxy.
  var fingerprintSeconds = 0.0
  var proxySeconds = 0.0
  /// Processor time of each group of pictures, hashed and not.
  var pairs: [Pair] = []

  struct Pair: Codable {
    var hashedSeconds: Double
    var decodedSeconds: Double
  }
}

func options(_ mode: DecodeMode, skipLoopFilter: Bool = false) -> DecodeOptions {
  DecodeOptions(planeSize: size, mode: mode, skipLoopFilter: skipLoopFilter)
}

func decode(_ film: FilePath, _ options: DecodeOptions) throws -> Int {
  try VideoReader(film, options: options).read { _ in .continue }.deliveredFrames
}

/// The picture without its black bars, as `reference add` finds it.
func pictureWindow(of film: FilePath, frames: inout Int) throws -> PictureWindow {
  let reader = try VideoReader(film, options: options(.keyframes))
  var area = PictureArea()
  let duration = reader.info.duration?.seconds ?? 0
  try reader.look(at: (0..<40).map { (Double($0) + 0.5) / 40 * duration }) {
    area.add($0)
    frames += 1
    return area.fillsFrame() ? .stop : .continue
  }
  return area.window()
}

func add(_ film: FilePath, proxy: FilePath?, _ report: inout Report) throws {
  _ = try FileIdentity(of: film, flag: CancellationFlag())
  var looks = 0
  let window = try pictureWindow(of: film, frames: &looks)
  let reader = try VideoReader(film, options: options(.all))
  var fingerprinter = ReferenceFingerprinter(window: window)
  let writer = try proxy.map {
    try ProxyWriter(
      path: $0,
      size: size,
      timeBase: reader.info.startTime.timeBase,
      frameRate: reader.info.frameRate
    )
  }
  var (fingerprinting, writing) = (0.0, 0.0)
  report.frames = try reader.read { frame in
    let start = processorSeconds()
    fingerprinter.append(frame.plane, at: frame.time.seconds)
    let middle = processorSeconds()
    try writer?.append(frame.plane, at: frame.time)
    fingerprinting += middle - start
    writing += processorSeconds() - middle
    return .continue
  }.deliveredFrames
  try writer?.finish()
  _ = fingerprinter.finish()
  (report.fingerprintSeconds, report.proxySeconds) = (fingerprinting, writing)
}

/// Decodes a film piece by piece, from key frame to key frame, with and without hashing.
func compare(_ film: FilePath, _ report: inout Report) throws {
  let reader = try VideoReader(film, options: options(.all))
  let keyframes = try reader.keyframeTimes()
  func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = processorSeconds()
    try work()
    return processorSeconds() - start
  }
  func hash(_ piece: Range<Double>) throws {
    var fingerprinter = ReferenceFingerprinter()
    report.frames += try reader.read(from: piece.lowerBound, to: piece.upperBound) { frame in
      fingerprinter.append(frame.plane, at: frame.time.seconds)
      return .continue
    }.deliveredFrames
    _ = fingerprinter.finish()
  }
  func decode(_ piece: Range<Double>) throws {
    // None is reduced but the last, where it comes so late.
    try reader.read(from: piece.lowerBound, to: piece.upperBound, at: [piece.upperBound - 0.01]) {
      _ in .continue
    }
  }
  var start = keyframes.first ?? 0
  for (number, end) in keyframes.filter({ $0 > start }).enumerated() where end - start >= 4 {
    let piece = start..<end
    start = end
    var pair = Report.Pair(hashedSeconds: 0, decodedSeconds: 0)
    // Each comes first as often as the other.
    if number % 2 == 0 { pair.hashedSeconds = try seconds { try hash(piece) } }
    pair.decodedSeconds = try seconds { try decode(piece) }
    if number % 2 == 1 { pair.hashedSeconds = try seconds { try hash(piece) } }
    report.pairs.append(pair)
  }
}

func listen(_ film: FilePath) throws -> Int {
  guard
    let reader = try TrustedMedia(film, isCancelled: { false }).sound(
      sampleRate: SoundLandmarks.sampleRate
    )
  else {
    return 0
  }
  var fingerprinter = SoundFingerprinter()
  _ = try reader.read(to: .infinity) { fingerprinter.append($0, at: $1) }
  return fingerprinter.finish().count
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: DecodeCost STEP FILM\n".utf8))
  exit(64)
}
let film = FilePath(arguments[1])
var report = Report(step: arguments[0])
switch arguments[0] {
case "all": report.frames = try decode(film, options(.all))
case "reference": report.frames = try decode(film, options(.referenceFrames))
case "forward": report.frames = try decode(film, options(.forwardFrames))
case "keyframes": report.frames = try decode(film, options(.keyframes))
case "unfiltered": report.frames = try decode(film, options(.all, skipLoopFilter: true))
case "identity": _ = try FileIdentity(of: film, flag: CancellationFlag())
case "looks": _ = try pictureWindow(of: film, frames: &report.frames)
case "fingerprint": try add(film, proxy: nil, &report)
case "proxy":
  let name = "leaktrace-decode-cost-\(getpid()).nut"
  let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
  defer { try? FileManager.default.removeItem(atPath: path) }
  try add(film, proxy: FilePath(path), &report)
case "pairs": try compare(film, &report)
case "sound": report.frames = try listen(film)
default:
  FileHandle.standardError.write(Data("DecodeCost: no step is called \(arguments[0])\n".utf8))
  exit(64)
}
report.processorSeconds = processorSeconds()
let encoder = JSONEncoder()
encoder.keyEncodingStrategy = .convertToSnakeCase
print(String(decoding: try encoder.encode(report), as: UTF8.self))
