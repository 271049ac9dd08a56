import Registration
import VideoCore

/// A part of a picture brought to one local contrast, to be compared over time.
struct Crop: Sendable {
  let width: Int
  let height: Int
  private(set) var values: [Float]

  /// Cuts `box`, in pixels and half-open, out of a plane.
  init(_ plane: LumaPlane, _ box: BlockBox) {
    let margin = 8
    let (w, h) = (plane.size.width, plane.size.height)
    let (left, top) = (max(0, box.left - margin), max(0, box.top - margin))
    let (right, bottom) = (min(w, box.right + margin), min(h, box.bottom + margin))
    let size = FrameSize(width: max(1, right - left), height: max(1, bottom - top))
    var part = LumaPlane(size: size)
    for y in 0..<min(size.height, h - top) {
      for x in 0..<min(size.width, w - left) {
        part.pixels[y * size.width + x] = plane.pixels[(top + y) * w + left + x]
      }
    }
    let flat = PlaneFilters.normalised(part, radius: 6, noise: 6)
    width = max(1, min(w, box.right) - max(0, box.left))
    height = max(1, min(h, box.bottom) - max(0, box.top))
    let (x0, y0) = (max(0, box.left) - left, max(0, box.top) - top)
    values = []
    values.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width {
        values.append(Float(flat.pixels[(y0 + y) * size.width + x0 + x]) - 128)
      }
    }
  }

  /// Adds another crop of the same size.
  mutating func add(_ other: Crop) {
    for i in values.indices where i < other.values.count { values[i] += other.values[i] }
  }

  /// Correlation with a crop of the same size that lies `shift` pixels to the right; 0 where
  /// either is flat.
  func correlation(_ other: Crop, shift: Int = 0) -> Float {
    guard width == other.width, height == other.height, abs(shift) < width else { return 0 }
    var (a, b, ab): (Float, Float, Float) = (0, 0, 0)
    let (from, to) = (max(0, -shift), min(width, width - shift))
    for y in 0..<height {
      for x in from..<to {
        let (p, q) = (values[y * width + x], other.values[y * width + x + shift])
        a += p * p
        b += q * q
        ab += p * q
      }
    }
    // Flat parts are noise of a few levels, and correlate by chance.
    let least = Float(height * (to - from)) * 9
    return a > least && b > least ? ab / (a * b).squareRoot() : 0
  }

  /// The shift to the side at which `other` looks most like this, and how much.
  func bestShift(_ other: Crop, reach: Int) -> (shift: Int, value: Float) {
    var best = (shift: 0, value: correlation(other))
    for shift in -reach...reach where abs(shift) <= width / 2 {
      let value = correlation(other, shift: shift)
      if value > best.value { best = (shift, value) }
    }
    return best
  }
}
