import Fingerprinting
import Matching
import VideoCore

/// A film of some two hours made of real pictures, and a leak of it.
///
/// The pictures of short films follow each other four times, each time another part of them, every
/// other time mirrored. The leak sees them through a camera that is aimed a little aside, darkens and
/// makes noise. None of it looks like what made films are made from: those pieces are turned over,
/// played backwards, or both, and turned in the space of motion vectors.
struct LongFilm {
  static let title = "Hidden long film"

  private let films: [Pictures]
  private static let corners = [(0.0, 0.0), (0.3, 0.3), (0.3, 0.0), (0.0, 0.3)]
  private static let side = 0.7

  init(_ films: [Pictures]) { self.films = films }

  /// Calls `body` with each picture of the seconds that `wanted` picks, through a camera that is aimed
  /// aside by so much of the picture.
  private func forEach(
    aside: Double,
    _ wanted: (Double) -> Bool = { _ in true },
    _ body: (LumaPlane, Double) -> Void
  ) {
    var time = 0.0
    for (round, corner) in Self.corners.enumerated() {
      for film in films {
        for frame in film.frames where wanted(time + frame.seconds) {
          let part = Self.part(
            frame.plane,
            x: corner.0 + aside * Self.side,
            y: corner.1 + aside * Self.side,
            side: Self.side * (1 + aside),
            mirrored: round % 2 == 1
          )
          body(part, time + frame.seconds)
        }
        time += film.durationSeconds + 0.125
      }
    }
  }

  /// Its fingerprint, as a library keeps it.
  func fingerprint() -> Fingerprint {
    var maker = ReferenceFingerprinter()
    forEach(aside: 0) { maker.append($0, at: $1) }
    return maker.finish()
  }

  /// The leak's hashes of the seconds that `wanted` picks.
  func leak(_ wanted: (Double) -> Bool) -> QueryTracks {
    var tracks = QueryTracks()
    var random = SplitMix(seed: 77)
    forEach(aside: 0.03, wanted) { plane, seconds in
      var copy = plane
      for index in copy.pixels.indices {
        let noise = Int(random.next() % 33) - 16
        copy.pixels[index] = UInt8(max(0, min(255, 20 + Int(copy.pixels[index]) * 6 / 10 + noise)))
      }
      tracks.append(copy, at: seconds)
    }
    return tracks
  }

  var durationSeconds: Double {
    4 * films.reduce(0) { $0 + $1.durationSeconds + 0.125 }
  }

  private static func part(
    _ plane: LumaPlane,
    x: Double,
    y: Double,
    side: Double,
    mirrored: Bool
  ) -> LumaPlane {
    let (width, height) = (plane.size.width, plane.size.height)
    let left = Int(x * Double(width))
    let top = Int(y * Double(height))
    let (w, h) = (Int(side * Double(width)), Int(side * Double(height)))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(w * h)
    for row in top..<top + h {
      for column in 0..<w {
        let at = left + (mirrored ? w - 1 - column : column)
        pixels.append(row < height && at < width ? plane.pixels[row * width + at] : 0)
      }
    }
    return LumaPlane(size: FrameSize(width: w, height: h), pixels: pixels)
  }
}
