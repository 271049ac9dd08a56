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

  /// What matching knows of the film: the best match and its pictures.
  struct Film {
    var match: ReleaseMatch
    var pictures: any FrameSource
    /// Stretches of the leak that other releases explain.
    var otherStretches: [Range<Double>]
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

  /// Finds what was drawn over a leak or put into it.
  func scan(_ leak: Leak, film: Film?) throws -> Scan {
    var context = AdRecognizer.Context(leakSeconds: leak.small.durationSeconds)
    var aligned: AlignedFilm?
    if let film {
      aligned = Self.alignment(film)
      let own = film.match.segments.map { $0.leakStart..<max($0.leakStart, $0.leakEnd) }
      context.film = (own + film.otherStretches).sorted { $0.lowerBound < $1.lowerBound }
      context.isMirrored = film.match.mirrored
      context.filmSecondsLeft = film.match.segments.last.map {
        film.pictures.durationSeconds - $0.referenceEnd
      }
    }
    let small = FramePictures(leak.small)
    var findings = try AdDetector().findings(
      in: FramePictures(leak.detail),
      native: small,
      film: aligned,
      unseen: leak.unseen
    )
    try flag.check()
    if let film {
      findings.clips.removeAll { clip in
        film.otherStretches.contains { $0.lowerBound < clip.end && $0.upperBound > clip.start }
      }
    }
    let native = NativeWindows(
      leak.media,
      info: leak.info,
      sparing: film == nil ? nil : try leak.unseen?.sparing(),
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

  private static func alignment(_ film: Film) -> AlignedFilm {
    AlignedFilm(
      stretches: film.match.segments.map {
        FilmStretch(
          leakStart: $0.leakStart,
          leakEnd: $0.leakEnd,
          filmStart: $0.referenceStart,
          rate: $0.rate
        )
      },
      placements: film.match.geometry.map {
        FilmPlacement(leakTime: $0.leakTime, homography: $0.homography.elements)
      },
      pictures: FramePictures(film.pictures)
    )
  }
}
