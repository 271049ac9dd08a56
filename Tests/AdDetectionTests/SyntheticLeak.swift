import AdDetection
import TestSupport
import VideoCore

/// Pictures in memory.
final class Stack: PictureSource {
  let durationSeconds: Double
  private let all: [TimedPicture]

  init(_ all: [TimedPicture], seconds: Double) {
    self.all = all
    durationSeconds = seconds
  }

  func pictures(from start: Double, to end: Double) -> [TimedPicture] {
    all.filter { start <= $0.seconds && $0.seconds < end }
  }
}

/// A film of drifting shapes with a cut every three seconds, recorded by a camera that shakes, blurs
/// and has noise.
struct SyntheticLeak {
  static let size = FrameSize(width: 320, height: 240)
  var seconds = 20.0
  var seed: UInt64 = 5
  /// Draws over a picture of the leak at a time.
  var draw: (inout LumaPlane, Double) -> Void = { _, _ in }
  /// Replaces the picture; nil where the film is shown.
  var clip: (Double) -> LumaPlane? = { _ in nil }

  /// The film at a time: random boxes, other ones in each shot, all moving.
  private func film(_ time: Double, size: FrameSize, shift: (Double, Double)) -> LumaPlane {
    let shot = UInt64(max(0, time) / 3)
    var random = SeededRandom(seed: seed &* 977 &+ shot)
    var plane = LumaPlane(size: size, fill: UInt8.random(in: 60...120, using: &random))
    for _ in 0..<90 {
      let x = Double.random(in: -0.1...1, using: &random)
      let y = Double.random(in: -0.1...1, using: &random)
      let w = Double.random(in: 0.03...0.16, using: &random)
      let h = Double.random(in: 0.03...0.16, using: &random)
      let grey = UInt8.random(in: 40...190, using: &random)
      let speed = Double.random(in: -0.05...0.05, using: &random)
      let left =
        (x + speed * time.truncatingRemainder(dividingBy: 3)) * Double(size.width) + shift.0
      let top = y * Double(size.height) + shift.1
      let (x0, x1) = (Int(left), Int(left + w * Double(size.width)))
      let (y0, y1) = (Int(top), Int(top + h * Double(size.height)))
      let rows = (y0..<max(y0, y1)).clamped(to: 0..<size.height)
      let columns = (x0..<max(x0, x1)).clamped(to: 0..<size.width)
      for row in rows { for column in columns { plane.pixels[row * size.width + column] = grey } }
    }
    return plane
  }

  private func recorded(_ time: Double, number: Int) -> LumaPlane {
    if let clip = clip(time) { return clip }
    var random = SeededRandom(seed: seed &+ UInt64(number) &* 31)
    let shake = (
      Double.random(in: -1.5...1.5, using: &random), Double.random(in: -1.5...1.5, using: &random)
    )
    let sharp = film(time, size: Self.size, shift: shake)
    var plane = sharp
    let (w, h) = (Self.size.width, Self.size.height)
    for y in 1..<(h - 1) {
      for x in 1..<(w - 1) {
        var sum = 0
        for dy in -1...1 {
          for dx in -1...1 { sum += Int(sharp.pixels[(y + dy) * w + x + dx]) }
        }
        let noise = Int.random(in: -4...4, using: &random)
        plane.pixels[y * w + x] = UInt8(max(0, min(255, sum * 8 / 90 + 15 + noise)))
      }
    }
    draw(&plane, time)
    return plane
  }

  /// Four pictures a second.
  func leak() -> Stack {
    Stack(
      (0..<Int(seconds * 4)).map {
        TimedPicture(seconds: Double($0) / 4, plane: recorded(Double($0) / 4, number: $0))
      },
      seconds: seconds
    )
  }

  /// The film itself, shown from 0 on at the same speed, at twelve pictures a second.
  func aligned(_ stretches: [FilmStretch]? = nil) -> AlignedFilm {
    let size = FrameSize(width: 320, height: 240)
    let pictures = Stack(
      (0..<Int(seconds * 12)).map {
        let time = Double($0) / 12
        return TimedPicture(seconds: time, plane: film(time, size: size, shift: (0, 0)))
      },
      seconds: seconds
    )
    let whole = [FilmStretch(leakStart: 0, leakEnd: seconds, filmStart: 0, rate: 1)]
    let identity: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    return AlignedFilm(
      stretches: stretches ?? whole,
      placements: [FilmPlacement(leakTime: 0, homography: identity)],
      pictures: pictures
    )
  }

  /// Something like a line of letters on a dark ground.
  static func word(_ plane: inout LumaPlane, x: Int, y: Int, width: Int, height: Int, seed: UInt64)
  {
    var random = SeededRandom(seed: seed)
    let w = plane.size.width
    for row in y..<(y + height) {
      for column in x..<(x + width) { plane.pixels[row * w + column] = 20 }
    }
    var column = x + 3
    while column < x + width - 5 {
      let (from, to) = (y + Int.random(in: 2...4, using: &random), y + height - 3)
      for row in from..<to {
        for k in 0..<2 { plane.pixels[row * w + column + k] = 235 }
      }
      if Bool.random(using: &random) {
        for k in 0..<5 { plane.pixels[from * w + column + k] = 235 }
      }
      column += Int.random(in: 5...7, using: &random)
    }
  }
}
