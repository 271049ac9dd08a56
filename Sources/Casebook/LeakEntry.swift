/// A file that was analysed, as it comes into the casebook.
public struct LeakEntry: Sendable, Hashable {
  /// SHA-256 of the file, 64 lower-case hexadecimal digits.
  public var sha256: String
  /// Size in bytes.
  public var sizeBytes: Int64
  /// Running time in seconds, where known.
  public var durationSeconds: Double?
  /// Where the file was, as the file system writes it.
  public var path: [UInt8]
  /// When it was seen there, in seconds since 1970-01-01T00:00:00Z.
  public var seenAt: Int64
  /// When it was analysed, in seconds since 1970-01-01T00:00:00Z.
  public var analysedAt: Int64
  /// Version of the program that analysed it.
  public var toolVersion: String
  /// The act of recording that it comes from, where known; nil keeps what is known already.
  public var captureID: String?

  /// Creates an entry.
  public init(
    sha256: String,
    sizeBytes: Int64,
    durationSeconds: Double? = nil,
    path: [UInt8],
    seenAt: Int64,
    analysedAt: Int64,
    toolVersion: String,
    captureID: String? = nil
  ) {
    (self.sha256, self.sizeBytes, self.durationSeconds) = (sha256, sizeBytes, durationSeconds)
    (self.path, self.seenAt, self.analysedAt) = (path, seenAt, analysedAt)
    (self.toolVersion, self.captureID) = (toolVersion, captureID)
  }
}

/// A release that a leak shows.
public struct MatchEntry: Sendable, Hashable {
  /// Identifier of the release.
  public var releaseID: String
  /// Name of the work.
  public var title: String
  /// Bound on the probability that unrelated content scores as high, as a logarithm, base 10.
  public var log10P: Double
  /// Whether the leak shows it mirrored.
  public var isMirrored: Bool
  /// Share of the leak that shows it, 0...1.
  public var coverage: Double

  /// Creates an entry.
  public init(
    releaseID: String,
    title: String,
    log10P: Double,
    isMirrored: Bool = false,
    coverage: Double
  ) {
    (self.releaseID, self.title, self.log10P) = (releaseID, title, log10P)
    (self.isMirrored, self.coverage) = (isMirrored, coverage)
  }
}

/// One ad in a leak.
public struct SightingEntry: Sendable, Hashable {
  /// `preroll`, `midroll`, `postroll`, `corner_logo`, `banner`, `ticker`, `popup`, `bar` or other.
  public var kind: String
  /// Identifier of the brand; nil where unknown.
  public var brandID: String?
  /// How sure the brand is, 0...1.
  public var brandConfidence: Double?
  /// What it rests on: `reference`, `logo`, `text`, `creative`, `persistence` or other.
  public var evidence: [String] = []
  /// What is written in it.
  public var text: String?
  /// What in it leads to the advertiser.
  public var marks: [Mark] = []
  /// Start in the leak, in seconds.
  public var startSeconds: Double
  /// End in the leak, in seconds.
  public var endSeconds: Double
  /// Where it lies, over time.
  public var boxes: [Box] = []
  /// Whether it fills the frame.
  public var isFullFrame = false
  /// Its picture, the bytes of a PNG file.
  public var picture: [UInt8]?
  /// Its look: 256 bits, of which similar pictures share most.
  public var look: [UInt8]?

  /// Creates an entry.
  public init(kind: String, startSeconds: Double, endSeconds: Double) {
    (self.kind, self.startSeconds, self.endSeconds) = (kind, startSeconds, endSeconds)
  }

  /// A web address, code, number or handle.
  public struct Mark: Sendable, Hashable {
    /// `url`, `domain`, `promo_code`, or another word such as `phone` or `telegram`.
    public var kind: String
    /// The mark itself.
    public var value: String

    /// The kind of web addresses.
    public static let url = "url"
    /// The kind of host names.
    public static let domain = "domain"
    /// The kind of promo codes.
    public static let promoCode = "promo_code"

    /// Creates a mark.
    public init(kind: String, value: String) { (self.kind, self.value) = (kind, value) }
  }

  /// A place at one time, in fractions of the frame.
  public struct Box: Sendable, Hashable {
    /// Time in the leak in seconds.
    public var t: Double
    /// Left edge.
    public var x: Double
    /// Top edge.
    public var y: Double
    /// Width.
    public var width: Double
    /// Height.
    public var height: Double

    /// Creates a box.
    public init(t: Double, x: Double, y: Double, width: Double, height: Double) {
      (self.t, self.x, self.y, self.width, self.height) = (t, x, y, width, height)
    }
  }
}
