import Marks
import Matching
import VideoCore

/// Observes the modes of LFM-1 in the frames of a leak, with the time map and the geometry that
/// matching found.
struct MarkScanner {
  /// A stretch of the leak that was observed.
  struct Range {
    var leakStart: Double
    var leakEnd: Double
    var filmStart: Double
    var filmEnd: Double
    var frames = 0
    var usedFrames = 0
    /// Seconds by which the film was found to be later than the match says, on average.
    var shift = 0.0
  }

  /// What was observed.
  struct Observations {
    var modes: [ModeObservation] = []
    var ranges: [Range] = []
  }

  let flag: CancellationFlag
  /// Cells of the leak that are not to count at a moment; nil where all do.
  var excluded: (_ seconds: Double) -> [Bool]? = { _ in nil }

  /// Seconds of the leak that are looked at together.
  private static let pieceSeconds = 8.0
  /// Film beyond either end of a piece, for neighbours and for times that are off.
  private static let margin = 0.5
  private static let leastSeconds = 1.5

  /// Observes all segments of a match.
  func observe(
    _ leak: any FrameSource,
    _ match: ReleaseMatch,
    film: any FrameSource
  ) throws -> Observations {
    var result = Observations()
    var tracker = ShotTracker()
    let geometry = GeometryCourse(match.geometry)
    for segment in match.segments where segment.leakEnd - segment.leakStart >= Self.leastSeconds {
      var regression = ModeRegression()
      var range = Range(
        leakStart: segment.leakStart,
        leakEnd: segment.leakEnd,
        filmStart: segment.referenceStart,
        filmEnd: segment.referenceEnd
      )
      var shifts = TimeShifts()
      tracker.cut()
      let length = segment.leakEnd - segment.leakStart
      let pieces = max(1, Int((length / Self.pieceSeconds).rounded()))
      for piece in 0..<pieces {
        try flag.check()
        let start = segment.leakStart + length * Double(piece) / Double(pieces)
        let end = segment.leakStart + length * Double(piece + 1) / Double(pieces)
        let frames = try leak.frames(from: start, to: end)
        let around = try film.frames(
          from: segment.referenceTime(at: start) - Self.margin,
          to: segment.referenceTime(at: end) + Self.margin
        )
        guard !frames.isEmpty, around.count > 2 else { continue }
        let seen = FilmPiece(around) { seconds in
          let time = segment.leakStart + (seconds - segment.referenceStart) / segment.rate
          return geometry.homography(at: time)
        }
        guard let seen else { continue }
        let cells = frames.map { CellGrid.means(of: $0.plane) }
        let times = frames.map { segment.referenceTime(at: $0.seconds) }
        let shift = shifts.next(seen.shift(of: cells, at: times))
        tracker.follow(seen)
        for (index, frame) in frames.enumerated() {
          range.frames += 1
          let place = seen.place(at: times[index] + shift)
          guard let place, let near = seen.neighbourhood(of: place) else { continue }
          let fit = regression.fit(
            cells[index],
            film: near.film,
            map: near.map,
            excluded: excluded(frame.seconds)
          )
          guard let fit else { continue }
          range.usedFrames += 1
          result.modes.append(
            ModeObservation(
              filmSeconds: seen.seconds(at: place),
              gains: fit.gains,
              resolution: fit.resolution,
              residual: fit.residual,
              shot: tracker.shot(at: near.number)
            )
          )
        }
        range.shift = shifts.mean
      }
      result.ranges.append(range)
    }
    return result
  }

  /// Observes a leak without its film: what a few seconds have in common stands for the picture.
  ///
  /// `homography` says how the film lies in the frame, `start` which second of the film the leak's
  /// first shows, and `rate` how many of the film pass in one of the leak.
  func observeBlind(
    _ leak: any FrameSource,
    homography: Homography,
    start: Double,
    rate: Double
  ) throws -> Observations {
    guard let map = CellMap(homography: homography.elements) else { return Observations() }
    var result = Observations()
    var regression = ModeRegression()
    var range = Range(
      leakStart: 0,
      leakEnd: leak.durationSeconds,
      filmStart: start,
      filmEnd: start + leak.durationSeconds * rate
    )
    var cells: [[Float]] = []
    var times: [Double] = []
    var from = 0.0
    while from < leak.durationSeconds + 1 {
      for frame in try leak.frames(from: from, to: from + Self.pieceSeconds) {
        cells.append(CellGrid.means(of: frame.plane))
        times.append(frame.seconds)
      }
      from += Self.pieceSeconds
    }
    var tracker = ShotTracker()
    let shots = tracker.shots(of: cells, inside: map.inside)
    var (low, high) = (0, 0)
    var sums = [Double](repeating: 0, count: CellGrid.count)
    for index in cells.indices {
      if index % 256 == 0 { try flag.check() }
      // A window that slides, and stops at cuts.
      if index == 0 || shots[index] != shots[index - 1] {
        sums = cells[index].map(Double.init)
        (low, high) = (index, index)
      }
      while high + 1 < cells.count, shots[high + 1] == shots[index],
        times[high + 1] - times[index] <= Self.blindReach
      {
        high += 1
        for i in sums.indices { sums[i] += Double(cells[high][i]) }
      }
      while times[index] - times[low] > Self.blindReach {
        for i in sums.indices { sums[i] -= Double(cells[low][i]) }
        low += 1
      }
      range.frames += 1
      let count = Double(high - low + 1)
      guard count >= 8 else { continue }
      let mean = sums.map { Float($0 / count) }
      let film = ModeRegression.Film(before: mean, now: mean, after: mean)
      guard let fit = regression.fit(cells[index], film: film, map: map) else { continue }
      range.usedFrames += 1
      result.modes.append(
        ModeObservation(
          filmSeconds: start + times[index] * rate,
          gains: fit.gains,
          resolution: fit.resolution,
          residual: fit.residual,
          shot: shots[index]
        )
      )
    }
    result.ranges = [range]
    return result
  }

  private static let blindReach = 1.0

  /// Tells which of two masters a leak shows; both have the times of the matched release.
  func variants(
    _ leak: any FrameSource,
    _ match: ReleaseMatch,
    _ first: any FrameSource,
    _ second: any FrameSource
  ) throws -> [VariantReading] {
    var reader = VariantReader()
    var tracker = ShotTracker()
    let geometry = GeometryCourse(match.geometry)
    for segment in match.segments where segment.leakEnd - segment.leakStart >= Self.leastSeconds {
      var shifts = TimeShifts()
      tracker.cut()
      let length = segment.leakEnd - segment.leakStart
      let pieces = max(1, Int((length / Self.pieceSeconds).rounded()))
      for piece in 0..<pieces {
        try flag.check()
        let start = segment.leakStart + length * Double(piece) / Double(pieces)
        let end = segment.leakStart + length * Double(piece + 1) / Double(pieces)
        let frames = try leak.frames(from: start, to: end)
        let masters = try [first, second].map { master in
          FilmPiece(
            try master.frames(
              from: segment.referenceTime(at: start) - Self.margin,
              to: segment.referenceTime(at: end) + Self.margin
            )
          ) { seconds in
            let time = segment.leakStart + (seconds - segment.referenceStart) / segment.rate
            return geometry.homography(at: time)
          }
        }
        guard !frames.isEmpty, let one = masters[0], let two = masters[1] else { continue }
        let cells = frames.map { CellGrid.means(of: $0.plane) }
        let times = frames.map { segment.referenceTime(at: $0.seconds) }
        let shift = shifts.next(one.shift(of: cells, at: times))
        tracker.follow(one)
        for index in frames.indices {
          let time = times[index] + shift
          guard let place = one.place(at: time), let near = one.neighbourhood(of: place),
            let other = two.place(at: one.seconds(at: place)),
            let far = two.neighbourhood(of: other)
          else { continue }
          reader.add(
            cells[index],
            first: near.film,
            second: far.film,
            map: near.map,
            filmSeconds: one.seconds(at: place),
            shot: tracker.shot(at: near.number)
          )
        }
      }
    }
    return reader.readings()
  }
}

/// How the film lies in the leak from moment to moment.
private struct GeometryCourse {
  private let samples: [GeometrySample]

  init(_ samples: [GeometrySample]) { self.samples = samples.sorted { $0.leakTime < $1.leakTime } }

  /// Between two samples the numbers in between; at the ends those of the end.
  func homography(at seconds: Double) -> [Double] {
    guard let next = samples.firstIndex(where: { $0.leakTime >= seconds }) else {
      return samples.last?.homography.elements ?? Homography.identity.elements
    }
    let after = samples[next]
    guard next > 0 else { return after.homography.elements }
    let before = samples[next - 1]
    let span = after.leakTime - before.leakTime
    let share = span > 0 ? (seconds - before.leakTime) / span : 0
    // Where somebody aimed anew in between, no mean of both is right.
    let isJump =
      zip(before.homography.elements, after.homography.elements)
      .contains { abs($0 - $1) > Self.jump } || span > Self.longestSpan
    if isJump { return (share < 0.5 ? before : after).homography.elements }
    return zip(before.homography.elements, after.homography.elements).map {
      $0 + ($1 - $0) * share
    }
  }

  private static let jump = 0.08
  private static let longestSpan = 6.0
}

/// Film frames of a piece as the cells of the leak show them.
private struct FilmPiece {
  private let times: [Double]
  private let maps: [CellMap]
  let grids: [[Float]]

  /// The cells of frames, each under the homography of its second; nil where none is of use.
  init?(_ frames: [TimedPlane], homography: (_ filmSeconds: Double) -> [Double]) {
    var times: [Double] = []
    var maps: [CellMap] = []
    var grids: [[Float]] = []
    for frame in frames {
      guard let map = CellMap(homography: homography(frame.seconds)) else { continue }
      times.append(frame.seconds)
      maps.append(map)
      grids.append(map.means(of: frame.plane))
    }
    guard times.count > 2 else { return nil }
    (self.times, self.maps, self.grids) = (times, maps, grids)
  }

  var inside: [Float] { maps[maps.count / 2].inside }
  var firstSeconds: Double { times[0] }
  func second(of number: Int) -> Double { times[number] }
  var count: Int { times.count }

  /// The number, with a fraction, of the frame that is shown at a second; nil beyond the ends.
  func place(at seconds: Double) -> Double? {
    guard seconds >= times[0], seconds < times[times.count - 1] else { return nil }
    var (low, high) = (0, times.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= seconds { low = middle } else { high = middle }
    }
    return Double(low) + (seconds - times[low]) / (times[high] - times[low])
  }

  /// The second of a place.
  func seconds(at place: Double) -> Double {
    let low = min(times.count - 2, Int(place))
    return times[low] + (times[low + 1] - times[low]) * (place - Double(low))
  }

  /// The frame nearest to a place with those beside it; nil at the ends.
  func neighbourhood(
    of place: Double
  ) -> (film: ModeRegression.Film, map: CellMap, number: Double)? {
    let nearest = Int(place.rounded())
    guard nearest > 0, nearest + 1 < grids.count else { return nil }
    let film = ModeRegression.Film(
      before: grids[nearest - 1],
      now: grids[nearest],
      after: grids[nearest + 1]
    )
    return (film, maps[nearest], times[nearest])
  }

  /// Seconds by which the film is later than `times` say, by how cells change over time, and how
  /// clear that is; nil where too little changes.
  func shift(of cells: [[Float]], at seconds: [Double]) -> (seconds: Double, sharpness: Double)? {
    let step = (times[times.count - 1] - times[0]) / Double(times.count - 1)
    let used = stride(from: 0, to: cells.count, by: max(1, cells.count / Self.framesOfShift))
    let inside = inside
    let number = inside.indices.filter { inside[$0] > 0 }
    guard number.count > 100 else { return nil }
    let trials = (-Self.reach...Self.reach).map { Double($0) / 2 }
    let scores = trials.map { trial -> Double in
      correlation(cells, seconds, Array(used), number, shift: trial * step)
    }
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), best > 0,
      best + 1 < scores.count, scores[best] > Self.leastCorrelation
    else { return nil }
    let (a, b, c) = (scores[best - 1], scores[best], scores[best + 1])
    let bend = a - 2 * b + c
    guard bend < 0 else { return nil }
    let fine = max(-0.5, min(0.5, 0.5 * (a - c) / bend))
    return ((trials[best] + fine / 2) * step, -bend)
  }

  private func correlation(
    _ cells: [[Float]],
    _ seconds: [Double],
    _ used: [Int],
    _ inside: [Int],
    shift: Double
  ) -> Double {
    var leak: [Int] = []
    var places: [Double] = []
    for index in used {
      guard let place = place(at: seconds[index] + shift) else { continue }
      leak.append(index)
      places.append(place)
    }
    guard leak.count >= 8 else { return 0 }
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    let count = Float(leak.count)
    for cell in inside {
      var (sx, sy, sxy, sxx, syy) = (Float(0), Float(0), Float(0), Float(0), Float(0))
      for (index, place) in zip(leak, places) {
        let low = Int(place)
        let share = Float(place - Double(low))
        let x = cells[index][cell]
        let y = grids[low][cell] + (grids[low + 1][cell] - grids[low][cell]) * share
        sx += x
        sy += y
        sxy += x * y
        sxx += x * x
        syy += y * y
      }
      xy += Double(sxy - sx * sy / count)
      xx += Double(sxx - sx * sx / count)
      yy += Double(syy - sy * sy / count)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }

  private static let framesOfShift = 60
  /// Half frames that are tried to either side.
  private static let reach = 10
  private static let leastCorrelation = 0.3
}

/// Shifts of the time map from piece to piece; where little moves, that of the pieces before.
private struct TimeShifts {
  private var last = 0.0
  private var sum = 0.0
  private var count = 0.0

  /// The shift of the next piece.
  mutating func next(_ found: (seconds: Double, sharpness: Double)?) -> Double {
    if let found, found.sharpness > Self.leastSharpness { last = found.seconds }
    sum += last
    count += 1
    return last
  }

  var mean: Double { count > 0 ? sum / count : 0 }

  private static let leastSharpness = 2e-4
}

/// Numbers shots by the film's cuts.
private struct ShotTracker {
  private var cuts: [Double] = []
  private var number = 0
  private var usual: Float = 4
  private var last: (seconds: Double, grid: [Float])?

  /// Begins anew: what comes next follows nothing.
  mutating func cut() {
    number += cuts.count + 1
    cuts = []
    last = nil
  }

  /// Looks for cuts in the frames that were not seen before.
  mutating func follow(_ piece: FilmPiece) {
    let inside = piece.inside
    for index in piece.grids.indices {
      let seconds = piece.second(of: index)
      if let last, seconds <= last.seconds { continue }
      if let last, isCut(last.grid, piece.grids[index], inside) { cuts.append(seconds) }
      last = (seconds, piece.grids[index])
    }
  }

  /// The shot of a second of the film.
  func shot(at seconds: Double) -> Int { number + cuts.count { $0 <= seconds } }

  /// Shots of a leak's own frames.
  mutating func shots(of cells: [[Float]], inside: [Float]) -> [Int] {
    var shot = 0
    return cells.indices.map { index in
      if index > 0, isCut(cells[index - 1], cells[index], inside) { shot += 1 }
      return shot
    }
  }

  private mutating func isCut(_ a: [Float], _ b: [Float], _ inside: [Float]) -> Bool {
    var (sum, count) = (Float(0), Float(0))
    for i in inside.indices where inside[i] > 0 {
      sum += abs(a[i] - b[i])
      count += 1
    }
    guard count > 0 else { return false }
    let change = sum / count
    if change > max(Self.leastChange, Self.steepness * usual) { return true }
    usual += (change - usual) * 0.05
    return false
  }

  private static let leastChange: Float = 7
  private static let steepness: Float = 4
}
