import Crypto
import Foundation

/// The pseudo-random sequences of a key and an asset: one for each segment, field and value.
///
/// A value has 4 bits (one a mode) for each of its field's chips: 300 bytes a segment. Values are
/// taken in blocks of 1024. A block's key is HMAC-SHA256(key, asset, segment, field, block), and its
/// bytes are the key stream of AES-256 in counter mode under that key, that is, what GCM with the zero
/// nonce makes of zeros, its tag thrown away; each block key is used once. Byte `g` of value `v` is
/// byte `1024 · g + v` of the stream, so that no two values share a byte, their sequences are
/// independent, and a correlation runs along the stream. No code ties values together: a wrong
/// payload has nothing in common with the right one, as it would under an error-correcting code.
public struct ChipSequences: Sendable {
  /// Values whose sequences are made at once.
  static let blockValues = 1024
  /// Bytes of a sequence: eight signs each, four modes of two chips.
  static let bytesOfValue = LFM1.chipsOfField / 2

  let key: MarkKey
  let asset: String

  /// Sequences for one key and one asset.
  public init(key: MarkKey, asset: String) {
    self.key = key
    self.asset = asset
  }

  /// The signs of one value in one segment: `chipsOfField` times four, chip by chip.
  public func signs(segment: Int, field: MarkField, value: Int) -> [Int8] {
    let stream = stream(
      segment: segment,
      field: field,
      block: value / Self.blockValues,
      bytes: Self.bytesOfValue
    )
    let place = value % Self.blockValues
    return (0..<Self.bytesOfValue).flatMap { group -> [Int8] in
      let byte = stream[group * Self.blockValues + place]
      return (0..<8).map { byte >> $0 & 1 == 1 ? 1 : -1 }
    }
  }

  /// Random bits that belong to a number and to no field.
  func bits(of number: Int, count: Int) -> [Bool] {
    let zeros = [UInt8](repeating: 0, count: (count + 7) / 8)
    let bytes = Self.keyStream(
      zeros,
      key.blockKey(asset: asset, segment: number, field: .location, block: 0)
    )
    return (0..<count).map { bytes[$0 / 8] >> ($0 % 8) & 1 == 1 }
  }

  /// The first `bytes` bytes of all values of a block.
  func stream(segment: Int, field: MarkField, block: Int, bytes: Int) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: bytes * Self.blockValues)
    let secret = key.blockKey(asset: asset, segment: segment, field: field, block: block)
    return Self.keyStream(zeros, secret)
  }

  private static func keyStream(_ zeros: [UInt8], _ secret: SymmetricKey) -> [UInt8] {
    // A nonce of 12 zero bytes and a key of 32 are always accepted.
    guard let nonce = try? AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12)),
      let box = try? AES.GCM.seal(zeros, using: secret, nonce: nonce)
    else { preconditionFailure("AES-GCM refuses a key of 256 bits") }
    return Array(box.ciphertext)
  }
}

/// The chips of one payload along a film.
public struct ChipTrain: Sendable {
  private let sequences: ChipSequences
  private let layout: MarkLayout
  private let payload: MarkPayload
  private var segment = -1
  private var signs: [[Int8]] = [[], []]

  /// The chips that say `payload`, which must be one of the layout's.
  public init(sequences: ChipSequences, layout: MarkLayout, payload: MarkPayload) {
    precondition(layout.contains(payload), "a payload has values of its fields")
    self.sequences = sequences
    self.layout = layout
    self.payload = payload
  }

  /// The signals of the four modes at a second of the film, -1...1.
  public mutating func signals(at seconds: Double) -> SIMD4<Double> {
    let place = max(0, seconds) / LFM1.chipSeconds
    let chip = Int(place)
    let phase = place - Double(chip)
    let half = LFM1.transition / 2
    var sum = chips(chip) * LFM1.pulse(at: phase)
    if phase < half, chip > 0 { sum += chips(chip - 1) * LFM1.pulse(at: phase + 1) }
    if phase > 1 - half { sum += chips(chip + 1) * LFM1.pulse(at: phase - 1) }
    return sum
  }

  private mutating func chips(_ chip: Int) -> SIMD4<Double> {
    let wanted = chip / LFM1.chipsOfSegment
    // Around the border of two segments both are asked for; a neighbour is made for one chip.
    if wanted != segment {
      segment = wanted
      signs = MarkField.allCases.map { field in
        sequences.signs(
          segment: wanted,
          field: field,
          value: layout.value(of: field, payload: payload, segment: wanted)
        )
      }
    }
    let field = Int(LFM1.field(ofChip: chip).rawValue)
    let first = chip % LFM1.chipsOfSegment / 2 * 4
    let own = signs[field]
    return SIMD4(
      Double(own[first]),
      Double(own[first + 1]),
      Double(own[first + 2]),
      Double(own[first + 3])
    )
  }
}
