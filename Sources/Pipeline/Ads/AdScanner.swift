import AdDetection
import AdRecognition
import BrandRecognition
import Isolation
import MediaIO
import Matching
import ReferenceLibrary
import VideoCore

/// Finds, reads and names the ads of one leak that was decoded.
struct AdScanner {
  let catalogue: AdCatalogue
  let threads: Int
  let isolation: IsolationPolicy
  let flag: CancellationFlag

  /// What decoding kept of the leak.
  struct Leak {
    var media: any MediaSource
    var info: VideoInfo
    /// 240 lines, about four a second.
    var detail: FrameSpool
    /// 160x90, every decoded frame.
    var small: FrameSpool
    /// What was passed over; nil where nothing was.
    var unseen: UnseenLeakFrames?
  }

  /// What matching knows of a film: its best match and its pictures.
  struct Film {
    var match: ReleaseMatch
    var pictures: any FrameSource
  }

  /// Longest part of a clip that is compared with those of the catalogue, in seconds.
  private static let longestClip = 120.0

  /// What came of it.
  struct Scan {
    var ads: RecognizedAds
    /// How many frames of the file were decoded for it.
    var decodedFrames: Int
    /// Why some of the text could not be read; nil where all could.
    var textFailure: MediaError?
  }

  /// Finds what was drawn over a leak or put into it; of its films, the best match first.
  func scan(_ leak: Leak, films: [Film]) throws -> Scan {
    var context = AdRecognizer.Context(leakSeconds: leak.small.durationSeconds)
    let aligned = Self.alignments(films)
    context.film = aligned.flatMap(\.stretches).map { $0.leakStart..<$0.leakEnd }
      .sorted { $0.lowerBound < $1.lowerBound }
    context.mainStart = aligned.first?.stretches.first?.leakStart
    context.isMirrored = films.first?.match.mirrored
    let last = aligned.compactMap { film in film.stretches.last.map { (film, $0) } }
      .max { $0.1.leakEnd < $1.1.leakEnd }
    context.filmSecondsLeft = last.map { film, stretch in
      film.pictures.durationSeconds - stretch.filmTime(at: stretch.leakEnd)
    }
    let small = FramePictures(leak.small)
    let findings = try AdDetector().findings(
      in: FramePictures(leak.detail),
      native: small,
      films: aligned,
      unseen: leak.unseen
    )
    try flag.check()
    let native = NativeWindows(
      leak.media,
      info: leak.info,
      sparing: films.isEmpty ? nil : try leak.unseen?.sparing(),
      threads: threads,
      flag: flag
    )
    let text = catalogue.textNote == nil ? StoppableText(isolation, flag: flag) : nil
    let recognizer = AdRecognizer(
      pictures: native,
      text: text,
      brands: try catalogue.recognizer(),
      moreEvidence: catalogue.evidence,
      knownClip: { stretch in
        let end = min(stretch.upperBound, stretch.lowerBound + Self.longestClip)
        guard !catalogue.creatives.isEmpty else { return nil }
        let pictures = try small.pictures(from: stretch.lowerBound, to: end)
        return catalogue.creatives.brand(of: pictures)
      }
    )
    let ads = try recognizer.recognize(findings, small: small, in: context)
    return Scan(ads: ads, decodedFrames: native.decodedFrames, textFailure: text?.failure)
  }

  /// The films with the stretches that each of them explains best: none has what an earlier one has.
  private static func alignments(_ films: [Film]) -> [AlignedFilm] {
    var taken: [Range<Double>] = []
    return films.map { film in
      let stretches = film.match.segments.flatMap { segment in
        (segment.leakStart..<max(segment.leakStart, segment.leakEnd)).without(taken).map { part in
          FilmStretch(
            leakStart: part.lowerBound,
            leakEnd: part.upperBound,
            filmStart: segment.referenceTime(at: part.lowerBound),
            rate: segment.rate
          )
        }
      }
      taken += stretches.map { $0.leakStart..<$0.leakEnd }
      return AlignedFilm(
        stretches: stretches,
        placements: film.match.geometry.map {
          FilmPlacement(leakTime: $0.leakTime, homography: $0.homography.elements)
        },
        pictures: FramePictures(film.pictures)
      )
    }
  }
}
