import VideoCore

/// The style of one film: what it shows and how it is shot.
struct FilmProfile: Sendable {
  var identifier: String
  var title: String
  var seed: UInt64
  var frameRate: Rational
  var activeHeight: Double
  /// Kinds of sets, repeated by their weight.
  var kinds: [StageKind]
  /// Mean length of a shot in seconds.
  var pace: Double
  /// Share of dialogue sequences.
  var dialogue: Double
  /// Share of shots from the hand.
  var handheld: Double
  var hue: Double
  var saturation: Double
  var gain: Double
  var gamma: Double
  var grain: Double
  var night: Double

  static let all: [FilmProfile] = [
    FilmProfile(
      identifier: "salt-road",
      title: "THE SALT ROAD",
      seed: 1101,
      frameRate: Rational(24, 1),
      activeHeight: 0.8,
      kinds: [.road, .road, .hills, .mountains, .meadow, .courtyard],
      pace: 3.6,
      dialogue: 0.25,
      handheld: 0.3,
      hue: 0.38,
      saturation: 0.9,
      gain: 1.0,
      gamma: 0.95,
      grain: 3,
      night: 0.1
    ),
    FilmProfile(
      identifier: "night-shift",
      title: "NIGHT SHIFT AT HARBOUR 9",
      seed: 2207,
      frameRate: Rational(24000, 1001),
      activeHeight: 1,
      kinds: [.nightCity, .nightCity, .hall, .room, .sea, .street],
      pace: 3.2,
      dialogue: 0.3,
      handheld: 0.5,
      hue: 0.95,
      saturation: 0.7,
      gain: 0.72,
      gamma: 1.25,
      grain: 3.2,
      night: 0.8
    ),
    FilmProfile(
      identifier: "brick-yard",
      title: "КИРПИЧНЫЙ ДВОР",
      seed: 3313,
      frameRate: Rational(25, 1),
      activeHeight: 1,
      kinds: [.courtyard, .courtyard, .street, .room, .closeUp],
      pace: 2.8,
      dialogue: 0.45,
      handheld: 0.4,
      hue: 0.33,
      saturation: 1.0,
      gain: 0.95,
      gamma: 1.0,
      grain: 2.8,
      night: 0.15
    ),
    FilmProfile(
      identifier: "paper-forest",
      title: "PAPER FOREST",
      seed: 4421,
      frameRate: Rational(24, 1),
      activeHeight: 1,
      kinds: [.forest, .forest, .meadow, .hills, .closeUp],
      pace: 4.2,
      dialogue: 0.15,
      handheld: 0.35,
      hue: 0.58,
      saturation: 1.1,
      gain: 1.0,
      gamma: 1.05,
      grain: 2.5,
      night: 0.2
    ),
    FilmProfile(
      identifier: "far-shore",
      title: "ДАЛЬНИЙ БЕРЕГ",
      seed: 5531,
      frameRate: Rational(25, 1),
      activeHeight: 0.76,
      kinds: [.sea, .sea, .hills, .mountains, .room, .road],
      pace: 4.6,
      dialogue: 0.3,
      handheld: 0.2,
      hue: 0.05,
      saturation: 0.8,
      gain: 1.05,
      gamma: 0.9,
      grain: 2.5,
      night: 0.15
    ),
    FilmProfile(
      identifier: "two-rooms",
      title: "TWO ROOMS",
      seed: 6637,
      frameRate: Rational(24000, 1001),
      activeHeight: 1,
      kinds: [.room, .room, .hall, .closeUp, .street],
      pace: 3.8,
      dialogue: 0.65,
      handheld: 0.15,
      hue: 0.2,
      saturation: 0,
      gain: 0.95,
      gamma: 1.1,
      grain: 3.2,
      night: 0.3
    ),
    FilmProfile(
      identifier: "last-tram",
      title: "THE LAST TRAM",
      seed: 7741,
      frameRate: Rational(24, 1),
      activeHeight: 1,
      kinds: [.street, .street, .nightCity, .hall, .road, .room],
      pace: 3.0,
      dialogue: 0.3,
      handheld: 0.4,
      hue: 0.85,
      saturation: 0.8,
      gain: 0.9,
      gamma: 1.1,
      grain: 3,
      night: 0.4
    ),
    FilmProfile(
      identifier: "snow-pass",
      title: "СНЕЖНЫЙ ПЕРЕВАЛ",
      seed: 8849,
      frameRate: Rational(24, 1),
      activeHeight: 0.8,
      kinds: [.mountains, .mountains, .forest, .road, .room],
      pace: 4.0,
      dialogue: 0.25,
      handheld: 0.3,
      hue: 0.02,
      saturation: 0.5,
      gain: 1.15,
      gamma: 0.85,
      grain: 3,
      night: 0.1
    ),
  ]

  /// The style of the catalogue film with this seed, else a style drawn from the seed.
  static func forSeed(_ seed: UInt64) -> FilmProfile {
    if let known = all.first(where: { $0.seed == seed }) { return known }
    var random = RandomSource(seed: seed, stream: 3)
    var profile = random.pick(all)
    profile.seed = seed
    profile.title = ""
    profile.identifier = ""
    profile.kinds = (0..<6).map { _ in random.pick(StageKind.allCases) }
    profile.pace = random.uniform(2.6, 4.6)
    profile.hue = random.unit()
    profile.gain = random.uniform(0.75, 1.1)
    profile.gamma = random.uniform(0.85, 1.2)
    profile.night = random.uniform(0.1, 0.5)
    profile.dialogue = random.uniform(0.15, 0.5)
    return profile
  }
}
