import FrameKernels

/// The descriptors of a run of frames over time, from which motion hashes are taken at any moment.
public struct DescriptorTrack: Sendable {
  /// Times of the described frames, in seconds, ascending.
  public private(set) var times: [Double] = []
  private var values: [Float] = []

  /// Creates an empty track.
  public init() {}

  /// Adds the descriptor of a frame that comes after all frames so far.
  public mutating func append(_ descriptor: [Float], at seconds: Double) {
    precondition(descriptor.count == Motion1.components, "a descriptor has 64 components")
    precondition(times.last.map { $0 < seconds } ?? true, "frames must come in order of time")
    times.append(seconds)
    values.append(contentsOf: descriptor)
  }

  /// Forgets all frames before `seconds` but the last of them.
  public mutating func trim(before seconds: Double) {
    guard let keep = times.lastIndex(where: { $0 <= seconds }), keep > 0 else { return }
    times.removeFirst(keep)
    values.removeFirst(keep * Motion1.components)
  }

  /// A motion hash and whether anything moved.
  public struct Sample: Sendable, Hashable {
    /// The hash.
    public var hash: FrameHash
    /// Length of the motion vector over the motion floor; below 1 little moved.
    public var motion: Float
  }

  /// The motion hash around `seconds`, where pictures `span` seconds before and after are compared.
  ///
  /// Descriptors between two frames are interpolated; beyond the first and the last frame there is
  /// no hash, and none across a gap of more than a second.
  public func sample(at seconds: Double, halfSpan span: Double = Motion1.halfSpanSeconds) -> Sample?
  {
    guard var vector = descriptor(at: seconds + span), let before = descriptor(at: seconds - span)
    else { return nil }
    var energy = 0.0
    for c in 0..<Motion1.components {
      vector[c] -= before[c]
      energy += Double(vector[c]) * Double(vector[c])
    }
    let length = Float(energy.squareRoot())
    let scale = 1 / max(length, Motion1.motionFloor)
    for c in 0..<Motion1.components { vector[c] *= scale }
    var words = [UInt64](repeating: 0, count: Thermometer.words)
    Thermometer.quantise(vector.span, thresholds: Motion1.thresholds.span, into: &words)
    let hash = FrameHash(words: SIMD4(words[0], words[1], words[2], words[3]))
    return Sample(hash: hash, motion: length / Motion1.motionFloor)
  }

  private static let longestGapSeconds = 1.0

  private func descriptor(at seconds: Double) -> [Float]? {
    guard let first = times.first, let last = times.last, seconds >= first, seconds <= last else {
      return nil
    }
    var (low, high) = (0, times.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= seconds { low = middle } else { high = middle }
    }
    let span = times[high] - times[low]
    guard span <= Self.longestGapSeconds else { return nil }
    let weight = span > 0 ? Float((seconds - times[low]) / span) : 0
    let n = Motion1.components
    var result = [Float](repeating: 0, count: n)
    for c in 0..<n {
      result[c] = values[low * n + c] * (1 - weight) + values[high * n + c] * weight
    }
    return result
  }
}
