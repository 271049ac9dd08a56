public import Intake
public import SystemPackage

/// How leaks are taken from folders and worked on.
public struct ServiceSettings: Sendable, Hashable {
  /// A folder that leaks come into.
  public struct Folder: Sendable, Hashable {
    /// Where it is; absolute, for the queue outlives the folder that the program was started in.
    public var path: FilePath
    /// Leaks of higher ones come first.
    public var priority: Int

    /// Names a folder.
    public init(path: FilePath, priority: Int = 0) { (self.path, self.priority) = (path, priority) }
  }

  /// The folders, and files that are named by themselves.
  public var folders: [Folder]
  /// How they are watched.
  public var intake: FolderWatch.Options
  /// Leaks at a time.
  public var workers = 1
  /// So often a leak is tried before it is set aside.
  public var attempts = 3
  /// Time before the second attempt in seconds; it doubles with each.
  public var backOffSeconds: Int64 = 30
  /// A runner elsewhere that has not beaten for so long is taken for dead, in seconds.
  public var leaseSeconds = 120.0
  /// Where answers are kept; nil for nowhere.
  public var reports: ReportFolder?
  /// Where leaks go that are done; nil to leave them where they are.
  public var done: DoneFolder?
  /// Where figures for Prometheus go; nil for nowhere.
  public var metrics: MetricsFile?

  /// Creates settings.
  public init(folders: [Folder], intake: FolderWatch.Options) {
    (self.folders, self.intake) = (folders, intake)
  }

  /// Longest wait between two attempts in seconds.
  static let mostBackOffSeconds: Int64 = 6 * 3600

  /// The wait after a failure that followed `attempts` others; nil to set the leak aside.
  func backOff(after attempts: Int) -> Int64? {
    guard attempts + 1 < self.attempts else { return nil }
    let doubled = backOffSeconds.multipliedReportingOverflow(
      by: Int64(1) << Int64(min(attempts, 20))
    )
    return doubled.overflow
      ? Self.mostBackOffSeconds : min(doubled.partialValue, Self.mostBackOffSeconds)
  }
}

/// Settings, and who looks at the leaks; both may be replaced while the service runs.
public struct ServicePlan: Sendable {
  /// The settings.
  public var settings: ServiceSettings
  /// Who looks at the leaks.
  public var examiner: any LeakExaminer

  /// Creates a plan.
  public init(settings: ServiceSettings, examiner: any LeakExaminer) {
    (self.settings, self.examiner) = (settings, examiner)
  }
}
