import Crypto

/// The secret that marks are made and found with.
///
/// Its bytes never leave the module but to be written into a key file; reports have its ``id``.
public struct MarkKey: Sendable, Hashable {
  /// Bytes of a key.
  public static let byteCount = 32

  private let bytes: [UInt8]

  /// A key of 32 bytes; nil for another number.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// A new key from the system's source of randomness.
  public static func random() -> MarkKey {
    let key = SymmetricKey(size: .bits256)
    let bytes = unsafe key.withUnsafeBytes { unsafe Array($0) }
    return MarkKey(validated: bytes)
  }

  private init(validated bytes: [UInt8]) { self.bytes = bytes }

  /// 16 hexadecimal digits that tell keys apart and say nothing about them.
  public var id: String {
    var hash = SHA256()
    hash.update(data: Array("LFM-1 key id\0".utf8))
    hash.update(data: bytes)
    let digits = Array("0123456789abcdef")
    return hash.finalize().prefix(8).reduce(into: "") {
      $0.append(digits[Int($1 >> 4)])
      $0.append(digits[Int($1 & 15)])
    }
  }

  /// The bytes, for the key file alone.
  public func withBytes<R>(_ body: ([UInt8]) throws -> R) rethrows -> R { try body(bytes) }

  /// The key of a block of sequences: HMAC-SHA256 over what they belong to.
  func blockKey(asset: String, segment: Int, field: MarkField, block: Int) -> SymmetricKey {
    var message = Array("LFM-1 chips\0".utf8)
    func append(_ number: Int) {
      let word = UInt32(truncatingIfNeeded: number)
      message += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
    let name = Array(asset.utf8)
    append(name.count)
    message += name
    append(segment)
    message.append(field.rawValue)
    append(block)
    let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: bytes))
    return SymmetricKey(data: Array(code))
  }
}

extension MarkKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The identifier; the bytes are never printed.
  public var description: String { "mark key \(id)" }
  /// The identifier; the bytes are never printed.
  public var debugDescription: String { description }
  /// Shows the identifier alone.
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
