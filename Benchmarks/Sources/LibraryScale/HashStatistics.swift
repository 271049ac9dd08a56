import Fingerprinting
import Foundation

/// What hashes of films are like, as numbers to be compared between real and made films.
struct HashStatistics: Codable {
  /// Samples looked at.
  var samples = 0
  /// Part of them that nothing moves in.
  var stillShare = 0.0
  /// Part of them that has a key of its own.
  var keyShare = 0.0
  /// Part of the moving samples in which each of the 256 bits is set.
  var bitBalance: [Double] = []
  /// Mean distance in bits of two samples of a film, so many seconds apart.
  var distanceBySeconds: [String: Double] = [:]
  /// Quantiles of the distance of two samples of different films, in bits.
  var distanceQuantiles: [String: Double] = [:]
  /// Mean and deviation of that distance.
  var distanceMean = 0.0
  var distanceDeviation = 0.0
  /// Quantiles of the corrections, in bits.
  var correctionQuantiles: [String: Double] = [:]
  /// Equal keys among a million pairs of samples of different films.
  var equalKeysPerMillion = 0.0
  /// Of a million pairs, those in which the second's key is among the first's 16 probes.
  var probedKeysPerMillion = 0.0

  private static let lags = [0.25, 0.5, 1, 2, 5, 10, 30]
  private static let quantiles = [0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99]

  /// Looks at films; `groups` tells which belong to one source and are not compared.
  init(_ films: [Fingerprint], pairs: Int, seed: UInt64) {
    var random = SplitMix(seed: seed)
    var ones = [Int](repeating: 0, count: 256)
    var (moving, keyed) = (0, 0)
    var lagSums = [Double](repeating: 0, count: Self.lags.count)
    var lagCounts = [Int](repeating: 0, count: Self.lags.count)
    var all: [(film: Int, sample: Int)] = []
    var corrections: [Double] = []
    let keys = films.map(\.indexKeys)
    for (number, film) in films.enumerated() {
      samples += film.count
      for i in 0..<film.count {
        if keys[number][i] != IndexKey.none { keyed += 1 }
        guard film.corrections[i] != Fingerprint.still else { continue }
        moving += 1
        all.append((number, i))
        corrections.append(Double(film.corrections[i]) / 16)
        let own = film.hash(i)
        for bit in 0..<256 where own.words[bit / 64] >> UInt64(bit % 64) & 1 == 1 { ones[bit] += 1 }
        for (lag, seconds) in Self.lags.enumerated() {
          let other = i + Int(seconds * Motion1.samplesPerSecond)
          guard other < film.count, film.corrections[other] != Fingerprint.still else { continue }
          lagSums[lag] += Double(own.distance(to: film.hash(other)))
          lagCounts[lag] += 1
        }
      }
    }
    stillShare = 1 - Double(moving) / Double(samples)
    keyShare = Double(keyed) / Double(samples)
    bitBalance = ones.map { Double($0) / Double(moving) }
    for (lag, seconds) in Self.lags.enumerated() where lagCounts[lag] > 0 {
      distanceBySeconds["\(seconds)"] = lagSums[lag] / Double(lagCounts[lag])
    }
    // Pairs of films weigh alike, lest two long films speak for all.
    var histogram = [Int](repeating: 0, count: 257)
    var (equal, probed, keyedPairs) = (0, 0, 0)
    var probes: [UInt32] = []
    var taken = 0
    while taken < pairs {
      let (a, b) = (all.randomElement(using: &random), all.randomElement(using: &random))
      guard let a, let b, a.film != b.film else { continue }
      taken += 1
      let (first, second) = (films[a.film].hash(a.sample), films[b.film].hash(b.sample))
      histogram[first.distance(to: second)] += 1
    }
    // Keys meet so rarely that pairs are not drawn: each film's probes meet all keys of the others.
    var counts = [Int32](repeating: 0, count: IndexKey.count)
    for key in keys.joined() where key != IndexKey.none { counts[Int(key)] += 1 }
    let total = keyed
    for (number, film) in films.enumerated() {
      var own: [UInt32: Int32] = [:]
      for key in keys[number] where key != IndexKey.none { own[key, default: 0] += 1 }
      let ownTotal = keys[number].count { $0 != IndexKey.none }
      for i in stride(from: 0, to: film.count, by: 5) where keys[number][i] != IndexKey.none {
        IndexKey.probes(of: film.hash(i), count: 16, into: &probes)
        for (rank, key) in probes.enumerated() {
          let hits = Int(counts[Int(key)] - own[key, default: 0])
          probed += hits
          if rank == 0 { equal += hits }
        }
        keyedPairs += total - ownTotal
      }
    }
    equalKeysPerMillion = Double(equal) / Double(max(1, keyedPairs)) * 1e6
    probedKeysPerMillion = Double(probed) / Double(max(1, keyedPairs)) * 1e6
    let mean =
      histogram.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) } / Double(pairs)
    let square = histogram.enumerated().reduce(0.0) {
      $0 + pow(Double($1.offset) - mean, 2) * Double($1.element)
    }
    (distanceMean, distanceDeviation) = (mean, (square / Double(pairs)).squareRoot())
    corrections.sort()
    for quantile in Self.quantiles {
      var (below, distance) = (0, 0)
      while distance < 256, Double(below + histogram[distance]) < quantile * Double(pairs) {
        below += histogram[distance]
        distance += 1
      }
      distanceQuantiles["\(quantile)"] = Double(distance)
      correctionQuantiles["\(quantile)"] =
        corrections[min(corrections.count - 1, Int(quantile * Double(corrections.count)))]
    }
  }
}

extension Fingerprint {
  func hash(_ i: Int) -> FrameHash {
    FrameHash(words: SIMD4(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]))
  }
}
