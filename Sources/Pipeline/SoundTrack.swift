import AudioFingerprinting
import MediaIO

/// The sound of a file, as far as it can be had.
enum SoundTrack {
  /// The file has none.
  case missing
  /// It has some that cannot be decoded.
  case unreadable
  /// Its landmarks; none where it is silent.
  case landmarks(SoundLandmarks)

  /// What is not about the sound.
  private static let graver: Set<MediaError.Code> = [.cancelled, .ioError, .notIsolated]

  /// Reads the sound of a film up to `end`, in seconds; a film is none the worse for having none.
  ///
  /// - Throws: ``MediaError`` where someone asked to stop, the operating system fails, or nothing can be
  ///   decoded in confinement.
  init(of media: any MediaSource, to end: Double = .infinity) throws {
    do {
      guard let reader = try media.sound(sampleRate: SoundLandmarks.sampleRate) else {
        self = .missing
        return
      }
      var fingerprinter = SoundFingerprinter()
      let summary = try reader.read(to: end) { fingerprinter.append($0, at: $1) }
      let landmarks = fingerprinter.finish()
      let isHopeless = summary.deliveredSamples == 0 && summary.damagedParts > 0
      self = isHopeless ? .unreadable : .landmarks(landmarks)
    } catch let error as MediaError where !Self.graver.contains(error.code) {
      self = .unreadable
    }
  }
}
