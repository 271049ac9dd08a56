import Isolation
import MediaIO
import TextEngine
import TextReading
import VideoCore

/// Reads text by engines in a confined process: what they are shown was drawn by criminals.
final class IsolatedPageReader: PageReader {
  private let policy: IsolationPolicy
  private let flag: CancellationFlag
  private let onFailure: (MediaError) -> Void
  private var worker: TextWorker
  private var failures = 0

  /// Most processes that may go down on the pictures of one leak.
  private static let mostFailures = 3

  /// Opens the engines; `onFailure` is told of each picture that brought their process down.
  ///
  /// - Throws: `TextReadingError` that says what to install, `MediaError` where the process does not
  ///   start.
  init(
    _ policy: IsolationPolicy,
    flag: CancellationFlag,
    onFailure: @escaping (MediaError) -> Void
  ) throws {
    (self.policy, self.flag, self.onFailure) = (policy, flag, onFailure)
    worker = try Self.worker(policy, flag)
  }

  private static func worker(
    _ policy: IsolationPolicy,
    _ flag: CancellationFlag
  ) throws -> TextWorker {
    do {
      return try TextWorker(
        languages: ReadingAlphabets.allCases.map(\.languages),
        dataFolder: nil,
        policy: policy
      ) { flag.isCancelled }
    } catch let failure as TesseractEngine.Failure {
      throw TextReadingError(failure)
    }
  }

  /// Reads a plane; one that brings the process down stays unread.
  func read(
    _ plane: LumaPlane,
    layout: TextReader.Layout,
    in alphabets: ReadingAlphabets
  ) throws -> [RecognizedLine] {
    try TextReader.check(plane.size)
    guard failures < Self.mostFailures else { throw TextReadingError.unread(plane.size) }
    let symbols: [TextSymbol]?
    do {
      symbols = try worker.read(
        plane,
        engine: alphabets == .both ? 0 : 1,
        mode: layout.pageSegmentationMode
      )
    } catch {
      if error.code == .cancelled { throw error }
      onFailure(error)
      failures += 1
      if failures < Self.mostFailures { worker = try Self.worker(policy, flag) }
      throw TextReadingError.unread(plane.size)
    }
    guard let symbols else { throw TextReadingError.unread(plane.size) }
    return TextReader.lines(of: symbols, size: plane.size)
  }
}
