import Fingerprinting

/// Windows of films laid upon clips of other films, as inserted clips are upon those of a catalogue.
struct ClipTrials {
  /// What a window is laid upon: as long as clips of advertisers are, in samples.
  private static let clipSamples = 36
  /// Lengths of what a leak may show between two cuts, in samples.
  private static let windows = [14, 20, 34, 60]

  private let films: [(name: String, hashes: [FrameHash?])]

  /// Takes what a library keeps of each film.
  init(_ films: [Film]) {
    self.films = films.map { film in
      let fingerprint = film.fingerprint()
      let (words, corrections) = (fingerprint.words, fingerprint.corrections)
      return (film.name, Fingerprint.hashes(words.span, corrections.span))
    }
  }

  /// Hands over every window that enough samples of a clip meet.
  func each(_ body: (_ line: String) -> Void) {
    for clip in films where clip.hashes.count > Self.clipSamples {
      let start = (clip.hashes.count - Self.clipSamples) / 2
      let part = Array(clip.hashes[start..<start + Self.clipSamples])
      for film in films where film.name != clip.name {
        for length in Self.windows {
          for from in stride(from: 0, through: film.hashes.count - length, by: length) {
            let window = Array(film.hashes[from..<from + length])
            guard let alignment = CopyAlignment(of: window, on: part) else { continue }
            body(
              "\(film.name),\(from),\(length),\(clip.name),\(alignment.bits),"
                + "\(alignment.usualBits),\(alignment.isCopy)"
            )
          }
        }
      }
    }
  }
}
