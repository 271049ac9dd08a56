/// What is kept of a leak's recording, for one release that it shows.
public struct CaptureEntry: Sendable, Hashable {
  /// The release whose seconds count.
  public var releaseID: String
  /// First second of the release that is in it.
  public var startSeconds: Double
  /// Last second of the release that is in it.
  public var endSeconds: Double
  /// Seconds of the release that something was measured in.
  public var seconds: Double
  /// The signature, in a form that the casebook does not look into.
  public var signature: [UInt8]

  /// Creates an entry.
  public init(
    releaseID: String,
    startSeconds: Double,
    endSeconds: Double,
    seconds: Double,
    signature: [UInt8]
  ) {
    (self.releaseID, self.signature) = (releaseID, signature)
    (self.startSeconds, self.endSeconds, self.seconds) = (startSeconds, endSeconds, seconds)
  }
}

/// Another leak's recording, as the casebook has it.
public struct RecordedCapture: Sendable, Hashable {
  /// SHA-256 of the leak.
  public var leakSHA256: String
  /// Where the leak was seen last.
  public var path: [UInt8]
  /// The capture that the leak belongs to; nil where it is linked to none.
  public var captureID: String?
  /// The signature and what it is about.
  public var entry: CaptureEntry
}

/// Two leaks that come from one recording.
public struct CaptureLinkEntry: Sendable, Hashable {
  /// SHA-256 of the other leak.
  public var otherSHA256: String
  /// The release whose seconds were compared.
  public var releaseID: String
  /// Logarithm, base 10, of how much more likely the two are if they come from one recording.
  public var log10Ratio: Double
  /// Seconds of the release that both have.
  public var seconds: Double
  /// What it rests on, as JSON.
  public var evidence: String

  /// Creates a link.
  public init(
    otherSHA256: String,
    releaseID: String,
    log10Ratio: Double,
    seconds: Double,
    evidence: String
  ) {
    (self.otherSHA256, self.releaseID) = (otherSHA256, releaseID)
    (self.log10Ratio, self.seconds, self.evidence) = (log10Ratio, seconds, evidence)
  }
}

/// Leaks that come from one recording, directly or by way of others.
public struct CaptureGroup: Sendable, Hashable {
  /// A leak of the group.
  public struct Member: Sendable, Hashable {
    /// SHA-256 of the file.
    public var leakSHA256: String
    /// Where it was seen last.
    public var path: [UInt8]
    /// When it was first seen, in seconds since 1970-01-01T00:00:00Z.
    public var firstSeen: Int64
    /// The group that its names claim.
    public var releaseGroup: String?
  }

  /// A pair of leaks that were linked.
  public struct Link: Sendable, Hashable {
    /// SHA-256 of the one that was recorded first.
    public var leakSHA256: String
    /// The other leak and what the link rests on.
    public var entry: CaptureLinkEntry
  }

  /// The identifier.
  public var id: String
  /// Titles that the leaks show, in alphabetical order.
  public var titles: [String]
  /// The leaks, in the order in which they were first seen.
  public var members: [Member]
  /// What links them; none where somebody gave them the identifier.
  public var links: [Link]
}
