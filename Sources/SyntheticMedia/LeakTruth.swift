import VideoCore

/// What is true about one leak, in the form that the scorer reads (`truth.json`).
///
/// Times are seconds of the leak's presentation time; boxes and homographies are fractions of the
/// stored frame.
public struct LeakTruth: Codable, Sendable, Hashable {
  /// A stretch of the leak that shows a stretch of the film.
  public struct Segment: Codable, Sendable, Hashable {
    /// Where the stretch starts in the leak.
    public let leakStart: Double
    /// Where it ends in the leak.
    public let leakEnd: Double
    /// Where the stretch starts in the film.
    public let referenceStart: Double
    /// Where it ends in the film.
    public let referenceEnd: Double
    /// Seconds of film per second of leak.
    public let speed: Double

    enum CodingKeys: String, CodingKey {
      case speed
      case leakStart = "leak_start"
      case leakEnd = "leak_end"
      case referenceStart = "ref_start"
      case referenceEnd = "ref_end"
    }
  }

  /// Where the film's picture is in the leak's at one time.
  public struct Geometry: Codable, Sendable, Hashable {
    /// Seconds of the leak.
    public let t: Double
    /// Nine row-major numbers, film unit square to leak unit square, mirror included.
    public let map: [Double]
    /// Images of the film's corners: upper left, upper right, lower right, lower left.
    public let corners: [[Double]]
    /// Root mean square of the lens distortion that ``map`` cannot express, in frame widths.
    public let residual: Double
    /// Share of the film's picture inside the leak's frame.
    public let visible: Double

    enum CodingKeys: String, CodingKey {
      case t, corners, residual, visible
      case map = "H"
    }
  }

  /// Where an advertisement is at one time.
  public struct Box: Codable, Sendable, Hashable {
    /// Seconds of the leak.
    public let t: Double
    /// Left, top, right, bottom.
    public let bbox: [Double]
  }

  /// One advertisement, or something that looks like one.
  public struct Sighting: Codable, Sendable, Hashable {
    /// `preroll`, `midroll`, `corner_logo`, `banner` or `ticker`.
    public let type: String
    /// Name of the advertiser.
    public let brand: String?
    /// Short name of the advertiser.
    public let brandID: String?
    /// What there is to read.
    public let texts: [String]
    /// 1 where nothing shines through.
    public let opacity: Double
    /// For a clip: `paused` or `replaced`.
    public let film: String?
    /// First second of the leak in which it is seen.
    public let start: Double
    /// Second of the leak from which it is no longer seen.
    public let end: Double
    /// `before_capture` or `after_capture`.
    public let burned: String
    /// Whether it fills the picture.
    public let fullFrame: Bool
    /// Where it is; between two times it moves evenly.
    public let bbox: [Box]
    /// Whether a catalogue of brands has it.
    public let inCatalogue: Bool?

    enum CodingKeys: String, CodingKey {
      case type, brand, texts, opacity, film, start, end, burned, bbox
      case brandID = "brand_id"
      case fullFrame = "full_frame"
      case inCatalogue = "in_catalogue"
    }
  }

  /// Name of the leak.
  public let leakID: String
  /// Name of its file.
  public let file: String
  /// How bad the recording is.
  public let severity: String
  /// The film.
  public let title: String
  /// Short name of the film.
  public let referenceID: String
  /// File name of the film.
  public let referenceFile: String
  /// Whether the film belongs to the library.
  public let titleInLibrary: Bool
  /// Seconds.
  public let duration: Double
  /// Time stamp of the first frame.
  public let videoStart: Double
  /// Stored width in pixels.
  public let width: Int
  /// Stored height in pixels.
  public let height: Int
  /// Width of a pixel over its height.
  public let sar: Double
  /// Frames per second, as a fraction where it is no whole number.
  public let fps: String
  /// Video codec.
  public let codec: String
  /// Extension of the file.
  public let container: String
  /// Target bit rate in kilobits per second.
  public let kbps: Int
  /// Whether the frame rate varies.
  public let vfr: Bool
  /// Seconds of film per second of leak.
  public let speed: Double
  /// Whether the picture is mirrored.
  public let flip: Bool
  /// The picture inside the film's frame, without its own black bars.
  public let referenceActive: [Double]
  /// What of the film is shown when.
  public let segments: [Segment]
  /// Where the picture is, about every half second.
  public let homography: [Geometry]
  /// What the releasing group put in and on.
  public let ads: [Sighting]
  /// What looks like advertising and is none.
  public let distractors: [Sighting]

  enum CodingKeys: String, CodingKey {
    case file, severity, title, duration, width, height, sar, fps, codec, container, kbps, vfr,
      speed, flip, segments, homography, ads, distractors
    case leakID = "leak_id"
    case referenceID = "ref_id"
    case referenceFile = "ref_file"
    case titleInLibrary = "title_in_library"
    case videoStart = "video_start_pts"
    case referenceActive = "reference_active"
  }
}

extension LeakRecipe {
  /// The camera of this recipe.
  package var geometry: CameraGeometry {
    CameraGeometry(
      parameters: parameters,
      aspect: Double(size.width) * encoder.pixelAspect.value / Double(size.height),
      flip: flip,
      duration: Double(frameCount) / frameRate.value
    )
  }

  /// The film pieces with the leak frame at which each starts.
  var filmPieces: [(first: Int, start: Double, frames: Int)] {
    var first = 0
    var found: [(first: Int, start: Double, frames: Int)] = []
    for piece in pieces {
      if case .film(let start, let frames) = piece { found.append((first, start, frames)) }
      first += piece.frames
    }
    return found
  }

  /// Seconds that the camera has run when it sees the film at `reference` seconds.
  func recordingTime(_ reference: Double) -> Double {
    (reference - (filmPieces.first?.start ?? 0)) / speed
  }

  /// States what is true about the leak that this recipe makes of `film`.
  public func truth(film: FilmSource) -> LeakTruth {
    let fps = frameRate.value
    func rounded(_ value: Double, _ digits: Double = 100_000) -> Double {
      (value * digits).rounded() / digits
    }
    let segments = filmPieces.map { first, start, frames in
      LeakTruth.Segment(
        leakStart: rounded(Double(first) / fps),
        leakEnd: rounded(Double(first + frames) / fps),
        referenceStart: rounded(start),
        referenceEnd: rounded(start + Double(frames) / fps * speed),
        speed: rounded(speed)
      )
    }
    let camera = geometry
    var keys: [LeakTruth.Geometry] = []
    for (first, start, frames) in filmPieces {
      for frame in stride(from: 0, to: frames, by: max(1, Int(fps / 2))) {
        let at = camera.truth(at: recordingTime(start + Double(frame) / fps * speed))
        keys.append(
          LeakTruth.Geometry(
            t: rounded(Double(first + frame) / fps),
            map: at.map.elements.map { rounded($0, 1e7) },
            corners: at.map.unitSquareCorners.map { [rounded($0.x), rounded($0.y)] },
            residual: rounded(at.residual, 1e6),
            visible: rounded(at.visible, 1000)
          )
        )
      }
    }
    let bar = (1 - film.activeHeight) / 2
    return LeakTruth(
      leakID: identifier,
      file: "\(identifier).\(container)",
      severity: preset.rawValue,
      title: film.title,
      referenceID: film.identifier,
      referenceFile: String(film.path.split(separator: "/").last ?? ""),
      titleInLibrary: film.isInLibrary,
      duration: rounded(Double(frameCount) / fps),
      videoStart: 0,
      width: size.width,
      height: size.height,
      sar: encoder.pixelAspect.value,
      fps: frameRate.denominator == 1 ? "\(frameRate.numerator)" : frameRate.description,
      codec: encoder.codec.rawValue,
      container: container,
      kbps: encoder.bitRate ?? 0,
      vfr: false,
      speed: rounded(speed),
      flip: flip,
      referenceActive: [0, rounded(bar), 1, rounded(1 - bar)],
      segments: segments,
      homography: keys,
      ads: clips() + overlays.map(sighting),
      distractors: []
    )
  }

  private func clips() -> [LeakTruth.Sighting] {
    let fps = frameRate.value
    var first = 0
    var found: [LeakTruth.Sighting] = []
    for piece in pieces {
      if case .clip(let brand, let frames, let goesOn) = piece {
        let start = Double(first) / fps
        found.append(
          LeakTruth.Sighting(
            type: first == 0 ? "preroll" : "midroll",
            brand: brand.name,
            brandID: brand.identifier,
            texts: brand.texts,
            opacity: 1,
            film: goesOn ? "replaced" : "paused",
            start: start,
            end: Double(first + frames) / fps,
            burned: "after_capture",
            fullFrame: true,
            bbox: [LeakTruth.Box(t: start, bbox: [0, 0, 1, 1])],
            inCatalogue: false
          )
        )
      }
      first += piece.frames
    }
    return found
  }

  private func sighting(_ overlay: AdOverlay) -> LeakTruth.Sighting {
    let fps = frameRate.value
    let stride = overlay.kind == .cornerLogo ? overlay.frames.count - 1 : 3
    var boxes: [LeakTruth.Box] = []
    for frame in Swift.stride(
      from: overlay.frames.lowerBound,
      to: overlay.frames.upperBound,
      by: max(1, stride)
    ) {
      let b = overlay.box(at: frame, size: size, frameRate: fps)
      // A ticker that has left the picture has no box any more.
      guard b.2 > b.0, b.3 > b.1 else { continue }
      boxes.append(
        LeakTruth.Box(
          t: Double(frame) / fps,
          bbox: [
            Double(b.0) / Double(size.width), Double(b.1) / Double(size.height),
            Double(b.2) / Double(size.width), Double(b.3) / Double(size.height),
          ]
        )
      )
    }
    let texts: [String] =
      switch overlay.kind {
      case .cornerLogo: [overlay.brand.name]
      case .banner: [overlay.brand.name, overlay.brand.domain, overlay.brand.promoCode]
      case .ticker: [overlay.brand.name, overlay.brand.slogan, overlay.brand.domain]
      }
    return LeakTruth.Sighting(
      type: overlay.kind.rawValue,
      brand: overlay.brand.name,
      brandID: overlay.brand.identifier,
      texts: texts,
      opacity: overlay.opacity,
      film: nil,
      start: Double(overlay.frames.lowerBound) / fps,
      end: min(
        Double(overlay.frames.upperBound) / fps,
        (boxes.last?.t ?? 0) + Double(max(1, stride)) / fps
      ),
      burned: "after_capture",
      fullFrame: false,
      bbox: boxes,
      inCatalogue: false
    )
  }
}
