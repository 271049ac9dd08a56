/// What the machine can do at most, as the same run measured it.
struct Bounds {
  /// Bytes a second that can be read of memory, and of the third, second and first cache.
  let memory: Double
  let thirdCache: Double
  let secondCache: Double
  let firstCache: Double
  /// Products a second, summed: the most that any kernel made.
  let products: Double

  private static let firstCacheBytes = 32 << 10
  private static let secondCacheBytes = 512 << 10
  private static let thirdCacheBytes = 16 << 20

  init(_ measurements: [Measurement]) {
    func rate(_ kernel: String) -> Double {
      measurements.first { $0.kernel == kernel }?.bytesPerSecond ?? .nan
    }
    memory = rate("read sweep, 64 MB")
    thirdCache = rate("read sweep, 4 MB")
    secondCache = rate("read sweep, 256 kB")
    firstCache = rate("read sweep, 8 kB")
    products =
      measurements.map { Double($0.products) / $0.medianNanoseconds * 1e9 }.max() ?? .nan
  }

  /// The bound that a kernel is nearest to, and the share of it that is reached.
  func nearest(_ measurement: Measurement) -> (name: String, share: Double) {
    let (name, rate) =
      measurement.footprint <= Self.firstCacheBytes
      ? ("first cache", firstCache)
      : measurement.footprint <= Self.secondCacheBytes
        ? ("second cache", secondCache)
        : measurement.footprint <= Self.thirdCacheBytes
          ? ("third cache", thirdCache) : ("memory", memory)
    let reading = measurement.bytesPerSecond / rate
    let arithmetic =
      Double(measurement.products) / measurement.medianNanoseconds * 1e9 / products
    return arithmetic > reading ? ("products", arithmetic) : (name, reading)
  }
}

/// A measurement with what follows from it and from the others of its run, for the results.
struct RatedMeasurement: Codable {
  var kernel: String
  var level: String
  var medianNanoseconds: Double
  var minimumNanoseconds: Double
  var bytes: Int
  var items: Int
  var unit: String
  var bytesPerSecond: Double
  var itemsPerSecond: Double
  /// What limits it: memory, a cache, or products.
  var bound: String
  var shareOfBound: Double

  init(_ measurement: Measurement, _ bounds: Bounds) {
    (kernel, level) = (measurement.kernel, measurement.level)
    medianNanoseconds = measurement.medianNanoseconds
    minimumNanoseconds = measurement.minimumNanoseconds
    (bytes, items, unit) = (measurement.bytes, measurement.items, measurement.unit)
    (bytesPerSecond, itemsPerSecond) = (measurement.bytesPerSecond, measurement.itemsPerSecond)
    (bound, shareOfBound) = bounds.nearest(measurement)
  }
}
