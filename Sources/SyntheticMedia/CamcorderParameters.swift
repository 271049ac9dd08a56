/// How bad a simulated recording is.
public enum CamcorderPreset: String, Sendable, Hashable, CaseIterable {
  /// A good seat, a tripod, the picture nearly straight.
  case mild
  /// A hand-held phone from a side seat.
  case typical
  /// A bad seat, a poor camera, people in front.
  case harsh
}

/// The physics of one recording in a cinema: where the camera is, what it is, what it sees.
///
/// Lengths are fractions of the recorded frame's width unless stated otherwise.
public struct CamcorderParameters: Sendable, Hashable {
  /// Longest shift of a corner by the slanting view, as a share of the frame's width.
  public var keystone: Double
  /// Width of the screen over the width of the frame; above 1 the screen's edges are cut off.
  public var coverage: Double
  /// Rotation of the camera about its axis in degrees.
  public var tiltDegrees: Double
  /// Shift of the screen's centre from the frame's.
  public var offsetX: Double
  /// Shift of the screen's centre from the frame's, as a share of the frame's height.
  public var offsetY: Double
  /// Deviation of the hand's wandering.
  public var shake: Double
  /// Wanderings per second.
  public var shakeRate: Double
  /// Barrel distortion: r' = r (1 + k1 r²), r in half diagonals of the frame; negative is barrel.
  public var k1: Double
  /// Deviation of the defocus in pixels of a frame 640 wide.
  public var defocus: Double
  /// Share of a frame's time for which the shutter is open.
  public var shutter: Double
  /// Gain of the exposure on linear light.
  public var exposure: Double
  /// Exponent of the whole way from film to file, on top of a straight copy.
  public var gamma: Double
  /// Light lost in the corners, 0 to 1.
  public var vignette: Double
  /// Linear light of the dark auditorium and of haze on the screen.
  public var ambient: Double
  /// Levels (of 255) below which everything is black.
  public var crush: Double
  /// Seconds that the automatic exposure lags behind.
  public var autoExposureLag: Double
  /// How much of a change of brightness the automatic exposure takes away, 0 to 1.
  public var autoExposureStrength: Double
  /// Depth of the flicker of the light, 0 to 1.
  public var flicker: Double
  /// Beats of the flicker per second.
  public var flickerHertz: Double
  /// Deviation of the sensor's noise in levels (of 255) at black.
  public var readNoise: Double
  /// Deviation of the photons' noise in levels at white.
  public var shotNoise: Double
  /// Shift of blue and red by a wrong white balance, in levels.
  public var tintB: Double
  /// Shift of red by a wrong white balance, in levels.
  public var tintR: Double
  /// Heads of people in front of the camera.
  public var heads: Int
  /// Share of the recording after which the camera is aimed anew, or nil.
  public var reframeAt: Double?
  /// Share of the slant that the releasing group straightens afterwards, 0 to 1.
  public var deskew: Double
  /// Whether the group crops to the screen after straightening.
  public var cropsToScreen: Bool
  /// Black bars that the group adds above and below: height of the picture between, 0 to 1.
  public var letterbox: Double
  /// Decides the trajectory, the noise and the direction of the slant.
  public var seed: UInt64
  /// Tells recordings apart that the same camera makes from the same seat: the hand, the noise and what
  /// people in front do, but not camera, seat and aim.
  public var take: UInt64 = 0
  /// Deviation of the sensitivity of the sensor's pixels; 0 for pixels that are all alike.
  public var sensorPattern = 0.0
  /// Which sensor it is.
  public var sensor: UInt64 = 0
  /// Share of the frames that the camera fails to write; the one before is shown again.
  public var dropped = 0.0

  /// The allowed range of a preset's keystone.
  public static func keystoneRange(_ preset: CamcorderPreset) -> ClosedRange<Double> {
    switch preset {
    case .mild: 0.01...0.05
    case .typical: 0.02...0.10
    case .harsh: 0.08...0.15
    }
  }

  /// Draws the parameters of one recording from the ranges of a preset.
  ///
  /// Shake, slant and noise of the presets typical and harsh were chosen so that what comes out measures
  /// like leaks that this simulator did not make (`Benchmarks/Accuracy/marks-presets`).
  public static func draw(_ preset: CamcorderPreset, seed: UInt64) -> CamcorderParameters {
    var random = RandomSource(seed: seed, stream: 31)
    func pick(
      _ mild: ClosedRange<Double>,
      _ typical: ClosedRange<Double>,
      _ harsh: ClosedRange<Double>
    )
      -> Double
    {
      switch preset {
      case .mild: random.uniform(mild)
      case .typical: random.uniform(typical)
      case .harsh: random.uniform(harsh)
      }
    }
    let underfills = random.chance(preset == .mild ? 0.3 : 0.5)
    let coverage =
      underfills
      ? pick(0.9...0.98, 0.75...0.92, 0.55...0.8) : pick(1.0...1.04, 1.0...1.1, 1.02...1.18)
    let straightens = random.chance(preset == .harsh ? 0.3 : (preset == .typical ? 0.75 : 0.55))
    return CamcorderParameters(
      keystone: random.uniform(keystoneRange(preset)),
      coverage: coverage,
      tiltDegrees: random.sign() * pick(0...1, 0.2...2.5, 0.5...4.5),
      offsetX: random.sign() * pick(0...0.01, 0...0.03, 0...0.05),
      offsetY: random.sign() * pick(0...0.01, 0...0.03, 0...0.06),
      shake: pick(0.0003...0.0012, 0.0006...0.0024, 0.0015...0.0045),
      shakeRate: random.uniform(0.6, 1.6),
      k1: -pick(0...0.012, 0.005...0.035, 0.02...0.06),
      defocus: pick(0.4...0.7, 0.7...1.3, 1.1...2.0),
      shutter: random.uniform(0.45, 0.98),
      exposure: pick(0.85...1.1, 0.6...1.05, 0.4...1.0),
      gamma: pick(0.95...1.1, 1.0...1.3, 1.1...1.55),
      vignette: pick(0.05...0.15, 0.1...0.3, 0.2...0.5),
      ambient: pick(0.0005...0.002, 0.001...0.004, 0.001...0.006),
      crush: pick(0...2, 1...6, 3...12),
      autoExposureLag: random.uniform(0.4, 1.5),
      autoExposureStrength: pick(0...0.15, 0.1...0.35, 0.2...0.5),
      flicker: pick(0...0.01, 0.005...0.03, 0.01...0.06),
      flickerHertz: random.uniform(0.7, 5),
      readNoise: pick(0.8...1.6, 1.1...2.2, 1.6...3.3),
      shotNoise: pick(1...2, 1.4...2.8, 2.0...3.9),
      tintB: random.uniform(-1, 1) * pick(0...3, 2...7, 3...11),
      tintR: random.uniform(-1, 1) * pick(0...3, 2...7, 3...11),
      heads: preset == .harsh ? 1 + random.index(3) : (preset == .typical ? random.index(2) : 0),
      reframeAt: random.chance(preset == .harsh ? 0.6 : (preset == .typical ? 0.25 : 0))
        ? random.uniform(0.35, 0.65) : nil,
      deskew: straightens ? pick(0.6...0.95, 0.72...0.97, 0.6...0.95) : 0,
      cropsToScreen: straightens && underfills,
      letterbox: random.chance(0.2) ? random.uniform(0.82, 0.92) : 1,
      seed: seed
    )
  }

  /// The seed of what is another in each take.
  var takeSeed: UInt64 { take == 0 ? seed : RandomSource.mix(seed &+ take &* 0x9E37_79B9) }
}
