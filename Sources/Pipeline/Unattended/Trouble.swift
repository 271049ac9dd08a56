/// What cannot be used for a while.
enum TroubleSource: Int, Sendable {
  /// The library, for writing.
  case library
  /// The library, for what is mostly reading; that this works says nothing of writing.
  case claiming
  /// Files that are written beside it.
  case output
  /// Either, seen from within an examination.
  case examination
}

/// What a failure that is no fault of a leak means for the rest of the work.
enum Trouble {
  /// Someone else is at it; it will pass.
  case passing
  /// Something cannot be written where it is; somebody has to make room or give rights.
  case storage
  /// Nothing can be done.
  case fatal

  /// Nil for the failure of a leak, and for a wish to stop.
  init?(_ error: PipelineError) {
    switch error.kind {
    case .input, .cancelled: return nil
    case .libraryLocked: self = .passing
    case .output: self = .storage
    case .libraryUnusable:
      let passing = ["casebook_disk_full", "casebook_read_only", "casebook_io", "library_io"]
      self = passing.contains(error.code) ? .storage : .fatal
    // At the start nothing is begun without; later it is memory or processes that are short.
    case .notIsolated: self = .storage
    case .libraryDamaged, .usage: self = .fatal
    }
  }
}
