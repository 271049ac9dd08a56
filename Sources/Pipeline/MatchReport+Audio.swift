extension MatchReport {
  /// What the leak's sound says of a release that its pictures show.
  public struct Audio: Sendable, Codable, Hashable {
    /// What became of the release's sound.
    public enum Verdict: String, Sendable, Codable {
      /// The leak has it.
      case original
      /// The leak has sound, but another one: a dub, another recording, or one lost in noise.
      case different
      /// The leak has a sound track in which there is nothing to hear.
      case silent
      /// The leak has no sound track.
      case none
      /// Nothing can be told; ``Audio/reason`` says why.
      case undetermined
    }

    /// Why nothing can be told.
    public enum Reason: String, Sendable, Codable {
      /// The library has no sound of the release.
      case noReferenceSound = "no_reference_sound"
      /// There is too little on one side or the other.
      case tooLittleSound = "too_little_sound"
      /// The evidence is neither strong nor absent.
      case unclear
      /// The leak's sound cannot be decoded.
      case unreadable
    }

    /// How the release's sound came into the leak.
    public enum Recording: String, Sendable, Codable {
      /// From a cable or another copy of the film.
      case line
      /// By a microphone in the room.
      case room
    }

    /// What became of the release's sound.
    public var verdict: Verdict
    /// Why nothing can be told; only with ``Verdict/undetermined``.
    public var reason: Reason?
    /// How late the sound is against the picture; only with ``Verdict/original``.
    public var offsetMilliseconds: Double?
    /// Logarithm, base 10, of the probability that other sound agrees as well.
    public var log10P: Double?
    /// How the sound was recorded; only with ``Verdict/original``, and where it can be told.
    public var recording: Recording?

    private enum CodingKeys: String, CodingKey {
      case verdict, reason, recording
      case offsetMilliseconds = "offset_ms"
      case log10P = "log10_p"
    }

    init(_ verdict: Verdict, reason: Reason? = nil) {
      self.verdict = verdict
      self.reason = reason
    }
  }
}
