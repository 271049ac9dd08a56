import Glibc
import MediaIO
import SystemPackage

/// One end of the connection between a parsing process and its parent.
///
/// Belongs to one thread at a time.
final class Channel {
  /// The other side is gone.
  struct Closed: Error {}

  /// The way out.
  let sender: Sender
  private let descriptor: Int32
  private var buffer: [UInt8]
  /// What of the buffer was received and not handed out.
  private var filled = 0..<0

  private static let pieceBytes = 256 << 10

  /// Takes over a connected socket.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    sender = Sender(descriptor: descriptor)
    buffer = [UInt8](repeating: 0, count: Self.pieceBytes)
  }

  deinit { close(descriptor) }

  /// Two connected ends, closed when programs are started.
  static func pair() throws(Errno) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
    return (ends[0], ends[1])
  }

  /// The next message; `wait` is called where none comes for a tenth of a second, again and again.
  ///
  /// The body is valid until the next call.
  ///
  /// - Throws: ``Closed``, ``WireError``, and what `wait` throws.
  func receive(wait: () throws -> Void = {}) throws -> (kind: Wire.Kind, body: WireReader) {
    try fill(WireWriter.headBytes, wait)
    let start = filled.lowerBound
    guard let kind = Wire.Kind(rawValue: buffer[start]) else { throw WireError() }
    let length = (0..<4).reduce(0) { $0 | Int(buffer[start + 1 + $1]) << (8 * $1) }
    guard length <= Wire.mostBytes else { throw WireError() }
    try fill(WireWriter.headBytes + length, wait)
    let body = filled.lowerBound + WireWriter.headBytes
    filled = (body + length)..<filled.upperBound
    return (kind, WireReader(buffer[body..<body + length]))
  }

  /// Whether a message, or a part of one, has come.
  var hasInput: Bool {
    if !filled.isEmpty { return true }
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe Glibc.poll(&poll, 1, 0) > 0
  }

  /// Receives until `count` bytes are there.
  private func fill(_ count: Int, _ wait: () throws -> Void) throws {
    guard filled.count < count else { return }
    if filled.lowerBound + count > buffer.count {
      let rest = Array(buffer[filled])
      if count > buffer.count {
        buffer = rest + [UInt8](repeating: 0, count: count + Self.pieceBytes - rest.count)
      } else {
        buffer.replaceSubrange(0..<rest.count, with: rest)
      }
      filled = 0..<rest.count
    }
    while filled.count < count {
      guard try Socket.isReady(descriptor, Int16(POLLIN), wait) else { throw Closed() }
      let end = filled.upperBound
      let got = unsafe buffer.withUnsafeMutableBytes { bytes in
        let free = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[end...])
        return unsafe Glibc.read(descriptor, free.baseAddress, free.count)
      }
      if got == 0 { throw Closed() }
      if got > 0 {
        filled = filled.lowerBound..<(end + got)
      } else if errno != EINTR && errno != EAGAIN {
        throw Closed()
      }
    }
  }
}

/// The half of a channel that sends, which keeps nothing.
struct Sender: Sendable {
  fileprivate let descriptor: Int32

  /// Writes a whole message; `wait` is called where the other side does not read for a tenth of a
  /// second, again and again.
  func send(_ message: [UInt8], wait: () throws -> Void = {}) throws {
    var done = 0
    while done < message.count {
      guard try Socket.isReady(descriptor, Int16(POLLOUT), wait) else { throw Channel.Closed() }
      let count = unsafe message.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        // Without a signal where the other side has gone, and without waiting for it here.
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, flags)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR && errno != EAGAIN {
        throw Channel.Closed()
      }
    }
  }
}

private enum Socket {
  /// Waits until the socket can be read or written; false where it failed.
  static func isReady(
    _ descriptor: Int32,
    _ events: Int16,
    _ wait: () throws -> Void
  ) throws -> Bool {
    while true {
      var poll = pollfd(fd: descriptor, events: events, revents: 0)
      let count = unsafe Glibc.poll(&poll, 1, 100)
      if count > 0 { return Int32(poll.revents) & POLLNVAL == 0 }
      if count < 0, errno != EINTR { return false }
      if count == 0 { try wait() }
    }
  }
}
