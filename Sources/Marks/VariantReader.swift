/// Which of two masters a stretch of a leak shows.
public enum Variant: String, Sendable, Hashable, Codable {
  /// The first.
  case a = "A"
  /// The second.
  case b = "B"
}

/// What ten seconds of the film say of two masters.
public struct VariantReading: Sendable, Hashable {
  /// Number of the stretch: the film's seconds over ten.
  public var segment: Int
  /// The master that is shown; nil where it cannot be told.
  public var variant: Variant?
  /// Deviations from "neither", positive for the first.
  public var z: Double
  /// The difference as it was found over what it is: near 0.5 for the first and -0.5 for the second.
  public var contrast: Double
  /// Frames that counted.
  public var frames: Int
  /// Why nothing is said; nil where something is.
  public var reason: String?
}

/// Reads which of two masters each ten seconds of a leak show, by what differs between them.
///
/// A frame is fitted by the mean of both masters, and what is left over by their difference. What a
/// cell leaves over for longer than its pattern lasts is the camera's and is taken away first.
public struct VariantReader {
  /// Seconds of a stretch.
  public static let segmentSeconds = 10.0
  /// Seconds whose frames are one witness: about what a pattern lasts.
  private static let blockSeconds = 0.5
  private static let leastBlocks = 6
  /// Deviations that a variant needs.
  public static let leastZ = 3.0
  private static let acceptedContrast = 0.15...1.5
  /// Root mean square of the difference in levels below which masters count as the same.
  private static let leastDifference = 0.04
  private static let memory: Float = 0.02

  private struct Block {
    var weighted = 0.0
    var information = 0.0
    var frames = 0
    var energy = 0.0
  }

  private var regression = ModeRegression()
  private var slow: [Float] = Array(repeating: 0, count: CellGrid.count)
  private var shot = -1
  private var blocks: [Int: Block] = [:]

  /// A reader that has seen nothing.
  public init() {}

  /// Adds a frame of the leak with what both masters show around its moment.
  public mutating func add(
    _ leak: [Float],
    first: ModeRegression.Film,
    second: ModeRegression.Film,
    map: CellMap,
    filmSeconds: Double,
    shot: Int
  ) {
    if shot != self.shot { slow = Array(repeating: 0, count: CellGrid.count) }
    self.shot = shot
    func mean(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { ($0 + $1) / 2 } }
    let film = ModeRegression.Film(
      before: mean(first.before, second.before),
      now: mean(first.now, second.now),
      after: mean(first.after, second.after)
    )
    let difference = zip(first.now, second.now).map { $0 - $1 }
    let cleaned = zip(leak, slow).map { $0 - $1 }
    guard
      let fit = regression.fit(
        cleaned,
        film: film,
        map: map,
        effects: .difference(difference)
      )
    else { return }
    for i in slow.indices { slow[i] += (fit.rest[i]) * Self.memory }
    var block = blocks[Int(max(0, filmSeconds) / Self.blockSeconds)] ?? Block()
    block.weighted += Double(fit.gains.w) * fit.information
    block.information += fit.information
    block.frames += 1
    block.energy +=
      Double(difference.reduce(0) { $0 + $1 * $1 }) / Double(CellGrid.count)
    blocks[Int(max(0, filmSeconds) / Self.blockSeconds)] = block
  }

  /// What the frames say, in order of the film's time.
  public func readings() -> [VariantReading] {
    let perSegment = Int(Self.segmentSeconds / Self.blockSeconds)
    let segments = Dictionary(grouping: blocks) { $0.key / perSegment }
    return segments.keys.sorted().map { number in
      let own = (segments[number] ?? []).map(\.value)
      let frames = own.reduce(0) { $0 + $1.frames }
      let energy = own.reduce(0) { $0 + $1.energy } / Double(max(1, frames))
      let information = own.reduce(0) { $0 + $1.information }
      let sum = own.reduce(0) { $0 + $1.weighted }
      let contrast = information > 0 ? sum / information : 0
      var squares = 0.0
      for block in own {
        let rest = block.weighted - contrast * block.information
        squares += rest * rest
      }
      let count = Double(own.count)
      let deviation = (squares * count / max(1, count - 1)).squareRoot()
      let z = deviation > 0 ? sum / deviation : 0
      var reading = VariantReading(
        segment: number,
        variant: nil,
        z: z,
        contrast: contrast,
        frames: frames,
        reason: nil
      )
      if own.count < Self.leastBlocks {
        reading.reason = "too_short"
      } else if energy < Self.leastDifference * Self.leastDifference {
        reading.reason = "masters_alike"
      } else if abs(z) < Self.leastZ || !Self.acceptedContrast.contains(abs(contrast)) {
        reading.reason = "unclear"
      } else {
        reading.variant = z > 0 ? .a : .b
      }
      return reading
    }
  }
}

/// The pattern by which a master is made one of two variants.
///
/// A grid of 32x18 signs that changes twice a second, smooth in time and place; the second variant
/// has the opposite signs. It says nothing by itself: which master was shown does.
public struct VariantPattern: Sendable {
  /// Seconds of a pattern.
  public static let patternSeconds = 0.5
  static let (columns, rows) = (32, 18)

  private let key: MarkKey
  private let asset: String
  private let sign: Float
  private var cached: [Int: [Float]] = [:]

  /// The pattern of one variant.
  public init(key: MarkKey, asset: String, variant: Variant) {
    (self.key, self.asset) = (key, asset)
    sign = variant == .a ? 1 : -1
  }

  /// The signal of each cell at a second of the film, -1...1, row by row.
  public mutating func cells(at seconds: Double) -> [Float] {
    let place = max(0, seconds) / Self.patternSeconds
    let number = Int(place)
    let phase = place - Double(number)
    let half = LFM1.transition / 2
    let own = Float(LFM1.pulse(at: phase))
    var result = pattern(number).map { $0 * own * sign }
    if phase < half, number > 0 {
      let weight = sign * Float(LFM1.pulse(at: phase + 1))
      for (i, value) in pattern(number - 1).enumerated() { result[i] += value * weight }
    }
    if phase > 1 - half {
      let weight = sign * Float(LFM1.pulse(at: phase - 1))
      for (i, value) in pattern(number + 1).enumerated() { result[i] += value * weight }
    }
    return result
  }

  private mutating func pattern(_ number: Int) -> [Float] {
    if let known = cached[number] { return known }
    let sequences = ChipSequences(key: key, asset: "variants\0" + asset)
    let bytes = sequences.bits(of: number, count: Self.columns * Self.rows)
    let signs = bytes.map { $0 ? Float(1) : -1 }
    if cached.count > 3 { cached = [:] }
    cached[number] = signs
    return signs
  }

  /// For each of `count` pixels along a side the cell before it, and how far it is to the next.
  static func places(count: Int, cells: Int) -> [(cell: Int, share: Float)] {
    (0..<count).map { pixel in
      let place = (Float(pixel) + 0.5) / Float(count) * Float(cells) - 0.5
      let inside = max(0, min(Float(cells - 1), place))
      let cell = min(cells - 2, Int(inside))
      return (cell, inside - Float(cell))
    }
  }

  /// The cells of a row of pixels, between two rows of cells.
  static func line(_ cells: [Float], _ place: (cell: Int, share: Float)) -> [Float] {
    let (upper, lower) = (place.cell * columns, (place.cell + 1) * columns)
    return (0..<columns).map {
      cells[upper + $0] + (cells[lower + $0] - cells[upper + $0]) * place.share
    }
  }
}
