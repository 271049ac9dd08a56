import Glibc

/// The power spectrum of windows of sound: a real transform by way of a complex one of half its
/// length.
///
/// - Source: Press et al.: "Numerical Recipes", 12.3 (real transform); radix 2, decimation in time.
package struct PowerSpectrum {
  /// Length of the window, a power of two.
  private static let length = SoundLandmarks.windowSamples
  private static let half = length / 2

  private let window: [Float]
  /// cos and -sin of 2πk / length.
  private let cosines: [Float]
  private let sines: [Float]
  private let reversed: [Int]
  private var real = [Float](repeating: 0, count: half)
  private var imaginary = [Float](repeating: 0, count: half)

  package init() {
    let turn = 2 * Double.pi / Double(Self.length)
    window = (0..<Self.length).map { Float(0.5 - 0.5 * cos(turn * Double($0))) }
    cosines = (0..<Self.half).map { Float(cos(turn * Double($0))) }
    sines = (0..<Self.half).map { Float(-sin(turn * Double($0))) }
    let bits = Self.half.trailingZeroBitCount
    reversed = (0..<Self.half).map { index in
      (0..<bits).reduce(0) { $0 | (index >> $1 & 1) << (bits - 1 - $1) }
    }
  }

  /// Gives the power at frequencies 0 ..< half of the window that starts at `start`.
  ///
  /// - Complexity: O(n log n); 5 µs on one core of a server.
  package mutating func measure(_ samples: [Float], from start: Int, into power: inout [Float]) {
    for index in 0..<Self.half {
      let place = reversed[index]
      real[index] = samples[start + 2 * place] * window[2 * place]
      imaginary[index] = samples[start + 2 * place + 1] * window[2 * place + 1]
    }
    transform()
    power[0] = (real[0] + imaginary[0]) * (real[0] + imaginary[0])
    for index in 1..<Self.half {
      let mirror = Self.half - index
      let evenReal = (real[index] + real[mirror]) / 2
      let evenImaginary = (imaginary[index] - imaginary[mirror]) / 2
      let oddReal = (imaginary[index] + imaginary[mirror]) / 2
      let oddImaginary = (real[mirror] - real[index]) / 2
      let (c, s) = (cosines[index], sines[index])
      let re = evenReal + c * oddReal - s * oddImaginary
      let im = evenImaginary + c * oddImaginary + s * oddReal
      power[index] = re * re + im * im
    }
  }

  private mutating func transform() {
    var size = 1
    while size < Self.half {
      // The table has the angles of the full length; those of this stage are every `stride`-th.
      let stride = Self.half / size
      for first in Swift.stride(from: 0, to: Self.half, by: 2 * size) {
        for k in 0..<size {
          let (c, s) = (cosines[k * stride], sines[k * stride])
          let (low, high) = (first + k, first + k + size)
          let re = real[high] * c - imaginary[high] * s
          let im = real[high] * s + imaginary[high] * c
          real[high] = real[low] - re
          imaginary[high] = imaginary[low] - im
          real[low] += re
          imaginary[low] += im
        }
      }
      size *= 2
    }
  }
}
