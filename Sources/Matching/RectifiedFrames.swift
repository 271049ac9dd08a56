import FrameKernels
import VideoCore

/// Small pictures in the reference's coordinates, brought to one local contrast.
enum RectifiedFrames {
  static let width = 64
  static let height = 36
  /// Components of one vector.
  static let count = width * height
  /// What one local standard deviation becomes.
  static let unit = 40.0
  /// Squares of the components must fit 16 bits.
  static let limit: Float = 180
  static let epsilon: Float = 0.02

  /// A blur of variance 16: four boxes of seven taps, in integers so that every machine has the
  /// same taps.
  static let taps: [Float] = {
    var counts = [1]
    for _ in 0..<4 {
      var next = [Int](repeating: 0, count: counts.count + 6)
      for (index, value) in counts.enumerated() {
        for shift in 0..<7 { next[index + shift] += value }
      }
      counts = next
    }
    return counts.map { Float($0) / 2401 }
  }()
}

/// Brings small pictures to vectors; keeps its scratch space.
struct Vectoriser {
  private var workspace = [Float](
    repeating: 0,
    count: LocalContrast.workspaceCount(
      width: RectifiedFrames.width,
      height: RectifiedFrames.height,
      taps: RectifiedFrames.taps.count
    )
  )
  private var normalised = [Float](repeating: 0, count: RectifiedFrames.count)
  private var reduced = [UInt8](repeating: 0, count: RectifiedFrames.count)
  private var narrow = [UInt8](repeating: 0, count: Warp.width * Warp.height)

  /// The vector of a reference's frame, 0 outside of its picture, and where that is.
  mutating func vector(of plane: LumaPlane, into vector: inout [Int16]) -> PictureRectangle {
    let pixels = plane.pixels.span
    AreaReduction.reduce(
      pixels,
      strideBytes: plane.size.width,
      width: plane.size.width,
      height: plane.size.height,
      into: &reduced,
      outputWidth: RectifiedFrames.width,
      outputHeight: RectifiedFrames.height
    )
    normalise(into: &vector)
    let picture = PictureRectangle(lookingAt: reduced)
    if picture != .whole {
      for y in 0..<RectifiedFrames.height {
        for x in 0..<RectifiedFrames.width
        where y < picture.top || y >= picture.bottom || x < picture.left || x >= picture.right {
          vector[y * RectifiedFrames.width + x] = 0
        }
      }
    }
    return picture
  }

  /// The vector of a leak's frame, in the reference's coordinates; 0 outside the leak's frame.
  ///
  /// - Returns: Whether nothing can be seen in it: the screen was black, or the lens covered.
  mutating func vector(
    of plane: LumaPlane,
    through warp: Warp,
    into vector: inout [Int16]
  ) -> Bool {
    if plane.size == FrameSize(width: Warp.width, height: Warp.height) {
      let pixels = plane.pixels.span
      warp.apply(pixels, into: &reduced)
    } else {
      let pixels = plane.pixels.span
      AreaReduction.reduce(
        pixels,
        strideBytes: plane.size.width,
        width: plane.size.width,
        height: plane.size.height,
        into: &narrow,
        outputWidth: Warp.width,
        outputHeight: Warp.height
      )
      let copy = narrow
      let narrowed = copy.span
      warp.apply(narrowed, into: &reduced)
    }
    normalise(into: &vector)
    let isBlank = isBlank(under: warp.mask)
    for index in 0..<RectifiedFrames.count { vector[index] &*= warp.mask[index] }
    return isBlank
  }

  /// Whether most pixels have nearly one level; what is drawn over a black picture does not count.
  private func isBlank(under mask: [Int16]) -> Bool {
    var histogram = [Int](repeating: 0, count: 256)
    var total = 0
    for index in 0..<RectifiedFrames.count where mask[index] != 0 {
      histogram[Int(reduced[index])] += 1
      total += 1
    }
    guard total > 0 else { return true }
    var most = 0
    for low in 0...(256 - Self.blankLevels) {
      most = max(most, histogram[low..<low + Self.blankLevels].reduce(0, +))
    }
    return Double(most) > Self.blankShare * Double(total)
  }

  /// Levels of grey that noise spreads one level over, after reduction, and the part of the picture.
  private static let blankLevels = 5
  private static let blankShare = 0.8

  private mutating func normalise(into vector: inout [Int16]) {
    let copy = reduced
    let plane = copy.span
    let kernel = RectifiedFrames.taps
    let taps = kernel.span
    LocalContrast.normalise(
      plane,
      width: RectifiedFrames.width,
      height: RectifiedFrames.height,
      kernel: taps,
      epsilon: RectifiedFrames.epsilon,
      workspace: &workspace,
      into: &normalised
    )
    let (unit, limit) = (Float(RectifiedFrames.unit), RectifiedFrames.limit)
    for index in 0..<RectifiedFrames.count {
      let scaled = min(limit, max(-limit, normalised[index] * unit))
      vector[index] = Int16(scaled + (scaled < 0 ? -0.5 : 0.5))
    }
  }
}

/// Where each small pixel of the reference's picture lies in a leak's frame of one size.
struct Warp {
  static let width = 160
  static let height = 90

  /// 1 where the pixel lies inside the leak's frame, otherwise 0.
  let mask: [Int16]
  /// Pixels inside.
  let inside: Int
  /// Four samples for each pixel: the upper left one of four neighbours.
  private var corners: [Int32]
  /// For each sample the fractions to the right and down, in 256ths.
  private var fractions: [(x: Int32, y: Int32)]

  init(_ homography: Homography) {
    var mask: [Int16] = []
    corners = []
    fractions = []
    mask.reserveCapacity(RectifiedFrames.count)
    corners.reserveCapacity(4 * RectifiedFrames.count)
    fractions.reserveCapacity(4 * RectifiedFrames.count)
    let (maximumX, maximumY) = (Double(Self.width - 1), Double(Self.height - 1))
    for y in 0..<RectifiedFrames.height {
      for x in 0..<RectifiedFrames.width {
        var allInside = true
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
          let point = homography.map(
            (Double(x) + dx) / Double(RectifiedFrames.width),
            (Double(y) + dy) / Double(RectifiedFrames.height)
          )
          guard let point, point.x.isFinite, point.y.isFinite else {
            allInside = false
            corners.append(0)
            fractions.append((0, 0))
            continue
          }
          if !(0...1).contains(point.x) || !(0...1).contains(point.y) { allInside = false }
          let px = min(maximumX, max(0, point.x * Double(Self.width) - 0.5))
          let py = min(maximumY, max(0, point.y * Double(Self.height) - 0.5))
          let (left, top) = (min(Int(px), Self.width - 2), min(Int(py), Self.height - 2))
          corners.append(Int32(top * Self.width + left))
          fractions.append(
            (Int32((px - Double(left)) * 256), Int32((py - Double(top)) * 256))
          )
        }
        mask.append(allInside ? 1 : 0)
      }
    }
    self.mask = mask
    inside = mask.reduce(0) { $0 + Int($1) }
  }

  /// Takes the reference's picture out of a leak's frame.
  ///
  /// - Shape: `plane` is `width * height`, `output` has `RectifiedFrames.count` samples; samples
  ///   outside the frame repeat its edge.
  func apply(_ plane: Span<UInt8>, into output: inout [UInt8]) {
    let corners = self.corners.span
    let fractions = self.fractions.span
    for index in 0..<RectifiedFrames.count {
      var sum: Int32 = 0
      for sample in 4 * index..<4 * index + 4 {
        let at = Int(corners[sample])
        let (x, y) = fractions[sample]
        let upper = Int32(plane[at]) &* (256 &- x) &+ Int32(plane[at + 1]) &* x
        let below = at + Self.width
        let lower = Int32(plane[below]) &* (256 &- x) &+ Int32(plane[below + 1]) &* x
        sum &+= (upper &* (256 &- y) &+ lower &* y) >> 8
      }
      output[index] = UInt8(truncatingIfNeeded: min(255, (sum &+ 512) >> 10))
    }
  }
}
