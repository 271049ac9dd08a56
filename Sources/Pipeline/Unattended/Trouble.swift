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
  /// Room, rights, memory or processes are short; somebody has to give some.
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
    // A part of the sandbox that the kernel lacks is noticed at the start, and nothing is begun then.
    case .notIsolated: self = .storage
    case .libraryDamaged, .usage: self = .fatal
    }
  }
}
