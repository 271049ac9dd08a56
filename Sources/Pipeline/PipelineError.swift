import Casebook
import Glibc
import MediaIO
import ReferenceLibrary
import Screenings
import SystemPackage

/// Why a file could not be dealt with, or why the library could not be used.
public struct PipelineError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What the failure means for the rest of the work.
  public enum Kind: Sendable, Hashable {
    /// One input cannot be used; others may.
    case input
    /// The request itself makes no sense, for example a release that does not exist.
    case usage
    /// The library cannot be opened, for another reason than the two below.
    case libraryUnusable
    /// The library is damaged.
    case libraryDamaged
    /// Another process writes to the library.
    case libraryLocked
    /// Leaks cannot be parsed here in processes that are confined as was asked for.
    case notIsolated
    /// A file that was asked for cannot be written.
    case output
    /// Someone asked to stop.
    case cancelled
  }

  /// What the failure means.
  public let kind: Kind
  /// Name of the cause, stable enough for programs, in small letters with underscores.
  public let code: String
  /// The cause in words, one line, safe for a terminal.
  public let message: String

  /// Creates an error; what a terminal would act on is escaped in `message`.
  public init(_ kind: Kind, code: String, _ message: String) {
    self.kind = kind
    self.code = code
    self.message = SafeText.of(message)
  }

  /// The cause.
  public var description: String { message }

  /// Whether a release was removed by another process while it was in use.
  public var isReleaseGone: Bool {
    code == "library_" + LibraryError.Code.noSuchRelease.description
  }

  /// Someone asked to stop.
  public static let cancelled = PipelineError(.cancelled, code: "cancelled", "cancelled")
}

extension PipelineError {
  /// The same failure in the words of this module.
  public init(_ error: any Error) {
    switch error {
    case let error as PipelineError: self = error
    case let error as MediaError: self.init(media: error)
    case let error as LibraryError: self.init(library: error)
    case let error as CasebookError: self.init(casebook: error)
    case let error as ScreeningsError: self.init(screenings: error)
    case let error as Errno:
      self.init(.input, code: "io_error", "cannot read the file (\(error))")
    default: self.init(.input, code: "internal_failure", "\(error)")
    }
  }

  private init(media error: MediaError) {
    let kind: Kind =
      switch error.code {
      case .cancelled: .cancelled
      case .notIsolated: .notIsolated
      default: .input
      }
    self.init(
      kind,
      code: Self.underscored(error.code.description),
      error.description
    )
  }

  private init(library error: LibraryError) {
    let kind: Kind =
      switch error.code {
      case .damaged: .libraryDamaged
      case .locked: .libraryLocked
      case .noSuchRelease: .usage
      case .invalidMetadata, .conflict: .input
      default: .libraryUnusable
      }
    let hint = error.code == .notFound ? "; `leaktrace reference add` creates one" : ""
    self.init(kind, code: "library_" + error.code.description, error.description + hint)
  }

  private init(casebook error: CasebookError) {
    let kind: Kind =
      switch error.code {
      case .damaged: .libraryDamaged
      case .locked: .libraryLocked
      case .invalidValue, .duplicate, .noSuchBrand, .noSuchCandidate, .noSuchScreening,
        .noSuchVendorResult, .noSuchCapture:
        .usage
      default: .libraryUnusable
      }
    self.init(kind, code: "casebook_" + error.code.description, error.description)
  }

  private init(screenings error: ScreeningsError) {
    let kind: Kind = error.code == .badOption ? .usage : .input
    self.init(kind, code: "screenings_" + error.code.description, error.description)
  }

  /// `fileNotFound` as `file_not_found`.
  private static func underscored(_ name: String) -> String {
    var result = ""
    for letter in name {
      if letter.isUppercase { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}
