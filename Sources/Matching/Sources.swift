import Fingerprinting
public import VideoCore

/// A small luma plane and when it is shown, in seconds from the start of its stream.
public struct TimedPlane: Sendable {
  /// Presentation time in seconds.
  public var seconds: Double
  /// The upright picture; the whole frame stretched to the plane's size.
  public var plane: LumaPlane

  /// Creates a timed plane.
  public init(seconds: Double, plane: LumaPlane) {
    self.seconds = seconds
    self.plane = plane
  }
}

/// Gives the frames of one film or leak for any stretch of time.
///
/// Matching asks for the same stretches again: implementations keep what they decoded.
public protocol FrameSource: AnyObject {
  /// Length in seconds.
  var durationSeconds: Double { get }

  /// All frames with `start <= time < end`, in order of time, at the native rate or what of it was
  /// decoded; empty where there is nothing.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func frames(from start: Double, to end: Double) throws -> [TimedPlane]
}

/// The references to match against, as matching sees them: numbered from 0, storage elsewhere.
public protocol ReferenceCollection: AnyObject {
  /// Number of references.
  var count: Int { get }

  /// Lends the fingerprint of a reference: four words and one correction for each sample.
  func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R

  /// Lends the index keys of a reference, one for each sample; see ``IndexKey``.
  func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws -> R

  /// Number of samples of a reference.
  func sampleCount(of index: Int) throws -> Int

  /// What of the collection can be searched by key; nil where each reference's keys are to be read.
  var keyIndex: KeyIndex? { get }

  /// Number of the work that a reference is a release of; releases of one work have the same.
  func work(of index: Int) -> Int

  /// The picture inside the reference's frame, without its black bars.
  func pictureWindow(of index: Int) -> PictureWindow

  /// The frames of a reference, from its proxy; asked for again and again, so that a collection can
  /// decide how many it keeps open.
  func frames(of index: Int) throws -> any FrameSource
}

extension ReferenceCollection {
  /// The length of the list of keys.
  public func sampleCount(of index: Int) throws -> Int { try withIndexKeys(of: index) { $0.count } }

  /// A collection without an index.
  public var keyIndex: KeyIndex? { nil }
}
