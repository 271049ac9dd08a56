/// The best candidates of each part of the leak, one for each time map.
struct Shortlist {
  private let limit: Int
  private var slots: [Int: [Candidate]] = [:]

  init(limit: Int) { self.limit = limit }

  mutating func add(_ candidate: Candidate, window start: Double) {
    let slot = Int((start / Self.slotSeconds).rounded())
    slots[slot, default: []].append(candidate)
    if let list = slots[slot], list.count >= 8 * limit { slots[slot] = best(list) }
  }

  func sorted() -> [Candidate] {
    slots.values.flatMap { best($0) }.sorted(by: Candidate.isBetter)
  }

  private func best(_ list: [Candidate]) -> [Candidate] {
    var kept: [Candidate] = []
    for candidate in list.sorted(by: Candidate.isBetter) {
      if kept.contains(where: { $0.showsSame(as: candidate, within: Self.sameSeconds) }) {
        continue
      }
      kept.append(candidate)
      if kept.count == limit { break }
    }
    return kept
  }

  private static let slotSeconds = 5.0
  private static let sameSeconds = 1.0
}

extension Candidate {
  /// Whether both say that the leak shows the same moment of the same reference, by the difference
  /// of their time maps half-way through this one.
  func showsSame(as other: Candidate, within seconds: Double) -> Bool {
    guard reference == other.reference, mirrored == other.mirrored else { return false }
    let middle = (leakStart + leakEnd) / 2
    return abs(referenceTime(at: middle) - other.referenceTime(at: middle)) <= seconds
  }

  /// A total order: score, then reference, then time.
  static func isBetter(_ a: Candidate, _ b: Candidate) -> Bool {
    if a.score != b.score { return a.score > b.score }
    if a.reference != b.reference { return a.reference < b.reference }
    if a.leakStart != b.leakStart { return a.leakStart < b.leakStart }
    if a.referenceStart != b.referenceStart { return a.referenceStart < b.referenceStart }
    if a.mirrored != b.mirrored { return b.mirrored }
    return a.rate < b.rate
  }
}
