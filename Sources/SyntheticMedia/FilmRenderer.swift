public import VideoCore

/// Draws the frames of a script: the same script and size give the same bytes on every machine.
///
/// Frames do not depend on one another, so any of them can be asked for, in any order.
public struct FilmRenderer: Sendable {
  /// What is drawn.
  public let script: FilmScript
  /// Size of the frames; both sides even.
  public let size: FrameSize
  private let grain: [Int8]

  /// Side of the square of film grain that is laid over the picture at random places.
  private static let grainSide = 256

  /// A set as it was painted, kept while consecutive frames need it.
  public struct Cache: Sendable {
    fileprivate var stages: [(setup: StageSetup, stage: Stage)] = []
    /// Sets kept at once: a conversation goes back and forth between two or three.
    fileprivate static let capacity = 4

    /// Creates an empty cache.
    public init() {}
  }

  /// Creates a renderer; `size` must have even sides of at least 32.
  public init(script: FilmScript, size: FrameSize) {
    precondition(size.width >= 32 && size.height >= 32, "a film frame has at least 32x32 pixels")
    self.script = script
    self.size = size
    var random = RandomSource(seed: script.seed, stream: 21)
    let side = FilmRenderer.grainSide
    let raw = (0..<side * side).map { _ in Float(random.normal()) }
    // Grain is a little wider than a pixel: mix each sample with its neighbours.
    grain = (0..<side * side).map { i in
      let right = raw[(i & ~(side - 1)) | ((i + 1) & (side - 1))]
      let below = raw[(i + side) & (side * side - 1)]
      return Int8(max(-127, min(127, (raw[i] + 0.45 * right + 0.45 * below) * 0.84 * 24)))
    }
  }

  /// Draws frame `index`, from 0 up to the script's frame count.
  ///
  /// - Complexity: O(width · height) and, on the first frame of a set, the painting of it.
  public func frame(_ index: Int, cache: inout Cache) -> PictureFrame {
    prepare(frames: index..<index + 1, cache: &cache)
    return frame(index, prepared: cache)
  }

  /// Paints the sets that `frames` need.
  func prepare(frames: Range<Int>, cache: inout Cache) {
    let used = frames.flatMap { shotsShown(at: time($0)) }.map { script.shots[$0].setup }
    for setup in used where !cache.stages.contains(where: { $0.setup == setup }) {
      if cache.stages.count >= Cache.capacity,
        let old = cache.stages.firstIndex(where: { !used.contains($0.setup) })
      {
        cache.stages.remove(at: old)
      }
      let stage = StagePainter.stage(
        setup,
        width: LayerTexture.width(forPictureHeight: size.height),
        hue: script.profile.hue
      )
      cache.stages.append((setup, stage))
    }
  }

  /// Draws a frame whose sets `prepare` has painted.
  func frame(_ index: Int, prepared cache: Cache) -> PictureFrame {
    let now = time(index)
    let shown = shotsShown(at: now)
    var picture = shot(shown[0], at: now, frame: index, cache)
    let plan = script.shots[shown[0]]
    if shown.count > 1, case .dissolve(let length) = plan.transition {
      let other = shot(shown[1], at: now, frame: index, cache)
      picture.blend(other, weight: Int(256 * (1 - (now - plan.start) / length)))
    }
    let dark = darkness(shown[0], at: now)
    if dark > 0 { picture.blend(PictureFrame(size: size, luma: 16), weight: Int(256 * dark)) }
    drawBars(&picture)
    return picture
  }

  private func time(_ index: Int) -> Double {
    precondition(index >= 0 && index < script.frameCount, "the film has no frame \(index)")
    return Double(index) / script.frameRate.value
  }

  /// The shot at `time`, and the one before where it still shows through.
  private func shotsShown(at time: Double) -> [Int] {
    let index = script.shotIndex(at: time)
    let plan = script.shots[index]
    if index > 0, case .dissolve(let length) = plan.transition, time < plan.start + length {
      return [index, index - 1]
    }
    return [index]
  }

  private func darkness(_ index: Int, at time: Double) -> Double {
    let plan = script.shots[index]
    var dark = 0.0
    if case .fade(let length) = plan.transition {
      dark = max(dark, 1 - (time - plan.start) / length)
    }
    if index + 1 < script.shots.count, case .fade(let length) = script.shots[index + 1].transition {
      dark = max(dark, 1 - (plan.end - time) / length)
    }
    return min(1, max(0, dark))
  }

  private func shot(_ index: Int, at time: Double, frame: Int, _ cache: Cache) -> PictureFrame {
    let plan = script.shots[index]
    let t = time - plan.start
    var picture = PictureFrame(size: size, luma: 0)
    let pose = plan.camera.pose(t, plan.duration)
    if let stage = cache.stages.first(where: { $0.setup == plan.setup })?.stage {
      stage.draw(into: &picture, pose: pose, time: t, parallax: -1..<1.01)
      let light: Float = plan.setup.kind == .nightCity ? 0.55 : 1
      for actor in plan.cast {
        actor.draw(into: &picture, pose: pose, time: t, light: light)
      }
      stage.draw(into: &picture, pose: pose, time: t, parallax: 1.01..<9)
    }
    expose(&picture, plan, t, frame)
    switch plan.content {
    case .scene: break
    case .titleCard(let title): drawTitle(title, t, plan, &picture)
    case .credits(let lines): drawCredits(lines, t, plan, &picture)
    }
    return picture
  }

  private func drawTitle(_ title: String, _ t: Double, _ plan: ShotPlan, _ f: inout PictureFrame) {
    let h = Float(size.height)
    let longest = PictureFrame.textWidth(title, height: 1)
    let height = min(h * 0.13, Float(size.width) * 0.84 / longest)
    let alpha = Float(ExactMath.smoothstep(0.3, 1.1, t))
    let ink = Paint(228, hue: script.profile.hue, saturation: Float(8 * script.profile.saturation))
    f.centredText(
      title,
      cx: Float(size.width) / 2 + height * 0.06,
      y: h * 0.45 + height * 0.06,
      height: height,
      Paint(20),
      alpha: alpha * 0.7
    )
    f.centredText(
      title,
      cx: Float(size.width) / 2,
      y: h * 0.45,
      height: height,
      ink,
      alpha: alpha
    )
  }

  private func drawCredits(
    _ lines: [String],
    _ t: Double,
    _ plan: ShotPlan,
    _ f: inout PictureFrame
  ) {
    f.blend(PictureFrame(size: size, luma: 16), weight: 205)
    let h = Float(size.height)
    let pitch = h * 0.09
    let total = Float(lines.count) * pitch
    let speed = (total + h * 0.5) / Float(max(1, plan.duration))
    for (n, line) in lines.enumerated() where !line.isEmpty {
      let y = h * 0.75 + Float(n) * pitch - Float(t) * speed
      guard y > -pitch, y < h else { continue }
      let big = n % 3 == 1
      f.centredText(
        line,
        cx: Float(size.width) / 2,
        y: y,
        height: h * (big ? 0.055 : 0.035),
        Paint(big ? 220 : 165)
      )
    }
  }

  private func drawBars(_ f: inout PictureFrame) {
    let bar = Int((1 - script.activeHeight) / 2 * Double(size.height) / 2) * 2
    guard bar > 0 else { return }
    let w = size.width
    for i in 0..<bar * w {
      f.luma[i] = 16
      f.luma[f.luma.count - 1 - i] = 16
    }
    for i in 0..<bar * w / 4 {
      for c in [i, f.cb.count - 1 - i] {
        f.cb[c] = 128
        f.cr[c] = 128
      }
    }
  }

  /// Turns scene light into the film's limited-range picture: grade, light of the set, grain.
  private func expose(_ f: inout PictureFrame, _ plan: ShotPlan, _ t: Double, _ frame: Int) {
    let grade = plan.grade
    let pulse = 1 + grade.pulse * NoiseField.smooth(t * grade.pulseRate, seed: grade.seed)
    let table = (0..<256).map { level -> Float in
      let x = ExactMath.pow(Double(level) / 255, grade.gamma) * grade.gain * pulse
      // A shoulder instead of hard clipping.
      let y = x < 0.8 ? x : 0.8 + 0.2 * (1 - 1 / (1 + (x - 0.8) * 4))
      return Float(max(0, y * 255 + grade.lift))
    }
    let w = size.width
    let h = size.height
    let lampX = Float(0.5 + 0.35 * NoiseField.smooth(t * 0.35, seed: grade.seed &+ 2))
    let lampY = Float(0.5 + 0.2 * NoiseField.smooth(t * 0.3, seed: grade.seed &+ 3))
    let lamp = Float(grade.lamp)
    let vignette = Float(grade.vignette)
    let side = FilmRenderer.grainSide
    let shift = RandomSource.mix(script.seed &+ UInt64(frame) &* 0x9E37_79B9)
    let ox = Int(shift & 255)
    let oy = Int((shift >> 8) & 255)
    let strength = Float(grade.grain) / 24
    let aspect = Float(w) / Float(h)
    for y in 0..<h {
      let v = Float(y) / Float(h)
      let row = ((y + oy) & (side - 1)) * side
      for x in 0..<w {
        let u = Float(x) / Float(w)
        let cu = u - 0.5
        let cv = v - 0.5
        var light = 1 - vignette * (cu * cu + cv * cv) * 1.6
        if lamp > 0 {
          let du = (u - lampX) * aspect
          let dv = v - lampY
          light *= 1 - lamp + 2.6 * lamp / (1 + 9 * (du * du + dv * dv))
        }
        let i = y &* w &+ x
        let speck = Float(grain[row &+ ((x &+ ox) & (side &- 1))]) * strength
        let value: Float = table[Int(f.luma[i])] * light + speck
        let scaled: Float = min(255, max(0, value)) * (219.0 / 255.0)
        f.luma[i] = UInt8(scaled + 16.5)
      }
    }
    let saturation = Float(grade.saturation)
    let gain = Float(min(1, max(0.35, grade.gain)))
    let b = 128 + Float(grade.tintB)
    let r = 128 + Float(grade.tintR)
    let tableB = (0..<256).map {
      PictureFrame.byte(b + (Float($0) - 128) * saturation * gain + 0.5)
    }
    let tableR = (0..<256).map {
      PictureFrame.byte(r + (Float($0) - 128) * saturation * gain + 0.5)
    }
    for i in f.cb.indices {
      f.cb[i] = tableB[Int(f.cb[i])]
      f.cr[i] = tableR[Int(f.cr[i])]
    }
  }
}
