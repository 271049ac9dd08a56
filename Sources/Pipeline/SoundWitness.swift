import AudioFingerprinting
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

  /// Compares the leak's sound with a release's, which is nil where the library has none of it.
  func testimony(on match: ReleaseMatch, reference: SoundLandmarks?) -> MatchReport.Audio {
    let leak: SoundLandmarks
    switch track {
    case .missing: return MatchReport.Audio(.none)
    case .unreadable: return MatchReport.Audio(.undetermined, reason: .unreadable)
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
    guard comparison.leakLandmarks > 0 else { return MatchReport.Audio(.silent) }
    guard reference != nil else {
      return MatchReport.Audio(.undetermined, reason: .noReferenceSound)
    }
    return MatchReport.Audio(comparison)
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
