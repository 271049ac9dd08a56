import Foundation
import SyntheticMedia
import Testing
import TestSupport
import VideoCore

@Suite("The simulated camcorder")
struct CamcorderTests {
  private let film = FilmSource(
    title: "T",
    identifier: "t",
    path: "/nowhere/t.mp4",
    isInLibrary: true,
    size: FrameSize(width: 640, height: 360),
    frameRate: Rational(24, 1),
    frameCount: 1200
  )

  private func recipe(
    _ preset: CamcorderPreset,
    _ seed: UInt64,
    wishes: LeakRecipe.Wishes = LeakRecipe.Wishes()
  ) -> LeakRecipe {
    LeakRecipe.draw(identifier: "x", preset: preset, seed: seed, film: film, wishes: wishes)
  }

  @Test("a projective map is undone by its inverse and found again from points")
  func projective() throws {
    let map = Projective([0.9, 0.05, 0.02, -0.04, 0.85, 0.1, 0.08, -0.06, 1])
    let points = [(0.0, 0.0), (1.0, 0.1), (0.9, 1.0), (0.1, 0.8), (0.4, 0.5)]
    for (x, y) in points {
      let there = map.apply(x, y)
      let back = map.inverse.apply(there.x, there.y)
      #expect(abs(back.x - x) < 1e-12 && abs(back.y - y) < 1e-12)
    }
    let fitted = try #require(
      Projective.fit(points.map { (from: (x: $0.0, y: $0.1), to: map.apply($0.0, $0.1)) })
    )
    for (a, b) in zip(fitted.elements, map.elements) { #expect(abs(a - b) < 1e-9) }
    #expect(Projective.fit([(from: (x: 0, y: 0), to: (x: 0, y: 0))]) == nil)
  }

  @Test("presets stay in their ranges and are ordered", arguments: CamcorderPreset.allCases)
  func ranges(preset: CamcorderPreset) {
    let limits: [CamcorderPreset: Double] = [.mild: 0.05, .typical: 0.10, .harsh: 0.15]
    for seed in 0..<200 as Range<UInt64> {
      let p = CamcorderParameters.draw(preset, seed: seed)
      #expect(CamcorderParameters.keystoneRange(preset).contains(p.keystone))
      #expect(p.keystone <= limits[preset, default: 0])
      #expect((0.55...1.18).contains(p.coverage))
      #expect((-0.06...0).contains(p.k1))
      #expect((0.4...2).contains(p.defocus))
      #expect((0.4...0.98).contains(p.shutter))
      #expect((0..<4).contains(p.heads))
      #expect(preset != .mild || (p.heads == 0 && p.reframeAt == nil))
      #expect(p == CamcorderParameters.draw(preset, seed: seed))
    }
  }

  @Test("a spot of the film lands where the truth says", arguments: 1...24 as ClosedRange<UInt64>)
  func spot(seed: UInt64) throws {
    var recipe = recipe(
      CamcorderPreset.allCases[Int(seed % 3)],
      seed,
      wishes: .init(flip: seed % 2 == 0)
    )
    // Only geometry: a bright, clean, still light.
    recipe.parameters.readNoise = 0
    recipe.parameters.shotNoise = 0
    recipe.parameters.crush = 0
    recipe.parameters.exposure = 1
    recipe.parameters.vignette = 0
    recipe.parameters.ambient = 0
    recipe.parameters.heads = 0
    recipe.parameters.autoExposureStrength = 0
    let camera = recipe.geometry
    let truth = camera.truth(at: 3)
    var tested = 0
    for (x, y) in [(0.3, 0.3), (0.5, 0.5), (0.72, 0.4), (0.45, 0.7)] {
      let want = truth.map.apply(x, y)
      guard (0.06...0.94).contains(want.x), (0.15...0.85).contains(want.y) else { continue }
      var screen = PictureFrame(size: film.size)
      for j in 0..<360 {
        for i in 0..<640 {
          let dx = Double(i) + 0.5 - x * 640
          let dy = Double(j) + 0.5 - y * 360
          let level = 16 + 200 * exp(-(dx * dx + dy * dy) / 50)
          screen.luma[j * 640 + i] = UInt8(level)
        }
      }
      var sensor = CamcorderSensor(
        parameters: recipe.parameters,
        geometry: camera,
        size: recipe.size
      )
      let leak = sensor.record(screen, time: 3, frame: 0, step: 0.001)
      var sum = 0.0
      var sx = 0.0
      var sy = 0.0
      for j in 0..<recipe.size.height {
        for i in 0..<recipe.size.width {
          let weight = Double(leak.luma[j * recipe.size.width + i]) - 16
          guard weight > 25 else { continue }
          sum += weight
          sx += weight * (Double(i) + 0.5)
          sy += weight * (Double(j) + 0.5)
        }
      }
      try #require(sum > 0)
      let slack = 0.25 + 3 * truth.residual * Double(recipe.size.width)
      #expect(abs(sx / sum - want.x * Double(recipe.size.width)) < slack)
      #expect(abs(sy / sum - want.y * Double(recipe.size.height)) < slack)
      tested += 1
    }
    #expect(tested > 0)
  }

  @Test("the truth is consistent in itself", arguments: 1...60 as ClosedRange<UInt64>)
  func consistency(seed: UInt64) throws {
    let speed = [1, 0.96, 25.0 / 24][Int(seed % 3)]
    let recipe = recipe(
      CamcorderPreset.allCases[Int(seed / 3 % 3)],
      seed,
      wishes: .init(speed: speed)
    )
    let truth = recipe.truth(film: film)
    var shown = 0.0
    for segment in truth.segments {
      #expect(segment.referenceStart >= 0 && segment.referenceEnd <= film.duration)
      let length = segment.leakEnd - segment.leakStart
      #expect(abs((segment.referenceEnd - segment.referenceStart) - length * speed) < 1e-3)
      shown += length
    }
    for clip in truth.ads where clip.fullFrame { shown += clip.end - clip.start }
    #expect(abs(shown - truth.duration) < 1e-3)
    for (a, b) in zip(truth.segments, truth.segments.dropFirst()) {
      #expect(a.leakEnd <= b.leakStart && a.referenceEnd <= b.referenceStart + 1e-4)
      let gap = (b.leakStart - a.leakEnd) + (b.referenceStart - a.referenceEnd)
      #expect(gap > 0.5, "segments that nothing parts are one")
    }
    for ad in truth.ads {
      #expect(ad.start < ad.end && ad.end <= truth.duration + 1e-4)
      #expect(!ad.bbox.isEmpty)
      for box in ad.bbox {
        #expect(box.bbox.allSatisfy { (0...1).contains($0) })
        #expect(box.bbox[0] < box.bbox[2] && box.bbox[1] < box.bbox[3])
      }
    }
    for key in truth.homography {
      let map = Projective(key.map)
      for (corner, point) in zip(key.corners, map.unitSquareCorners) {
        #expect(abs(corner[0] - point.x) < 1e-3 && abs(corner[1] - point.y) < 1e-3)
      }
      #expect(key.residual < 0.02)
      #expect(key.visible > 0.3)
      let e = key.map
      let turn = e[0] * e[4] - e[1] * e[3]
      #expect((turn < 0) == truth.flip)
    }
  }
}
