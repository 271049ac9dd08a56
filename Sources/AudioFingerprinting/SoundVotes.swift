/// How often landmarks of a leak and of a release agree, for each delay of the sound.
///
/// A landmark of the leak votes for its delay against every landmark of the release of the same
/// band within three seconds, once for each of its next landmarks that lies there, too, at the same
/// distance in time and pitch. Agreement of pairs is rare where the sounds differ: a hundredth of
/// what single landmarks give.
///
/// - Source: Wang: "An industrial-strength audio search algorithm", ISMIR 2003, with the pairs
///   compared rather than looked up, for the pictures say where to look.
struct SoundVotes {
  /// Greatest delay, either way, in seconds of the release.
  static let reach = 3.0
  /// Width of a bin of delays.
  static let binSeconds = 0.02
  /// Votes for one delay lie in this many neighbouring bins.
  static let windowBins = 2

  /// Delays that are told apart.
  static var delayCount: Int { binCount }

  private static let binCount = Int((2 * reach / binSeconds).rounded())
  /// Landmarks that each landmark forms pairs with, and how far ahead in seconds.
  private static let fan = 6
  private static let ahead = 0.06...1.0
  /// Greatest distance of the two bands of a pair.
  private static let widest = 60
  /// Differences that still are agreement: in bands, and in seconds.
  private static let bandSlack = 1.6
  private static let timeSlack = 0.03

  /// Votes by bins of the delay.
  private(set) var bins = [Int](repeating: 0, count: binCount)
  /// Each vote's delay.
  private var delays: [Double] = []
  /// Landmarks of the leak in its stretches, and of the release in theirs.
  private(set) var leakCount = 0
  private(set) var referenceCount = 0

  private let leak: SoundLandmarks
  private let reference: BandIndex
  private let pitch: SoundPitch

  /// Counts the votes of all stretches.
  init(
    leak: SoundLandmarks,
    reference: BandIndex,
    stretches: [SoundStretch],
    pitch: SoundPitch
  ) {
    self.leak = leak
    self.reference = reference
    self.pitch = pitch
    for stretch in stretches { add(stretch) }
  }

  private mutating func add(_ stretch: SoundStretch) {
    let part = leak.first(notBefore: stretch.leakStart)..<leak.first(notBefore: stretch.leakEnd)
    leakCount += part.count
    let end = stretch.referenceStart + (stretch.leakEnd - stretch.leakStart) * stretch.rate
    referenceCount += reference.count(in: stretch.referenceStart..<max(end, stretch.referenceStart))
    let bandShift = pitch.bandShift(at: stretch.rate)
    let marks = part.map { number in
      let word = leak.words[number]
      let time = SoundLandmarks.seconds(of: word) - stretch.leakStart
      return Mark(
        time: stretch.referenceStart + time * stretch.rate,
        band: Double(word & 0xFF) + bandShift
      )
    }
    for (place, mark) in marks.enumerated() {
      let partners = marks[(place + 1)...].lazy
        .filter { $0.time - mark.time > Self.ahead.lowerBound }
        .prefix { $0.time - mark.time < Self.ahead.upperBound }
        .filter { abs($0.band - mark.band) < Double(Self.widest) }
        .prefix(Self.fan)
      vote(mark, Array(partners))
    }
  }

  private mutating func vote(_ mark: Mark, _ partners: [Mark]) {
    guard !partners.isEmpty else { return }
    let range = mark.time - Self.reach..<mark.time + Self.reach
    reference.forEach(band: mark.band, slack: Self.bandSlack, in: range) { time, band in
      let count = partners.count {
        reference.contains(
          band: $0.band - mark.band + Double(band),
          slack: Self.bandSlack,
          time: time + $0.time - mark.time,
          slack: Self.timeSlack
        )
      }
      guard count > 0 else { return }
      let delay = mark.time - time
      let bin = Int((delay + Self.reach) / Self.binSeconds)
      guard bins.indices.contains(bin) else { return }
      bins[bin] += count
      for _ in 0..<count { delays.append(delay) }
    }
  }

  /// A landmark of the leak on the release's clock.
  private struct Mark {
    var time: Double
    var band: Double
  }

  /// The votes of the best delay.
  var best: (votes: Int, delay: Double) {
    var top = (votes: 0, bin: 0)
    for bin in 0...(bins.count - Self.windowBins) {
      let votes = bins[bin..<bin + Self.windowBins].reduce(0, +)
      if votes > top.votes { top = (votes, bin) }
    }
    let start = Double(top.bin) * Self.binSeconds - Self.reach
    let range = start..<start + Double(Self.windowBins) * Self.binSeconds
    let inside = delays.filter(range.contains).sorted()
    return (top.votes, inside.isEmpty ? 0 : inside[inside.count / 2])
  }

  /// Mean distance of the votes near `delay` from it, in seconds: a room blurs times.
  func spread(about delay: Double) -> Double {
    let distances = delays.lazy.map { abs($0 - delay) }.filter { $0 < 0.1 }
    return distances.reduce(0, +) / Double(max(1, distances.count { _ in true }))
  }

  /// Mean votes of delays that are not near `delay`.
  func background(awayFrom delay: Double) -> Double {
    var (sum, count) = (0, 0)
    for bin in bins.indices {
      let middle = (Double(bin) + 0.5) * Self.binSeconds - Self.reach
      guard abs(middle - delay) > 0.2 else { continue }
      sum += bins[bin]
      count += 1
    }
    return Double(sum * Self.windowBins) / Double(max(1, count))
  }

  /// Part of the leak's landmarks that the release has, too, at `delay`, single ones.
  func sharedPart(of stretches: [SoundStretch], delay: Double) -> Double {
    var (shared, all) = (0, 0)
    for stretch in stretches {
      let part = leak.first(notBefore: stretch.leakStart)..<leak.first(notBefore: stretch.leakEnd)
      let bandShift = pitch.bandShift(at: stretch.rate)
      for number in part {
        let word = leak.words[number]
        let time = SoundLandmarks.seconds(of: word) - stretch.leakStart
        all += 1
        if reference.contains(
          band: Double(word & 0xFF) + bandShift,
          slack: 1,
          time: stretch.referenceStart + time * stretch.rate - delay,
          slack: Self.timeSlack
        ) {
          shared += 1
        }
      }
    }
    return Double(shared) / Double(max(1, all))
  }
}
