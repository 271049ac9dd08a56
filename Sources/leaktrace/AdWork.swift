import ArgumentParser
import Foundation
import Pipeline
import SystemPackage

/// Options of commands that look for ads.
struct AdOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-record"),
    help: "Write nothing into the library's history of leaks and ads."
  )
  var isWithoutRecord = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Folder for pictures of the ads, PNG; it is created.",
      valueName: "folder"
    ),
    completion: .directory
  )
  var pictures: PathArgument?
}

/// What looking for ads needs beside a matcher: brands, the history, a place for pictures.
final class AdWork: Sendable {
  /// The brands; nil where nothing can be recognised here.
  let catalogue: AdCatalogue?
  private let recorder: CaseRecorder
  private let mayRecord: Bool
  private let pictures: FilePath?

  /// Opens the casebook of a library, which need not be there.
  init(_ library: FilePath, _ options: AdOptions) throws(PipelineError) {
    recorder = CaseRecorder(at: library, records: !options.isWithoutRecord)
    if let failure = recorder.readFailure { Console.shared.complain(failure) }
    let catalogue = try AdCatalogue(recorder.readable)
    if let note = catalogue.textNote { Console.shared.complain(note) }
    self.catalogue = catalogue.isUsable ? catalogue : nil
    // Without a library there is no history, and nobody misses it.
    mayRecord = !options.isWithoutRecord && FileManager.default.fileExists(atPath: library.string)
    pictures = options.pictures?.path
  }

  /// Writes pictures and history of one leak; puts the pictures' places into the report.
  ///
  /// - Returns: Why something could not be written; nil where all was.
  func keep(
    _ result: LeakMatcher.Result,
    of path: FilePath,
    in report: inout MatchReport
  ) -> PipelineError? {
    guard let record = result.record, let sha256 = report.leak.sha256 else { return nil }
    do throws(PipelineError) {
      if mayRecord { try report.record(record, of: path, in: recorder, at: Self.now) }
      if let pictures {
        let files = try record.writePictures(into: pictures, leakSHA256: sha256)
        report.setPictures(files.map { $0.map { SafeText.of($0) } })
      } else if mayRecord, recorder.note == nil {
        report.setPictures(record.recordedPictures(in: recorder))
      }
      return nil
    } catch {
      return error
    }
  }

  /// Says what could not be recorded, once.
  func finish() {
    if mayRecord, let note = recorder.note { Console.shared.complain(note) }
  }

  private static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
