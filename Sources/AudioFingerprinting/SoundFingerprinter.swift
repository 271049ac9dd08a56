import Glibc

/// Takes landmarks from sound as it comes; memory does not grow but for the landmarks.
///
/// Levels are logarithmic in bands and counted from their own mean over two seconds, which takes
/// away what a loudspeaker, a room and a microphone do to the spectrum. A landmark is a level that
/// none within a ninth of an octave and an eighth of a second exceeds; of each second the loudest
/// are kept.
public struct SoundFingerprinter {
  /// Levels are counted from the mean of so many steps to either side: two seconds in all.
  private static let meanReach = 62
  /// A landmark is the greatest of so many steps to either side, and of so many bands.
  private static let stepReach = 8
  private static let bandReach = 6
  /// Least height above the mean, as a natural logarithm of amplitude.
  private static let leastHeight: Float = 0.3
  /// Least level, the same: a tone 82 dB below full scale; what is quieter is silence.
  private static let leastLevel: Float = -3.9
  /// What is added to powers, so that silence has a logarithm.
  private static let powerFloor: Float = 1e-9
  /// Longest pause that is taken for silence; a longer one starts anew.
  private static let longestPause = SoundLandmarks.sampleRate

  private static let bands = SoundLandmarks.bandCount
  private static let levelRows = 2 * meanReach + 1
  private static let heightRows = 2 * stepReach + 1

  private var spectrum = PowerSpectrum()
  private var power = [Float](repeating: 0, count: SoundLandmarks.windowSamples / 2)
  /// Where each band lies between two frequencies of the spectrum.
  private let places: [(bin: Int, share: Float)]

  /// Sound that is not yet measured; starts at a multiple of the step.
  private var pending: [Float] = []
  private var pendingStart = 0

  /// Levels of the last steps of this stretch, a ring; and the sum over those in the mean.
  private var levels = [Float](repeating: 0, count: levelRows * bands)
  private var sum = [Double](repeating: 0, count: bands)
  /// Heights above the mean, and the greatest of the bands around: a ring.
  private var heights = [Float](repeating: 0, count: heightRows * bands)
  private var greatest = [Float](repeating: 0, count: heightRows * bands)
  /// Step of the stretch's first window, windows measured, heights known, steps searched.
  private var firstStep = 0
  private var measured = 0
  private var levelled = 0
  private var searched = 0

  private var second = -1
  private var found: [(word: UInt32, height: Float)] = []
  private var words: [UInt32] = []

  /// Starts a recording.
  public init() {
    let scale = Float(SoundLandmarks.windowSamples) / Float(SoundLandmarks.sampleRate)
    places = (0..<Self.bands).map { band in
      let octaves = Float(band) / Float(SoundLandmarks.bandsPerOctave)
      let place = SoundLandmarks.lowestFrequency * exp2f(octaves) * scale
      return (Int(place), place - place.rounded(.down))
    }
  }

  /// Adds samples, the first of them number `first` of the recording.
  ///
  /// Numbers go up: what lies before the last sample, or before 0, is dropped. A pause of up to a
  /// second counts as silence. Samples are finite, at most about 1 in size.
  public mutating func append(_ samples: Span<Float>, at first: Int) {
    // Beyond this no landmark has a number; it also keeps sums far from overflow.
    let limit = SoundLandmarks.stepLimit * SoundLandmarks.stepSamples
    guard first > -limit, first < limit else { return }
    let next = pendingStart + pending.count
    var skipped = max(0, -first)
    if first > next + Self.longestPause || (pending.isEmpty && measured == 0) {
      endStretch()
      // Steps are multiples of 128 samples of the recording, wherever the stretch begins.
      let step = (max(0, first) + SoundLandmarks.stepSamples - 1) / SoundLandmarks.stepSamples
      pendingStart = step * SoundLandmarks.stepSamples
      firstStep = step
      skipped = max(skipped, pendingStart - first)
    } else if first > next {
      pending.append(contentsOf: repeatElement(0, count: first - next))
    } else {
      skipped = max(skipped, next - first)
    }
    guard skipped < samples.count else { return }
    for index in skipped..<samples.count { pending.append(samples[index]) }
    measurePending()
  }

  /// Ends the recording and gives its landmarks.
  public mutating func finish() -> SoundLandmarks {
    endStretch()
    keepLoudest()
    defer { words = [] }
    return SoundLandmarks(words: words)
  }

  private mutating func measurePending() {
    var start = 0
    while start + SoundLandmarks.windowSamples <= pending.count {
      spectrum.measure(pending, from: start, into: &power)
      addLevels()
      start += SoundLandmarks.stepSamples
    }
    pending.removeFirst(start)
    pendingStart += start
  }

  private mutating func addLevels() {
    let row = measured % Self.levelRows * Self.bands
    for band in 0..<Self.bands {
      let (bin, share) = places[band]
      let value = power[bin] + share * (power[bin + 1] - power[bin])
      let level = 0.5 * logf(value + Self.powerFloor)
      levels[row + band] = level
      sum[band] += Double(level)
    }
    measured += 1
    if measured > Self.meanReach { addHeights() }
  }

  /// Works out the heights of the next step, whose mean is complete or can get no better.
  private mutating func addHeights() {
    let level = levelled % Self.levelRows * Self.bands
    let oldest = max(0, levelled - Self.meanReach)
    let newest = min(measured, levelled + Self.meanReach + 1)
    let scale = 1 / Double(newest - oldest)
    let row = levelled % Self.heightRows * Self.bands
    for band in 0..<Self.bands {
      heights[row + band] = levels[level + band] - Float(sum[band] * scale)
    }
    for band in 0..<Self.bands {
      var most = heights[row + band]
      let around = max(0, band - Self.bandReach)...min(Self.bands - 1, band + Self.bandReach)
      for other in around { most = max(most, heights[row + other]) }
      greatest[row + band] = most
    }
    levelled += 1
    // The next mean no longer has the oldest step, whose place in the ring is due next.
    if levelled > Self.meanReach {
      let leaving = (levelled - 1 - Self.meanReach) % Self.levelRows * Self.bands
      for band in 0..<Self.bands { sum[band] -= Double(levels[leaving + band]) }
    }
    if levelled > Self.stepReach { search() }
  }

  /// Looks for landmarks in the next step whose neighbours are known.
  private mutating func search() {
    let row = searched % Self.heightRows * Self.bands
    let neighbours =
      max(0, searched - Self.stepReach)..<min(levelled, searched + Self.stepReach + 1)
    let level = searched % Self.levelRows * Self.bands
    let step = firstStep + searched
    searched += 1
    guard step < SoundLandmarks.stepLimit else { return }
    for band in 0..<Self.bands {
      let height = heights[row + band]
      guard height >= Self.leastHeight, height == greatest[row + band],
        levels[level + band] > Self.leastLevel,
        neighbours.allSatisfy({
          greatest[$0 % Self.heightRows * Self.bands + band] <= height
        })
      else { continue }
      let second = step * SoundLandmarks.stepSamples / SoundLandmarks.sampleRate
      if second != self.second {
        keepLoudest()
        self.second = second
      }
      found.append((UInt32(step) << 8 | UInt32(band), height))
    }
  }

  /// Ends a second.
  private mutating func keepLoudest() {
    // Equal heights are told apart by their place, so that the choice never varies.
    found.sort { ($0.height, $1.word) > ($1.height, $0.word) }
    words += found.prefix(SoundLandmarks.mostPerSecond).map(\.word).sorted()
    found.removeAll(keepingCapacity: true)
  }

  /// Searches what is left of a stretch, with shorter means, and forgets it.
  private mutating func endStretch() {
    while levelled < measured { addHeights() }
    while searched < levelled { search() }
    pending.removeAll(keepingCapacity: true)
    pendingStart = 0
    measured = 0
    levelled = 0
    searched = 0
    for band in 0..<Self.bands { sum[band] = 0 }
  }
}
