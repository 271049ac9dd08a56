import CSandbox

/// What keeps a process that parses hostile bytes from doing harm, and holds on this machine.
public struct Confinement: OptionSet, Sendable, Hashable {
  /// The parts as bits.
  public let rawValue: UInt32

  /// Creates a set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ bit: Int) { self.init(rawValue: UInt32(bit)) }

  /// No program with other rights can be started.
  public static let noNewPrivileges = Confinement(CSANDBOX_NO_NEW_PRIVILEGES)
  /// Memory and processor time are limited; no file can be written, no core dumped.
  public static let limits = Confinement(CSANDBOX_LIMITS)
  /// No file can be opened, created or changed; what is read was opened by the parent.
  public static let landlock = Confinement(CSANDBOX_LANDLOCK)
  /// System calls are those of an allow-list: no network, no process, no memory that is run.
  public static let seccomp = Confinement(CSANDBOX_SECCOMP)

  /// All of it.
  public static let complete: Confinement = [.noNewPrivileges, .limits, .landlock, .seccomp]

  /// The parts by name, in the order in which they take hold.
  public static let parts: [(name: String, part: Confinement)] = [
    ("no_new_privileges", .noNewPrivileges), ("landlock", .landlock), ("limits", .limits),
    ("seccomp", .seccomp),
  ]

  /// The names of the parts that are missing.
  public var missing: [String] {
    Self.parts.filter { !contains($0.part) }.map(\.name)
  }

  /// Confines this process for good; to be called while it has one thread.
  static func confineThisProcess(_ limits: IsolationPolicy.Limits) -> Confinement {
    Confinement(rawValue: csandbox_confine(limits.memoryBytes, limits.processorSeconds))
  }

  /// The version of the kernel's Landlock, 0 where there is none.
  static var landlockVersion: Int { Int(csandbox_landlock_version()) }
}
