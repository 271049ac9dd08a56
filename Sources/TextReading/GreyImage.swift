import COpenCV
package import VideoCore

/// A grey picture of floating-point samples, for filters; row-major, without row padding.
package struct GreyImage: Sendable {
  package let width: Int
  package let height: Int
  package var values: [Float]

  package init(width: Int, height: Int, values: [Float]) {
    precondition(values.count == width * height, "an image needs width times height samples")
    self.width = width
    self.height = height
    self.values = values
  }

  package init(_ plane: LumaPlane) {
    self.init(
      width: plane.size.width,
      height: plane.size.height,
      values: plane.pixels.map(Float.init)
    )
  }

  /// The samples rounded to 8 bits, `darkest` becoming 0 and `lightest` 255.
  package func plane(darkest: Float = 0, lightest: Float = 255) -> LumaPlane {
    let scale = 255 / max(1, lightest - darkest)
    return LumaPlane(
      size: FrameSize(width: width, height: height),
      pixels: values.map { UInt8(max(0, min(255, ($0 - darkest) * scale + 0.5))) }
    )
  }

  /// The part of the image within bounds that are cut to it; nil where nothing is left.
  package func cropped(left: Int, top: Int, right: Int, bottom: Int) -> GreyImage? {
    let (l, t) = (max(0, left), max(0, top))
    let (r, b) = (min(width, right), min(height, bottom))
    guard r > l, b > t else { return nil }
    var part: [Float] = []
    part.reserveCapacity((r - l) * (b - t))
    for y in t..<b { part += values[y * width + l..<y * width + r] }
    return GreyImage(width: r - l, height: b - t, values: part)
  }

  /// The mean over squares of `2 · radius + 1` samples, reflected at the edges.
  ///
  /// - Complexity: O(samples), whatever the radius.
  package func boxMean(radius: Int) -> GreyImage {
    var result = self
    // The reflection needs a sample on the other side.
    let reach = max(0, min(radius, width - 1, height - 1))
    let status = unsafe copencv_box_mean(
      values,
      Int32(width),
      Int32(height),
      Int32(reach),
      &result.values
    )
    precondition(status == 1, "a tight plane can be filtered")
    return result
  }

  /// A Gaussian blur of deviation `sigma`, reflected at the edges.
  ///
  /// - Complexity: O(samples · sigma).
  package func blurred(sigma: Float) -> GreyImage {
    guard sigma > 0 else { return self }
    var result = self
    let status = unsafe copencv_blur(
      values,
      Int32(width),
      Int32(height),
      Double(sigma),
      &result.values
    )
    precondition(status == 1, "a tight plane can be filtered")
    return result
  }

  /// The image at another size: bicubic interpolation, after a blur where it shrinks.
  package func resized(width newWidth: Int, height newHeight: Int) -> GreyImage {
    if newWidth == width, newHeight == height { return self }
    let shrink = max(Float(width) / Float(newWidth), Float(height) / Float(newHeight))
    let source = shrink > 1.2 ? blurred(sigma: 0.4 * shrink) : self
    var result = GreyImage(
      width: newWidth,
      height: newHeight,
      values: [Float](repeating: 0, count: newWidth * newHeight)
    )
    let status = unsafe copencv_resize(
      source.values,
      Int32(width),
      Int32(height),
      Int32(newWidth),
      Int32(newHeight),
      &result.values
    )
    precondition(status == 1, "a tight plane can be brought to another size")
    return result
  }

  /// The image with its rows moved against each other: what leans by `slope` to the right stands.
  package func sheared(slope: Float) -> GreyImage {
    var result = values
    for y in 0..<height {
      let shift = slope * (Float(height) / 2 - Float(y))
      for x in 0..<width {
        let position = Float(x) + shift
        let base = Int(position.rounded(.down))
        let f = position - Float(base)
        let a = values[y * width + max(0, min(width - 1, base))]
        let b = values[y * width + max(0, min(width - 1, base + 1))]
        result[y * width + x] = a + (b - a) * f
      }
    }
    return GreyImage(width: width, height: height, values: result)
  }

  /// The value that the part `share` of the samples does not exceed.
  package func quantile(_ share: Float) -> Float {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return sorted[max(0, min(sorted.count - 1, Int(share * Float(sorted.count))))]
  }

  /// The cosine between two images of equal size, -1...1; 0 where one is flat.
  package func correlation(with other: GreyImage) -> Float {
    precondition(values.count == other.values.count, "images differ in size")
    func dot(_ a: [Float], _ b: [Float]) -> Float {
      DotProduct.of(a, from: 0, b, from: 0, count: values.count)
    }
    let (ab, aa) = (dot(values, other.values), dot(values, values))
    let bb = dot(other.values, other.values)
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}
