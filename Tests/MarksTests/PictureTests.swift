import Marks
import TestSupport
import Testing
import VideoCore

@Suite("Marked pictures")
struct PictureTests {
  private static let size = FrameSize(width: 160, height: 90)

  private func picture(seed: UInt64, bitDepth: Int = 8) -> LumaSamples {
    var random = SeededRandom(seed: seed)
    let (w, h) = (Self.size.width, Self.size.height)
    let phase = Double.random(in: 0...6, using: &random)
    let samples = (0..<w * h).map { i -> UInt16 in
      let (x, y) = (Double(i % w) / Double(w), Double(i / w) / Double(h))
      let wave = 0.5 + 0.2 * wave(7 * x + phase) + 0.15 * wave(5 * y + 3 * x + phase)
      let noise = Double.random(in: -2...2, using: &random)
      return UInt16(16 + max(0, min(219, 219 * wave + noise))) << UInt16(bitDepth - 8)
    }
    return LumaSamples(size: Self.size, bitDepth: bitDepth, isFullRange: false, samples: samples)
  }

  /// A sine by its series, so that tests need no C library.
  private func wave(_ x: Double) -> Double {
    var angle = x.truncatingRemainder(dividingBy: 2 * .pi)
    if angle > .pi { angle -= 2 * .pi }
    let a = angle * angle
    return angle * (1 - a / 6 * (1 - a / 20 * (1 - a / 42 * (1 - a / 72 * (1 - a / 110)))))
  }

  private func plane(_ picture: LumaSamples) -> LumaPlane {
    let shift = UInt16(picture.bitDepth - 8)
    return LumaPlane(
      size: picture.size,
      pixels: picture.samples.map { UInt8(max(0, min(255, (Int($0 >> shift) - 16) * 255 / 219))) }
    )
  }

  @Test("black stays black, at 8 bits and at 10", arguments: [8, 10])
  func black(_ depth: Int) {
    let dark = LumaSamples(
      size: Self.size,
      bitDepth: 8,
      isFullRange: false,
      samples: Array(repeating: 16, count: Self.size.area)
    )
    var modulator = MarkModulator(strength: 0.01)
    let marked = modulator.modulated(dark, signals: SIMD4(1, 1, 1, 1), frame: 3, bitDepth: depth)
    #expect(marked.samples.allSatisfy { $0 == UInt16(16 << (depth - 8)) })
  }

  @Test("quality is that of the strength: 58 dB at half a per cent and 10 bits, 52 at one")
  func quality() throws {
    for (strength, low, high) in [(0.005, 55.0, 62.0), (0.01, 49.0, 56.0)] {
      var modulator = MarkModulator(strength: strength)
      var quality = PictureQuality()
      for number in 0..<8 {
        let own = picture(seed: UInt64(number))
        let signs = SIMD4<Double>(number % 2 == 0 ? 1 : -1, 1, -1, number % 3 == 0 ? 1 : -1)
        quality.add(
          own,
          modulator.modulated(own, signals: signs, frame: number, bitDepth: 10)
        )
      }
      let psnr = try #require(quality.psnr)
      #expect(psnr > low && psnr < high)
      #expect(try #require(quality.ssim) > 0.99)
    }
  }

  @Test("the regression finds the gains under a shift, a curve of tones and a dark corner")
  func regression() throws {
    let map = try #require(
      CellMap(homography: [0.92, 0.01, 0.03, -0.01, 0.9, 0.05, 0.01, 0.02, 1])
    )
    var regression = ModeRegression()
    var modulator = MarkModulator(strength: 0.02)
    let wanted = SIMD4<Double>(1, -1, 1, 1)
    var sum = SIMD4<Float>.zero
    for number in 0..<6 {
      let own = picture(seed: UInt64(10 + number))
      let marked = modulator.modulated(own, signals: wanted, frame: number, bitDepth: 10)
      let film = map.means(of: plane(own))
      var leak = map.means(of: plane(marked))
      for cell in leak.indices {
        let x = Float(cell % 32) / 32
        leak[cell] = 0.8 * leak[cell] * (1 - 0.1 * x) + 12
      }
      let near = ModeRegression.Film(before: film, now: film, after: film)
      let found = regression.fit(leak, film: near, map: map)
      sum += try #require(found).gains
    }
    let mean = sum / 6
    for mode in 0..<4 {
      #expect(abs(mean[mode] - Float(wanted[mode]) * 0.01) < 0.004)
    }
  }

  @Test("where little is lit, gains are shares that are told, and follow the mark all the same")
  func littleLight() throws {
    let map = try #require(CellMap(homography: [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    var random = SeededRandom(seed: 5)
    var regression = ModeRegression()
    var modulator = MarkModulator(strength: 0.02)
    let (w, h) = (Self.size.width, Self.size.height)
    var (product, square, largest, gains) = (0.0, 0.0, Float(0), [Float]())
    for number in 0..<120 {
      // A disc that crosses black.
      let (x, y) = (40 + number / 2, 50 - number / 8)
      var own = picture(seed: 3)
      let samples = own.samples.indices.map { i -> UInt16 in
        let (dx, dy) = (i % w - x, i / w - y)
        return dx * dx + dy * dy < h * h / 25 ? own.samples[i] : 16
      }
      own = LumaSamples(size: Self.size, bitDepth: 8, isFullRange: false, samples: samples)
      let signs = SIMD4<Double>((0..<4).map { _ in Bool.random(using: &random) ? 1 : -1 })
      let marked = modulator.modulated(own, signals: signs, frame: number, bitDepth: 10)
      let film = map.means(of: plane(own))
      let leak = map.means(of: plane(marked)).map {
        $0 + Float.random(in: -0.5...0.5, using: &random)
      }
      let near = ModeRegression.Film(before: film, now: film, after: film)
      let fit = regression.fit(leak, film: near, map: map)
      let found = try #require(fit)
      #expect(found.resolution.min() >= 0)
      largest = max(largest, found.resolution.max())
      guard number > 0 else { continue }
      for mode in 0..<4 {
        gains.append(found.gains[mode])
        let score = Double(found.gains[mode] * found.resolution[mode])
        product += score * signs[mode]
        square += score * score
      }
    }
    // Least squares alone would give gains of a third and more here.
    #expect(gains.allSatisfy { abs($0) < 0.03 })
    #expect(product / square.squareRoot() > 5)
    let full = map.means(of: plane(picture(seed: 3)))
    var other = ModeRegression()
    let near = ModeRegression.Film(before: full, now: full, after: full)
    let fit = other.fit(full, film: near, map: map)
    let bright = try #require(fit)
    #expect(bright.resolution.min() > largest)
  }

  @Test("variants are told by their difference, and alike masters are not")
  func variants() throws {
    let key = try #require(MarkKey(bytes: Array(0..<32)))
    let map = try #require(CellMap(homography: [0.95, 0, 0.02, 0, 0.95, 0.02, 0, 0, 1]))
    var a = VariantPattern(key: key, asset: "film", variant: .a)
    var b = VariantPattern(key: key, asset: "film", variant: .b)
    var modulator = MarkModulator(strength: 0.01)
    var (reader, alike) = (VariantReader(), VariantReader())
    for number in 0..<400 {
      let seconds = Double(number) / 20
      let own = picture(seed: UInt64(number / 40))
      func grid(_ cells: [Float]) -> [Float] {
        let made = modulator.modulated(own, cells: cells, frame: number, bitDepth: 8)
        return map.means(of: plane(made))
      }
      let (first, second) = (grid(a.cells(at: seconds)), grid(b.cells(at: seconds)))
      let shown = seconds < 10 ? second : first
      let leak = shown.map { 0.9 * $0 + 5 }
      let one = ModeRegression.Film(before: first, now: first, after: first)
      let two = ModeRegression.Film(before: second, now: second, after: second)
      let shot = number / 40
      reader.add(leak, first: one, second: two, map: map, filmSeconds: seconds, shot: shot)
      alike.add(leak, first: one, second: one, map: map, filmSeconds: seconds, shot: shot)
    }
    #expect(reader.readings().map(\.variant) == [.b, .a])
    #expect(alike.readings().allSatisfy { $0.variant == nil && $0.reason == "masters_alike" })
  }
}
