import Fingerprinting
import MediaIO
import Matching
import SystemPackage
import VideoCore

/// A film in memory at eight frames a second: enough to search and verify, 0.4 GB an hour.
final class Film: FrameSource, @unchecked Sendable {
  let name: String
  let durationSeconds: Double
  private let frames: [TimedPlane]

  static let planeSize = FrameSize(width: 160, height: 90)
  private static let spacing = 0.12

  /// Decodes a file.
  init(_ path: FilePath) throws {
    name = path.stem ?? ""
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: Self.planeSize))
    var frames: [TimedPlane] = []
    try reader.read { frame in
      let seconds = frame.time.seconds
      if frames.last.map({ seconds - $0.seconds >= Self.spacing }) ?? true {
        frames.append(TimedPlane(seconds: seconds, plane: frame.plane))
      }
      return .continue
    }
    self.frames = frames
    durationSeconds = frames.last?.seconds ?? 0
  }

  /// The same film backwards: pictures as real as before, in an order that no leak shows.
  init(reversing film: Film) {
    name = film.name
    durationSeconds = film.durationSeconds
    frames = film.frames.reversed().map {
      TimedPlane(seconds: film.durationSeconds - $0.seconds, plane: $0.plane)
    }
  }

  /// The same film with a stretch taken out; what follows moves up, so that no gap tells of it.
  init(_ film: Film, without stretch: ClosedRange<Double>) {
    name = film.name
    let removed = max(0, stretch.upperBound - max(0, stretch.lowerBound))
    frames = film.frames.compactMap { frame in
      if stretch.contains(frame.seconds) { return nil }
      let moved = frame.seconds > stretch.upperBound ? removed : 0
      return TimedPlane(seconds: frame.seconds - moved, plane: frame.plane)
    }
    durationSeconds = frames.last?.seconds ?? 0
  }

  func frames(from start: Double, to end: Double) -> [TimedPlane] {
    frames.filter { $0.seconds >= start && $0.seconds < end }
  }

  /// What a library keeps of it.
  func fingerprint() -> Fingerprint {
    var area = PictureArea()
    for frame in frames.indices where frame % max(1, frames.count / 40) == 0 {
      area.add(frames[frame].plane)
    }
    var maker = ReferenceFingerprinter(window: area.window())
    for frame in frames { maker.append(frame.plane, at: frame.seconds) }
    return maker.finish()
  }

  /// The hashes of a part of it as of a leak.
  func tracks(from start: Double, to end: Double) -> QueryTracks {
    var tracks = QueryTracks()
    for frame in frames(from: start, to: end) { tracks.append(frame.plane, at: frame.seconds) }
    return tracks
  }
}

/// One film as a library.
final class Single: ReferenceCollection {
  private let film: Film
  private let fingerprint: Fingerprint

  init(_ film: Film) {
    self.film = film
    fingerprint = film.fingerprint()
  }

  var name: String { film.name }

  var count: Int { 1 }

  func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R {
    let (words, corrections) = (fingerprint.words, fingerprint.corrections)
    return try body(words.span, corrections.span)
  }

  func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws -> R {
    let keys = fingerprint.indexKeys
    return try body(keys.span)
  }

  func work(of index: Int) -> Int { index }

  func pictureWindow(of index: Int) -> PictureWindow { .whole }

  func frames(of index: Int) throws -> any FrameSource { film }
}
