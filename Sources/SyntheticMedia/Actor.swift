/// Something that moves in front of a stage set, at a place of the set's focal plane.
struct Actor: Sendable {
  enum Kind: Sendable { case walker, bust, shoulder, car, birds, boat, dancer, lamp }

  var kind: Kind
  /// Where it stands when the shot begins, in picture heights of the set; y is its feet or centre.
  var x: Double
  var y: Double
  /// Its height in picture heights.
  var scale: Double
  /// Picture heights per second.
  var speed: Double
  var seed: UInt64

  /// Who is on a set of this kind, before the camera's place is known: x goes around with the set.
  static func cast(_ kind: StageKind, _ random: inout RandomSource) -> [Actor] {
    func walkers(_ count: Int, feet: Double, size: ClosedRange<Double>) -> [Actor] {
      var people = (0..<count).map { _ in
        let scale = random.uniform(size)
        return Actor(
          kind: random.chance(0.15) ? .dancer : .walker,
          x: random.uniform(0, LayerTexture.worldWidth),
          y: feet + scale * 0.25,
          scale: scale,
          speed: random.sign() * random.uniform(0.08, 0.3) * (0.5 + scale),
          seed: random.next()
        )
      }
      people.sort { $0.y < $1.y }
      return people
    }
    func one(_ kind: Actor.Kind, y: Double, scale: Double, speed: Double) -> Actor {
      Actor(
        kind: kind,
        x: random.uniform(0, LayerTexture.worldWidth),
        y: y,
        scale: scale,
        speed: random.sign() * speed,
        seed: random.next()
      )
    }
    switch kind {
    case .hills, .mountains:
      return [one(.birds, y: 0.42, scale: 0.2, speed: random.uniform(0.1, 0.3))]
        + walkers(random.index(3), feet: 1.05, size: 0.2...0.5)
    case .street, .nightCity:
      let cars = (0..<1 + random.index(2)).map { _ in
        one(.car, y: 1.06, scale: random.uniform(0.2, 0.34), speed: random.uniform(0.3, 1.1))
      }
      return walkers(1 + random.index(3), feet: 0.95, size: 0.25...0.4) + cars
        + (kind == .nightCity ? [one(.lamp, y: 0.6, scale: 0.5, speed: 0.05)] : [])
    case .courtyard: return walkers(1 + random.index(4), feet: 1.02, size: 0.35...0.75)
    case .room: return walkers(random.index(3), feet: 1.05, size: 0.6...0.85)
    case .forest: return walkers(random.index(3), feet: 1.05, size: 0.25...0.5)
    case .sea:
      return [
        one(.boat, y: 0.74, scale: random.uniform(0.12, 0.35), speed: 0.06),
        one(.birds, y: 0.45, scale: 0.25, speed: 0.2),
      ]
    case .road: return [one(.car, y: 1.0, scale: random.uniform(0.16, 0.4), speed: 0.25)]
    case .hall: return walkers(2 + random.index(5), feet: 1.0, size: 0.3...0.6)
    case .meadow: return walkers(3 + random.index(8), feet: 0.9, size: 0.2...0.5)
    case .closeUp: return []
    }
  }
}
