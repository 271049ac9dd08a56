import ArgumentParser
import Isolation

/// Options of commands that parse and decode leaks, which they do in confined processes.
struct IsolationOptions: ParsableArguments {
  @Flag(
    name: .long,
    help: "Refuse to look at leaks where a part of the sandbox is missing; `doctor` lists them."
  )
  var requireSandbox = false

  @Option(
    help: ArgumentHelp("Most memory of a process that decodes a leak, in MB.", valueName: "number")
  )
  var decoderMemory = 4096

  @Option(
    help: ArgumentHelp(
      "Most processor time for decoding one leak, in seconds.",
      valueName: "number"
    )
  )
  var decoderTime = 14_400

  @Option(
    help: ArgumentHelp(
      "Seconds without a sign of life after which decoding is given up.",
      valueName: "number"
    )
  )
  var stall = 60

  /// How the processes are kept in check.
  var policy: IsolationPolicy {
    var policy = IsolationPolicy()
    policy.limits.memoryBytes = UInt64(decoderMemory) << 20
    policy.limits.processorSeconds = UInt64(decoderTime)
    policy.stallSeconds = Double(stall)
    policy.requiresAll = requireSandbox
    return policy
  }

  func validate() throws {
    guard (512...1 << 20).contains(decoderMemory) else {
      throw ValidationError("--decoder-memory must be between 512 and 1048576.")
    }
    guard (1...1_000_000).contains(decoderTime) else {
      throw ValidationError("--decoder-time must be between 1 and 1000000.")
    }
    guard (1...86_400).contains(stall) else {
      throw ValidationError("--stall must be between 1 and 86400.")
    }
  }
}
