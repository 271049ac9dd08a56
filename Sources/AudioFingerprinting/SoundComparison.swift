import Glibc

/// What the sound of a leak says of a release that its pictures show.
///
/// The pictures' time map says which second of the release each second of the leak shows, so only
/// the delay of the sound is open, and whether its pitch moved with the speed. What counts is how
/// many pairs of landmarks agree on one delay, against how many do on others.
///
/// Measured on sound of 12 films and 24 leaks: 14,913 pairs of foreign or shifted sound gave at most
/// 16 votes and a ``log10P`` of -2.2 at the least. Leaks with the film's sound gave 95 votes at the
/// least, a ``log10P`` of -68. Of sound in a simulated room, 20 s each, all of 72 were told from
/// chance up to an echo of 0.9 s with twice the power of the direct sound and noise of -10 dB; 1.2 s,
/// four times the power and noise of 0 dB left 17 of 24.
public struct SoundComparison: Sendable, Hashable {
  /// What became of the release's sound.
  public enum Verdict: Sendable, Hashable {
    /// The leak has the release's own sound.
    case original
    /// The leak has sound enough, but another one, or the release's is lost in noise.
    case different
    /// Nothing can be told.
    case undetermined
  }

  /// How the release's sound came into the leak.
  public enum Recording: Sendable, Hashable {
    /// From a cable or another copy of the film.
    case line
    /// By a microphone in the room.
    case room
  }

  /// Pairs of landmarks that agree on the best delay.
  public private(set) var votes = 0
  /// Pairs that agree on another delay, on average.
  public private(set) var background = 0.0
  /// How late the sound is against the picture, in seconds of the leak; negative where it is early.
  ///
  /// It means something only with ``Verdict/original``. The way through a room counts: it is late by
  /// 3 ms a metre, and echoes blur it by some 10 ms more.
  public private(set) var offset = 0.0
  /// Whether the leak's speed was changed and its pitch was not.
  public private(set) var keepsPitch = false
  /// Part of the leak's landmarks that the release has, too, 0...1.
  public private(set) var sharedPart = 0.0
  /// How far votes lie from the best delay on average, in seconds.
  public private(set) var spread = 0.0
  /// Landmarks of the leak in the stretches.
  public private(set) var leakLandmarks = 0
  /// Landmarks of the release in the stretches.
  public private(set) var referenceLandmarks = 0

  /// Greatest ``log10P`` of the release's own sound.
  private static let originalLog10P = -4.0
  /// Least ``log10P`` of another sound; one of 3000 foreign pairs lies below.
  private static let differentLog10P = -0.5
  /// Landmarks that must be there on both sides to call a sound another: some eight seconds.
  private static let landmarksToDiffer = 150
  /// Bounds of ``sharedPart`` and ``spread`` that 76 line and 135 room recordings do not cross the
  /// wrong way; between them nothing is said.
  private static let roomShared = 0.28
  private static let roomSpread = 0.0105
  private static let lineShared = 0.68

  /// Compares the sound of the stretches.
  ///
  /// - Complexity: O(landmarks of the stretches · log of the release's).
  public init(leak: SoundLandmarks, reference: SoundLandmarks, stretches: [SoundStretch]) {
    let usable = stretches.filter {
      $0.rate > 0 && $0.rate.isFinite && $0.referenceStart.isFinite && $0.leakEnd.isFinite
        && $0.leakEnd > $0.leakStart && $0.leakStart.isFinite
    }
    let index = BandIndex(reference)
    let seconds = usable.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    let rate = usable.reduce(0) { $0 + ($1.leakEnd - $1.leakStart) * $1.rate } / max(seconds, 1e-9)
    for pitch in SoundPitch.allCases {
      let counted = SoundVotes(leak: leak, reference: index, stretches: usable, pitch: pitch)
      let best = counted.best
      leakLandmarks = counted.leakCount
      referenceLandmarks = counted.referenceCount
      guard best.votes > votes else { continue }
      votes = best.votes
      background = counted.background(awayFrom: best.delay)
      offset = best.delay / rate
      keepsPitch = pitch == .kept
      sharedPart = counted.sharedPart(of: usable, delay: best.delay)
      spread = counted.spread(about: best.delay)
    }
  }

  /// Logarithm, base 10, of the probability that other sound gives as many votes.
  ///
  /// A bound by Chernoff on the tail of a Poisson distribution, times the delays and pitches tried.
  /// Votes come in bunches, so its exponent is halved: that way, foreign pairs reach a value a
  /// hundred times as rarely as it says. It goes no lower than -99, for what is counted is one event.
  public var log10P: Double {
    let expected = background + 0.5
    let votes = Double(votes)
    guard votes > expected else { return 0 }
    let exponent = (votes * log(votes / expected) - votes + expected) / 2
    let trials = Double(SoundVotes.delayCount * SoundPitch.allCases.count)
    return min(0, max(-99, log10(trials) - exponent / log(10)))
  }

  /// Whether either side has too few landmarks for their disagreement to mean anything.
  public var isShortOfSound: Bool {
    min(leakLandmarks, referenceLandmarks) < Self.landmarksToDiffer
  }

  /// What became of the release's sound.
  public var verdict: Verdict {
    if log10P <= Self.originalLog10P { return .original }
    let isDifferent = log10P > Self.differentLog10P && !isShortOfSound
    return isDifferent ? .different : .undetermined
  }

  /// How the release's sound came into the leak; nil where that cannot be told.
  public var recording: Recording? {
    guard verdict == .original, leakLandmarks >= Self.landmarksToDiffer else { return nil }
    if sharedPart <= Self.roomShared || spread >= Self.roomSpread { return .room }
    return sharedPart >= Self.lineShared ? .line : nil
  }
}
