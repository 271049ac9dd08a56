/// Coarse keys of motion hashes, by which a search finds where it must look closely.
///
/// A key has 20 bits, the signs of 20 mixtures of the 20 most reliable components of a hash. The
/// mixtures are the rows of the Hadamard matrix of order 20 (Paley 1933), so that every component
/// counts in every bit and no bit repeats another. Sign keys of this kind are locality-sensitive
/// hashes (Charikar 2002); a query also asks for the keys that differ in its least certain bits
/// (multi-probe, Lv et al. 2007), so that one key per sample is enough.
///
/// Measured on 30 camcorder leaks: a moment of a typical one asks with 16 keys for the key of the
/// film's same moment in 7 % of all cases, for that of another moment in 0.007 %.
public enum IndexKey {
  /// Bits of a key.
  public static let bits = 20
  /// Number of keys.
  public static let count = 1 << bits
  /// Stands for a sample that has no key: nothing moved, or its key is that of the sample before.
  public static let none = UInt32.max
  /// The most keys that one hash can ask for.
  public static let mostProbes = flips.count

  /// The key of a hash.
  public static func key(of hash: FrameHash) -> UInt32 {
    var key: UInt32 = 0
    for bit in 0..<bits where margin(of: hash, bit) > 0 { key |= 1 << UInt32(bit) }
    return key
  }

  /// The keys that a copy of the hash's moment may have, likeliest first.
  ///
  /// - Parameters:
  ///   - hash: the hash.
  ///   - count: how many keys, 1...``mostProbes``.
  ///   - keys: is emptied and given the keys, all different.
  public static func probes(of hash: FrameHash, count: Int, into keys: inout [UInt32]) {
    precondition((1...mostProbes).contains(count), "a hash asks for 1 to \(mostProbes) keys")
    keys.removeAll(keepingCapacity: true)
    var key: UInt32 = 0
    var order: [(margin: Int, bit: UInt32)] = []
    for bit in 0..<bits {
      let margin = margin(of: hash, bit)
      if margin > 0 { key |= 1 << UInt32(bit) }
      order.append((abs(margin), UInt32(bit)))
    }
    order.sort { $0.margin == $1.margin ? $0.bit < $1.bit : $0.margin < $1.margin }
    for ranks in flips[..<count] {
      var probe = key
      for rank in 0..<bits where ranks >> rank & 1 == 1 { probe ^= 1 << order[rank].bit }
      keys.append(probe)
    }
  }

  /// The keys of consecutive samples, ``none`` where a sample has none.
  ///
  /// A key that lasts is kept once: what does not change is one piece of evidence.
  ///
  /// - Shape: `words` holds four words a sample, `corrections` one number, the result one key.
  public static func keys(_ words: [UInt64], _ corrections: [Int16]) -> [UInt32] {
    var last = none
    return corrections.indices.map { i in
      guard corrections[i] != Fingerprint.still else {
        last = none
        return none
      }
      let own = SIMD4(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3])
      let key = key(of: FrameHash(words: own))
      defer { last = key }
      return key == last ? none : key
    }
  }

  /// The mixture behind a bit of the key: the sum of the levels of the components, each with the
  /// matrix's sign.
  private static func margin(of hash: FrameHash, _ bit: Int) -> Int {
    let plus = rows[bit]
    let minus = ~plus & mask
    var sum = -2 * (plus.nonzeroBitCount - minus.nonzeroBitCount)
    for k in 0..<4 {
      sum += (hash.words[k] & plus).nonzeroBitCount - (hash.words[k] & minus).nonzeroBitCount
    }
    return sum
  }

  private static let mask: UInt64 = 1 << UInt64(bits) - 1

  /// Rows of the Hadamard matrix, where a set bit is +1.
  ///
  /// By Paley's first construction over the field of 19: the identity and a skew matrix of quadratic
  /// residues.
  private static let rows: [UInt64] = {
    let prime = 19
    let residues = Set((1..<prime).map { $0 * $0 % prime })
    return (0..<bits).map { row in
      var bits: UInt64 = 0
      for column in 0..<Self.bits {
        let isPlus =
          row == column || row == 0
          || column > 0 && residues.contains((column - row + prime) % prime)
        if isPlus { bits |= 1 << UInt64(column) }
      }
      return bits
    }
  }()

  /// Sets of bits to turn over, as bit masks over the ranks of certainty, likeliest first.
  ///
  /// The least certain margins grow about linearly with their rank, and the cost of a flip is the
  /// square of its margin; the order by expected cost is the same for every hash.
  private static let flips: [UInt32] = {
    let ranks = 10
    func cost(_ set: UInt32) -> Int {
      var cost = 0
      for rank in 0..<ranks where set >> rank & 1 == 1 { cost += (rank + 1) * (rank + 2) }
      return cost
    }
    let sets = (0..<UInt32(1 << ranks)).map { (set: $0, cost: cost($0)) }
    let order = sets.sorted { $0.cost == $1.cost ? $0.set < $1.set : $0.cost < $1.cost }
    return order.prefix(128).map(\.set)
  }()
}
