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

/// What a command needs beside a matcher: brands, the history of leaks, a place for pictures.
final class AdWork: Sendable {
  /// The brands; nil where nothing can be recognised here.
  let catalogue: AdCatalogue?
  private let recorder: CaseRecorder
  private let mayRecord: Bool
  private let pictures: FilePath?

  /// Opens the casebook of a library, which need not be there.
  ///
  /// Where nobody looks for ads only the history is needed.
  convenience init(
    _ library: FilePath,
    _ options: AdOptions,
    looksForAds: Bool = true
  ) throws(PipelineError) {
    try self.init(
      library,
      records: !options.isWithoutRecord,
      pictures: options.pictures?.path,
      looksForAds: looksForAds
    )
  }

  /// Opens the casebook of a library, which need not be there.
  init(
    _ library: FilePath,
    records: Bool,
    pictures: FilePath?,
    looksForAds: Bool
  ) throws(PipelineError) {
    recorder = CaseRecorder(at: library, records: records)
    // Without a library there is no history, and nobody misses it.
    mayRecord = records && FileManager.default.fileExists(atPath: library.string)
    self.pictures = pictures
    guard looksForAds else {
      catalogue = nil
      return
    }
    if let failure = recorder.readFailure { Console.shared.complain(failure) }
    let catalogue = try AdCatalogue(recorder.readable)
    if let note = catalogue.textNote { Console.shared.complain(note) }
    self.catalogue = catalogue.isUsable ? catalogue : nil
  }

  /// Writes pictures and history of one leak; puts the pictures' places into the report.
  ///
  /// Where the caller records the leak itself, it is recorded here only if its recording is to be
  /// linked to others, which needs it to be there.
  ///
  /// - Returns: Why something could not be written; nil where all was.
  func keep(
    _ result: LeakMatcher.Result,
    of path: FilePath,
    in report: inout MatchReport,
    isRecordedLater: Bool = false
  ) -> PipelineError? {
    guard let sha256 = report.leak.sha256 else { return nil }
    do throws(PipelineError) {
      if mayRecord, !isRecordedLater || !result.captures.isEmpty {
        try report.record(result.record, of: path, in: recorder, at: Self.now)
      }
      try recorder.link(result.captures, records: mayRecord, in: &report)
      guard let record = result.record else { return nil }
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
