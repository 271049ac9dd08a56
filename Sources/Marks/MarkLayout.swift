/// Names of the fields of a payload.
public enum MarkField: UInt8, Sendable, Hashable, CaseIterable {
  /// Where a print is shown, or its serial number.
  case location = 0
  /// When it is shown: steps of a quarter of an hour.
  case time = 1
}

/// What a mark says: a place and a time, as numbers that only the owner of the key can resolve.
///
/// A mark names a screening, never a person.
public struct MarkPayload: Sendable, Hashable {
  /// Location or serial number.
  public var location: Int
  /// Step of a quarter of an hour at which the film begins, from the start of a year.
  public var time: Int

  /// Creates a payload.
  public init(location: Int, time: Int) {
    self.location = location
    self.time = time
  }
}

/// How many values each field has.
///
/// Allocations differ: 19 bits of location and 16 of time are common, 20-bit numbers were seen too.
/// So widths are data. Of 16 bits of time the 4 · 24 · 366 steps of a leap year are used.
public struct MarkLayout: Sendable, Hashable {
  /// Bits of the location.
  public let locationBits: Int
  /// Bits of the time.
  public let timeBits: Int

  /// Widths that a field may have.
  public static let widths = 1...24
  /// 19 bits of location, 16 of time.
  public static let usual = MarkLayout(locationBits: 19, timeBits: 16)
  /// Quarters of an hour in a leap year.
  public static let stepsOfYear = 4 * 24 * 366

  /// Steps from one stamp to another of 16 bits, the short way round the year.
  public static func steps(from first: Int64, to second: Int64) -> Int64 {
    let period = Int64(stepsOfYear)
    let forward = ((second - first) % period + period) % period
    return forward > period / 2 ? forward - period : forward
  }

  /// Creates a layout; both widths are in ``widths``.
  public init(locationBits: Int, timeBits: Int) {
    precondition(
      Self.widths.contains(locationBits) && Self.widths.contains(timeBits),
      "a field has 1 to 24 bits"
    )
    self.locationBits = locationBits
    self.timeBits = timeBits
  }

  /// Values of a field.
  public func values(of field: MarkField) -> Int {
    switch field {
    case .location: 1 << locationBits
    case .time: timeBits == 16 ? Self.stepsOfYear : 1 << timeBits
    }
  }

  /// Whether the payload's numbers are values of the fields.
  public func contains(_ payload: MarkPayload) -> Bool {
    (0..<values(of: .location)).contains(payload.location)
      && (0..<values(of: .time)).contains(payload.time)
  }

  /// The value that a segment of the film carries for a field.
  ///
  /// The location stands in every segment. The time goes on by a step each quarter of an hour and
  /// wraps where its values end.
  public func value(of field: MarkField, payload: MarkPayload, segment: Int) -> Int {
    switch field {
    case .location: payload.location
    case .time: (payload.time + segment / LFM1.segmentsOfStep) % values(of: .time)
    }
  }
}

/// The scheme LFM-1: constants that embedding and detection share.
///
/// Slow, smooth, keyed modulation of the luma: Y' = Y · (1 + δ/2 · Σ s_j(t) · P_j(x, y)), where P_j are
/// products of cosines and s_j(t) are sequences of ±1 that depend on key, asset, segment, field and
/// value. Black stays black.
///
/// - Source: Haitsma, Kalker: "A watermarking scheme for digital cinema", ICIP 2001; van Leest,
///   Haitsma, Kalker, SPIE 5020, 2003. Patents seen that touch marks of this kind: US 8452971 (listed
///   as expired in 2021), US 7844072 and US 7769199 (detection against a reduced reference). They are
///   named here without a judgement on them.
public enum LFM1 {
  /// The scheme's name.
  public static let name = "LFM-1"
  /// Spatial frequencies of the modes, in half waves over width and height.
  public static let modes: [(a: Int, b: Int)] = [(1, 1), (2, 1), (1, 2), (2, 2)]
  /// Length of a chip in seconds of media time.
  public static let chipSeconds = 0.25
  /// Length of the transition between two chips, as a share of a chip.
  public static let transition = 0.5
  /// Seconds after which the location repeats under other sequences.
  public static let segmentSeconds = 300.0
  /// Chips of a segment.
  public static let chipsOfSegment = 1200
  /// Chips of a segment that a field has; even ones carry the location, odd ones the time.
  public static let chipsOfField = 600
  /// Segments for each step of the time.
  public static let segmentsOfStep = 3
  /// The strength that is used unless another is asked for.
  public static let usualStrength = 0.005
  /// Strengths above this are likely to be seen.
  public static let strongStrength = 0.01
  /// Strengths that can be asked for.
  public static let strengths = 0.0005...0.05

  /// Which field the chip of a number carries.
  public static func field(ofChip chip: Int) -> MarkField { chip % 2 == 0 ? .location : .time }

  /// The pulse of a chip at a phase in chips from the chip's start; neighbours add up to 1.
  ///
  /// Level for half of a chip, with raised cosines over half of a chip about its ends.
  public static func pulse(at phase: Double) -> Double {
    let half = transition / 2
    if phase <= -half || phase >= 1 + half { return 0 }
    if phase >= half, phase <= 1 - half { return 1 }
    let way = phase < half ? (phase + half) / transition : (1 + half - phase) / transition
    return (1 - _cosine(.pi * way)) / 2
  }
}
