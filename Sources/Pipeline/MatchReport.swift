public import SystemPackage

/// What matching one leak gave: the document of `leaktrace match --json`, see `docs/schema`.
public struct MatchReport: Sendable, Codable, Hashable {
  /// How a leak was answered.
  public enum Status: String, Sendable, Codable {
    /// At least one release of the library is in the leak.
    case matched
    /// None is; a normal answer.
    case noMatch = "no_match"
    /// The leak could not be examined.
    case failed
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.match/1"
  /// The file.
  public var leak: LeakFile
  /// The answer.
  public var status: Status
  /// How much was spent on it; nil where the leak could not be examined.
  public var effort: Effort?
  /// Why the leak could not be examined; only with ``Status/failed``.
  public var error: Failure?
  /// Releases found, best first.
  public var matches: [Match] = []
  /// Parts of the leak that several works hold, so that they name none.
  public var sharedPassages: [SharedPassage] = []
  /// The ads, in order of their start; nil where none were looked for.
  public var ads: [Ad]?
  /// What else is drawn or inserted, in order of its start; nil where nothing was looked for.
  public var overlays: [Overlay]?
  /// Marks that were looked for; nil where none were.
  public var marks: [MarkReport]?
  /// What vendors' detectors say of the leak; nil where nothing was imported.
  public var vendorMarks: [VendorMark]?
  /// The screenings that the leak may have been recorded in, the most likely first; nil where the list
  /// has none of the film.
  public var screenings: [ScreeningLikelihood]?
  /// How the ranking of the screenings came about; nil where there is none.
  public var attribution: AttributionSummary?
  /// What the history has of the recording; missing where nothing was measured.
  public var capture: Capture?
  /// Where the camera was if the leak was recorded in the most likely of the screenings; nil where
  /// the list does not know its screen.
  public var seat: SeatReport?
  /// What was tried for it; only where somebody asked.
  public var explanation: Explanation?
  /// Time spent, in seconds.
  public var elapsedSeconds = 0.0
  /// Frames decoded, those of the leak's own file only.
  public var decodedFrames = 0

  private enum CodingKeys: String, CodingKey {
    case schema, leak, status, effort, error, matches, ads, overlays, explanation, marks, screenings
    case attribution, capture, seat
    case vendorMarks = "vendor_marks"
    case sharedPassages = "shared_passages"
    case elapsedSeconds = "elapsed_s"
    case decodedFrames = "decoded_frames"
  }

  /// Starts the report on a file, of which nothing but the name is known.
  public init(path: FilePath, status: Status, error: PipelineError? = nil) {
    leak = LeakFile(path)
    self.status = status
    self.error = error.map(Failure.init)
  }

  /// A cause of failure.
  public struct Failure: Sendable, Codable, Hashable {
    /// Name of the cause for programs.
    public var code: String
    /// The cause in words.
    public var message: String

    init(_ error: PipelineError) { self.init(code: error.code, message: error.message) }

    init(code: String, message: String) { (self.code, self.message) = (code, message) }
  }

  /// A part of a frame, in fractions of it.
  public struct Picture: Sendable, Codable, Hashable {
    /// Left edge.
    public var left: Double
    /// Upper edge.
    public var top: Double
    /// Right edge.
    public var right: Double
    /// Lower edge.
    public var bottom: Double
  }

  /// What the leak's file is; all but its name is missing where the file could not be read.
  public struct LeakFile: Sendable, Codable, Hashable {
    /// Name as it was given; bytes that are not UTF-8 stand as U+FFFD.
    public var path: String
    /// The exact bytes of a name that is not UTF-8.
    public var pathBase64: String?
    /// SHA-256 of the file.
    public var sha256: String?
    /// Size in bytes.
    public var sizeBytes: Int64?
    /// Running time of the picture in seconds.
    public var duration: Double?
    /// Width of the picture as it is meant to be seen, in square pixels.
    public var width: Int?
    /// Height of the picture as it is meant to be seen, in square pixels.
    public var height: Int?
    /// Frames per second; missing where it is not known.
    public var frameRate: Double?
    /// Name of the picture's codec.
    public var videoCodec: String?
    /// Where the picture lies between the bars of the frame that the matches were found in; missing
    /// where that was the whole frame.
    public var picture: Picture?

    private enum CodingKeys: String, CodingKey {
      case path, sha256, duration, width, height, picture
      case pathBase64 = "path_base64"
      case sizeBytes = "size_bytes"
      case frameRate = "frame_rate"
      case videoCodec = "video_codec"
    }

    init(_ path: FilePath) {
      let name = PathText(path)
      self.path = name.text
      pathBase64 = name.base64
    }
  }

  /// A release found in the leak.
  public struct Match: Sendable, Codable, Hashable {
    /// Name of the work.
    public var title: String
    /// Identifier of the release in the library.
    public var releaseID: String
    /// The cut.
    public var version: String?
    /// Whether the leak shows this release rather than others that explain the same part of it.
    public var versionEvidence: VersionEvidence?
    /// Logarithm, base 10, of the probability that unrelated content scores as high.
    public var log10P: Double
    /// Share of the leak that the segments cover.
    public var leakCoverage: Double
    /// Share of the release that the segments cover.
    public var referenceCoverage: Double
    /// Whether the leak is mirrored left to right.
    public var mirrored: Bool
    /// Stretches of the leak that show the release, in order of time.
    public var segments: [Segment]
    /// Where the release's picture lies in the leak's.
    public var geometry: [Geometry]?
    /// Distortion of the camera's lens; missing where none can be seen.
    public var lens: Lens?
    /// Whether a camera took the picture.
    public var origin: Origin?
    /// What the sound says of it.
    public var audio: Audio?

    private enum CodingKeys: String, CodingKey {
      case title, version, mirrored, segments, geometry, lens, origin, audio
      case versionEvidence = "version_evidence"
      case releaseID = "release_id"
      case log10P = "log10_p"
      case leakCoverage = "leak_coverage"
      case referenceCoverage = "reference_coverage"
    }
  }

  /// A part of the leak that several works hold, as a studio's logo or a quotation.
  public struct SharedPassage: Sendable, Codable, Hashable {
    /// First second in the leak.
    public var leakStart: Double
    /// End in the leak.
    public var leakEnd: Double
    /// Where works of the library hold it.
    public var showings: [Showing]

    private enum CodingKeys: String, CodingKey {
      case showings
      case leakStart = "leak_start"
      case leakEnd = "leak_end"
    }

    /// Where a release holds the passage.
    public struct Showing: Sendable, Codable, Hashable {
      /// Name of the work.
      public var title: String
      /// Identifier of the release.
      public var releaseID: String
      /// First second in the release.
      public var referenceStart: Double
      /// End in the release.
      public var referenceEnd: Double

      private enum CodingKeys: String, CodingKey {
        case title
        case releaseID = "release_id"
        case referenceStart = "reference_start"
        case referenceEnd = "reference_end"
      }
    }
  }

  /// What tells a release from others of the same film.
  public struct VersionEvidence: Sendable, Codable, Hashable {
    /// What the passages say.
    public enum Answer: String, Sendable, Codable {
      /// The leak shows this release.
      case shown
      /// It shows another one.
      case notShown = "not_shown"
      /// Nothing decides.
      case cannotBeTold = "cannot_be_told"
    }

    /// A part of the leak that decides; half-open, seconds.
    public struct Passage: Sendable, Codable, Hashable {
      /// First second in the leak.
      public var leakStart: Double
      /// End in the leak.
      public var leakEnd: Double
      /// Identifier of the release that it speaks for.
      public var favours: String
      /// Logarithm, base 10, of the odds for that release.
      public var log10Odds: Double

      private enum CodingKeys: String, CodingKey {
        case favours
        case leakStart = "leak_start"
        case leakEnd = "leak_end"
        case log10Odds = "log10_odds"
      }
    }

    /// What the passages say.
    public var answer: Answer
    /// Logarithm, base 10, of the odds of this release against its strongest rival.
    public var log10Odds: Double
    /// What decides between the two, in order of time.
    public var passages: [Passage]

    private enum CodingKeys: String, CodingKey {
      case answer, passages
      case log10Odds = "log10_odds"
    }
  }

  /// A stretch of the leak that shows a stretch of the release; intervals are half-open, seconds.
  public struct Segment: Sendable, Codable, Hashable {
    /// First second in the leak.
    public var leakStart: Double
    /// End in the leak.
    public var leakEnd: Double
    /// First second in the release.
    public var referenceStart: Double
    /// End in the release.
    public var referenceEnd: Double
    /// Seconds of the release for each second of the leak.
    public var rate: Double
    /// The segment's part of the match's evidence.
    public var log10P: Double
    /// Spread of the measured times about the segment's line, in milliseconds.
    public var errorMilliseconds: Double?

    private enum CodingKeys: String, CodingKey {
      case rate
      case leakStart = "leak_start"
      case leakEnd = "leak_end"
      case referenceStart = "reference_start"
      case referenceEnd = "reference_end"
      case log10P = "log10_p"
      case errorMilliseconds = "error_ms"
    }
  }

  /// Where the release's picture lies in the leak's at one moment.
  public struct Geometry: Sendable, Codable, Hashable {
    /// Second of the leak.
    public var leakTime: Double
    /// Nine row-major numbers, from the release's unit square to the leak's, mirror included.
    public var homography: [Double]
    /// Area of the release's picture inside the leak's frame, 0...1 of the picture.
    public var visible: Double
    /// What the frame's edges cut off from each side.
    public var cropped: Cropped

    /// Parts of the picture's width or height, 0...1.
    public struct Cropped: Sendable, Codable, Hashable {
      /// Cut off at the left of the release's picture.
      public var left: Double
      /// Cut off at its top.
      public var top: Double
      /// Cut off at its right.
      public var right: Double
      /// Cut off at its bottom.
      public var bottom: Double
    }

    private enum CodingKeys: String, CodingKey {
      case homography, visible, cropped
      case leakTime = "leak_time"
    }
  }

  /// Radial distortion of the camera's lens.
  public struct Lens: Sendable, Codable, Hashable {
    /// Coefficient of r' = r (1 + k1 r²), r in half diagonals of the leak's frame.
    public var k1: Double
    /// Its standard error.
    public var deviation: Double

    private enum CodingKeys: String, CodingKey {
      case k1
      case deviation = "standard_error"
    }
  }

  /// Whether a camera took the picture, or a direct copy was made of the film.
  public struct Origin: Sendable, Codable, Hashable {
    /// What the geometry says.
    public enum Answer: String, Sendable, Codable {
      /// A camera in front of a screen.
      case camera
      /// Scaled and cropped only, as digital copies are.
      case direct
      /// It could be either.
      case cannotBeTold = "cannot_be_told"
    }

    /// What the geometry says.
    public var answer: Answer
    /// Median distance of the corners from an upright rectangle, as a part of its width.
    public var slant: Double
    /// Median movement of the corners in a few seconds, as a part of the picture's width.
    public var sway: Double
    /// Mean correlation of the pictures, -1...1.
    public var correlation: Double
  }
}
