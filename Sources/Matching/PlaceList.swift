import Fingerprinting

/// A place that the index points to: a sample of a piece of the leak, and one of a reference.
struct Place: Sendable, Hashable {
  /// Number of the piece.
  var piece: Int
  var mirrored: Bool
  /// Number of the series of hashes under which the place was found.
  var series: Int
  var reference: Int
  /// Sample in the piece, around which leak and reference were compared.
  var sample: Int
  /// Reference sample less leak sample in the piece.
  var offset: Int
  /// How much nearer the samples around are to each other than those of other films.
  var score: Float

  static func isBetter(_ a: Place, _ b: Place) -> Bool {
    if a.score != b.score { return a.score > b.score }
    if a.reference != b.reference { return a.reference < b.reference }
    if a.offset != b.offset { return a.offset < b.offset }
    if a.sample != b.sample { return a.sample < b.sample }
    return a.series < b.series
  }
}

/// The best places of a piece of the leak, whatever order they come in.
///
/// Of places of one film that lie at nearly the same offset the best one stays.
struct PlaceList {
  private let limit: Int
  private var places: [Place] = []
  /// Places of a lower score cannot be among the best any more.
  private(set) var leastScore = -Float.infinity

  init(limit: Int) { self.limit = limit }

  mutating func add(_ place: Place) {
    guard place.score >= leastScore else { return }
    places.append(place)
    if places.count >= 4 * limit {
      places = best()
      if places.count == limit { leastScore = places.last?.score ?? leastScore }
    }
  }

  /// The places, best first.
  func best() -> [Place] {
    var taken: Set<Key> = []
    var kept: [Place] = []
    for place in places.sorted(by: Place.isBetter) where taken.insert(Key(place)).inserted {
      kept.append(place)
      if kept.count == limit { break }
    }
    return kept
  }

  /// What places have in common of which one stays.
  private struct Key: Hashable {
    let reference: Int
    let mirrored: Bool
    let second: Int

    init(_ place: Place) {
      (reference, mirrored) = (place.reference, place.mirrored)
      second = place.offset >> 2
    }
  }
}
