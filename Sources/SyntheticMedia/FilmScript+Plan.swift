/// How a script fills its time with sequences of shots.
extension FilmScript {
  static func plan(
    seed: UInt64,
    profile: FilmProfile,
    title: String,
    duration: Double
  ) -> [ShotPlan] {
    var random = RandomSource(seed: seed, stream: 1)
    var shots: [ShotPlan] = []
    var clock = 0.0
    let creditsLength = duration > 12 ? min(12, max(4.5, duration * 0.09)) : 0
    let storyEnd = duration - creditsLength

    func add(_ shot: ShotPlan) {
      var shot = shot
      shot.start = clock
      shots.append(shot)
      clock += shot.duration
    }
    let opening = StageSetup(kind: random.pick(profile.kinds), seed: random.next())
    var card = scene(opening, profile, &random, length: min(3.4, max(0.8, duration * 0.2)))
    card.content = .titleCard(title)
    card.cast = []
    card.transition = .fade(0.7)
    add(card)
    // Sets are dealt from a deck, so that every kind of place has its turn.
    var deck: [StageKind] = []
    while clock < storyEnd - 0.05 {
      if deck.isEmpty { deck = shuffled(profile.kinds, &random) }
      var sequence: [ShotPlan]
      if random.chance(profile.dialogue) {
        sequence = dialogue(profile, &random)
      } else {
        sequence = action(deck.removeLast(), profile, &random)
      }
      if random.chance(0.3) {
        sequence[0].transition = random.chance(0.6) ? .dissolve(0.7) : .fade(0.5)
      }
      for var shot in sequence where clock < storyEnd - 0.05 {
        // The last shot takes what is left rather than flash by.
        if storyEnd - clock - shot.duration < 1.6 { shot.duration = storyEnd - clock }
        add(shot)
      }
    }
    if creditsLength > 0 {
      var roll = scene(
        StageSetup(kind: random.pick(profile.kinds), seed: random.next()),
        profile,
        &random,
        length: duration - clock + 1
      )
      roll.content = .credits(credits(&random))
      roll.cast = []
      roll.transition = .fade(0.6)
      add(roll)
    }
    return shots
  }

  private static func shuffled(_ kinds: [StageKind], _ random: inout RandomSource) -> [StageKind] {
    var deck = kinds
    for n in deck.indices.dropFirst().reversed() { deck.swapAt(n, random.index(n + 1)) }
    return deck
  }

  private static func length(_ profile: FilmProfile, _ random: inout RandomSource) -> Double {
    min(8, max(1.5, profile.pace * ExactMath.exp(random.normal() * 0.42)))
  }

  private static func scene(
    _ setup: StageSetup,
    _ profile: FilmProfile,
    _ random: inout RandomSource,
    length: Double
  ) -> ShotPlan {
    ShotPlan(
      start: 0,
      duration: length,
      transition: .cut,
      content: .scene,
      setup: setup,
      camera: camera(setup.kind, profile, &random),
      cast: Actor.cast(setup.kind, &random),
      grade: grade(setup.kind, profile, &random)
    )
  }

  /// Shots of one place from several sides, as a chase, a walk or a view.
  private static func action(
    _ kind: StageKind,
    _ profile: FilmProfile,
    _ random: inout RandomSource
  ) -> [ShotPlan] {
    let sides = (0..<2 + random.index(2)).map { _ in
      StageSetup(
        kind: random.chance(0.75) ? kind : random.pick(profile.kinds),
        seed: random.next()
      )
    }
    return (0..<2 + random.index(3)).map { n in
      scene(sides[n % sides.count], profile, &random, length: length(profile, &random))
    }
  }

  /// A wide shot, then two people by turns, each before a wall of their own, mostly locked off.
  private static func dialogue(_ profile: FilmProfile, _ random: inout RandomSource) -> [ShotPlan] {
    let kind: StageKind = random.chance(0.6) ? .room : random.pick(profile.kinds)
    let sides = [
      StageSetup(kind: kind, seed: random.next()), StageSetup(kind: kind, seed: random.next()),
    ]
    let people = [random.next(), random.next()]
    var shots: [ShotPlan] = []
    for n in 0..<3 + random.index(3) {
      var shot = scene(sides[n % 2], profile, &random, length: length(profile, &random))
      let wide = random.chance(0.2)
      shot.cast = [
        Actor(
          kind: .bust,
          x: shot.camera.x0 + (n % 2 == 0 ? -0.3 : 0.3) + random.uniform(-0.12, 0.12),
          y: shot.camera.y0 + 0.16,
          scale: wide ? 0.42 : random.uniform(0.62, 1.0),
          speed: 0,
          seed: people[n % 2]
        )
      ]
      if random.chance(0.35) {
        // The listener's shoulder in front.
        shot.cast.append(
          Actor(
            kind: .shoulder,
            x: shot.camera.x0 + (n % 2 == 0 ? 0.62 : -0.62),
            y: shot.camera.y0 + 0.35,
            scale: 1.25,
            speed: 0,
            seed: people[(n + 1) % 2]
          )
        )
      }
      if random.chance(0.7) {
        shot.camera.x1 = shot.camera.x0
        shot.camera.y1 = shot.camera.y0
        shot.camera.zoom1 = shot.camera.zoom0
        shot.camera.hand = random.chance(0.4) ? 0.006 : 0
      }
      shots.append(shot)
    }
    return shots
  }

  private static func camera(
    _ kind: StageKind,
    _ profile: FilmProfile,
    _ random: inout RandomSource
  ) -> CameraMove {
    let zoom = kind == .closeUp ? random.uniform(1.2, 2.2) : random.uniform(1.0, 1.7)
    var move = CameraMove(
      x0: random.uniform(0, LayerTexture.worldWidth),
      y0: LayerTexture.worldHeight / 2 + random.uniform(-0.2, 0.2) * (1 - 0.6 / zoom),
      x1: 0,
      y1: 0,
      zoom0: zoom,
      zoom1: zoom,
      hand: 0,
      seed: random.next(),
      eased: random.chance(0.6)
    )
    move.x1 = move.x0
    move.y1 = move.y0
    switch random.index(8) {
    case 0: break
    case 1, 2: move.x1 += random.sign() * random.uniform(0.15, 0.6)
    case 3: move.x1 += random.sign() * random.uniform(0.7, 2.2)
    case 4: move.zoom1 = zoom * random.uniform(1.15, 1.6)
    case 5: (move.zoom0, move.zoom1) = (zoom * random.uniform(1.2, 1.6), zoom)
    case 6:
      move.y0 -= random.uniform(0.05, 0.2)
      move.y1 += random.uniform(0.0, 0.15)
    default:
      move.x1 += random.sign() * random.uniform(0.1, 0.5)
      move.zoom1 = zoom * random.uniform(0.85, 1.3)
    }
    if random.chance(profile.handheld) { move.hand = random.uniform(0.012, 0.045) }
    return move
  }

  private static func grade(
    _ kind: StageKind,
    _ profile: FilmProfile,
    _ random: inout RandomSource
  ) -> ShotGrade {
    let dark = kind != .nightCity && random.chance(profile.night)
    let tint = random.uniform(2, 9) * profile.saturation
    return ShotGrade(
      gain: profile.gain * random.uniform(0.85, 1.15) * (dark ? 0.5 : 1),
      gamma: profile.gamma * random.uniform(0.9, 1.12),
      lift: random.uniform(-4, 6),
      saturation: profile.saturation * random.uniform(0.75, 1.15),
      tintB: tint * ExactMath.cosTurns(profile.hue),
      tintR: tint * ExactMath.sinTurns(profile.hue),
      vignette: random.uniform(0.05, 0.35),
      grain: profile.grain * random.uniform(0.8, 1.2),
      pulse: random.chance(0.3) ? random.uniform(0.05, 0.25) : random.uniform(0, 0.03),
      pulseRate: random.uniform(0.4, 3),
      lamp: dark ? random.uniform(0.3, 0.85) : 0,
      seed: random.next()
    )
  }

  private static func credits(_ random: inout RandomSource) -> [String] {
    let roles = [
      "DIRECTED BY", "РЕЖИССЕР", "CAMERA", "ОПЕРАТОР", "MUSIC", "МОНТАЖ", "CAST", "ЗВУК", "SETS",
    ]
    let first = ["ANNA", "ПЕТР", "MIRA", "ОЛЕГ", "IDA", "ВЕРА", "JONAS", "СОНЯ", "TOMAS"]
    let last = ["HOLM", "ЛУНИН", "WELD", "ТАРСКИЙ", "NORDAHL", "ОЗЕРСКАЯ", "FERRO", "КРАЕВ"]
    return (0..<9).flatMap { n in
      [
        roles[(n + random.index(2)) % roles.count], random.pick(first) + " " + random.pick(last),
        "",
      ]
    }
  }
}
