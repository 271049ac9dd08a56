public import VideoCore

/// Finds where and when something is drawn over a leak or inserted into it.
///
/// What is drawn by the camera moves, blurs and cuts with the film; what is drawn afterwards does
/// not. With the film at hand that is what the film does not explain, without it what stays while the
/// film changes. Who advertises, if anyone, is for others to say.
public struct AdDetector {
  /// What was found.
  public struct Findings: Sendable {
    /// Things drawn over the picture, in order of their start.
    public var overlays: [OverlayTrack] = []
    /// Stretches that are not the film, in order.
    public var clips: [InsertedClip] = []
    /// First frames of new shots, in seconds.
    public var cuts: [Double] = []

    /// Starts without any.
    public init() {}
  }

  /// Creates a detector.
  public init() {}

  /// The size of the planes to work on: 240 lines, as wide as the picture is shown.
  public static func workingSize(displayAspect: Double) -> FrameSize {
    let aspect = displayAspect.isFinite ? max(0.5, min(3, displayAspect)) : 16 / 9
    return FrameSize(width: Int((120 * aspect).rounded()) * 2, height: 240)
  }

  /// Goes through a leak.
  ///
  /// - Parameters:
  ///   - leak: pictures of ``workingSize(displayAspect:)``, about four a second.
  ///   - native: small pictures, 160x90 or so, at the leak's own rate, for cuts.
  ///   - films: what matching knows of the films, whose stretches of the leak do not overlap; none
  ///     where they are unknown.
  ///   - unseen: parts of the leak that were passed over; nil where there are none. All of them are
  ///     filled that no stretch of a film explains, of the others those in which something changed.
  /// - Returns: overlays and clips, without a word on who advertises.
  /// - Throws: what the sources throw.
  public func findings(
    in leak: any PictureSource,
    native: any PictureSource,
    films: [AlignedFilm],
    unseen: (any UnseenPictures)? = nil
  ) throws -> Findings {
    var findings = Findings()
    for gap in unseen?.gaps ?? [] where !films.contains(where: { $0.explains(gap) }) {
      try unseen?.fill(gap)
    }
    let cuts = try ShotCuts(of: native)
    findings.cuts = cuts.times
    guard let size = try Self.size(of: leak) else { return findings }
    let finder = ClipFinder(cuts: cuts, leakSeconds: leak.durationSeconds)
    let films = films.filter { !$0.stretches.isEmpty }
    if !films.isEmpty {
      findings.clips = try looked(finder.clips(beside: films), leak)
      let explained = AlignedFilm.stretches(of: films)
      for film in films {
        findings.overlays += try ReferenceOverlays(
          leak: leak,
          size: size,
          film: film,
          explained: explained,
          unseen: unseen
        ).tracks()
      }
    } else {
      var look = CaptureLook()
      try Self.each(of: leak, from: 0, to: leak.durationSeconds + 1) { look.add($0) }
      findings.clips = finder.clips(looking: look)
      findings.overlays = try BlindOverlays(leak: leak, size: size, clips: findings.clips).tracks()
      findings.overlays += try BlindTickers(leak: leak, size: size, clips: findings.clips).tracks()
    }
    findings.overlays.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    return findings
  }

  /// The clips with the look of their shots.
  private func looked(
    _ clips: [InsertedClip],
    _ leak: any PictureSource
  ) throws -> [InsertedClip] {
    try clips.map { clip in
      var look = CaptureLook()
      try Self.each(of: leak, from: clip.start, to: clip.end) { look.add($0) }
      var clip = clip
      for index in clip.shots.indices {
        let shot = clip.shots[index]
        clip.shots[index].digitalLook = look.digitalLook(from: shot.start, to: shot.end)
      }
      return clip
    }
  }

  /// Hands over the pictures of a stretch in portions that memory can hold.
  private static func each(
    of leak: any PictureSource,
    from start: Double,
    to end: Double,
    _ body: (TimedPicture) -> Void
  ) throws {
    var from = start
    while from < end {
      let to = min(end, from + 10)
      for picture in try leak.pictures(from: from, to: to) { body(picture) }
      from = to
    }
  }

  private static func size(of leak: any PictureSource) throws -> FrameSize? {
    var start = 0.0
    while start <= leak.durationSeconds {
      if let first = try leak.pictures(from: start, to: start + 10).first {
        return first.plane.size
      }
      start += 10
    }
    return nil
  }
}
