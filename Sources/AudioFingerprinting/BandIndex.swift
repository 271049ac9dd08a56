/// The landmarks of a release, by band and time.
struct BandIndex {
  /// Times in seconds, ascending within each band, band after band.
  private var times: [Double] = []
  /// Where each band starts in `times`, and the end of the last.
  private var starts = [0]
  private let landmarks: SoundLandmarks

  init(_ landmarks: SoundLandmarks) {
    self.landmarks = landmarks
    var lists = [[Double]](repeating: [], count: SoundLandmarks.bandCount)
    for word in landmarks.words {
      let band = Int(word & 0xFF)
      if lists.indices.contains(band) { lists[band].append(SoundLandmarks.seconds(of: word)) }
    }
    for list in lists {
      times += list
      starts.append(times.count)
    }
  }

  /// Number of landmarks in a stretch of time.
  func count(in range: Range<Double>) -> Int {
    landmarks.first(notBefore: range.upperBound) - landmarks.first(notBefore: range.lowerBound)
  }

  /// Calls `body` with time and band of each landmark near a band and in a stretch of time.
  func forEach(
    band: Double,
    slack: Double,
    in range: Range<Double>,
    _ body: (_ time: Double, _ band: Int) -> Void
  ) {
    for number in Self.bands(band, slack) {
      var place = first(in: number, notBefore: range.lowerBound)
      while place < starts[number + 1], times[place] < range.upperBound {
        body(times[place], number)
        place += 1
      }
    }
  }

  /// Whether there is a landmark near a band and a time.
  func contains(band: Double, slack: Double, time: Double, slack timeSlack: Double) -> Bool {
    for number in Self.bands(band, slack) {
      let place = first(in: number, notBefore: time - timeSlack)
      if place < starts[number + 1], times[place] <= time + timeSlack { return true }
    }
    return false
  }

  private static func bands(_ band: Double, _ slack: Double) -> Range<Int> {
    let low = max(0, Int((band - slack).rounded(.up)))
    let high = min(SoundLandmarks.bandCount, Int((band + slack).rounded(.down)) + 1)
    return low..<max(low, high)
  }

  private func first(in band: Int, notBefore time: Double) -> Int {
    var (low, high) = (starts[band], starts[band + 1])
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
