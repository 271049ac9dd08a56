/// Looks of pictures: 256 bits, of which similar pictures share most.
enum Look {
  /// Size of a look in bytes.
  static let byteCount = 32

  /// The four words of a look; nil for one that says nothing, such as that of a flat picture.
  static func words(_ bytes: [UInt8]) -> SIMD4<UInt64>? {
    guard bytes.count == byteCount else { return nil }
    var words = SIMD4<UInt64>.zero
    for (index, byte) in bytes.enumerated() {
      words[index / 8] |= UInt64(byte) << UInt64(8 * (index % 8))
    }
    let ones = (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount }
    return (8...248).contains(ones) ? words : nil
  }

  /// Number of bits that differ.
  static func distance(_ one: SIMD4<UInt64>, _ other: SIMD4<UInt64>) -> Int {
    let bits = one ^ other
    return bits[0].nonzeroBitCount &+ bits[1].nonzeroBitCount &+ bits[2].nonzeroBitCount
      &+ bits[3].nonzeroBitCount
  }
}

/// Puts sightings that show one advertiser into groups.
///
/// Two sightings belong together where they share a promo code or a host of their own, where their
/// looks differ in at most ``lookDistance`` bits, or where their texts are alike; groups are what
/// hangs together through such pairs. A group is named after its earliest member, so that later
/// leaks do not rename it.
struct CandidateGrouping {
  /// Bits of 256 in which two looks of one picture may differ; random ones differ in 128 with a
  /// deviation of 8, and 31 is what PDQ's authors take for their hash of the same size.
  static let lookDistance = 31
  /// Share of pairs of neighbouring letters that two texts must have in common.
  static let textSimilarity = 0.6
  /// Letters and digits that a text needs to be compared at all.
  static let shortestText = 8
  /// Texts are compared that share a word, unless more texts than this do.
  static let mostSharers = 400

  private var parents: [Int]

  /// The groups, each a list of numbers of sightings in ascending order, by their first member.
  ///
  /// - Complexity: O(n²) comparisons of different looks, a billion of them in a second or two.
  static func groups(_ sightings: [RecordedSighting]) -> [[Int]] {
    var grouping = CandidateGrouping(parents: Array(sightings.indices))
    grouping.joinByMarks(sightings)
    grouping.joinByLooks(sightings)
    grouping.joinByTexts(sightings)
    var members: [Int: [Int]] = [:]
    for index in sightings.indices { members[grouping.root(index), default: []].append(index) }
    return members.values.sorted { $0[0] < $1[0] }
  }

  /// The name of a group, from its earliest member.
  static func identifier(_ first: RecordedSighting) -> String {
    "c-" + ContentDigest.of(Array("\(first.leakID) \(first.position)".utf8)).prefix(12)
  }

  private func root(_ index: Int) -> Int {
    var index = index
    while parents[index] != index { index = parents[index] }
    return index
  }

  /// The smaller number becomes the root: the earliest sighting names the group.
  private mutating func join(_ one: Int, _ other: Int) {
    let (first, second) = (root(one), root(other))
    let target = min(first, second)
    parents[first] = target
    parents[second] = target
    parents[one] = target
    parents[other] = target
  }

  private mutating func joinByMarks(_ sightings: [RecordedSighting]) {
    var owners: [String: Int] = [:]
    for (index, sighting) in sightings.enumerated() {
      for mark in sighting.marks {
        guard let key = Self.key(mark) else { continue }
        if let owner = owners[key] { join(owner, index) } else { owners[key] = index }
      }
    }
  }

  private static func key(_ mark: SightingEntry.Mark) -> String? {
    switch mark.kind {
    case SightingEntry.Mark.url, SightingEntry.Mark.domain:
      return HostName.key(mark.value).map { "host \($0)" }
    case SightingEntry.Mark.promoCode:
      let key = TextKeys.codeKey(mark.value)
      return key.count >= 4 ? "code \(key)" : nil
    default:
      let key = mark.value.lowercased()
      return key.count >= 5 ? "\(mark.kind) \(key)" : nil
    }
  }

  private mutating func joinByLooks(_ sightings: [RecordedSighting]) {
    var owners: [SIMD4<UInt64>: Int] = [:]
    var looks: [(words: SIMD4<UInt64>, owner: Int)] = []
    for (index, sighting) in sightings.enumerated() {
      guard let words = sighting.look.flatMap(Look.words) else { continue }
      if let owner = owners[words] {
        join(owner, index)
        continue
      }
      owners[words] = index
      for other in looks where Look.distance(other.words, words) <= Self.lookDistance {
        join(other.owner, index)
      }
      looks.append((words, index))
    }
  }

  private mutating func joinByTexts(_ sightings: [RecordedSighting]) {
    var owners: [String: Int] = [:]
    var byWord: [String: [Int]] = [:]
    var texts: [(pairs: Set<String>, owner: Int)] = []
    for (index, sighting) in sightings.enumerated() {
      let words = TextKeys.words(sighting.text ?? "")
      let text = words.joined(separator: " ")
      guard text.count >= Self.shortestText else { continue }
      if let owner = owners[text] {
        join(owner, index)
        continue
      }
      owners[text] = index
      let pairs = Self.pairs(text)
      var tried: Set<Int> = []
      for word in Set(words).sorted() where word.count >= 4 {
        let sharers = byWord[word] ?? []
        if sharers.count < Self.mostSharers { byWord[word] = sharers + [texts.count] }
        for other in sharers where tried.insert(other).inserted {
          if Self.similarity(pairs, texts[other].pairs) >= Self.textSimilarity {
            join(texts[other].owner, index)
          }
        }
      }
      texts.append((pairs, index))
    }
  }

  private static func pairs(_ text: String) -> Set<String> {
    let letters = Array(text)
    return Set(zip(letters, letters.dropFirst()).map { String([$0, $1]) })
  }

  /// Shared pairs over all pairs.
  private static func similarity(_ one: Set<String>, _ other: Set<String>) -> Double {
    let shared = one.intersection(other).count
    let all = one.count + other.count - shared
    return all == 0 ? 0 : Double(shared) / Double(all)
  }
}
