import BrandRecognition
import TestSupport
import Testing
import TextReading
import VideoCore

/// A sign of random bars and discs on a clear ground; equal seeds give equal signs.
private func sign(seed: UInt64, width: Int = 120, height: Int = 40) throws -> Brand.Logo {
  var random = SeededRandom(seed: seed)
  let size = FrameSize(width: width, height: height)
  var (luma, alpha) = (LumaPlane(size: size), LumaPlane(size: size))
  for _ in 0..<12 {
    let (x, y) = (
      Int.random(in: 0..<width, using: &random), Int.random(in: 0..<height, using: &random)
    )
    let (w, h) = (Int.random(in: 4..<22, using: &random), Int.random(in: 4..<22, using: &random))
    let tone = UInt8.random(in: 150...255, using: &random)
    let isDisc = Bool.random(using: &random)
    for py in max(0, y - h / 2)..<min(height, y + h / 2 + 1) {
      for px in max(0, x - w / 2)..<min(width, x + w / 2 + 1) {
        let (dx, dy) = (Double(px - x) / Double(w), Double(py - y) / Double(h))
        if isDisc, dx * dx + dy * dy > 0.25 { continue }
        luma.pixels[py * width + px] = tone
        alpha.pixels[py * width + px] = 255
      }
    }
  }
  return try Brand.Logo(luma: luma, alpha: alpha)
}

/// Smooth ground with noise, and a sign on it: reduced, translucent, light or dark.
private func scene(
  _ logo: Brand.Logo?,
  scale: Double,
  opacity: Double,
  inverted: Bool,
  seed: UInt64
) -> LumaPlane {
  var random = SeededRandom(seed: seed)
  let size = FrameSize(width: 160, height: 64)
  let slope = Double.random(in: -0.1...0.1, using: &random)
  var plane = LumaPlane(size: size)
  for y in 0..<size.height {
    for x in 0..<size.width {
      var value = (inverted ? 190 : 70) + slope * Double(x) + 0.1 * Double(y)
      if let logo {
        let (sx, sy) = (Int((Double(x) - 20.4) / scale), Int((Double(y) - 12.7) / scale))
        let own = logo.luma.size
        if x >= 21, y >= 13, sx < own.width, sy < own.height {
          let share = opacity * Double(logo.alpha.pixels[sy * own.width + sx]) / 255
          let tone = Double(logo.luma.pixels[sy * own.width + sx])
          value += share * ((inverted ? 255 - tone : tone) - value)
        }
      }
      plane.pixels[y * size.width + x] = UInt8(
        clamping: Int(value) + Int.random(in: -2...2, using: &random)
      )
    }
  }
  return plane
}

@Suite("Brands by logo")
struct LogoTests {
  private static func catalogue() throws -> [Brand] {
    try (1...4).map {
      Brand(id: "b\($0)", name: "Brand \($0)", logos: [try sign(seed: UInt64($0))])
    }
  }

  @Test("signs are found at many scales, tones and opacities, and none is taken for another")
  func found() throws {
    let brands = try Self.catalogue()
    let recognizer = LogoRecognizer(brands)
    let looks = [
      (0.6, 1.0, false), (0.75, 0.5, false), (0.9, 1.0, true), (0.67, 0.6, true),
      (1.05, 0.4, false),
    ]
    var right = 0
    for (scale, opacity, inverted) in looks {
      for (index, brand) in brands.enumerated() {
        let picture = scene(
          brand.logos[0],
          scale: scale,
          opacity: opacity,
          inverted: inverted,
          seed: UInt64(100 + index)
        )
        guard let match = recognizer.recognize(picture) else { continue }
        #expect(match.brand == brand.id)
        #expect(abs(Double(match.box.x) - 20.4 / 160) < 0.1)
        right += 1
      }
    }
    // Of twenty; the shortlist misses some that the correlation of every window finds.
    #expect(right >= 14)
  }

  @Test("a sign that is not in the catalogue is not named, nor is an empty place")
  func unknown() throws {
    let recognizer = LogoRecognizer(try Self.catalogue())
    for seed in UInt64(50)..<58 {
      let picture = scene(
        try sign(seed: seed),
        scale: 0.7,
        opacity: 1,
        inverted: false,
        seed: seed
      )
      #expect(recognizer.recognize(picture) == nil)
    }
    let empty = scene(nil, scale: 1, opacity: 1, inverted: false, seed: 9)
    #expect(recognizer.recognize(empty) == nil)
    let flat = LumaPlane(size: FrameSize(width: 200, height: 60), fill: 90)
    #expect(recognizer.matches(in: flat).isEmpty)
  }

  @Test("discs are no likeness: what stands inside the rim tells signs apart")
  func rims() throws {
    func disc(seed: UInt64) throws -> Brand.Logo {
      var logo = try sign(seed: seed, width: 64, height: 64)
      for y in 0..<64 {
        for x in 0..<64 {
          let (dx, dy) = (Double(x) - 31.5, Double(y) - 31.5)
          let radius = (dx * dx + dy * dy).squareRoot()
          let place = y * 64 + x
          if radius > 31 {
            (logo.luma.pixels[place], logo.alpha.pixels[place]) = (0, 0)
          } else if radius > 27 {
            (logo.luma.pixels[place], logo.alpha.pixels[place]) = (240, 255)
          } else if logo.alpha.pixels[place] == 0 {
            (logo.luma.pixels[place], logo.alpha.pixels[place]) = (30, 255)
          }
        }
      }
      return logo
    }
    let known = try disc(seed: 3)
    let recognizer = LogoRecognizer([Brand(id: "disc", name: "Disc", logos: [known])])
    func find(_ logo: Brand.Logo) -> LogoRecognizer.Match? {
      recognizer.recognize(scene(logo, scale: 0.6, opacity: 1, inverted: false, seed: 7))
    }
    #expect(find(known)?.brand == "disc")
    for seed in UInt64(20)..<26 { #expect(find(try disc(seed: seed)) == nil) }
  }

  @Test("a few pixels name nobody, however much they resemble a sign")
  func tiny() throws {
    let known = try sign(seed: 3, width: 64, height: 64)
    let recognizer = LogoRecognizer([Brand(id: "sign", name: "Sign", logos: [known])])
    func find(_ scale: Double) -> LogoRecognizer.Match? {
      recognizer.recognize(scene(known, scale: scale, opacity: 1, inverted: false, seed: 7))
    }
    #expect(find(0.6)?.brand == "sign")
    for scale in stride(from: 0.125, through: 0.17, by: 0.005) { #expect(find(scale) == nil) }
  }

  @Test("the shortlist finds what correlating every window finds")
  func shortlist() throws {
    let brands = Array(try Self.catalogue().prefix(2))
    let recognizer = LogoRecognizer(brands)
    let picture = scene(brands[1].logos[0], scale: 0.7, opacity: 0.7, inverted: false, seed: 4)
    let short = recognizer.matches(in: picture)
    let all = recognizer.matches(in: picture, isExhaustive: true)
    #expect(short.first?.brand == all.first?.brand)
    #expect((short.first?.correlation ?? 0) > (all.first?.correlation ?? 1) - 0.05)
  }

  @Test("a wholly clear logo and planes of two sizes are refused")
  func refused() {
    let size = FrameSize(width: 8, height: 8)
    let plane = LumaPlane(size: size, fill: 200)
    #expect(throws: BrandError.self) {
      _ = try Brand.Logo(luma: plane, alpha: LumaPlane(size: size))
    }
    #expect(throws: BrandError.self) {
      _ = try Brand.Logo(
        luma: plane,
        alpha: LumaPlane(size: FrameSize(width: 8, height: 9), fill: 255)
      )
    }
  }
}
