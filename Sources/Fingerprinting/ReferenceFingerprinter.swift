public import VideoCore

/// Fingerprints a reference film frame by frame, in memory that does not grow but for the result
/// (40 bytes a sample, 0.6 MB an hour).
public struct ReferenceFingerprinter: Sendable {
  private let window: PictureWindow
  private var describer = FrameDescriber()
  private var track = DescriptorTrack()
  private var previous: (plane: LumaPlane, seconds: Double)?
  private var previousIsDescribed = false
  private var next = 0
  private var words: [UInt64] = []
  private var corrections: [Int16] = []

  /// Starts a film whose picture lies in `window`, without its black bars.
  public init(window: PictureWindow = .whole) { self.window = window }

  /// Takes the next frame; frames must come in order of time, others are passed over.
  public mutating func append(_ plane: LumaPlane, at seconds: Double) {
    if let last = previous, seconds <= last.seconds { return }
    // Only frames beside a sample's time, or half a span from it, are ever looked at.
    let crossesGrid = previous.map { Self.grid(seconds) != Self.grid($0.seconds) } ?? true
    if crossesGrid {
      if let last = previous, !previousIsDescribed {
        track.append(describer.describe(last.plane, window: window).upright, at: last.seconds)
      }
      track.append(describer.describe(plane, window: window).upright, at: seconds)
    }
    previous = (plane, seconds)
    previousIsDescribed = crossesGrid
    emit(until: seconds)
  }

  /// Ends the film.
  public mutating func finish() -> Fingerprint {
    if let last = previous {
      if !previousIsDescribed {
        track.append(describer.describe(last.plane, window: window).upright, at: last.seconds)
        previousIsDescribed = true
      }
      emit(until: last.seconds)
    }
    return Fingerprint(algorithm: .motion1, words: words, corrections: corrections)
  }

  private static func grid(_ seconds: Double) -> Int {
    Int((seconds * Motion1.samplesPerSecond).rounded(.down))
  }

  private mutating func emit(until seconds: Double) {
    while Double(next) / Motion1.samplesPerSecond + Motion1.halfSpanSeconds <= seconds {
      let time = Double(next) / Motion1.samplesPerSecond
      let sample = track.sample(at: time)
      let hash = sample?.hash ?? FrameHash(words: .zero)
      let moves = (sample?.motion ?? 0) >= Self.leastMotion
      for k in 0..<4 { words.append(hash.words[k]) }
      corrections.append(moves ? Background.correction(of: hash) : Fingerprint.still)
      next += 1
      track.trim(before: time - Motion1.halfSpanSeconds)
    }
  }

  /// Motion below half of the floor is noise and compression.
  public static let leastMotion: Float = 0.5
}
