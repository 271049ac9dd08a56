/// Moments between two steps of a change, at which tests stop the process or let a step fail.
///
/// A change that is cut off at any of them leaves a library that the next writer finds whole.
package enum FaultPoint: String, Sendable, CaseIterable {
  /// The staging folder was created.
  case staged
  /// The segment file was written, not yet forced to the disk.
  case segmentWritten
  /// Segment file and proxy are on the disk, still in the staging folder.
  case segmentSynchronised
  /// The staging folder was moved among the objects; no row points to it.
  case objectMoved
  /// The row was written, its transaction is open.
  case rowWritten
  /// The transaction is committed; the catalogue's digest is the previous one.
  case rowCommitted
  /// The catalogue's digest is written.
  case digestWritten
  /// A part of the index is on the disk, still in the staging folder.
  case shardWritten
  /// A part of the index is in its place, those that it replaces are there, too.
  case shardMoved
  /// The row of a removed release is gone, its folder is there.
  case rowRemoved
}

/// Called at each fault point; an error thrown is taken for the failure of the step.
package typealias FaultHook = @Sendable (FaultPoint) throws -> Void
