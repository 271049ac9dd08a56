import AudioFingerprinting
import Captures
import Matching
import MediaIO

/// What the sound of one leak has to say of the releases that its pictures show.
struct SoundWitness {
  private let track: SoundTrack

  /// Sound this much later than its picture still belongs to it.
  private static let latest = 5.0

  /// Reads the sound of a leak as far as any of the matches goes.
  init(of media: any MediaSource, matches: [ReleaseMatch]) throws {
    let end = matches.flatMap(\.segments).map(\.leakEnd).max() ?? 0
    track = try SoundTrack(of: media, to: end + Self.latest)
  }

  /// What the sound of a leak says of a release.
  struct Testimony {
    /// What became of the release's sound.
    var audio: MatchReport.Audio
    /// What was heard in the room besides it.
    var sounds: [FilmMark] = []

    init(_ verdict: MatchReport.Audio.Verdict, reason: MatchReport.Audio.Reason? = nil) {
      audio = MatchReport.Audio(verdict, reason: reason)
    }

    init(_ comparison: SoundComparison, sounds: [FilmMark]) {
      (audio, self.sounds) = (MatchReport.Audio(comparison), sounds)
    }
  }

  /// Compares the leak's sound with a release's, which is nil where the library has none of it.
  func testimony(on match: ReleaseMatch, reference: SoundLandmarks?) -> Testimony {
    let leak: SoundLandmarks
    switch track {
    case .missing: return Testimony(.none)
    case .unreadable: return Testimony(.undetermined, reason: .unreadable)
    case .landmarks(let landmarks): leak = landmarks
    }
    let stretches = match.segments.map {
      SoundStretch(
        leakStart: $0.leakStart,
        leakEnd: $0.leakEnd,
        referenceStart: $0.referenceStart,
        rate: $0.rate
      )
    }
    let comparison = SoundComparison(
      leak: leak,
      reference: reference ?? SoundLandmarks(),
      stretches: stretches
    )
    guard comparison.leakLandmarks > 0 else { return Testimony(.silent) }
    guard let reference else { return Testimony(.undetermined, reason: .noReferenceSound) }
    guard comparison.verdict == .original, comparison.recording != .line else {
      // Another sound track has its own sounds, and so has a cable's encoder: no room's.
      return Testimony(comparison, sounds: [])
    }
    let remainder = SoundRemainder(
      of: leak,
      reference: reference,
      stretches: stretches,
      comparison: comparison
    )
    return Testimony(
      comparison,
      sounds: remainder.marks.compactMap { FilmMark(filmSeconds: $0.seconds, kind: $0.band) }
    )
  }
}

extension MatchReport.Audio {
  /// The comparison as it is reported.
  init(_ comparison: SoundComparison) {
    switch comparison.verdict {
    case .original: self.init(.original)
    case .different: self.init(.different)
    case .undetermined:
      self.init(.undetermined, reason: comparison.isShortOfSound ? .tooLittleSound : .unclear)
    }
    log10P = ReportNumber.logarithm(comparison.log10P)
    guard verdict == .original else { return }
    offsetMilliseconds = ReportNumber.seconds(comparison.offset * 1000).rounded()
    recording = comparison.recording.map { $0 == .line ? .line : .room }
  }
}
