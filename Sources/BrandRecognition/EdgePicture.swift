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

  /// The mean in a window that lies inside.
  func mean(of place: Windows.Place) -> Double {
    let (right, bottom) = (place.left + place.width, place.top + place.height)
    return sum(left: place.left, top: place.top, right: right, bottom: bottom)
      / Double(place.width * place.height)
  }

  /// The variance in a window that lies inside.
  func variance(of place: Windows.Place) -> Double {
    let (right, bottom) = (place.left + place.width, place.top + place.height)
    return variance(left: place.left, top: place.top, right: right, bottom: bottom)
  }

  /// The correlation of a sign with the window of its size at a place, -1...1.
  ///
  /// Flat windows give 0: their correlation would be that of noise.
  func correlation(with sign: EdgeSign, left: Int, top: Int) -> Float {
    let (right, bottom) = (left + sign.width, top + sign.height)
    guard !sign.isFlat, left >= 0, top >= 0, right <= width, bottom <= height else { return 0 }
    let own = variance(left: left, top: top, right: right, bottom: bottom)
    guard own > Self.leastVariance else { return 0 }
    var products: Float = 0
    for y in 0..<sign.height {
      products += DotProduct.of(
        sign.values,
        from: y * sign.width,
        values,
        from: (top + y) * width + left,
        count: sign.width
      )
    }
    return products / Float((Double(sign.width * sign.height) * own).squareRoot())
  }

  /// The same for the inner part of both, without a rim of a fifth of the height.
  ///
  /// Half of all signs stand in a disc or on a plate; their rims resemble one another, whatever is
  /// inside.
  func innerCorrelation(with sign: EdgeSign, left: Int, top: Int) -> Float {
    let rim = sign.height / 5
    let (columns, rows) = (rim..<(sign.width - rim), rim..<(sign.height - rim))
    let own = Windows.Place(
      left: left + rim,
      top: top + rim,
      width: columns.count,
      height: rows.count
    )
    guard columns.count > 2, rows.count > 2, own.left >= 0, own.top >= 0,
      own.left + own.width <= width, own.top + own.height <= height,
      variance(of: own) > Self.leastVariance
    else { return 0 }
    var (products, sum, squares) = (0.0, 0.0, 0.0)
    for y in rows {
      for x in columns {
        let value = Double(sign.values[y * sign.width + x])
        products += value * Double(values[(top + y) * width + left + x])
        sum += value
        squares += value * value
      }
    }
    let count = Double(columns.count * rows.count)
    let spread = squares - sum * sum / count
    guard spread > 0 else { return 0 }
    return Float(
      (products - sum * mean(of: own)) / (spread * count * variance(of: own)).squareRoot()
    )
  }

  /// Below this variance a window is taken for flat: twice the noise of stacked crops.
  static let leastVariance = 4.0
}
