public import VideoCore

/// The cells that marks are measured in: a coarse grid over a leak's frame.
public enum CellGrid {
  /// Columns and rows; 32x18 was enough, and more cells only cost time.
  public static let size = FrameSize(width: 32, height: 18)
  /// Cells.
  public static let count = 32 * 18

  /// The means of a plane's pixels in each cell, exact to the rounding of a `Float`.
  ///
  /// Planes of 8 bits are good enough where a cell has many of their pixels and each was rounded by
  /// itself: of 25, as in 160x90, the mean is off by 0.06 levels, a fifth of a mark of 0.5 %.
  public static func means(of plane: LumaPlane) -> [Float] {
    let sums = PlaneSums(plane)
    let (w, h) = (Float(plane.size.width), Float(plane.size.height))
    let (cw, ch) = (w / Float(size.width), h / Float(size.height))
    return (0..<count).map { cell in
      let x = Float(cell % size.width)
      let y = Float(cell / size.width)
      return sums.mean(x * cw, y * ch, (x + 1) * cw, (y + 1) * ch)
    }
  }
}

/// Sums of a plane's pixels over rectangles with any edges.
///
/// - Source: Crow: "Summed-area tables for texture mapping", SIGGRAPH 1984; between pixels' edges
///   the sums are interpolated, which is exact for pixels of one value each.
struct PlaneSums {
  let width: Int
  let height: Int
  /// One row and one column more than the plane has.
  private let sums: [Int32]

  init(_ plane: LumaPlane) {
    (width, height) = (plane.size.width, plane.size.height)
    let (width, height) = (width, height)
    let stride = width + 1
    sums = unsafe Array(unsafeUninitializedCapacity: stride * (height + 1)) { sums, count in
      for x in 0...width { unsafe sums[x] = 0 }
      unsafe plane.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<height {
          var row: Int32 = 0
          let (above, own) = (y &* stride, (y &+ 1) &* stride)
          unsafe sums[own] = 0
          for x in 0..<width {
            row &+= unsafe Int32(pixels[y &* width &+ x])
            unsafe sums[own &+ x &+ 1] = sums[above &+ x &+ 1] &+ row
          }
        }
      }
      count = stride * (height + 1)
    }
  }

  /// The mean over a rectangle; what lies beyond the plane is as its edge.
  func mean(_ left: Float, _ top: Float, _ right: Float, _ bottom: Float) -> Float {
    let (w, h) = (Float(width), Float(height))
    // At least a pixel, inside.
    let x0 = max(0, min(w - 1, left))
    let y0 = max(0, min(h - 1, top))
    let x1 = max(x0 + 1, min(w, right))
    let y1 = max(y0 + 1, min(h, bottom))
    let sum = value(x1, y1) - value(x0, y1) - value(x1, y0) + value(x0, y0)
    return Float(sum / Double((x1 - x0) * (y1 - y0)))
  }

  private func value(_ x: Float, _ y: Float) -> Double {
    let ix = min(width - 1, Int(x))
    let iy = min(height - 1, Int(y))
    let (fx, fy) = (Double(x - Float(ix)), Double(y - Float(iy)))
    let place = iy &* (width &+ 1) &+ ix
    let below = place &+ width &+ 1
    let a = Double(sums[place])
    let b = Double(sums[place &+ 1])
    let c = Double(sums[below])
    let d = Double(sums[below &+ 1])
    let upper = a + (b - a) * fx
    return upper + (c + (d - c) * fx - upper) * fy
  }
}

/// Which part of the film each cell of a leak's frame shows.
public struct CellMap: Sendable {
  /// Centre, width and height of each cell in fractions of the film's picture.
  let places: [SIMD4<Float>]
  /// 1 for cells that show film all over, else 0.
  public let inside: [Float]
  /// The four modes at each cell.
  let patterns: [SIMD4<Float>]
  /// Slow waves along one side: cos πx, cos πy, cos 2πx, cos 2πy.
  let waves: [SIMD4<Float>]

  /// The cells under a homography from the film's unit square to the leak's: nine row-major numbers.
  ///
  /// - Returns: nil where it cannot be inverted.
  public init?(homography h: [Double]) {
    precondition(h.count == 9, "a homography has nine numbers")
    guard let m = Self.inverse(h) else { return nil }
    let (columns, rows) = (CellGrid.size.width, CellGrid.size.height)
    let (cw, ch) = (1 / Double(columns), 1 / Double(rows))
    var places: [SIMD4<Float>] = []
    var inside: [Float] = []
    var patterns: [SIMD4<Float>] = []
    var waves: [SIMD4<Float>] = []
    places.reserveCapacity(CellGrid.count)
    inside.reserveCapacity(CellGrid.count)
    patterns.reserveCapacity(CellGrid.count)
    waves.reserveCapacity(CellGrid.count)
    for row in 0..<rows {
      for column in 0..<columns {
        let x = (Double(column) + 0.5) * cw
        let y = (Double(row) + 0.5) * ch
        let depth = m[6] * x + m[7] * y + m[8]
        guard depth > 1e-6 else {
          places.append(.zero)
          inside.append(0)
          patterns.append(.zero)
          waves.append(.zero)
          continue
        }
        let u = (m[0] * x + m[1] * y + m[2]) / depth
        let v = (m[3] * x + m[4] * y + m[5]) / depth
        // A rectangle with the second moments of the cell's image.
        let (ux, uy) = ((m[0] - u * m[6]) / depth * cw, (m[1] - u * m[7]) / depth * ch)
        let (vx, vy) = ((m[3] - v * m[6]) / depth * cw, (m[4] - v * m[7]) / depth * ch)
        let du = (ux * ux + uy * uy).squareRoot()
        let dv = (vx * vx + vy * vy).squareRoot()
        places.append(SIMD4(Float(u), Float(v), Float(du), Float(dv)))
        let isIn =
          u - du / 2 > -Self.margin * du && u + du / 2 < 1 + Self.margin * du
          && v - dv / 2 > -Self.margin * dv && v + dv / 2 < 1 + Self.margin * dv
        inside.append(isIn ? 1 : 0)
        let cu = CosineTable.cosine(Float(u))
        let cv = CosineTable.cosine(Float(v))
        let (cu2, cv2) = (2 * cu * cu - 1, 2 * cv * cv - 1)
        waves.append(SIMD4(cu, cv, cu2, cv2))
        patterns.append(SIMD4(cu * cv, cu2 * cv, cu * cv2, cu2 * cv2))
      }
    }
    self.places = places
    self.inside = inside
    self.patterns = patterns
    self.waves = waves
  }

  /// The film's picture as the cells show it.
  public func means(of film: LumaPlane) -> [Float] {
    let sums = PlaneSums(film)
    let size = SIMD4(
      Float(film.size.width),
      Float(film.size.height),
      Float(film.size.width),
      Float(film.size.height)
    )
    return places.map { place in
      let at = place * size
      return sums.mean(at.x - at.z / 2, at.y - at.w / 2, at.x + at.z / 2, at.y + at.w / 2)
    }
  }

  /// Cells that reach less than this share of themselves beyond the picture count.
  private static let margin = 0.02

  private static func inverse(_ h: [Double]) -> [Double]? {
    let a = h[4] * h[8] - h[5] * h[7]
    let b = h[5] * h[6] - h[3] * h[8]
    let c = h[3] * h[7] - h[4] * h[6]
    let determinant = h[0] * a + h[1] * b + h[2] * c
    guard abs(determinant) > 1e-9, determinant.isFinite else { return nil }
    return [
      a, h[2] * h[7] - h[1] * h[8], h[1] * h[5] - h[2] * h[4],
      b, h[0] * h[8] - h[2] * h[6], h[2] * h[3] - h[0] * h[5],
      c, h[1] * h[6] - h[0] * h[7], h[0] * h[4] - h[1] * h[3],
    ].map { $0 / determinant }
  }
}
