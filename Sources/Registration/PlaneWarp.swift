import COpenCV
public import VideoCore

/// A plane seen through a homography.
public struct PlaneWarp: Sendable {
  /// The warped picture; black where the source does not reach.
  public let plane: LumaPlane
  /// 255 where the source reaches, else 0.
  public let coverage: [UInt8]

  /// Warps `source`; `homography` maps its unit square to the unit square of the result: nine
  /// row-major numbers.
  ///
  /// - Returns: nil where the numbers make no map.
  /// - Complexity: O(pixels of the result).
  public init?(_ source: LumaPlane, by homography: [Double], to size: FrameSize) {
    precondition(homography.count == 9, "a homography has nine numbers")
    guard homography.allSatisfy(\.isFinite) else { return nil }
    var pixels = [UInt8](repeating: 0, count: size.area)
    var coverage = pixels
    let status = unsafe copencv_warp(
      source.pixels,
      Int32(source.size.width),
      Int32(source.size.height),
      PlaneGeometry.inPixels(homography, from: source.size, to: size),
      0,
      Int32(size.width),
      Int32(size.height),
      &pixels,
      &coverage
    )
    guard status == 1 else { return nil }
    plane = LumaPlane(size: size, pixels: pixels)
    self.coverage = coverage
  }
}

/// Homographies between unit squares and between pixels, whose centres lie at half pixels.
public enum PlaneGeometry {
  /// The map between pixel centres that a map between unit squares makes.
  public static func inPixels(_ h: [Double], from: FrameSize, to: FrameSize) -> [Double] {
    let (sw, sh) = (Double(from.width), Double(from.height))
    let (dw, dh) = (Double(to.width), Double(to.height))
    let unit = [1 / sw, 0, 0.5 / sw, 0, 1 / sh, 0.5 / sh, 0, 0, 1]
    return product([dw, 0, -0.5, 0, dh, -0.5, 0, 0, 1], product(h, unit))
  }

  /// The map between unit squares of which `h`, between pixel centres of `size`, is one.
  public static func inUnits(_ h: [Double], size: FrameSize) -> [Double] {
    let (w, h2) = (Double(size.width), Double(size.height))
    let pixels = [w, 0, -0.5, 0, h2, -0.5, 0, 0, 1]
    return product([1 / w, 0, 0.5 / w, 0, 1 / h2, 0.5 / h2, 0, 0, 1], product(h, pixels))
  }

  /// The map `b`, then the map `a`; both nine row-major numbers.
  public static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    precondition(a.count == 9 && b.count == 9, "a homography has nine numbers")
    var result = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 { result[3 * row + column] += a[3 * row + k] * b[3 * k + column] }
      }
    }
    return result
  }
}
