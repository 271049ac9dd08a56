/// What a leak's sound has and the release's has not: coughs, laughter, the room.
public struct SoundRemainder: Sendable, Hashable {
  /// One landmark, on the clock and at the pitch of the release's sound.
  public struct Mark: Sendable, Hashable {
    /// Second of the release.
    public var seconds: Double
    /// Band, 0..<250 as in ``SoundLandmarks``.
    public var band: UInt8
  }

  /// The landmarks, stretch by stretch.
  public private(set) var marks: [Mark] = []

  /// Takes from a leak's landmarks what the release has near the same time and pitch.
  ///
  /// What an encoder or an echo moves a little counts as the release's own.
  ///
  /// - Parameters:
  ///   - leak: landmarks of the leak.
  ///   - reference: landmarks of the release.
  ///   - stretches: what the pictures say.
  ///   - comparison: what was said of these, with ``SoundComparison/Verdict/original``.
  /// - Complexity: O(landmarks of the stretches · log of the release's).
  public init(
    of leak: SoundLandmarks,
    reference: SoundLandmarks,
    stretches: [SoundStretch],
    comparison: SoundComparison
  ) {
    let index = BandIndex(reference)
    let pitch = comparison.keepsPitch ? SoundPitch.kept : .follows
    for stretch in stretches where stretch.rate > 0 && stretch.rate.isFinite {
      let part = leak.first(notBefore: stretch.leakStart)..<leak.first(notBefore: stretch.leakEnd)
      let bandShift = pitch.bandShift(at: stretch.rate)
      for number in part {
        let word = leak.words[number]
        let time = SoundLandmarks.seconds(of: word) - stretch.leakStart - comparison.offset
        let seconds = stretch.referenceStart + time * stretch.rate
        let band = Double(word & 0xFF) + bandShift
        guard band >= 0, band < Double(SoundLandmarks.bandCount) - 0.5 else { continue }
        let isFilm = index.contains(
          band: band,
          slack: Self.bandSlack,
          time: seconds,
          slack: Self.timeSlack
        )
        if !isFilm { marks.append(Mark(seconds: seconds, band: UInt8(band.rounded()))) }
      }
    }
  }

  /// Differences within which a landmark is the release's: in bands, and in seconds.
  private static let (bandSlack, timeSlack) = (2.0, 0.04)
}
