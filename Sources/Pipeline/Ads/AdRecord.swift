import AdDetection
import AdRecognition
public import Casebook
import Foundation
import MediaIO
import TextReading
public import SystemPackage
import VideoCore

/// What an analysis found, on its way into the casebook and into files.
public struct AdRecord: Sendable {
  /// The ads, as the casebook keeps them; in the order of the report.
  public var sightings: [SightingEntry]

  /// Widest picture that is kept, in pixels.
  private static let mostPictureWidth = 960

  init(_ ads: [AdSighting]) {
    sightings = ads.map(Self.entry)
  }

  private static func entry(_ ad: AdSighting) -> SightingEntry {
    var entry = SightingEntry(kind: ad.kind.rawValue, startSeconds: ad.start, endSeconds: ad.end)
    entry.brandID = ad.brand
    entry.brandConfidence = ad.brandConfidence
    entry.evidence = ad.evidence.map(\.rawValue)
    entry.text = ad.text.isEmpty ? nil : ad.text
    entry.marks = ad.indicators.map { .init(kind: $0.kind.rawValue, value: $0.value) }
    entry.boxes = ad.boxes.map {
      .init(
        t: $0.seconds,
        x: $0.box.x,
        y: $0.box.y,
        width: $0.box.width,
        height: $0.box.height
      )
    }
    entry.isFullFrame = ad.isFullFrame
    entry.look = ad.look
    // Without a picture the sighting is worth as much.
    entry.picture = ad.picture.flatMap { plane in
      let request = PictureRequest(times: [], mostWidth: mostPictureWidth)
      return try? PNGWriter.bytes(of: NativeWindows.part(request, of: plane))
    }
    return entry
  }

  /// Writes the pictures into a folder, which is created where it is missing.
  ///
  /// - Returns: The file of each ad; nil for an ad without a picture.
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output``.
  public func writePictures(
    into folder: FilePath,
    leakSHA256: String
  ) throws(PipelineError) -> [FilePath?] {
    do {
      try FileManager.default.createDirectory(
        atPath: folder.string,
        withIntermediateDirectories: true
      )
      return try sightings.enumerated().map { index, sighting in
        guard let picture = sighting.picture else { return nil }
        let number = String(format: "%03d", index + 1)
        let name = "\(leakSHA256.prefix(16))-\(number)-\(sighting.kind).png"
        let path = folder.appending(name)
        try Data(picture).write(to: URL(fileURLWithPath: path.string), options: .atomic)
        return path
      }
    } catch {
      throw PipelineError(
        .output,
        code: "cannot_write",
        "the pictures cannot be written to \(SafeText.of(folder)): \(error.localizedDescription)"
      )
    }
  }
}

extension AdRecord {
  /// Where the casebook keeps the picture of each ad; nil for an ad without one.
  public func recordedPictures(in recorder: CaseRecorder) -> [String?] {
    sightings.map { sighting in
      sighting.picture.flatMap { bytes in
        recorder.readable?.picturePath(ContentDigest.of(bytes))
      }
    }
  }
}

extension MatchReport {
  /// Says where the picture of each ad is, in the order of the ads.
  public mutating func setPictures(_ files: [String?]) {
    for (index, file) in files.enumerated() where ads?.indices.contains(index) ?? false {
      ads?[index].picture = file
    }
  }

  /// Writes the analysis into the casebook, where that is possible.
  ///
  /// `now` is in seconds since 1970-01-01T00:00:00Z. Without a record, as where nobody looked for ads, those that are recorded
  /// stay.
  ///
  /// - Throws: ``PipelineError``, for example where the disk is full.
  public func record(
    _ record: AdRecord?,
    of path: FilePath,
    in recorder: CaseRecorder,
    at now: Int64
  ) throws(PipelineError) {
    guard let analysis = analysis(record, of: path, at: now) else { return }
    try recorder.record(
      leak: analysis.leak,
      matches: analysis.matches,
      sightings: analysis.sightings
    )
  }

  /// The analysis as the casebook keeps it; nil where the file was not read.
  public func analysis(_ record: AdRecord?, of path: FilePath, at now: Int64) -> LeakAnalysis? {
    guard let sha256 = leak.sha256, let size = leak.sizeBytes else { return nil }
    return LeakAnalysis(
      leak: LeakEntry(
        sha256: sha256,
        sizeBytes: size,
        durationSeconds: leak.duration,
        path: SafeText.bytes(of: path),
        seenAt: now,
        analysedAt: now,
        toolVersion: Doctor.version
      ),
      matches: matches.map {
        MatchEntry(
          releaseID: $0.releaseID,
          title: $0.title,
          log10P: $0.log10P,
          isMirrored: $0.mirrored,
          coverage: $0.leakCoverage
        )
      },
      sightings: record?.sightings
    )
  }
}
