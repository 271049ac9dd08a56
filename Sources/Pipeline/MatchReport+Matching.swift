import Fingerprinting
import Matching
import Registration
import ReferenceLibrary
import VideoCore

extension MatchReport.Match {
  /// The match as it is reported; numbers are rounded to the digits that mean something.
  ///
  /// `window` is the part of the leak's frame that the match was found in; `identifier` names the
  /// release of a reference's number.
  init(
    _ match: ReleaseMatch,
    in window: PictureWindow,
    of release: Release,
    identifier: (Int) -> String
  ) {
    title = release.metadata.title
    releaseID = release.id
    version = release.metadata.version
    versionEvidence = match.version.map {
      MatchReport.VersionEvidence($0, identifier: identifier)
    }
    log10P = ReportNumber.logarithm(match.log10P)
    leakCoverage = ReportNumber.share(match.leakCoverage)
    referenceCoverage = ReportNumber.share(match.referenceCoverage)
    mirrored = match.mirrored
    segments = zip(match.segments, match.segmentLog10P).map {
      MatchReport.Segment($0, log10P: $1)
    }
    let picture = PictureWindow(release.media.activeArea)
    geometry =
      match.geometry.isEmpty
      ? nil : match.geometry.map { MatchReport.Geometry($0, in: window, picture: picture) }
    lens = match.lens.map {
      MatchReport.Lens(
        k1: ReportNumber.significant($0.k1),
        deviation: ReportNumber.significant($0.deviation)
      )
    }
    origin = match.origin.map(MatchReport.Origin.init)
  }
}

extension MatchReport.VersionEvidence {
  init(_ verdict: VersionVerdict, identifier: (Int) -> String) {
    answer =
      switch verdict.answer {
      case .shown: .shown
      case .notShown: .notShown
      case .cannotBeTold: .cannotBeTold
      }
    log10Odds = ReportNumber.logarithm(verdict.log10Odds)
    passages = verdict.passages.map {
      Passage(
        leakStart: ReportNumber.seconds($0.leakStart),
        leakEnd: ReportNumber.seconds($0.leakEnd),
        favours: identifier($0.favours),
        log10Odds: ReportNumber.logarithm($0.log10Odds)
      )
    }
  }
}

extension MatchReport.Segment {
  init(_ segment: AlignedSegment, log10P: Double) {
    leakStart = ReportNumber.seconds(segment.leakStart)
    leakEnd = ReportNumber.seconds(segment.leakEnd)
    referenceStart = ReportNumber.seconds(segment.referenceStart)
    referenceEnd = ReportNumber.seconds(segment.referenceEnd)
    rate = ReportNumber.significant(segment.rate)
    self.log10P = ReportNumber.logarithm(log10P)
    errorMilliseconds = segment.errorMilliseconds.map(ReportNumber.seconds)
  }
}

extension MatchReport.Origin {
  init(_ origin: CopyOrigin) {
    answer =
      switch origin.answer {
      case .camera: .camera
      case .direct: .direct
      case .cannotBeTold: .cannotBeTold
      }
    slant = ReportNumber.significant(origin.slant)
    sway = ReportNumber.significant(origin.sway)
    correlation = ReportNumber.significant(origin.correlation)
  }
}

extension MatchReport.Picture {
  init(_ window: PictureWindow) {
    left = ReportNumber.share(window.left)
    top = ReportNumber.share(window.top)
    right = ReportNumber.share(window.right)
    bottom = ReportNumber.share(window.bottom)
  }
}

extension MatchReport.Geometry {
  init(_ sample: GeometrySample, in window: PictureWindow, picture: PictureWindow) {
    leakTime = ReportNumber.seconds(sample.leakTime)
    homography = sample.placed(in: window).homography.elements.map(ReportNumber.significant)
    // What bars hide is cut off as what lies beyond the frame is.
    let part = VisiblePart(sample.homography, picture: picture)
    visible = ReportNumber.share(part.share)
    cropped = Cropped(
      left: ReportNumber.share(part.cropped.left),
      top: ReportNumber.share(part.cropped.top),
      right: ReportNumber.share(part.cropped.right),
      bottom: ReportNumber.share(part.cropped.bottom)
    )
  }
}

extension MatchReport.SharedPassage {
  /// The passage as it is reported; `release` gives the release of a reference's number.
  init(_ passage: SharedPassage, release: (Int) -> Release) {
    leakStart = ReportNumber.seconds(passage.leakStart)
    leakEnd = ReportNumber.seconds(passage.leakEnd)
    showings = passage.showings.map {
      Showing(
        title: release($0.reference).metadata.title,
        releaseID: release($0.reference).id,
        referenceStart: ReportNumber.seconds($0.referenceStart),
        referenceEnd: ReportNumber.seconds($0.referenceEnd)
      )
    }
  }
}
