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

  /// The mean over squares of `2 · radius + 1` samples, cut at the edges.
  ///
  /// - Complexity: O(samples), whatever the radius.
  package func boxMean(radius: Int) -> GreyImage {
    transposedBoxMean(radius: radius).transposedBoxMean(radius: radius)
  }

  /// Means along the rows, written as columns: twice gives the mean over squares.
  private func transposedBoxMean(radius: Int) -> GreyImage {
    var result = [Float](repeating: 0, count: values.count)
    for y in 0..<height {
      let row = y * width
      var sum: Float = 0
      for x in 0..<min(radius, width) { sum += values[row + x] }
      for x in 0..<width {
        if x + radius < width { sum += values[row + x + radius] }
        if x - radius - 1 >= 0 { sum -= values[row + x - radius - 1] }
        let count = min(width - 1, x + radius) - max(0, x - radius) + 1
        result[x * height + y] = sum / Float(count)
      }
    }
    return GreyImage(width: height, height: width, values: result)
  }

  /// A Gaussian blur of deviation `sigma`, as three box means of fractional width per axis.
  ///
  /// - Source: Kovesi: "Fast almost-Gaussian filtering", DICTA 2010; for small sigma the kernel
  ///   itself is used.
  package func blurred(sigma: Float) -> GreyImage {
    let radius = max(1, Int((sigma * 3).rounded(.up)))
    if radius > 12 {
      // Three boxes of width w have a variance of (w² - 1) / 4.
      let width = Int((4 * sigma * sigma + 1).squareRoot())
      let half = max(1, width / 2)
      return boxMean(radius: half).boxMean(radius: half).boxMean(radius: half)
    }
    var kernel = (-radius...radius).map { Float.exponential(-Float($0 * $0) / (2 * sigma * sigma)) }
    let total = kernel.reduce(0, +)
    kernel = kernel.map { $0 / total }
    return transposedConvolution(kernel, radius).transposedConvolution(kernel, radius)
  }

  private func transposedConvolution(_ kernel: [Float], _ radius: Int) -> GreyImage {
    var result = [Float](repeating: 0, count: values.count)
    var padded = [Float](repeating: 0, count: width + 2 * radius)
    for y in 0..<height {
      for x in 0..<padded.count {
        padded[x] = values[y * width + max(0, min(width - 1, x - radius))]
      }
      for x in 0..<width {
        var sum: Float = 0
        for k in 0..<kernel.count { sum += kernel[k] * padded[x + k] }
        result[x * height + y] = sum
      }
    }
    return GreyImage(width: height, height: width, values: result)
  }

  /// The image at another size: cubic interpolation (Catmull–Rom), after a blur where it shrinks.
  package func resized(width newWidth: Int, height newHeight: Int) -> GreyImage {
    let shrink = max(Float(width) / Float(newWidth), Float(height) / Float(newHeight))
    let source = shrink > 1.2 ? blurred(sigma: 0.4 * shrink) : self
    return source.transposedResize(to: newWidth).transposedResize(to: newHeight)
  }

  private func transposedResize(to newWidth: Int) -> GreyImage {
    var result = [Float](repeating: 0, count: newWidth * height)
    let step = Float(width) / Float(newWidth)
    for x in 0..<newWidth {
      let position = (Float(x) + 0.5) * step - 0.5
      let base = Int(position.rounded(.down))
      let f = position - Float(base)
      let weights = SIMD4<Float>(
        ((-0.5 * f + 1) * f - 0.5) * f,
        (1.5 * f - 2.5) * f * f + 1,
        ((-1.5 * f + 2) * f + 0.5) * f,
        (0.5 * f - 0.5) * f * f
      )
      let last = width - 1
      let (a, b) = (max(0, min(last, base - 1)), max(0, min(last, base)))
      let (c, d) = (max(0, min(last, base + 1)), max(0, min(last, base + 2)))
      for y in 0..<height {
        let row = y * width
        result[x * height + y] =
          weights.x * values[row + a] + weights.y * values[row + b] + weights.z * values[row + c]
          + weights.w * values[row + d]
      }
    }
    return GreyImage(width: height, height: newWidth, values: result)
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
    var (ab, aa, bb): (Float, Float, Float) = (0, 0, 0)
    for i in values.indices {
      ab += values[i] * other.values[i]
      aa += values[i] * values[i]
      bb += other.values[i] * other.values[i]
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}

extension Float {
  /// e to the power of `x` for `x` of at most 0, within 1e-6: no need of the system's mathematics.
  fileprivate static func exponential(_ x: Float) -> Float {
    // (e^(x/64))^64 by a short series.
    let t = Double(x) / 64
    var power = 1 + t * (1 + t / 2 * (1 + t / 3 * (1 + t / 4)))
    for _ in 0..<6 { power *= power }
    return Float(power)
  }
}
