/// A guess that a stretch of the leak shows a stretch of a reference.
public struct Candidate: Sendable, Hashable {
  /// Number of the reference in its collection.
  public var reference: Int
  /// First second of the stretch in the leak.
  public var leakStart: Double
  /// End of the stretch in the leak.
  public var leakEnd: Double
  /// Second of the reference that `leakStart` shows.
  public var referenceStart: Double
  /// Reference seconds for each leak second.
  public var rate: Double
  /// Whether the leak is mirrored left to right.
  public var mirrored: Bool
  /// Normalised sum of evidence along the diagonal; unrelated films give about a standard normal's
  /// maximum over all offsets.
  public var score: Double

  /// Creates a candidate.
  public init(
    reference: Int,
    leakStart: Double,
    leakEnd: Double,
    referenceStart: Double,
    rate: Double,
    mirrored: Bool,
    score: Double
  ) {
    self.reference = reference
    self.leakStart = leakStart
    self.leakEnd = leakEnd
    self.referenceStart = referenceStart
    self.rate = rate
    self.mirrored = mirrored
    self.score = score
  }

  /// The reference's time that a leak's time shows under this guess.
  public func referenceTime(at leakTime: Double) -> Double {
    referenceStart + (leakTime - leakStart) * rate
  }
}

/// A candidate that local features confirmed.
public struct Anchor: Sendable, Hashable {
  /// What was confirmed.
  public var candidate: Candidate
  /// Pairs of features that agree on one homography, over all frame pairs looked at.
  public var inliers: Int
  /// Distinct places among them (frame pair and cell of a 16x9 grid): independent evidence.
  public var cells: Int
  /// The geometry they agree on.
  public var homography: Homography

  /// Creates an anchor.
  public init(candidate: Candidate, inliers: Int, cells: Int, homography: Homography) {
    self.candidate = candidate
    self.inliers = inliers
    self.cells = cells
    self.homography = homography
  }
}
