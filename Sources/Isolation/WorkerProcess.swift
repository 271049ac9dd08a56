import CSandbox
import Glibc
import MediaIO
import SystemPackage

/// A process that parses hostile bytes for this one, and what it says.
///
/// It ends with this object, at the latest a second after this process. Belongs to one thread at a
/// time.
final class WorkerProcess {
  /// What it parses.
  enum Role: String {
    /// A media file, by FFmpeg.
    case media
    /// Pictures of text, by Tesseract.
    case text
    /// Nothing: it says what of the confinement holds.
    case probe
    /// Nothing: it tries what it must not be able to do.
    case trial
  }

  /// What holds it.
  private(set) var confinement: Confinement = []
  /// The version of the kernel's Landlock that it saw.
  private(set) var landlockVersion = 0

  private let policy: IsolationPolicy
  private let channel: Channel
  private let isCancelled: @Sendable () -> Bool
  private var child: pid_t
  private var receivedBytes: UInt64 = 0
  /// Why nothing more can be asked.
  private var failure: MediaError?

  /// Starts a process; `input` is lent to it, `extra` are more arguments.
  ///
  /// - Throws: ``MediaError/Code/notIsolated`` where it cannot be started, or lacks a part of its
  ///   confinement that the policy asks for.
  init(
    _ role: Role,
    input: FileDescriptor? = nil,
    extra: [String] = [],
    policy: IsolationPolicy,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(MediaError) {
    self.policy = policy
    self.isCancelled = isCancelled
    let program = if let chosen = policy.worker { chosen } else { try Self.installedProgram() }
    let arguments =
      [
        program.lastComponent?.string ?? "leaktrace-worker", role.rawValue, "\(getpid())",
        "\(policy.limits.memoryBytes)", "\(policy.limits.processorSeconds)",
      ] + extra
    let ends: (Int32, Int32)
    do {
      ends = try Channel.pair()
    } catch {
      throw Self.cannotStart(error)
    }
    channel = Channel(ends.0)
    child = Self.spawn(program, arguments, channel: ends.1, input: input?.rawValue ?? -1)
    close(ends.1)
    guard child > 0 else { throw Self.cannotStart(Errno(rawValue: -child)) }
    do throws(MediaError) {
      try greet()
    } catch {
      end()
      throw error
    }
  }

  deinit { end() }

  /// Sends a message.
  func send(_ message: consuming WireWriter) throws(MediaError) {
    let bytes = message.finished()
    try attempt { try channel.sender.send(bytes, wait: $0) }
  }

  /// The next message that is no mere sign of life, and no failure.
  func receive() throws(MediaError) -> (kind: Wire.Kind, body: WireReader) {
    let clock = ContinuousClock()
    let began = clock.now
    while true {
      var message: (kind: Wire.Kind, body: WireReader)?
      try attempt { message = try channel.receive(wait: $0) }
      guard let message else { throw violation() }
      receivedBytes += UInt64(message.body.rest)
      guard receivedBytes <= policy.limits.outputBytes else {
        throw fail(
          MediaError(
            .limitExceeded,
            "its decoder gave more than \(policy.limits.outputBytes >> 30) GB"
          )
        )
      }
      switch message.kind {
      case .alive:
        // Signs of life alone keep nobody waiting for ever, nor from stopping.
        if isCancelled() { throw fail(.cancelledByCaller) }
        guard clock.now - began <= .seconds(policy.limits.processorSeconds) else {
          throw fail(tookTooLong)
        }
      case .failure:
        throw try parse(message.body) { reader throws(WireError) in try reader.mediaError() }
      default: return message
      }
    }
  }

  /// Reads a message's body; what is wrong with it ends the process.
  func parse<Value>(
    _ body: WireReader,
    _ parser: (inout WireReader) throws(WireError) -> Value
  ) throws(MediaError) -> Value {
    var body = body
    do throws(WireError) {
      let value = try parser(&body)
      try body.finish()
      return value
    } catch {
      throw violation()
    }
  }

  /// Ends the process for what it said.
  func violation() -> MediaError {
    fail(MediaError(.decoderCrashed, "the process that decodes it sent what makes no sense"))
  }

  /// Ends the process where nobody listens any more.
  func abandon() { _ = fail(MediaError(.decoderCrashed, "decoding was broken off")) }

  // MARK: Life and death

  /// Does something on the channel, with a limit on how long the other side may be silent.
  private func attempt(_ body: (() throws -> Void) throws -> Void) throws(MediaError) {
    if let failure { throw failure }
    let clock = ContinuousClock()
    let began = clock.now
    do {
      try body {
        if isCancelled() { throw fail(.cancelledByCaller) }
        if clock.now - began > .seconds(policy.stallSeconds) {
          throw fail(
            MediaError(
              .decoderStalled,
              "nothing was heard of its decoder for \(Int(policy.stallSeconds)) seconds"
            )
          )
        }
      }
    } catch let error as MediaError {
      throw error
    } catch is WireError {
      throw violation()
    } catch {
      throw fail(causeOfDeath())
    }
  }

  private func fail(_ error: MediaError) -> MediaError {
    failure = error
    end()
    return error
  }

  private func end() {
    guard child > 0 else { return }
    kill(child, SIGKILL)
    _ = reap()
  }

  /// Waits for the end; its status.
  private func reap() -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    child = 0
    return status
  }

  /// What the process died of, which closed its end of the channel.
  private func causeOfDeath() -> MediaError {
    // For one that closed its end and goes on; how others ended is settled by now.
    kill(child, SIGKILL)
    let status = reap()
    let signal = status & 0x7F
    let limits = policy.limits
    switch signal {
    case 0:
      return MediaError(.decoderCrashed, "its decoder gave up (status \(status >> 8 & 0xFF))")
    case SIGXCPU:
      return tookTooLong
    case SIGSYS:
      return MediaError(
        .forbiddenCall,
        "its decoder asked the system for what no decoder needs, and was ended"
      )
    default:
      return MediaError(
        .decoderCrashed,
        "its decoder crashed (signal \(signal)); it had \(limits.memoryBytes >> 20) MB of memory"
      )
    }
  }

  private var tookTooLong: MediaError {
    MediaError(
      .limitExceeded,
      "decoding it took more than \(policy.limits.processorSeconds) seconds"
    )
  }

  /// Waits for the first message and judges it.
  private func greet() throws(MediaError) {
    let (kind, body) = try receive()
    guard kind == .hello else { throw violation() }
    let (version, held, landlock) = try parse(body) { reader throws(WireError) in
      (
        try reader.integer(UInt32.self), try reader.integer(UInt32.self),
        try reader.integer(UInt32.self)
      )
    }
    guard version == Wire.version else {
      throw MediaError(.notIsolated, "leaktrace-worker is of another version than this program")
    }
    confinement = Confinement(rawValue: held)
    landlockVersion = Int(landlock)
    guard !policy.requiresAll || confinement.missing.isEmpty else {
      throw MediaError(
        .notIsolated,
        "decoding cannot be confined here as was asked for; missing: "
          + confinement.missing.joined(separator: ", ")
      )
    }
  }

  private static func cannotStart(_ error: any Error) -> MediaError {
    MediaError(.notIsolated, "leaktrace-worker cannot be started (\(error))")
  }

  /// The program beside the one that runs.
  private static func installedProgram() throws(MediaError) -> FilePath {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &bytes, bytes.count - 1)
    guard count > 0 else {
      throw MediaError(.notIsolated, "the folder of this program cannot be found")
    }
    let own = FilePath(platformString: bytes)
    let folder = own.removingLastComponent()
    for place in [folder, folder.appending("../libexec/leaktrace").lexicallyNormalized()] {
      let program = place.appending("leaktrace-worker")
      let status = unsafe program.withPlatformString { unsafe access($0, X_OK) }
      if status == 0 { return program }
    }
    throw MediaError(.notIsolated, "leaktrace-worker is missing: it belongs beside leaktrace")
  }

  private static func spawn(
    _ program: FilePath,
    _ arguments: [String],
    channel: Int32,
    input: Int32
  ) -> pid_t {
    func next(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> pid_t {
      guard index < arguments.count else {
        return unsafe program.withPlatformString { path in
          unsafe csandbox_spawn(path, pointers + [nil], channel, input)
        }
      }
      return unsafe arguments[index].withCString { unsafe next(index + 1, pointers + [$0]) }
    }
    return unsafe next(0, [])
  }
}

extension MediaError {
  /// The caller asked to stop.
  static let cancelledByCaller = MediaError(.cancelled, "cancelled")
}
