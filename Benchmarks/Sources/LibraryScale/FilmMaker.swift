import Fingerprinting
import VideoCore

/// Makes the hashes of films that nobody ever shot, but which move like real ones.
///
/// A film is a row of pieces of real films, turned over or played backwards, mirrored or not, seen
/// whole or in part, and each turned in the space of motion vectors: coordinates along neighbouring
/// principal axes are rotated into each other by random angles, the same all along the piece. That
/// keeps what motion does over time, how strong it is and along which axes it lies, but not what
/// moves where. The pieces end up as different from the films they came from as from others.
struct FilmMaker {
  private let axes: PrincipalAxes
  private let pieces: [MotionTrack]

  /// Parts of the picture that pieces are taken from.
  private static let windows: [PictureWindow] = [
    .whole, PictureWindow(left: 0, top: 0, right: 0.7, bottom: 0.7),
    PictureWindow(left: 0.3, top: 0.3, right: 1, bottom: 1),
    PictureWindow(left: 0.3, top: 0, right: 1, bottom: 0.7),
    PictureWindow(left: 0, top: 0.3, right: 0.7, bottom: 1),
  ]
  /// Shorter films are no source of pieces, and pieces have 10 to 40 s.
  private static let leastSource = 60
  private static let lengths = 40...160

  /// Learns from real films.
  init(_ films: [Pictures]) {
    var describer = FrameDescriber()
    var sources: [MotionTrack] = []
    for film in films {
      let turned = film.turnedOver
      for window in Self.windows {
        for mirrored in [false, true] {
          let upright = MotionTrack(
            film,
            window: window,
            mirrored: mirrored,
            describer: &describer
          )
          let over = MotionTrack(
            turned,
            window: window,
            mirrored: mirrored,
            describer: &describer
          )
          guard upright.count >= Self.leastSource else { continue }
          sources += [upright.reversed, over, over.reversed]
        }
      }
    }
    axes = PrincipalAxes(sources)
    pieces = sources.map(axes.coordinates)
  }

  /// The fingerprint of film `number`, of so many samples; equal numbers give equal films.
  func film(_ number: Int, samples: Int) -> Fingerprint {
    var random = SplitMix(seed: UInt64(number))
    let n = MotionTrack.components
    // Long films give more pieces.
    let total = pieces.reduce(0) { $0 + $1.count }
    var coordinates: [Float] = []
    coordinates.reserveCapacity((samples + Self.lengths.upperBound) * n)
    while coordinates.count < samples * n {
      var place = Int.random(in: 0..<total, using: &random)
      var piece = 0
      while place >= pieces[piece].count {
        place -= pieces[piece].count
        piece += 1
      }
      let length = min(pieces[piece].count, Int.random(in: Self.lengths, using: &random))
      let first = min(place, pieces[piece].count - length)
      let angles = (0..<n / 2).map { _ in Float.random(in: 0..<2 * .pi, using: &random) }
      let turns = angles.map { (cosine($0), cosine($0 - .pi / 2)) }
      for start in stride(from: first * n, to: (first + length) * n, by: n) {
        for pair in 0..<n / 2 {
          let (a, b) = (
            pieces[piece].values[start + 2 * pair], pieces[piece].values[start + 2 * pair + 1]
          )
          let (c, s) = turns[pair]
          coordinates.append(c * a - s * b)
          coordinates.append(s * a + c * b)
        }
      }
    }
    coordinates.removeLast(coordinates.count - samples * n)
    return axes.track(coordinates).fingerprint
  }
}

/// Random numbers that are the same everywhere (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// Seeds are scattered first: with neighbouring states, one stream would be the other a few steps
  /// later, and films of neighbouring numbers would be made of the same pieces.
  init(seed: UInt64) { state = Self.mixed(seed &+ 0x1234_5678_9ABC_DEF1) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
