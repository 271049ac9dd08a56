/// What is kept of a leak to tell whether another one comes from the same recording: how the camera
/// moved, what stood in front of it, how its exposure went, what the room sounded like and where frames
/// were dropped, moment by moment of the *film*.
///
/// Leak time does not appear in it, so that cuts, inserted ads and another speed change nothing but
/// which moments there are.
public struct CaptureSignature: Sendable, Hashable {
  /// Moments of each second of the film.
  public static let rate = 10.0

  /// The moments, ascending; none twice.
  public private(set) var samples: [CaptureSample]
  /// Sounds that the film's own sound does not have, ascending; none twice.
  public private(set) var sounds: [FilmMark]
  /// Moments at which frames were dropped, ascending; none twice.
  public private(set) var holds: [FilmMark]

  /// Creates a signature of moments in any order; of several of one moment the first is kept.
  public init(_ samples: [CaptureSample], sounds: [FilmMark] = [], holds: [FilmMark] = []) {
    var seen: Set<Int> = []
    self.samples = samples.filter { seen.insert($0.index).inserted }.sorted { $0.index < $1.index }
    self.sounds = Set(sounds).sorted()
    self.holds = Set(holds).sorted()
  }

  /// Seconds of film that it has moments of.
  public var seconds: Double { Double(samples.count) / Self.rate }
}

// MARK: Bytes

extension CaptureSignature {
  /// First byte of the encoding.
  ///
  /// Format 2 has neither sounds nor dropped frames, and is still read. Format 1 had six more bytes for
  /// each moment, of errors and times, that nothing read.
  public static let format: UInt8 = 3
  private static let formatWithoutMarks: UInt8 = 2
  /// Bytes of one moment.
  static let sampleBytes = 21
  /// Corners are kept in these parts of the frame, about its middle.
  private static let cornerUnit = 20_000.0
  private static let gainUnit = 32.0
  private static let mostSamples = 1 << 22

  /// The signature in few bytes, little-endian: the format; sounds and dropped frames, each with their
  /// count; runs of moments without a gap, each with the number of the first and their count.
  public var encoded: [UInt8] {
    var bytes = [Self.format]
    for marks in [sounds, holds] {
      Self.append(UInt32(truncatingIfNeeded: marks.count), &bytes)
      for mark in marks { Self.append(mark.word, &bytes) }
    }
    var start = 0
    while start < samples.count {
      var end = start + 1
      while end < samples.count, samples[end].index == samples[end - 1].index + 1 { end += 1 }
      Self.append(UInt32(truncatingIfNeeded: samples[start].index), &bytes)
      Self.append(UInt32(truncatingIfNeeded: end - start), &bytes)
      for sample in samples[start..<end] { Self.append(sample, &bytes) }
      start = end
    }
    return bytes
  }

  private static func append(_ value: UInt32, _ bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  private static func append(_ sample: CaptureSample, _ bytes: inout [UInt8]) {
    for corner in sample.corners {
      for value in [corner.x, corner.y] {
        let step = UInt16(bitPattern: Int16(clamping: rounded((value - 0.5) * cornerUnit)))
        bytes.append(UInt8(truncatingIfNeeded: step))
        bytes.append(UInt8(truncatingIfNeeded: step >> 8))
      }
    }
    bytes.append(UInt8(clamping: rounded(sample.gain * gainUnit)))
    append(sample.hidden, &bytes)
  }

  private static func rounded(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return Int(max(-1e9, min(1e9, value)).rounded())
  }

  /// Reads what ``encoded`` wrote; nil where that is another format or damaged.
  public init?(encoded bytes: [UInt8]) {
    guard let format = bytes.first, [Self.formatWithoutMarks, Self.format].contains(format) else {
      return nil
    }
    var samples: [CaptureSample] = []
    var at = 1
    func word() -> UInt32? {
      guard at + 4 <= bytes.count else { return nil }
      defer { at += 4 }
      return (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
    func marks() -> [FilmMark]? {
      guard let count = word(), at + 4 * Int(count) <= bytes.count else { return nil }
      let marks = (0..<count).compactMap { _ in word().map(FilmMark.init(word:)) }
      return zip(marks, marks.dropFirst()).allSatisfy { $0 < $1 } ? marks : nil
    }
    (sounds, holds) = ([], [])
    if format != Self.formatWithoutMarks {
      guard let sounds = marks(), let holds = marks() else { return nil }
      (self.sounds, self.holds) = (sounds, holds)
    }
    while at < bytes.count {
      guard let first = word(), let count = word(), count > 0, count <= Self.mostSamples,
        at + Int(count) * Self.sampleBytes <= bytes.count
      else { return nil }
      let start = Int(Int32(bitPattern: first))
      if let last = samples.last, last.index >= start { return nil }
      for number in 0..<Int(count) {
        samples.append(Self.sample(bytes[at..<at + Self.sampleBytes], index: start + number))
        at += Self.sampleBytes
      }
    }
    self.samples = samples
  }

  private static func sample(_ bytes: ArraySlice<UInt8>, index: Int) -> CaptureSample {
    let base = bytes.startIndex
    func place(_ number: Int) -> Double {
      let step = UInt16(bytes[base + 2 * number]) | UInt16(bytes[base + 2 * number + 1]) << 8
      return Double(Int16(bitPattern: step)) / cornerUnit + 0.5
    }
    return CaptureSample(
      index: index,
      corners: (0..<4).map { SIMD2(place(2 * $0), place(2 * $0 + 1)) },
      gain: Double(bytes[base + 16]) / gainUnit,
      hidden: (0..<4).reduce(0) { $0 | UInt32(bytes[base + 17 + $1]) << UInt32(8 * $1) }
    )
  }
}
