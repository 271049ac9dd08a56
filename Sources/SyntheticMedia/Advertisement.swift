import VideoCore

/// An invented advertiser; none of them exists, and all domains end in `.example`.
package struct AdBrand: Sendable {
  var name: String
  var identifier: String
  var slogan: String
  var domain: String
  var promoCode: String
  var ground: Paint
  var ink: Paint

  package var texts: [String] { [name, slogan, domain, promoCode] }

  package static let all: [AdBrand] = [
    AdBrand(
      name: "GOLDEN OTTER",
      identifier: "golden-otter",
      slogan: "СТО ФРИСПИНОВ ЗА РЕГИСТРАЦИЮ",
      domain: "GOLDEN-OTTER.EXAMPLE",
      promoCode: "OTTER100",
      ground: Paint(60, hue: 0.85, saturation: 40),
      ink: Paint(205, hue: 0.42, saturation: 55)
    ),
    AdBrand(
      name: "ЖАР-ШАР 55",
      identifier: "zhar-shar",
      slogan: "БОНУС 200% НА ПЕРВЫЙ ДЕПОЗИТ",
      domain: "ZHAR-SHAR.EXAMPLE",
      promoCode: "ШАР55",
      ground: Paint(62, hue: 0.24, saturation: 60),
      ink: Paint(225, hue: 0.4, saturation: 30)
    ),
    AdBrand(
      name: "BLUE KEFIR",
      identifier: "blue-kefir",
      slogan: "СТАВКИ НА ВСЕ, ДАЖЕ НА ПОГОДУ",
      domain: "BLUE-KEFIR.EXAMPLE",
      promoCode: "KEFIR7",
      ground: Paint(70, hue: 0.02, saturation: 60),
      ink: Paint(230, cb: 128, cr: 126)
    ),
  ]

  /// Draws a frame of the full-screen clip, `time` seconds after its start.
  func drawClip(into f: inout PictureFrame, time: Double, seed: UInt64) {
    let w = Float(f.size.width)
    let h = Float(f.size.height)
    f.box(0, 0, w, h, ground, fall: 0.5)
    // Turning rays, falling coins, bouncing words.
    for n in 0..<9 {
      let turn = Double(n) / 9 + time * 0.04
      f.capsule(
        w / 2,
        h * 0.4,
        2,
        w / 2 + w * Float(ExactMath.cosTurns(turn)),
        h * 0.4 + w * Float(ExactMath.sinTurns(turn)),
        h * 0.09,
        ground.lit(1.5),
        shade: 0.1,
        alpha: 0.5
      )
    }
    for n in 0..<14 {
      let key = seed &+ UInt64(n * 5)
      let x = w * RandomSource.unit(key)
      let speed = 0.25 + 0.5 * RandomSource.unit(key &+ 1)
      let fall = (RandomSource.unit(key &+ 2) + Float(time) * speed).truncatingRemainder(
        dividingBy: 1.2
      )
      let spin = abs(Float(ExactMath.sinTurns(time * 0.8 + Double(n) * 0.13)))
      let r = h * 0.05
      f.ellipse(x, (fall - 0.1) * h, max(2, r * spin), r, ink.lit(0.9), shade: 0.5)
    }
    let bounce = h * 0.02 * Float(ExactMath.sinTurns(time * 0.9))
    let size = min(h * 0.16, w * 0.86 / PictureFrame.textWidth(name, height: 1))
    f.centredText(name, cx: w / 2 + 3, y: h * 0.27 + bounce + 3, height: size, Paint(20))
    f.centredText(name, cx: w / 2, y: h * 0.27 + bounce, height: size, ink)
    let small = min(h * 0.07, w * 0.9 / PictureFrame.textWidth(slogan, height: 1))
    f.centredText(slogan, cx: w / 2, y: h * 0.54, height: small, Paint(230))
    f.centredText(domain, cx: w / 2, y: h * 0.69, height: h * 0.065, ink)
    f.centredText(promoCode, cx: w / 2, y: h * 0.83, height: h * 0.07, Paint(235))
  }
}

/// Advertising that the releasing group draws over the recording.
struct AdOverlay: Sendable {
  enum Kind: String, Sendable { case cornerLogo = "corner_logo", banner, ticker }

  var kind: Kind
  var brand: AdBrand
  /// Leak frames, half-open.
  var frames: Range<Int>
  /// 0 upper left, 1 upper right, 2 lower left, 3 lower right.
  var corner: Int
  var opacity: Double

  /// The box in pixels of the leak at a frame, cut to the picture: left, top, right, bottom.
  func box(at frame: Int, size: FrameSize, frameRate: Double) -> (Float, Float, Float, Float) {
    let w = Float(size.width)
    let h = Float(size.height)
    let (x, y, bw, bh) = place(at: frame, size: size, frameRate: frameRate)
    return (max(0, x), max(0, y), min(w, x + bw), min(h, y + bh))
  }

  private func place(at frame: Int, size: FrameSize, frameRate: Double)
    -> (x: Float, y: Float, w: Float, h: Float)
  {
    let w = Float(size.width)
    let h = Float(size.height)
    let time = Double(frame - frames.lowerBound) / frameRate
    switch kind {
    case .cornerLogo:
      let bh = h * 0.085
      let bw = PictureFrame.textWidth(brand.name, height: bh * 0.55) + bh * 0.7
      return (
        corner & 1 == 0 ? w * 0.03 : w * 0.97 - bw, corner < 2 ? h * 0.04 : h * 0.96 - bh, bw, bh
      )
    case .banner:
      let bw = w * 0.72
      let bh = h * 0.14
      let left = Double(frames.upperBound - frame) / frameRate
      let shown = Float(ExactMath.smoothstep(0, 0.7, min(time, left)))
      return (w * 0.14 + (w * 0.9) * (1 - shown), h * 0.82, bw, bh)
    case .ticker:
      let bh = h * 0.06
      let bw = PictureFrame.textWidth(line, height: bh * 0.62)
      return (w - Float(time) * w * 0.16, h * 0.93, bw, bh)
    }
  }

  private var line: String { brand.name + " - " + brand.slogan + " - " + brand.domain }

  func draw(into f: inout PictureFrame, frame: Int, frameRate: Double) {
    guard frames.contains(frame) else { return }
    let (x, y, w, h) = place(at: frame, size: f.size, frameRate: frameRate)
    let alpha = Float(opacity)
    switch kind {
    case .cornerLogo:
      f.box(x, y, x + w, y + h, brand.ground, fall: 0.3, alpha: alpha * 0.8)
      f.text(
        brand.name,
        x: x + h * 0.35,
        y: y + h * 0.22,
        height: h * 0.55,
        brand.ink,
        alpha: alpha
      )
    case .banner:
      f.box(x, y, x + w, y + h, brand.ground, fall: 0.5, alpha: alpha)
      f.box(x, y, x + w, y + h * 0.04, brand.ink, alpha: alpha)
      let size = h * 0.32
      f.text(brand.name, x: x + h * 0.3, y: y + h * 0.16, height: size, brand.ink, alpha: alpha)
      f.text(
        brand.domain,
        x: x + h * 0.3,
        y: y + h * 0.62,
        height: h * 0.22,
        Paint(220),
        alpha: alpha
      )
      let code = PictureFrame.textWidth(brand.promoCode, height: h * 0.26)
      f.text(
        brand.promoCode,
        x: x + w - code - h * 0.3,
        y: y + h * 0.38,
        height: h * 0.26,
        Paint(235),
        alpha: alpha
      )
    case .ticker:
      f.box(max(0, x), y, min(Float(f.size.width), x + w), y + h, Paint(24), alpha: 0.5 * alpha)
      f.text(line, x: x, y: y + h * 0.18, height: h * 0.62, Paint(230), alpha: alpha)
    }
  }
}
