import ArgumentParser
import Isolation
import Settings

/// Options of commands that parse and decode leaks, which they do in confined processes; what is not
/// given may come from the configuration.
struct IsolationOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Refuse to look at leaks where a part of the sandbox is missing; `doctor` lists them."
  )
  var requireSandbox: Bool?

  @Option(
    help: ArgumentHelp(
      "Most memory of a process that decodes a leak, in MB (default: 4096).",
      valueName: "number"
    )
  )
  var decoderMemory: Int?

  @Option(
    help: ArgumentHelp(
      "Most processor time for decoding one leak, in seconds (default: 14400).",
      valueName: "number"
    )
  )
  var decoderTime: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds without a sign of life after which decoding is given up (default: 60).",
      valueName: "number"
    )
  )
  var stall: Int?

  /// How the processes are kept in check.
  func policy(_ settings: Settings = Settings()) -> IsolationPolicy {
    var policy = IsolationPolicy()
    if let megabytes = decoderMemory ?? settings.decoderMemory {
      policy.limits.memoryBytes = UInt64(megabytes) << 20
    }
    if let seconds = decoderTime ?? settings.decoderTime {
      policy.limits.processorSeconds = UInt64(seconds)
    }
    if let seconds = stall ?? settings.stall { policy.stallSeconds = Double(seconds) }
    policy.requiresAll = requireSandbox ?? settings.requireSandbox ?? false
    return policy
  }

  func validate() throws {
    try Bound.check("--decoder-memory", decoderMemory, Settings.Bounds.decoderMemory)
    try Bound.check("--decoder-time", decoderTime, Settings.Bounds.decoderTime)
    try Bound.check("--stall", stall, Settings.Bounds.stall)
  }
}
