public import Casebook
import Foundation
import Glibc
import SystemPackage

/// Which process this is, and whether one that is recorded still runs.
public enum ProcessIdentity {
  /// Whether a process runs.
  public enum Life: Sendable, Hashable {
    /// It does.
    case running
    /// It does not.
    case gone
    /// It is on another machine, in another container, or hidden: only its beats tell.
    case elsewhere
  }

  /// The clocks of this machine now.
  public static func now() -> QueueMoment {
    QueueMoment(
      wallSeconds: Int64(seconds(of: CLOCK_REALTIME).rounded(.down)),
      uptimeMilliseconds: Int64(seconds(of: CLOCK_BOOTTIME) * 1000),
      bootID: bootID
    )
  }

  /// This process as a runner of the queue.
  public static func runner(kind: String, workers: Int) -> RunnerEntry {
    var name = utsname()
    _ = unsafe uname(&name)
    let host = unsafe withUnsafeBytes(of: name.nodename) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return RunnerEntry(
      kind: kind,
      host: SafeText.of(host),
      bootID: bootID,
      pidNamespace: pidNamespace,
      pid: getpid(),
      startTicks: process(getpid())?.startTicks ?? 0,
      workers: workers
    )
  }

  /// Whether a runner's process runs.
  public static func life(of runner: RunnerEntry) -> Life {
    guard runner.bootID == bootID, !bootID.isEmpty, runner.pidNamespace == pidNamespace,
      !pidNamespace.isEmpty
    else { return .elsewhere }
    guard let process = process(runner.pid) else {
      // It may be hidden: that of another user, where /proc is mounted so.
      return kill(runner.pid, 0) == 0 || errno == EPERM ? .elsewhere : .gone
    }
    guard process.startTicks == runner.startTicks else { return .gone }
    // What was killed stays in the list until its parent asks for it.
    return ["Z", "X"].contains(process.state) ? .gone : .running
  }

  /// Seconds of a clock that nobody sets, from any moment on.
  static func steadySeconds() -> Double { seconds(of: CLOCK_BOOTTIME) }

  private static let bootID = line(of: "/proc/sys/kernel/random/boot_id") ?? ""

  /// Containers on one machine share its boot but number their processes each for itself.
  private static let pidNamespace =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// State and start of a process; nil where there is none of this number.
  ///
  /// - Source: proc_pid_stat(5). The name in parentheses may hold anything, also a parenthesis.
  private static func process(_ number: Int32) -> (state: String, startTicks: Int64)? {
    guard let line = line(of: FilePath("/proc/\(number)/stat")), let end = line.lastIndex(of: ")")
    else {
      return nil
    }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let start = Int64(fields[19]) else { return nil }
    return (String(fields[0]), start)
  }

  private static func line(of path: FilePath) -> String? {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else {
      return nil
    }
    defer { try? file.close() }
    let bytes = try? unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    guard let bytes, !bytes.isEmpty else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
