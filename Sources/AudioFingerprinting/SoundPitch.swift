import Glibc

/// What happens to the pitch of a sound that is played at another speed.
enum SoundPitch: CaseIterable {
  /// It moves with the speed, as of a tape.
  case follows
  /// It was put back, as good conversions between 24 and 25 frames a second do.
  case kept

  /// What brings the bands of a leak to those of the release, at a rate of release seconds for each
  /// leak second.
  func bandShift(at rate: Double) -> Double {
    switch self {
    case .follows: -Double(SoundLandmarks.bandsPerOctave) * log2(rate)
    case .kept: 0
    }
  }
}
