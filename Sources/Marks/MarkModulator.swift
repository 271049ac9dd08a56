public import VideoCore

/// Puts signals into pictures.
public struct MarkModulator: Sendable {
  /// Strength δ: the greatest change of a mode is half of it.
  public let strength: Double
  private var columns: [[Float]] = []
  private var rows: [[Float]] = []
  private var size = FrameSize(width: 0, height: 0)

  /// A modulator of strength δ, such as 0.005.
  public init(strength: Double) { self.strength = strength }

  /// The picture with the four signals in it, at `bitDepth` bits.
  ///
  /// At 8 bits rounding is dithered by the sum of two uniform numbers (TPDF), which depend on `frame`
  /// and not on the key; with more bits the steps are a quarter of a level and are rounded.
  public mutating func modulated(
    _ picture: LumaSamples,
    signals: SIMD4<Double>,
    frame: Int,
    bitDepth: Int
  ) -> LumaSamples {
    prepare(for: picture.size)
    let gain = SIMD4<Float>(signals * (strength / 2))
    let (rows, columns) = (rows, columns)
    return rendered(picture, frame: frame, bitDepth: bitDepth) { y, factors in
      let (one, two) = (rows[0][y], rows[1][y])
      let left = gain.x * one + gain.z * two
      let right = gain.y * one + gain.w * two
      for x in factors.indices { factors[x] = 1 + left * columns[0][x] + right * columns[1][x] }
    }
  }

  /// The picture with a variant's cells in it, at `bitDepth` bits.
  public mutating func modulated(
    _ picture: LumaSamples,
    cells: [Float],
    frame: Int,
    bitDepth: Int
  ) -> LumaSamples {
    let places = VariantPattern.places(count: picture.size.width, cells: VariantPattern.columns)
    let heights = VariantPattern.places(count: picture.size.height, cells: VariantPattern.rows)
    let half = Float(strength / 2)
    return rendered(picture, frame: frame, bitDepth: bitDepth) { y, factors in
      let line = VariantPattern.line(cells, heights[y])
      for x in factors.indices {
        let (cell, share) = places[x]
        factors[x] = 1 + half * (line[cell] + (line[cell + 1] - line[cell]) * share)
      }
    }
  }

  /// Multiplies each row's levels above black by the factors that `gains` writes.
  private func rendered(
    _ picture: LumaSamples,
    frame: Int,
    bitDepth: Int,
    gains: (_ row: Int, _ factors: inout [Float]) -> Void
  ) -> LumaSamples {
    var result = picture
    result.bitDepth = bitDepth
    let greatest = Float((1 << bitDepth) - 1)
    // Levels of full range grow by the ratio of the greatest numbers, those of limited range doubly.
    let scale =
      picture.isFullRange
      ? greatest / Float((1 << picture.bitDepth) - 1)
      : exp2(bitDepth - picture.bitDepth)
    let (black, sourceBlack) = (result.black, picture.black)
    let (width, height) = (picture.size.width, picture.size.height)
    let isDithered = bitDepth == 8
    var factors = [Float](repeating: 1, count: width)
    for y in 0..<height {
      gains(y, &factors)
      var noise = Dither(frame: frame, row: y)
      let start = y * width
      for x in 0..<width {
        let level = (Float(picture.samples[start &+ x]) - sourceBlack) * scale
        var value = black + level * factors[x]
        if isDithered, level != 0 { value += noise.next() }
        result.samples[start &+ x] = UInt16(max(0, min(greatest, value + 0.5)))
      }
    }
    return result
  }

  private mutating func prepare(for size: FrameSize) {
    guard size != self.size else { return }
    self.size = size
    func waves(_ count: Int, _ number: Int) -> [Float] {
      (0..<count).map {
        Float(_cosine(.pi * Double(number) * (Double($0) + 0.5) / Double(count)))
      }
    }
    // The modes are products of one or two half waves along each side.
    columns = [waves(size.width, 1), waves(size.width, 2)]
    rows = [waves(size.height, 1), waves(size.height, 2)]
  }

  private func exp2(_ exponent: Int) -> Float {
    exponent >= 0 ? Float(1 << exponent) : 1 / Float(1 << -exponent)
  }
}

/// Triangular noise of ±1 level: the same for the same frame and row.
struct Dither {
  private var state: UInt64

  init(frame: Int, row: Int) {
    state = UInt64(truncatingIfNeeded: frame &* 0x1_0003 &+ row) &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<2 { _ = next() }
  }

  /// The sum of two uniform numbers of ±0.5.
  mutating func next() -> Float {
    // xorshift64*, Vigna: "An experimental exploration of Marsaglia's xorshift generators", 2016.
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    let word = state &* 0x2545_F491_4F6C_DD1D
    let one = Float(word >> 40) * 0x1p-24
    let two = Float(word >> 16 & 0xFF_FFFF) * 0x1p-24
    return one + two - 1
  }
}
