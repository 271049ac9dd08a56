import Foundation
import ReferenceLibrary
public import Seats
public import SystemPackage

/// The document of `leaktrace seat --json`.
public struct SeatReport: Sendable, Codable, Hashable {
  /// Whether a place is named.
  public enum Status: String, Sendable, Codable {
    /// A place.
    case placed
    /// None.
    case refused
  }

  /// A screen; lengths in metres.
  public struct Screen: Sendable, Codable, Hashable {
    /// Width of the picture.
    public var width: Double
    /// Height of the picture.
    public var height: Double
    /// How far its middle lies behind its edges.
    public var sag: Double
    /// From the projector to the screen.
    public var throwDistance: Double?

    private enum CodingKeys: String, CodingKey {
      case width = "width_m"
      case height = "height_m"
      case sag = "sag_m"
      case throwDistance = "throw_m"
    }
  }

  /// A region of the floor.
  public struct Ellipse: Sendable, Codable, Hashable {
    /// Share of the probability that it holds.
    public var share: Double
    /// To the right of the screen's middle.
    public var x: Double
    /// From the screen.
    public var y: Double
    /// Longer half axis.
    public var major: Double
    /// Shorter half axis.
    public var minor: Double
    /// From the direction to the right towards the back, in degrees.
    public var angle: Double

    private enum CodingKeys: String, CodingKey {
      case share
      case x = "x_m"
      case y = "y_m"
      case major = "major_m"
      case minor = "minor_m"
      case angle = "angle_deg"
    }
  }

  /// Neighbouring seats.
  public struct Row: Sendable, Codable, Hashable {
    /// The row.
    public var row: String
    /// First seat.
    public var from: String
    /// Last seat.
    public var to: String
    /// Number of seats.
    public var count: Int
    /// Share of the probability.
    public var share: Double
  }

  /// Seats.
  public struct SeatChoice: Sendable, Codable, Hashable {
    /// The rows, the nearest to the screen first.
    public var rows: [Row]
    /// Row of the likeliest seat.
    public var bestRow: String
    /// Number of the likeliest seat.
    public var bestSeat: String
    /// Its share of the probability.
    public var bestShare: Double

    private enum CodingKeys: String, CodingKey {
      case rows
      case bestRow = "best_row"
      case bestSeat = "best_seat"
      case bestShare = "best_share"
    }
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.seat/1"
  /// The leak's file.
  public var leak: String
  /// Its SHA-256, where known.
  public var sha256: String?
  /// The release that was matched.
  public var releaseID: String?
  /// The screening that the screen is of.
  public var screeningID: String?
  /// Whether the frame was said to be all that the camera saw.
  public var isWholeFrame: Bool
  /// The screen.
  public var screen: Screen
  /// Whether a place is named.
  public var status: Status
  /// Why none is.
  public var refusal: String?
  /// Place of the camera: right of the screen's middle, up from it, away from it; metres.
  public var position: [Double]?
  /// Its covariance, row by row, square metres.
  public var covariance: [Double]?
  /// The region of 95 %.
  public var ellipse: Ellipse?
  /// Focal length in widths of the frame.
  public var focalWidths: Double?
  /// Its standard error.
  public var focalError: Double?
  /// Standard error of one moment's geometry, in widths of the frame.
  public var geometryError: Double?
  /// Angle between the camera's axis and the screen's normal.
  public var obliqueness: Double?
  /// Logarithm, base 10, of the probability that an uncropped frame fits as badly.
  public var log10Consistency: Double?
  /// The seats; missing without a seat map, or where none lies in the region.
  public var seats: SeatChoice?

  private enum CodingKeys: String, CodingKey {
    case schema, leak, sha256, screen, status, refusal, ellipse, seats
    case releaseID = "release_id"
    case screeningID = "screening_id"
    case isWholeFrame = "whole_frame"
    case position = "position_m"
    case covariance = "covariance_m2"
    case focalWidths = "focal_widths"
    case focalError = "focal_error"
    case geometryError = "geometry_error"
    case obliqueness = "obliqueness_deg"
    case log10Consistency = "log10_consistency"
  }

  /// Reports an answer about the leak of a match.
  public init(
    _ answer: SeatAnswer,
    of match: MatchReport,
    screen: AuditoriumScreen,
    map: SeatMap?,
    screeningID: String?,
    isWholeFrame: Bool
  ) {
    leak = match.leak.path
    sha256 = match.leak.sha256
    releaseID = match.matches.first?.releaseID
    (self.screeningID, self.isWholeFrame) = (screeningID, isWholeFrame)
    self.screen = Screen(
      width: screen.width,
      height: screen.height,
      sag: screen.sag,
      throwDistance: screen.throwDistance
    )
    switch answer {
    case .refused(let reason): (status, refusal) = (.refused, reason.rawValue)
    case .place(let estimate):
      status = .placed
      let width =
        Double(match.leak.width ?? 1) * (match.leak.picture.map { $0.right - $0.left } ?? 1)
      position = (0..<3).map { ReportNumber.seconds(estimate.position[$0]) }
      covariance = estimate.covariance.map(ReportNumber.significant)
      ellipse = Ellipse(
        share: SeatEstimator.share,
        x: ReportNumber.seconds(estimate.ellipse.center.x),
        y: ReportNumber.seconds(estimate.ellipse.center.y),
        major: ReportNumber.seconds(estimate.ellipse.major),
        minor: ReportNumber.seconds(estimate.ellipse.minor),
        angle: ReportNumber.logarithm(estimate.ellipse.angle)
      )
      focalWidths = ReportNumber.significant(estimate.focalLength / width)
      focalError = ReportNumber.significant(estimate.focalError / width)
      geometryError = ReportNumber.significant(estimate.homographyError / width)
      obliqueness = ReportNumber.logarithm(estimate.obliqueness)
      log10Consistency = ReportNumber.logarithm(estimate.log10Consistency)
      guard let map, let range = SeatRange(estimate, in: map) else { return }
      seats = SeatChoice(
        rows: range.rows.map {
          Row(
            row: $0.row,
            from: $0.seats.first ?? "",
            to: $0.seats.last ?? "",
            count: $0.seats.count,
            share: ReportNumber.share($0.share)
          )
        },
        bestRow: range.best.row,
        bestSeat: range.best.number,
        bestShare: ReportNumber.share(range.bestShare)
      )
    }
  }
}

/// Asks where the camera of a leak was.
public enum SeatWork {
  /// The answer for what a match says of a leak's geometry.
  ///
  /// - Parameters:
  ///   - report: the match.
  ///   - screen: the screen that the leak was recorded from.
  ///   - store: the library, for where the picture lies in the release's frame; nil for all of it.
  ///   - focal: focal length, where it is known.
  ///   - isWholeFrame: whether it is known that nothing was cropped.
  /// - Returns: The place, or why there is none.
  public static func answer(
    for report: MatchReport,
    screen: AuditoriumScreen,
    in store: ReferenceStore?,
    focal: FocalLength?,
    isWholeFrame: Bool = false
  ) -> SeatAnswer {
    guard let match = report.matches.first, let geometry = match.geometry, !geometry.isEmpty,
      let width = report.leak.width, let height = report.leak.height
    else { return .refused(.noGeometry) }
    // A copy that no camera made has no seat.
    guard match.origin?.answer != .direct else { return .refused(.noGeometry) }
    let window = report.leak.picture
    let (left, top) = (window?.left ?? 0, window?.top ?? 0)
    let (shareX, shareY) = ((window?.right ?? 1) - left, (window?.bottom ?? 1) - top)
    guard shareX > 0, shareY > 0 else { return .refused(.noGeometry) }
    var question = SeatQuestion(
      screen: screen,
      homographies: geometry.map { sample in
        // In the picture between bars, where there are some.
        var h = sample.homography
        guard h.count == 9 else { return h }
        for k in 0..<3 {
          h[k] = (h[k] - left * h[6 + k]) / shareX
          h[3 + k] = (h[3 + k] - top * h[6 + k]) / shareY
        }
        return h
      },
      frameWidth: Double(width) * shareX,
      frameHeight: Double(height) * shareY
    )
    question.isWholeFrame = isWholeFrame
    question.k1 = match.lens?.k1 ?? 0
    if let store, let release = try? store.library.release(id: match.releaseID) {
      let area = release.media.activeArea
      if area.width > 0, area.height > 0 {
        question.picture = SIMD4(area.x, area.y, area.x + area.width, area.y + area.height)
      }
    }
    question.focalLength = focal?.pixels(
      frameWidth: question.frame.width,
      frameHeight: question.frame.height
    )
    return SeatEstimator.answer(question)
  }
}

/// A focal length as people know it.
public struct FocalLength: Sendable, Hashable {
  private var value: Double
  private var isEquivalent: Bool

  /// Reads `1800`, `1800px` or `26mm`, which is the equivalent for film of 36x24 mm, by the diagonal;
  /// nil for other texts.
  public init?(_ text: String) {
    let lower = text.lowercased()
    isEquivalent = lower.hasSuffix("mm")
    let number = isEquivalent || lower.hasSuffix("px") ? String(lower.dropLast(2)) : lower
    guard let value = Double(number), value.isFinite, value > 0, value < 1e5 else { return nil }
    self.value = value
  }

  func pixels(frameWidth: Double, frameHeight: Double) -> Double {
    guard isEquivalent else { return value }
    return value / Self.diagonal
      * (frameWidth * frameWidth + frameHeight * frameHeight).squareRoot()
  }

  private static let diagonal = 43.2666
}

/// Small files that a seat is estimated from.
public enum SeatFile {
  /// The bytes of a regular file, at most `limit`.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/input``, without the file's name.
  public static func read(_ path: FilePath, limit: Int) throws(PipelineError) -> [UInt8] {
    try InputFile.read(path, limit: limit)
  }
}
