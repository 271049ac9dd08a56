import Fingerprinting

/// The best places of a piece of the leak, whatever order they come in.
///
/// Two neighbouring places of one film share a bin of votes, and the better speaks for both. So each
/// of the best can stand for two more, and three times as many are kept as are asked for: then what
/// is left out in the meantime never changes the answer.
struct PlaceList {
  private let limit: Int
  private var places: [Place] = []
  /// Places of fewer votes cannot be among the best any more.
  private(set) var leastVotes = 1

  init(limit: Int) { self.limit = limit }

  mutating func add(_ place: Place) {
    guard place.votes >= leastVotes else { return }
    places.append(place)
    if places.count >= 8 * limit { trim() }
  }

  /// The places, most votes first.
  func best() -> [Place] {
    var taken: Set<Place> = []
    var kept: [Place] = []
    for place in places.sorted(by: Place.isBetter) {
      var key = place
      key.votes = 0
      let isTaken = [-1.0, 1].contains { side in
        key.offset = place.offset + side * Double(VoteBins.samples)
        return taken.contains(key)
      }
      guard !isTaken else { continue }
      key.offset = place.offset
      taken.insert(key)
      kept.append(place)
      if kept.count == limit { break }
    }
    return kept
  }

  private mutating func trim() {
    places.sort(by: Place.isBetter)
    places.removeLast(places.count - 3 * limit)
    leastVotes = places.last?.votes ?? leastVotes
  }
}

/// How offsets in time are cast into bins, each a film's or a shard's own.
enum VoteBins {
  /// Offsets in a bin: a second, so that a piece that runs 4 % too fast stays within two.
  static let samples = KeyPositions.alignment
  /// Samples of the leak that are one vote.
  static let samplesPerVote = 4

  /// Bins of a film of so many samples, for all offsets at which it meets a piece; one more at the
  /// end, since bins are read in pairs.
  static func count(of samples: Int) -> Int { KeyPositions.places(of: samples) }

  /// Bit of the second that a sample of a piece votes in.
  static func bit(of sample: Int) -> UInt32 { 1 << UInt32(sample / samplesPerVote) }

  /// The offset in the middle of a bin and the one after it.
  static func offset(of bin: Int) -> Double {
    Double((bin + 1) * samples) - 0.5 - Double(QueryIndex.pieceCount - 1)
  }
}
