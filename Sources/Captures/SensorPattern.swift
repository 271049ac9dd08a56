import Registration
public import VideoCore

/// How much more or less sensitive each pixel of a camera is, as far as a recording shows it.
public struct SensorPattern: Sendable {
  /// Size of the frame.
  public let size: FrameSize
  /// Row-major; ``unit`` is the pattern's own deviation, which is the same everywhere.
  let values: [Int8]

  /// Steps of a value in one deviation: a byte holds ``most`` of them.
  private static let unit: Float = 42

  /// Values beyond so many deviations are cut: they are edges of something drawn.
  private static let most: Float = 3
  /// Codecs repeat themselves after so many pixels.
  private static let period = 16

  /// The weighted mean of residuals, rid of what rows, columns and the grid of a codec have in common
  /// and of what repeats.
  init(size: FrameSize, products: [Float], energies: [Float]) {
    self.size = size
    var values = zip(products, energies).map { $1 > 0 ? $0 / $1 : 0 }
    let (width, height) = (size.width, size.height)
    Self.removeMeans(&values, groups: width) { $0 % width }
    Self.removeMeans(&values, groups: height) { $0 / width }
    let period = Self.period
    Self.removeMeans(&values, groups: period * period) {
      ($0 / width) % period * period + ($0 % width) % period
    }
    Self.cut(&values)
    values = PlaneFilters.whitened(values, size: size)
    Self.cut(&values)
    self.values = values.map { Int8(($0 * Self.unit).rounded()) }
  }

  private static func removeMeans(_ values: inout [Float], groups: Int, _ group: (Int) -> Int) {
    var sums = [Double](repeating: 0, count: groups)
    var counts = [Double](repeating: 0, count: groups)
    for index in values.indices {
      sums[group(index)] += Double(values[index])
      counts[group(index)] += 1
    }
    let means = zip(sums, counts).map { Float($0 / max(1, $1)) }
    for index in values.indices { values[index] -= means[group(index)] }
  }

  /// Brings the deviation to one, by the median, and cuts what goes far beyond.
  private static func cut(_ values: inout [Float]) {
    // A part of them tells the median well.
    var magnitudes = stride(from: 0, to: values.count, by: 7).map { abs(values[$0]) }
      .filter { $0 > 0 }
    magnitudes.sort()
    let median = magnitudes.isEmpty ? 0 : magnitudes[magnitudes.count / 2]
    guard median > 0, median.isFinite else {
      // Too little of the picture was ever light.
      values = [Float](repeating: 0, count: values.count)
      return
    }
    let scale = 1 / (1.4826 * median)
    for index in values.indices {
      values[index] = max(-most, min(most, values[index] * scale))
    }
  }
}
