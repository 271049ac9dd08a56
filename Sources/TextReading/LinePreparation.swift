import VideoCore

/// Makes of a part of a picture what Tesseract reads best: dark text of one height on light.
enum LinePreparation {
  /// Height of characters that lines are brought to first, and for a second opinion.
  ///
  /// Tesseract's
  /// network sees 36 rows; measured on corner ads and banners of simulated leaks.
  static let textHeights: [Float] = [32, 44]
  /// Italics lean by up to .3; less than a tenth reads as well as it is.
  private static let slopes: [Float] = [-0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35]
  private static let leastSlope: Float = 0.1
  /// How far obliques lean as a rule: 12 degrees.
  private static let obliqueSlope: Float = 0.2

  /// A prepared line and the part of the picture that it shows, in pixels.
  struct Line {
    var plane: LumaPlane
    var left: Int
    var top: Int
    var width: Int
    var height: Int
  }

  /// Cuts a line out, brings its text to `textHeight` pixels and upright; nil where it is too large
  /// to be read.
  ///
  /// `aspect` is the width over height of a pixel; with `isOther` a line that seems to stand is taken
  /// to lean, and the other way round, and outlines are left out.
  static func line(
    _ proposal: LineProposal,
    of image: GreyImage,
    textHeight: Float,
    aspect: Float,
    isOther: Bool
  ) -> Line? {
    let margin = 0.35 * proposal.textHeight
    let left = max(0, proposal.left - Int(margin * 1.2))
    let top = max(0, proposal.top - Int(margin))
    guard
      let part = image.cropped(
        left: left,
        top: top,
        right: proposal.right + Int(margin * 1.2) + 1,
        bottom: proposal.bottom + Int(margin) + 1
      )
    else { return nil }
    let scale = min(8, textHeight / max(1, proposal.textHeight))
    let width = Int(Float(part.width) * scale * aspect)
    let height = Int(Float(part.height) * scale)
    guard width > 3, height > 3, width <= 8192, width * height <= 1 << 20 else { return nil }
    var prepared = sharpened(
      part.resized(width: width, height: height),
      amount: 0.5,
      sigma: max(0.5, scale / 2)
    )
    var slope = slope(of: prepared)
    if isOther { slope = slope >= leastSlope ? 0 : obliqueSlope }
    if abs(slope) >= leastSlope { prepared = prepared.sheared(slope: slope) }
    return Line(
      plane: stretched(prepared, isLight: proposal.isLight, fromGround: isOther),
      left: left,
      top: top,
      width: part.width,
      height: part.height
    )
  }

  /// A whole picture, up-scaled for the search for text.
  static func page(_ image: GreyImage, scale: Float, aspect: Float, sharpen: Float) -> LumaPlane {
    let grown = image.resized(
      width: max(1, Int(Float(image.width) * scale * aspect)),
      height: max(1, Int(Float(image.height) * scale))
    )
    return stretched(
      sharpened(grown, amount: sharpen, sigma: max(0.5, scale / 2)),
      isLight: isLight(image)
    )
  }

  /// Whether what stands out of its neighbourhood is light: text covers less than its ground.
  static func isLight(_ image: GreyImage) -> Bool {
    let ground = image.blurred(sigma: 6)
    var third: Float = 0
    for i in image.values.indices {
      let difference = image.values[i] - ground.values[i]
      third += difference * difference * difference
    }
    return third > 0
  }

  private static func sharpened(_ image: GreyImage, amount: Float, sigma: Float) -> GreyImage {
    let soft = image.blurred(sigma: sigma)
    var result = image
    for i in result.values.indices {
      result.values[i] += amount * (image.values[i] - soft.values[i])
    }
    return result
  }

  /// Dark on light; with `fromGround` what lies on the other side of the ground than the text does is
  /// the ground: an outline or a shadow, which Tesseract may take for the text.
  private static func stretched(
    _ image: GreyImage,
    isLight: Bool,
    fromGround: Bool = false
  ) -> LumaPlane {
    let (low, median, high) = image.extremes()
    let (darkest, lightest) = fromGround ? (isLight ? (median, high) : (low, median)) : (low, high)
    var result = image
    if isLight { for i in result.values.indices { result.values[i] = -result.values[i] } }
    // Less than twenty levels between black and white would be noise.
    return isLight
      ? result.plane(darkest: -max(lightest, darkest + 20), lightest: -darkest)
      : result.plane(darkest: darkest, lightest: max(lightest, darkest + 20))
  }

  /// How far the strokes lean: the slope at which their edges fall into the fewest columns.
  private static func slope(of image: GreyImage) -> Float {
    let (width, height) = (image.width, image.height)
    var best: (energy: Float, slope: Float) = (0, 0)
    for slope in slopes {
      var columns = [Float](repeating: 0, count: width)
      for y in 0..<height {
        let shift = Int((slope * (Float(height) / 2 - Float(y))).rounded())
        for x in max(0, -shift)..<max(max(0, -shift), min(width - 1, width - 1 - shift)) {
          let i = y * width + x + shift
          columns[x] += abs(image.values[i + 1] - image.values[i])
        }
      }
      let energy = columns.reduce(0) { $0 + $1 * $1 }
      if energy > best.energy * 1.02 { best = (energy, slope) }
    }
    return best.slope
  }
}

extension GreyImage {
  /// The values that one sample in a hundred lies below, half of them, and one in a hundred above.
  fileprivate func extremes() -> (low: Float, median: Float, high: Float) {
    // A histogram over 1024 steps from -128 to 384 is exact enough and needs no sorting.
    var histogram = [Int](repeating: 0, count: 1024)
    for value in values { histogram[max(0, min(1023, Int((value + 128) * 2)))] += 1 }
    func value(beyond share: Int) -> Float {
      var seen = 0
      for step in 0..<1024 {
        seen += histogram[step]
        if seen > share { return Float(step) / 2 - 128 }
      }
      return 384
    }
    let tail = values.count / 100
    return (
      value(beyond: tail), value(beyond: values.count / 2), value(beyond: values.count - tail - 1)
    )
  }
}
