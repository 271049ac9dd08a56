/// What is said between a process that parses hostile bytes and the one that started it.
///
/// A message is a kind (one byte), a length (four bytes, little-endian) and as many bytes of body.
/// Numbers are little-endian; texts and lists have their length before them. The parent believes
/// nothing: every length is checked against what is left and against a limit, every number against
/// what it may be.
package enum Wire {
  /// Version of all that follows; both sides must have the same.
  package static let version: UInt32 = 1
  /// Most bytes of a body: two planes of the largest size that anyone asks for, and some.
  package static let mostBytes = 96 << 20

  /// The kinds of messages.
  package enum Kind: UInt8 {
    // From the worker.
    /// Version of the protocol, what the confinement holds, version of Landlock.
    case hello = 1
    /// Nothing has gone wrong, it takes time.
    case alive
    /// A failure, which ends what was asked for.
    case failure
    case videoInfo, frame, summary, keyframes
    case audioInfo, samples, audioSummary
    case textOpened, symbols

    // From the parent.
    case openVideo = 128
    case readVideo, stop, listKeyframes, closeVideo
    case openAudio, readAudio
    case openText, readText
  }
}

/// Thrown where a message is not what it should be.
package struct WireError: Error {}

/// Puts a message's body together.
package struct WireWriter {
  package private(set) var bytes: [UInt8]

  /// Begins a message; the space for its head is kept.
  package init(_ kind: Wire.Kind, capacity: Int = 64) {
    bytes = []
    bytes.reserveCapacity(capacity + WireWriter.headBytes)
    bytes.append(kind.rawValue)
    bytes += [0, 0, 0, 0]
  }

  /// Bytes of kind and length.
  package static let headBytes = 5

  /// The whole message.
  package consuming func finished() -> [UInt8] {
    let count = UInt32(bytes.count - Self.headBytes)
    for index in 0..<4 { bytes[1 + index] = UInt8(truncatingIfNeeded: count >> (8 * index)) }
    return bytes
  }

  package mutating func put(_ value: some FixedWidthInteger) {
    for index in 0..<(value.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
    }
  }

  package mutating func put(_ value: Bool) { put(UInt8(value ? 1 : 0)) }
  package mutating func put(_ value: Double) { put(value.bitPattern) }
  package mutating func put(_ value: Float) { put(value.bitPattern) }

  package mutating func put(_ text: String) {
    let encoded = Array(text.utf8.prefix(4096))
    put(UInt16(encoded.count))
    bytes += encoded
  }

  package mutating func put<Value>(
    optional value: Value?,
    _ body: (inout WireWriter, Value) -> Void
  ) {
    put(value != nil)
    if let value { body(&self, value) }
  }

  package mutating func put(raw: [UInt8]) { bytes += raw }
}

/// Takes a message's body apart.
package struct WireReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// Bytes that are left.
  package var rest: Int { bytes.endIndex - place }

  /// Ends reading; all must have been read.
  package func finish() throws(WireError) { guard rest == 0 else { throw WireError() } }

  package mutating func raw(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest else { throw WireError() }
    defer { place += count }
    return bytes[place..<place + count]
  }

  package mutating func integer<Value: FixedWidthInteger>(
    _: Value.Type = Value.self
  ) throws(WireError) -> Value {
    var value: Value = 0
    for (index, byte) in try raw(Value.bitWidth / 8).enumerated() {
      value |= Value(truncatingIfNeeded: byte) << (8 * index)
    }
    return value
  }

  package mutating func flag() throws(WireError) -> Bool {
    switch try integer(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw WireError()
    }
  }

  package mutating func double() throws(WireError) -> Double { Double(bitPattern: try integer()) }
  package mutating func float() throws(WireError) -> Float { Float(bitPattern: try integer()) }

  /// A number between two others, not NaN.
  package mutating func double(in range: ClosedRange<Double>) throws(WireError) -> Double {
    let value = try double()
    guard range.contains(value) else { throw WireError() }
    return value
  }

  package mutating func count(upTo most: Int) throws(WireError) -> Int {
    let value = Int(try integer(UInt32.self))
    guard value <= most else { throw WireError() }
    return value
  }

  /// A text; what is no UTF-8 is replaced.
  package mutating func text() throws(WireError) -> String {
    let count = Int(try integer(UInt16.self))
    return String(decoding: try raw(count), as: UTF8.self)
  }

  package mutating func optional<Value>(
    _ body: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) -> Value? {
    try flag() ? try body(&self) : nil
  }
}
