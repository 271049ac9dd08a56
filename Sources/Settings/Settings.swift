/// What the configuration file says; what it leaves out is nil.
///
/// Every value has an option of the command line, which wins.
public struct Settings: Sendable, Hashable {
  /// A folder that leaks come into.
  public struct Folder: Sendable, Hashable {
    /// Where it is, an absolute path.
    public var path: String
    /// Leaks of higher ones come first.
    public var priority: Int?

    /// Names a folder.
    public init(path: String, priority: Int? = nil) {
      (self.path, self.priority) = (path, priority)
    }
  }

  /// Folder of the library.
  public var library: String?

  /// The folders that are watched.
  public var folders: [Folder] = []
  /// How long a file must be left alone, in seconds.
  public var quiet: Double?
  /// Time between two looks at everything, in seconds.
  public var rescan: Double?
  /// The same where the kernel tells no news.
  public var poll: Double?
  /// Whether news are not asked for at all.
  public var alwaysPoll: Bool?

  /// Leaks at a time.
  public var workers: Int?
  /// Threads of each decoder.
  public var threads: Int?
  /// So often a leak is tried.
  public var attempts: Int?
  /// Time before the second attempt, in seconds.
  public var backOff: Int?
  /// After so many seconds without a sign a process elsewhere is taken for dead.
  public var lease: Int?

  /// Whether ads are looked for.
  public var ads: Bool?
  /// How much is spent on a leak, one of ``efforts``.
  public var effort: String?
  /// Whether answers say what was tried.
  public var explain: Bool?
  /// Whether screenings are ranked.
  public var attribution: Bool?
  /// Folder for pictures of ads.
  public var pictures: String?
  /// File of the key whose mark is read.
  public var markKey: String?
  /// Asset that was named when the mark was embedded.
  public var markAsset: String?
  /// Bits of the mark's location.
  public var locationBits: Int?
  /// Bits of the mark's time.
  public var timeBits: Int?

  /// Whether leaks are refused where a part of the sandbox is missing.
  public var requireSandbox: Bool?
  /// Most memory of a process that decodes a leak, in MB.
  public var decoderMemory: Int?
  /// Most processor time for decoding one leak, in seconds.
  public var decoderTime: Int?
  /// After so many seconds without a sign of life decoding is given up.
  public var stall: Int?

  /// Folder where the answers are kept.
  public var reports: String?
  /// Folder that leaks are moved to when they are done.
  public var moveDone: String?
  /// File with figures for Prometheus.
  public var metrics: String?
  /// File of the log.
  public var log: String?
  /// How its lines are written.
  public var logFormat: String?
  /// The least level that is written.
  public var logLevel: String?

  /// Settings that say nothing.
  public init() {}

  /// Bounds of the numbers, on the command line as well.
  public enum Bounds {
    /// Of times in seconds.
    public static let seconds = 0.0...86_400.0
    /// Of the time between two looks.
    public static let interval = 0.1...86_400.0
    /// Of workers and threads.
    public static let threads = 1...64
    /// Of attempts.
    public static let attempts = 1...100
    /// Of back-offs in seconds.
    public static let backOff = 0...86_400
    /// Of leases in seconds; a process says every ten seconds that it lives.
    public static let lease = 30...86_400
    /// Of the memory of a decoder in MB.
    public static let decoderMemory = 512...1 << 20
    /// Of the processor time of a decoder in seconds.
    public static let decoderTime = 1...1_000_000
    /// Of a decoder's silence in seconds.
    public static let stall = 1...86_400
    /// Of priorities.
    public static let priority = -1_000_000...1_000_000
    /// Of the bits of marks.
    public static let bits = 1...24
  }

  /// Names of how much is spent on a leak.
  public static let efforts = ["quick", "standard", "thorough"]
  /// Names of the formats of logs.
  public static let logFormats = ["logfmt", "json"]
  /// Names of the levels of logs, as swift-log has them.
  public static let logLevels = [
    "trace", "debug", "info", "notice", "warning", "error", "critical",
  ]

  /// Reads the text of a configuration file.
  ///
  /// - Throws: ``SettingsError`` for what is no TOML, for keys that there are not, and for values of
  ///   another type or out of bounds.
  public init(toml text: String) throws(SettingsError) {
    let document = try SettingsDocument(text)
    var root = document.root
    library = try root.path("library")
    if var intake = try root.table("intake") {
      for var folder in try intake.tables("folder") {
        guard let path = try folder.path("path") else { throw folder.missing("path") }
        let priority = try folder.integer("priority", Bounds.priority)
        folders.append(Folder(path: path, priority: priority))
        try folder.end()
      }
      quiet = try intake.number("quiet", Bounds.seconds)
      rescan = try intake.number("rescan", Bounds.interval)
      poll = try intake.number("poll", Bounds.interval)
      alwaysPoll = try intake.boolean("always-poll")
      try intake.end()
    }
    if var work = try root.table("work") {
      workers = try work.integer("workers", Bounds.threads)
      threads = try work.integer("threads", Bounds.threads)
      attempts = try work.integer("attempts", Bounds.attempts)
      backOff = try work.integer("back-off", Bounds.backOff)
      lease = try work.integer("lease", Bounds.lease)
      try work.end()
    }
    if var examine = try root.table("examine") {
      ads = try examine.boolean("ads")
      effort = try examine.choice("effort", Self.efforts)
      explain = try examine.boolean("explain")
      attribution = try examine.boolean("attribution")
      pictures = try examine.path("pictures")
      markKey = try examine.path("mark-key")
      markAsset = try examine.text("mark-asset")
      locationBits = try examine.integer("location-bits", Bounds.bits)
      timeBits = try examine.integer("time-bits", Bounds.bits)
      guard (markKey == nil) == (markAsset == nil) else {
        throw examine.missing(markKey == nil ? "mark-key" : "mark-asset")
      }
      try examine.end()
    }
    if var sandbox = try root.table("sandbox") {
      requireSandbox = try sandbox.boolean("require")
      decoderMemory = try sandbox.integer("decoder-memory", Bounds.decoderMemory)
      decoderTime = try sandbox.integer("decoder-time", Bounds.decoderTime)
      stall = try sandbox.integer("stall", Bounds.stall)
      try sandbox.end()
    }
    if var output = try root.table("output") {
      reports = try output.path("reports")
      moveDone = try output.path("move-done")
      metrics = try output.path("metrics")
      log = try output.path("log")
      logFormat = try output.choice("log-format", Self.logFormats)
      logLevel = try output.choice("log-level", Self.logLevels)
      try output.end()
    }
    try root.end()
  }
}
