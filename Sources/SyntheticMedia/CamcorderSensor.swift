package import VideoCore

/// Turns a film picture into what the camera records: geometry, blur, light, noise.
package struct CamcorderSensor {
  let parameters: CamcorderParameters
  let geometry: CameraGeometry
  let size: FrameSize
  private let noise: [Int8]
  /// How sensitive each pixel is; empty where all are alike.
  private let sensitivity: [Float]
  private var exposure = 1.0
  private var meter: Double?

  private static let noiseSide = 256
  private static let cell = 8

  package init(parameters: CamcorderParameters, geometry: CameraGeometry, size: FrameSize) {
    self.parameters = parameters
    self.geometry = geometry
    self.size = size
    var random = RandomSource(seed: parameters.takeSeed, stream: 50)
    let side = CamcorderSensor.noiseSide
    noise = (0..<side * side).map { _ in Int8(max(-127, min(127, random.normal() * 32))) }
    var pixels = RandomSource(seed: parameters.sensor, stream: 51)
    let deviation = parameters.sensorPattern
    sensitivity =
      deviation > 0 ? (0..<size.area).map { _ in Float(1 + pixels.normal() * deviation) } : []
  }

  /// Records one frame of a limited-range picture that was on the screen during the exposure.
  ///
  /// `time` is in seconds of the recording, `frame` is the frame's number and steers the noise,
  /// `step` is the time between frames in seconds.
  package mutating func record(_ film: PictureFrame, time: Double, frame: Int, step: Double)
    -> PictureFrame
  {
    var picture = PictureFrame(size: size, luma: 0)
    // The hand moves while the shutter is open: mix two views of a shaky camera.
    let spread = parameters.shake > 0.0025 ? step * parameters.shutter * 0.25 : 0
    warp(film, into: &picture, at: time - spread)
    if spread > 0 {
      var second = PictureFrame(size: size, luma: 0)
      warp(film, into: &second, at: time + spread)
      picture.blend(second, weight: 128)
    }
    drawHeads(&picture, time)
    let sigma = parameters.defocus * Double(size.width) / 640
    CamcorderSensor.blur(&picture.luma, size.width, size.height, sigma)
    CamcorderSensor.blur(&picture.cb, size.width / 2, size.height / 2, sigma * 0.8)
    CamcorderSensor.blur(&picture.cr, size.width / 2, size.height / 2, sigma * 0.8)
    expose(&picture, time: time, frame: frame, step: step)
    return picture
  }

  /// Resamples the film to full-range luma; outside the screen is black.
  private func warp(_ film: PictureFrame, into picture: inout PictureFrame, at time: Double) {
    let release = geometry.release.inverse
    let view = geometry.view(at: time).inverse
    let cell = CamcorderSensor.cell
    let columns = size.width / cell + 2
    let rows = size.height / cell + 2
    var gridX = [Float](repeating: 0, count: columns * rows)
    var gridY = gridX
    let fw = Double(film.size.width)
    let fh = Double(film.size.height)
    for j in 0..<rows {
      for i in 0..<columns {
        let x = (Double(i * cell) + 0.5) / Double(size.width)
        let y = (Double(j * cell) + 0.5) / Double(size.height)
        let camera = release.apply(x, y)
        // What the camera did not see, no straightening brings back.
        guard camera.x > -0.01, camera.x < 1.01, camera.y > -0.01, camera.y < 1.01 else {
          gridX[j * columns + i] = -9 * Float(fw)
          gridY[j * columns + i] = -9 * Float(fh)
          continue
        }
        let ideal = geometry.undistort(camera.x, camera.y)
        let at = view.apply(ideal.x, ideal.y)
        gridX[j * columns + i] = Float(max(-9, min(9, at.x)) * fw - 0.5)
        gridY[j * columns + i] = Float(max(-9, min(9, at.y)) * fh - 0.5)
      }
    }
    let barRows = Int((1 - parameters.letterbox) / 2 * Double(size.height))
    for y in barRows..<size.height - barRows {
      let j = y / cell
      let fy = Float(y % cell) / Float(cell)
      for x in 0..<size.width {
        let i = x / cell
        let fx = Float(x % cell) / Float(cell)
        let k = j &* columns &+ i
        let ax = gridX[k] + (gridX[k &+ 1] - gridX[k]) * fx
        let bx = gridX[k &+ columns] + (gridX[k &+ columns &+ 1] - gridX[k &+ columns]) * fx
        let ay = gridY[k] + (gridY[k &+ 1] - gridY[k]) * fx
        let by = gridY[k &+ columns] + (gridY[k &+ columns &+ 1] - gridY[k &+ columns]) * fx
        let sx = ax + (bx - ax) * fy
        let sy = ay + (by - ay) * fy
        let value = CamcorderSensor.sample(
          film.luma,
          film.size.width,
          film.size.height,
          sx,
          sy,
          outside: 16
        )
        picture.luma[y &* size.width &+ x] = PictureFrame.byte((value - 16) * (255.0 / 219.0) + 0.5)
        if x & 1 == 0, y & 1 == 0 {
          let c = (y >> 1) &* (size.width >> 1) &+ (x >> 1)
          let w = film.size.width / 2
          let h = film.size.height / 2
          let cb = CamcorderSensor.sample(film.cb, w, h, sx / 2, sy / 2, outside: 128)
          let cr = CamcorderSensor.sample(film.cr, w, h, sx / 2, sy / 2, outside: 128)
          picture.cb[c] = PictureFrame.byte(cb + 0.5)
          picture.cr[c] = PictureFrame.byte(cr + 0.5)
        }
      }
    }
  }

  private static func sample(
    _ plane: [UInt8],
    _ w: Int,
    _ h: Int,
    _ x: Float,
    _ y: Float,
    outside: Float
  ) -> Float {
    guard x > -1, y > -1, x < Float(w), y < Float(h) else { return outside }
    let ix = Int(x + 1) - 1
    let iy = Int(y + 1) - 1
    let fx = x - Float(ix)
    let fy = y - Float(iy)
    if ix >= 0, iy >= 0, ix + 1 < w, iy + 1 < h {
      let k = iy &* w &+ ix
      let a = Float(plane[k]) + (Float(plane[k &+ 1]) - Float(plane[k])) * fx
      let m = k &+ w
      let b = Float(plane[m]) + (Float(plane[m &+ 1]) - Float(plane[m])) * fx
      return a + (b - a) * fy
    }
    func at(_ i: Int, _ j: Int) -> Float {
      i >= 0 && j >= 0 && i < w && j < h ? Float(plane[j * w + i]) : outside
    }
    let a = at(ix, iy) + (at(ix + 1, iy) - at(ix, iy)) * fx
    let b = at(ix, iy + 1) + (at(ix + 1, iy + 1) - at(ix, iy + 1)) * fx
    return a + (b - a) * fy
  }

  private func drawHeads(_ picture: inout PictureFrame, _ time: Double) {
    var random = RandomSource(seed: parameters.takeSeed, stream: 52)
    let h = Float(size.height)
    for n in 0..<parameters.heads {
      let seed = random.next()
      let x =
        Float(random.uniform(0.05, 0.95)) * Float(size.width)
        + Float(NoiseField.fractal(time * 0.15, seed: seed)) * h * 0.04
      let nod = Float(NoiseField.fractal(time * 0.2, seed: seed &+ 1)) * h * 0.015
      let r = h * Float(random.uniform(0.06, 0.1))
      let top = h * Float(random.uniform(0.9, 1.02)) + nod + Float(n) * h * 0.02
      picture.ellipse(x, top, r, r * 1.25, Paint(3), shade: 0, softness: 4)
      picture.capsule(
        x - r * 1.5,
        top + r * 2.2,
        r * 1.1,
        x + r * 1.5,
        top + r * 2.2,
        r * 1.1,
        Paint(3),
        shade: 0
      )
    }
  }

  /// A Gaussian of `sigma` pixels, separable, in fixed point.
  private static func blur(_ plane: inout [UInt8], _ w: Int, _ h: Int, _ sigma: Double) {
    guard sigma > 0.2 else { return }
    let radius = min(8, max(1, Int((sigma * 2.5).rounded(.up))))
    var weights = (-radius...radius).map { ExactMath.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let total = weights.reduce(0, +)
    weights = weights.map { $0 / total }
    var taps = weights.map { Int32(($0 * 256).rounded()) }
    taps[radius] += 256 - taps.reduce(0, +)
    var middle = plane
    // Down the columns, a whole row at a time.
    var sums = [Int32](repeating: 0, count: w)
    for y in 0..<h {
      for x in 0..<w { sums[x] = 128 }
      for t in -radius...radius {
        let row = min(h - 1, max(0, y + t)) * w
        let k = taps[t + radius]
        for x in 0..<w { sums[x] &+= Int32(plane[row &+ x]) &* k }
      }
      for x in 0..<w {
        middle[y &* w &+ x] = UInt8(truncatingIfNeeded: min(255, max(0, sums[x] >> 8)))
      }
    }
    var padded = [Int32](repeating: 0, count: w + 2 * radius)
    for y in 0..<h {
      let row = y * w
      for x in 0..<w { padded[x &+ radius] = Int32(middle[row &+ x]) }
      for x in 0..<radius {
        padded[x] = padded[radius]
        padded[w + radius + x] = padded[w + radius - 1]
      }
      for x in 0..<w { sums[x] = 128 }
      for t in 0...2 * radius {
        let k = taps[t]
        for x in 0..<w { sums[x] &+= padded[x &+ t] &* k }
      }
      for x in 0..<w { plane[row &+ x] = UInt8(truncatingIfNeeded: min(255, max(0, sums[x] >> 8))) }
    }
  }

  /// Light and sensor: from full-range screen luma to limited-range recorded luma.
  private mutating func expose(
    _ picture: inout PictureFrame,
    time: Double,
    frame: Int,
    step: Double
  ) {
    let p = parameters
    // The meter sees a coarse mean of the frame.
    var sum = 0
    for i in stride(from: 0, to: picture.luma.count, by: 97) { sum += Int(picture.luma[i]) }
    let mean = Double(sum) / Double(picture.luma.count / 97 + 1) / 255
    let old = meter ?? mean
    let now = old + (mean - old) * min(1, step / p.autoExposureLag)
    meter = now
    let target = ExactMath.pow(0.3 / max(0.06, now), p.autoExposureStrength)
    exposure = target
    let flicker = 1 + p.flicker * ExactMath.sinTurns(time * p.flickerHertz)
    let gain = p.exposure * target * flicker
    let table = (0..<256).map { level -> Float in
      let linear = ExactMath.pow(Double(level) / 255, 2.2) * gain + p.ambient
      let value = 255 * ExactMath.pow(min(1, linear), p.gamma / 2.2)
      return Float((value - p.crush) * 255 / (255 - p.crush))
    }
    // Noise is strong where the signal is amplified; its deviation by recorded level.
    let deviation = (0..<256).map { level -> Float in
      let shot = p.shotNoise * (Double(level) / 255).squareRoot()
      return Float((p.readNoise * p.readNoise + shot * shot).squareRoot()) / 32
    }
    let w = size.width
    let h = size.height
    let side = CamcorderSensor.noiseSide
    let shift = RandomSource.mix(p.takeSeed &+ UInt64(frame) &* 0x2545_F491)
    let ox = Int(shift & 255)
    let oy = Int((shift >> 8) & 255)
    let vignette = Float(p.vignette)
    let barRows = Int((1 - p.letterbox) / 2 * Double(h))
    for y in 0..<h {
      let v = Float(y) / Float(h) - 0.5
      let noiseRow = ((y + oy) & (side - 1)) * side
      if y < barRows || y >= h - barRows {
        for x in 0..<w { picture.luma[y * w + x] = 16 }
        continue
      }
      for x in 0..<w {
        let u = Float(x) / Float(w) - 0.5
        let i = y &* w &+ x
        let light = 1 - vignette * 2 * (u * u + v * v)
        let own = sensitivity.isEmpty ? 1 : sensitivity[i]
        let value = min(255, max(0, table[Int(picture.luma[i])] * light * own))
        let speck = Float(noise[noiseRow &+ ((x &+ ox) & (side &- 1))]) * deviation[Int(value)]
        let scaled: Float = min(255, max(0, value + speck)) * (219.0 / 255.0)
        picture.luma[i] = UInt8(scaled + 16.5)
      }
    }
    let b = Float(p.tintB)
    let r = Float(p.tintR)
    let cw = w / 2
    let chroma = deviation[0] * 0.55
    for y in 0..<h / 2 {
      let inBar = y * 2 < barRows || y * 2 >= h - barRows
      // Chroma noise is coarse: one sample of noise for two of chroma.
      let row = (((y >> 1) + oy + 31) & (side - 1)) * side
      for x in 0..<cw {
        let i = y &* cw &+ x
        if inBar {
          picture.cb[i] = 128
          picture.cr[i] = 128
          continue
        }
        let n = row &+ (((x >> 1) &+ ox &+ 57) & (side &- 1))
        let nr = row &+ (((x >> 1) &+ ox &+ 143) & (side &- 1))
        let bright = min(1, Float(picture.luma[i &* 2 &+ y &* w]) / 70)
        picture.cb[i] = PictureFrame.byte(
          128 + (Float(picture.cb[i]) - 128) * 0.9 + b * bright + Float(noise[n]) * chroma + 0.5
        )
        picture.cr[i] = PictureFrame.byte(
          128 + (Float(picture.cr[i]) - 128) * 0.9 + r * bright + Float(noise[nr]) * chroma + 0.5
        )
      }
    }
  }
}
