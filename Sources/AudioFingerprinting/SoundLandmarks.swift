/// The landmarks of a recording: moments and pitches at which its sound is louder than around them.
///
/// A landmark survives a loudspeaker, a room and a codec far better than the sound about it does, and
/// does not depend on loudness. Its time is a step of 128 samples of 8000 a second, its pitch a band
/// of a sixtieth of an octave from 200 Hz up, so that another speed moves all bands by one number.
///
/// - Source: Wang: "An industrial-strength audio search algorithm", ISMIR 2003.
public struct SoundLandmarks: Sendable, Hashable {
  /// Samples per second of the sound that landmarks are taken from.
  public static let sampleRate = 8000
  /// Most landmarks of a second: with 4 bytes each, at most 288 kB an hour.
  public static let mostPerSecond = 20

  /// Samples from one time step to the next.
  static let stepSamples = 128
  /// Samples that one landmark is measured from.
  static let windowSamples = 1024
  /// Bands in an octave.
  static let bandsPerOctave = 60
  /// Bands in all; the last lies at 3.5 kHz.
  static let bandCount = 250
  /// Frequency of band 0, in hertz.
  static let lowestFrequency: Float = 200
  /// Time steps that a landmark can have; 74 hours.
  static let stepLimit = 1 << 24

  /// What this way of taking landmarks is called in files.
  private static let format: UInt32 = 1

  /// Time step in the upper 24 bits, band in the lower 8; ascending.
  private(set) var words: [UInt32]

  /// Landmarks of a recording without sound.
  public init() { words = [] }

  /// Landmarks in ascending order.
  init(words: [UInt32]) { self.words = words }

  /// Number of landmarks.
  public var count: Int { words.count }

  /// Whether there is no sound to speak of.
  public var isEmpty: Bool { words.isEmpty }

  /// The landmarks as they are stored: a number for the format, then one number each.
  public var encoded: [UInt32] { [Self.format] + words }

  /// Reads what ``encoded`` gave; nil where it is no such thing.
  ///
  /// - Complexity: O(`encoded.count`).
  public init?(encoded: Span<UInt32>) {
    guard encoded.count > 0, encoded[0] == Self.format else { return nil }
    var words: [UInt32] = []
    words.reserveCapacity(encoded.count - 1)
    for index in 1..<encoded.count {
      let word = encoded[index]
      if let last = words.last, word <= last { return nil }
      guard word & 0xFF < UInt32(Self.bandCount) else { return nil }
      words.append(word)
    }
    self.words = words
  }

  /// Middle of a landmark's window, in seconds of the recording.
  static func seconds(of word: UInt32) -> Double {
    (Double(word >> 8) * Double(stepSamples) + Double(windowSamples / 2)) / Double(sampleRate)
  }

  /// Number of the first landmark at `seconds` or later.
  ///
  /// - Complexity: O(log ``count``).
  func first(notBefore seconds: Double) -> Int {
    var (low, high) = (0, words.count)
    while low < high {
      let middle = (low + high) / 2
      if Self.seconds(of: words[middle]) < seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
