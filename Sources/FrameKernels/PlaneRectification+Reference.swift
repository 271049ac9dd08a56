extension PlaneRectification {
  /// The definition of a view: what every level must equal.
  package static func referenceView(
    _ plane: [Float],
    width: Int,
    height: Int,
    map: [Float],
    lens: Float
  ) -> (values: [Float], mask: [Float], count: Int) {
    var values = [Float](repeating: 0, count: plane.count)
    var mask = values
    let (across, down) = (Float(width), Float(height))
    let ratio = down / across
    for y in 0..<height {
      let v = 2 * (Float(y) + 0.5) / down - 1
      let far = v * v * ratio * ratio
      for x in 0..<width {
        let u = 2 * (Float(x) + 0.5) / across - 1
        let bend = 1 + lens * (u * u + far)
        let (fromX, fromY) = ((1 + u * bend) / 2, (1 + v * bend) / 2)
        let depth = map[6] * fromX + map[7] * fromY + map[8]
        let toX = (map[0] * fromX + map[1] * fromY + map[2]) / depth * across - 0.5
        let toY = (map[3] * fromX + map[4] * fromY + map[5]) / depth * down - 0.5
        guard depth > 1e-3, toX >= 1, toY >= 1, toX < across - 2, toY < down - 2 else { continue }
        let at = Int(toY) * width + Int(toX)
        let (shareX, shareY) = (toX - toX.rounded(.down), toY - toY.rounded(.down))
        let upper = plane[at] + (plane[at + 1] - plane[at]) * shareX
        let lower = plane[at + width] + (plane[at + width + 1] - plane[at + width]) * shareX
        values[y * width + x] = upper + (lower - upper) * shareY
        mask[y * width + x] = 1
      }
    }
    return (values, mask, mask.count { $0 > 0 })
  }

  /// The definition of the local mean, up to rounding.
  package static func referenceWithoutMean(
    _ plane: [Float],
    mask: [Float],
    width: Int,
    height: Int,
    radius: Int
  ) -> [Double] {
    (0..<width * height).map { at in
      guard mask[at] > 0 else { return 0 }
      var (sum, count) = (0.0, 0.0)
      for y in max(0, at / width - radius)...min(height - 1, at / width + radius) {
        for x in max(0, at % width - radius)...min(width - 1, at % width + radius) {
          sum += Double(plane[y * width + x] * mask[y * width + x])
          count += Double(mask[y * width + x])
        }
      }
      return Double(plane[at]) - sum / count
    }
  }
}
