public import SystemPackage

/// How processes that parse hostile bytes are kept in check.
public struct IsolationPolicy: Sendable, Hashable {
  /// What one such process may use.
  public struct Limits: Sendable, Hashable {
    /// Bytes of address space, programs and libraries included.
    public var memoryBytes: UInt64 = 4 << 30
    /// Seconds of processor time.
    public var processorSeconds: UInt64 = 4 * 3600
    /// Bytes of planes, sound and text that it may send: those of some hundred hours of film.
    public var outputBytes: UInt64 = 256 << 30

    /// The limits that hold where nobody asks for others.
    public init() {}
  }

  /// What one process may use.
  public var limits = Limits()
  /// Seconds without a sign of life after which a process is ended.
  public var stallSeconds = 60.0
  /// Whether nothing is parsed where a part of the confinement is missing.
  public var requiresAll = false
  /// The program that parses; nil for `leaktrace-worker` beside the running program.
  public var worker: FilePath?

  /// The policy that holds where nobody asks for another.
  public init() {}
}
