import Fingerprinting
import FrameKernels
import VideoCore

/// The motion vectors of a stretch of film, 64 numbers for each of four moments a second.
struct MotionTrack {
  var values: [Float] = []

  static let components = Motion1.components

  var count: Int { values.count / Self.components }

  init() {}

  /// Takes the differences that hashes are made from, under one picture window.
  init(_ pictures: Pictures, window: PictureWindow, mirrored: Bool, describer: inout FrameDescriber)
  {
    guard let end = pictures.frames.last?.seconds else { return }
    let described = pictures.frames.map { frame in
      let both = describer.describe(frame.plane, window: window)
      return mirrored ? both.mirrored : both.upright
    }
    // Descriptors on the grid of a quarter of a second; a motion joins two of them a second apart.
    var grid: [[Float]] = []
    var next = 0
    for sample in 0...Int(end * Motion1.samplesPerSecond) {
      let time = Double(sample) / Motion1.samplesPerSecond
      while next + 1 < described.count, pictures.frames[next + 1].seconds <= time { next += 1 }
      let (low, high) = (next, min(next + 1, described.count - 1))
      let span = pictures.frames[high].seconds - pictures.frames[low].seconds
      let weight =
        span > 0 ? Float(max(0, min(1, (time - pictures.frames[low].seconds) / span))) : 0
      grid.append(zip(described[low], described[high]).map { $0 * (1 - weight) + $1 * weight })
    }
    let reach = Int(Motion1.halfSpanSeconds * Motion1.samplesPerSecond)
    guard grid.count > 2 * reach else { return }
    for sample in reach..<grid.count - reach {
      values += zip(grid[sample + reach], grid[sample - reach]).map { $0 - $1 }
    }
  }

  /// The same stretch played backwards.
  var reversed: MotionTrack {
    var result = MotionTrack()
    for sample in (0..<count).reversed() {
      result.values += values[sample * 64..<sample * 64 + 64].map { -$0 }
    }
    return result
  }

  /// What a library keeps of a film that moves so, by the quantiser that all films go through.
  var fingerprint: Fingerprint {
    var scaled = values
    var moves: [Bool] = []
    for start in stride(from: 0, to: values.count, by: Self.components) {
      var energy: Float = 0
      for c in start..<start + Self.components { energy += values[c] * values[c] }
      let length = energy.squareRoot()
      let scale = 1 / max(length, Motion1.motionFloor)
      for c in start..<start + Self.components { scaled[c] *= scale }
      moves.append(length >= ReferenceFingerprinter.leastMotion * Motion1.motionFloor)
    }
    var words = [UInt64](repeating: 0, count: 4 * count)
    let thresholds = Motion1.thresholds
    Thermometer.quantise(scaled.span, thresholds: thresholds.span, into: &words)
    let corrections = moves.enumerated().map { sample, moves in
      let own = SIMD4(
        words[4 * sample],
        words[4 * sample + 1],
        words[4 * sample + 2],
        words[4 * sample + 3]
      )
      return moves ? Background.correction(of: FrameHash(words: own)) : Fingerprint.still
    }
    return Fingerprint(algorithm: .motion1, words: words, corrections: corrections)
  }
}
