/// What is known of a leak that may tell one screening from another.
public struct Clues: Sendable {
  /// What LeakTrace's own detector read.
  public var mark: MarkReading?
  /// What vendors' detectors said.
  public var vendorMarks: [VendorMark] = []
  /// How much the leak's pictures speak for each release of the film: log10 odds against its rivals.
  public var releases: [String: Double] = [:]
  /// How much the leak's sound speaks for each release: log10 odds that it is that release's.
  public var sounds: [String: Double] = [:]
  /// A moment by which the leak was there, in seconds since 1970-01-01T00:00:00Z.
  public var seenAt: Int64?
  /// The latest second of the film that the leak shows.
  public var filmSeconds = 0.0
  /// What is known of leaks of the same recording.
  public var linked: [LinkedLeak] = []
  /// How much the place of the camera speaks against screenings: log10 ratios by screening.
  public var seats: [String: Double] = [:]

  /// Creates clues that say nothing.
  public init() {}

  /// A mark as a detector of known statistics reads it.
  public struct MarkReading: Sendable {
    /// Whether bound and margin allow a claim.
    public var isClaimed: Bool
    /// The correlations of the location's values; standard normal for a wrong value.
    public var location: Field?
    /// The correlations of the time stamp's values, as of the film's start.
    public var time: Field?

    /// Creates a reading.
    public init(isClaimed: Bool, location: Field?, time: Field?) {
      (self.isClaimed, self.location, self.time) = (isClaimed, location, time)
    }

    /// One field of a mark.
    public struct Field: Sendable {
      /// The value that correlates best.
      public var best: Int64
      /// Its correlation.
      public var z: Double
      /// The correlation of any value.
      public var correlation: @Sendable (Int64) -> Double?

      /// Creates a field.
      public init(best: Int64, z: Double, correlation: @escaping @Sendable (Int64) -> Double?) {
        (self.best, self.z, self.correlation) = (best, z, correlation)
      }
    }
  }

  /// A mark that a vendor's detector found.
  public struct VendorMark: Sendable {
    /// Who says so.
    public var vendor: String
    /// The location.
    public var location: Int64?
    /// The time stamp, a number.
    public var time: Int64?
    /// The time stamp, a moment in seconds since 1970-01-01T00:00:00Z.
    public var moment: Int64?
    /// The rate of false positives that the vendor states.
    public var falsePositiveRate: Double?

    /// Creates a mark.
    public init(
      vendor: String,
      location: Int64?,
      time: Int64?,
      moment: Int64?,
      falsePositiveRate: Double?
    ) {
      (self.vendor, self.location, self.time) = (vendor, location, time)
      (self.moment, self.falsePositiveRate) = (moment, falsePositiveRate)
    }
  }

  /// A leak of the same recording.
  public struct LinkedLeak: Sendable {
    /// SHA-256 of the leak.
    public var id: String
    /// log10 of the odds that it is the same recording.
    public var log10Odds: Double
    /// What vendors' detectors said of it.
    public var vendorMarks: [VendorMark]
    /// A moment by which it was there.
    public var seenAt: Int64?

    /// Creates a link.
    public init(id: String, log10Odds: Double, vendorMarks: [VendorMark], seenAt: Int64?) {
      (self.id, self.log10Odds) = (id, log10Odds)
      (self.vendorMarks, self.seenAt) = (vendorMarks, seenAt)
    }
  }
}
