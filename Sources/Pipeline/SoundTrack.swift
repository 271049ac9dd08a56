import AudioFingerprinting
import MediaIO
import SystemPackage

/// The sound of a file, as far as it can be had.
enum SoundTrack {
  /// The file has none.
  case missing
  /// It has some that cannot be decoded.
  case unreadable
  /// Its landmarks; none where it is silent.
  case landmarks(SoundLandmarks)

  /// Reads the sound of a film up to `end`, in seconds; a film is none the worse for having none.
  ///
  /// - Throws: ``MediaError`` where someone asked to stop or the operating system fails.
  init(of path: FilePath, to end: Double = .infinity, flag: CancellationFlag) throws {
    do {
      let rate = SoundLandmarks.sampleRate
      let reader = try AudioReader.open(path, sampleRate: rate) { flag.isCancelled }
      guard let reader else {
        self = .missing
        return
      }
      var fingerprinter = SoundFingerprinter()
      let summary = try reader.read(to: end) { fingerprinter.append($0, at: $1) }
      let landmarks = fingerprinter.finish()
      let isHopeless = summary.deliveredSamples == 0 && summary.damagedParts > 0
      self = isHopeless ? .unreadable : .landmarks(landmarks)
    } catch let error as MediaError where error.code != .cancelled && error.code != .ioError {
      self = .unreadable
    }
  }
}
