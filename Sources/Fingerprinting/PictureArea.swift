import FrameKernels
public import VideoCore

/// Finds the film's picture inside its frame: baked-in black bars of a reference, or the lit screen
/// of a leak.
///
/// Bars are rows and columns that stay dark in every frame looked at.
public struct PictureArea: Sendable {
  private var rowMaxima: [UInt8] = []
  private var columnMaxima: [UInt8] = []
  private var statistics = PlaneStatistics()
  private var frames = 0

  /// Starts without frames.
  public init() {}

  /// Looks at one more frame; all frames must have one size.
  public mutating func add(_ plane: LumaPlane) {
    statistics.measure(
      plane.pixels.span,
      strideBytes: plane.size.width,
      width: plane.size.width,
      height: plane.size.height
    )
    if frames == 0 {
      rowMaxima = statistics.rowMaxima
      columnMaxima = statistics.columnMaxima
    } else {
      precondition(
        rowMaxima.count == plane.size.height && columnMaxima.count == plane.size.width,
        "frames must have one size"
      )
      for y in rowMaxima.indices { rowMaxima[y] = max(rowMaxima[y], statistics.rowMaxima[y]) }
      for x in columnMaxima.indices {
        columnMaxima[x] = max(columnMaxima[x], statistics.columnMaxima[x])
      }
    }
    frames += 1
  }

  /// The least rectangle that holds all that was ever brighter than `threshold`; the whole frame
  /// where a side of it is less than `leastSide` of the frame, or no frame was seen.
  public func window(threshold: UInt8 = 40, leastSide: Double = 0.3) -> PictureWindow {
    guard let (top, bottom) = Self.lit(rowMaxima, threshold),
      let (left, right) = Self.lit(columnMaxima, threshold)
    else { return .whole }
    let window = PictureWindow(left: left, top: top, right: right, bottom: bottom)
    let (w, h) = (right - left, bottom - top)
    return w < leastSide || h < leastSide ? .whole : window
  }

  /// Whether something brighter than `threshold` was seen at all four edges: there are no bars then, and no
  /// further frame changes that.
  public func fillsFrame(threshold: UInt8 = 40) -> Bool {
    [rowMaxima, columnMaxima].allSatisfy { maxima in
      (maxima.first ?? 0) > threshold && (maxima.last ?? 0) > threshold
    }
  }

  private static func lit(_ maxima: [UInt8], _ threshold: UInt8) -> (Double, Double)? {
    guard let first = maxima.firstIndex(where: { $0 > threshold }),
      let last = maxima.lastIndex(where: { $0 > threshold })
    else { return nil }
    let count = Double(maxima.count)
    return (Double(first) / count, Double(last + 1) / count)
  }
}
