import CFingerprintTables
import FrameKernels

/// What hashes of unrelated films look like, against which every score is normalised.
///
/// A distance alone says little: some hashes are near to everything. The background set, hashes of
/// films that are in no library, gives each query its own mean and spread, and each reference sample
/// a correction; normalising against such a set is what makes scores of different moments add up
/// (measured on VSC 2022: Pizzi et al., "The 2023 Video Similarity Dataset and Challenge").
public enum Background {
  /// Hashes in the set.
  public static let count = Int(cft_background_count_v1)

  /// The words of the set, four for each hash.
  public static let words: [UInt64] = unsafe Array(
    UnsafeBufferPointer(start: cft_background_v1(), count: 4 * count)
  )

  /// Mean and standard deviation, in bits, of the distances of `hash` to the set.
  public static func statistics(of hash: FrameHash) -> (mean: Double, deviation: Double) {
    var distances = [UInt16](repeating: 0, count: count)
    Hamming.distances(query: hash.words, references: words.span, into: &distances)
    // Narrow and without checks, for the compiler to make vectors of it; squares are at most 2^16.
    var (sum, squares) = (UInt32(0), UInt32(0))
    for distance in distances {
      sum &+= UInt32(distance)
      squares &+= UInt32(distance) &* UInt32(distance)
    }
    let mean = Double(sum) / Double(count)
    let variance = Double(squares) / Double(count) - mean * mean
    return (mean, max(1, variance.squareRoot()))
  }

  /// Mean distance of the set to itself, in bits.
  public static let meanDistance: Double = {
    var total = 0.0
    for i in 0..<count { total += statistics(of: hash(i)).mean }
    return total / Double(count)
  }()

  /// Corrections of the set's own samples, in sixteenths of a bit.
  public static let corrections: [Int16] = (0..<count).map { correction(of: hash($0)) }

  /// How much farther than average a hash is from everything, in sixteenths of a bit.
  public static func correction(of hash: FrameHash) -> Int16 {
    Int16(max(-4095, min(4095, ((statistics(of: hash).mean - meanDistance) * 16).rounded())))
  }

  private static func hash(_ i: Int) -> FrameHash {
    FrameHash(words: SIMD4(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]))
  }
}
