import TextReading

/// How steep a grey picture is everywhere, with the sums that windows need.
///
/// Steepness does not change when a sign is shown in negative, and little with its tone, its opacity
/// and the ground; correlations of grey and of colour were measured to be worse.
struct EdgePicture {
  let width: Int
  let height: Int
  /// Steepness of each pixel.
  let values: [Float]
  // Sums and sums of squares over all pixels above and left of a corner; in double precision, or
  // differences of large sums would be noise.
  private let sums: [Double]
  private let squares: [Double]

  init(_ image: GreyImage) {
    let (width, height) = (image.width, image.height)
    var values = [Float](repeating: 0, count: width * height)
    for y in 0..<height {
      let above = max(0, y - 1) * width
      let below = min(height - 1, y + 1) * width
      for x in 0..<width {
        let across = image.values[y * width + min(width - 1, x + 1)]
        let dx = across - image.values[y * width + max(0, x - 1)]
        let dy = image.values[below + x] - image.values[above + x]
        values[y * width + x] = (dx * dx + dy * dy).squareRoot()
      }
    }
    var sums = [Double](repeating: 0, count: (width + 1) * (height + 1))
    var squares = sums
    for y in 0..<height {
      var (row, rowSquares) = (0.0, 0.0)
      for x in 0..<width {
        let value = Double(values[y * width + x])
        row += value
        rowSquares += value * value
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
        squares[(y + 1) * (width + 1) + x + 1] = squares[y * (width + 1) + x + 1] + rowSquares
      }
    }
    self.width = width
    self.height = height
    self.values = values
    self.sums = sums
    self.squares = squares
  }

  /// The sum over a window that lies inside.
  func sum(left: Int, top: Int, right: Int, bottom: Int) -> Double {
    let stride = width + 1
    return sums[bottom * stride + right] - sums[top * stride + right] - sums[bottom * stride + left]
      + sums[top * stride + left]
  }

  /// The variance in a window that lies inside.
  func variance(left: Int, top: Int, right: Int, bottom: Int) -> Double {
    let stride = width + 1
    let area = Double((right - left) * (bottom - top))
    let mean = sum(left: left, top: top, right: right, bottom: bottom) / area
    let square =
      squares[bottom * stride + right] - squares[top * stride + right]
      - squares[bottom * stride + left] + squares[top * stride + left]
    return max(0, square / area - mean * mean)
  }

  /// The correlation of a whole picture with the window of its size at a place, -1...1.
  ///
  /// Flat windows give 0: their correlation would be that of noise.
  func correlation(with window: EdgePicture, left: Int, top: Int) -> Float {
    let (right, bottom) = (left + window.width, top + window.height)
    guard left >= 0, top >= 0, right <= width, bottom <= height else { return 0 }
    let own = variance(left: left, top: top, right: right, bottom: bottom)
    let other = window.variance(left: 0, top: 0, right: window.width, bottom: window.height)
    guard own > Self.leastVariance, other > Self.leastVariance else { return 0 }
    var products: Float = 0
    for y in 0..<window.height {
      let a = y * window.width
      let b = (top + y) * width + left
      var row: Float = 0
      for x in 0..<window.width { row += window.values[a + x] * values[b + x] }
      products += row
    }
    let area = Double(window.width * window.height)
    let means =
      window.sum(left: 0, top: 0, right: window.width, bottom: window.height)
      * sum(left: left, top: top, right: right, bottom: bottom) / area
    return Float((Double(products) - means) / area / (own * other).squareRoot())
  }

  /// Below this variance a window is taken for flat: twice the noise of stacked crops.
  static let leastVariance = 4.0
}
