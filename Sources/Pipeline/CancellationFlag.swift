import Synchronization

/// A wish to stop that any thread may express and every long work asks for.
public final class CancellationFlag: Sendable {
  private let isSet = Atomic<Bool>(false)

  /// Creates a flag that is not set.
  public init() {}

  /// Whether someone asked to stop.
  public var isCancelled: Bool { isSet.load(ordering: .relaxed) }

  /// Asks all work that looks at the flag to stop; there is no way back.
  public func cancel() { isSet.store(true, ordering: .relaxed) }

  /// Ends the work of the caller where someone asked to stop.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/cancelled``.
  public func check() throws(PipelineError) {
    if isCancelled { throw .cancelled }
  }
}
