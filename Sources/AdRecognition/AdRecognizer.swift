public import AdDetection
public import BrandRecognition
public import TextReading
import VideoCore

/// Reads what detection found and says which of it advertises gambling, and for whom.
///
/// An ad needs evidence: a brand of the catalogue, or an address or a code together with words of
/// the trade, or two such words. Where and how large something is never makes it one.
public struct AdRecognizer {
  /// What is known of the leak besides its pictures.
  public struct Context: Sendable {
    /// Length of the leak in seconds.
    public var leakSeconds: Double
    /// Stretches that show films, in order; empty where none is known.
    public var film: [Range<Double>]
    /// Where the one begins that the leak is of; nil for the first of the stretches.
    ///
    /// Trailers may come before it.
    public var mainStart: Double?
    /// Seconds of the film that lie behind the last of them; nil where nobody knows.
    public var filmSecondsLeft: Double?
    /// Whether the leak is mirrored left to right; nil where nobody knows.
    public var isMirrored: Bool?

    /// Creates a context.
    public init(
      leakSeconds: Double,
      film: [Range<Double>] = [],
      mainStart: Double? = nil,
      filmSecondsLeft: Double? = nil,
      isMirrored: Bool? = nil
    ) {
      (self.leakSeconds, self.film, self.mainStart) = (leakSeconds, film, mainStart)
      self.filmSecondsLeft = filmSecondsLeft
      self.isMirrored = isMirrored
    }
  }

  /// Most memory for pictures that are read at a time, in bytes.
  static let mostBytes = 128 << 20

  private let pictures: any NativePictures
  private let text: (any TextSource)?
  private let brands: BrandRecognizer
  private let moreEvidence: ([Indicator]) -> [BrandEvidence]
  private let knownClip: (Range<Double>) throws -> String?

  /// Creates a recogniser.
  ///
  /// - Parameters:
  ///   - pictures: The leak at native resolution.
  ///   - text: What reads; nil where nothing can, so that only signs are recognised.
  ///   - brands: The catalogue.
  ///   - moreEvidence: What else the caller knows of addresses and codes.
  ///   - knownClip: The brand whose clip a stretch of the leak shows, by its motion; nil for none.
  public init(
    pictures: any NativePictures,
    text: (any TextSource)?,
    brands: BrandRecognizer,
    moreEvidence: @escaping ([Indicator]) -> [BrandEvidence] = { _ in [] },
    knownClip: @escaping (Range<Double>) throws -> String? = { _ in nil }
  ) {
    (self.pictures, self.text, self.brands) = (pictures, text, brands)
    (self.moreEvidence, self.knownClip) = (moreEvidence, knownClip)
  }

  /// Recognises what detection found; `small` are the pictures that the cuts were found in.
  ///
  /// - Throws: what the pictures and the reader of text throw.
  public func recognize(
    _ findings: AdDetector.Findings,
    small: any PictureSource,
    in context: Context
  ) throws -> RecognizedAds {
    let reader = AdReader(
      text: text,
      brands: brands,
      moreEvidence: moreEvidence,
      pixelAspect: pictures.pixelAspect
    )
    let clips = ClipRecognition(
      pictures: PictureBatches(pictures, mostBytes: Self.mostBytes),
      small: small,
      reader: reader,
      knownClip: knownClip,
      context: context
    )
    let overlays = OverlayRecognition(
      pictures: PictureBatches(pictures, mostBytes: Self.mostBytes),
      small: small,
      reader: reader,
      context: context
    )
    var drafts = try overlays.drafts(of: findings.overlays)
    var (inserted, beneath) = (findings.clips, findings.overlays)
    if context.film.isEmpty {
      let parted = SpreadClips.parted(
        drafts,
        cuts: findings.cuts,
        leakSeconds: context.leakSeconds,
        besides: inserted
      )
      drafts = parted.drafts
      // A clip's own words hide nothing of it.
      beneath.removeAll { track in
        // Their states may have been drawn in since they were found.
        parted.parts.contains {
          ($0.start, $0.end) == (track.start, track.end) && $0.boxes == track.boxes
        }
      }
      inserted = (inserted + parted.clips).sorted { $0.start < $1.start }
    }
    var result = try clips.recognize(inserted, beneath: beneath, besides: drafts)
    let more = overlays.recognized(drafts, between: result.ads)
    result.ads += more.ads
    result.overlays += more.overlays
    result.ads.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    result.overlays.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    return result
  }
}

/// Asks for pictures in portions that memory can hold.
struct PictureBatches {
  private let pictures: any NativePictures
  private let mostBytes: Int

  init(_ pictures: any NativePictures, mostBytes: Int) {
    (self.pictures, self.mostBytes) = (pictures, mostBytes)
  }

  var frameSize: FrameSize { pictures.size }

  func cheapMoments() throws -> [Double] { try pictures.cheapMoments() }

  /// Hands over the pictures of each request, with its place in the list.
  func each(
    _ requests: [PictureRequest],
    _ body: (Int, [TimedPicture]) throws -> Void
  ) throws {
    var first = 0
    while first < requests.count {
      var (last, bytes) = (first, 0)
      while last < requests.count {
        bytes += requests[last].answerBytes(of: pictures.size)
        if last > first, bytes > mostBytes { break }
        last += 1
      }
      let answers = try pictures.pictures(for: Array(requests[first..<last]))
      for (offset, answer) in answers.enumerated() { try body(first + offset, answer) }
      first = last
    }
  }
}
